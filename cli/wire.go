package cli

import (
	"context"
	"errors"
)

type wireCmd struct{}

func (*wireCmd) Run(ctx context.Context, a *app) error { return errors.New("not built yet") }
