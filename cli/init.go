package cli

import (
	"context"
	"errors"
)

type initCmd struct{}

func (*initCmd) Run(ctx context.Context, a *app) error { return errors.New("not built yet") }
