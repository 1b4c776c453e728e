package cli

import (
	"context"
	"errors"
)

type execCmd struct{}

func (*execCmd) Run(ctx context.Context, a *app) error { return errors.New("not built yet") }
