package cli

import (
	"context"
	"errors"
)

type completeCmd struct{}

func (*completeCmd) Run(ctx context.Context, a *app) error { return errors.New("not built yet") }
