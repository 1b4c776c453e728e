package cli

import (
	"context"
	"errors"
)

type completionCmd struct{}

func (*completionCmd) Run(ctx context.Context, a *app) error { return errors.New("not built yet") }
