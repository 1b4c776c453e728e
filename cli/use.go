package cli

import (
	"context"
	"errors"
)

type useCmd struct{}

func (*useCmd) Run(ctx context.Context, a *app) error { return errors.New("not built yet") }
