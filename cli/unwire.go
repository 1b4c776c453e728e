package cli

import (
	"context"
	"errors"
)

type unwireCmd struct{}

func (*unwireCmd) Run(ctx context.Context, a *app) error { return errors.New("not built yet") }
