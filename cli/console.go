package cli

import (
	"context"
	"errors"
)

type consoleCmd struct{}

func (*consoleCmd) Run(ctx context.Context, a *app) error { return errors.New("not built yet") }
