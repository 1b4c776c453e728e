package cli

import (
	"context"

	"fob/resolve"
)

// guard warns before a profile whose section says fob_protect = true is used. A
// person is asked, and no is [resolve.ErrCancelled]; where nobody is, or yes was
// given beforehand, a line on stderr says which profile it is and the use goes on.
func (a *app) guard(ctx context.Context, plan *resolve.Plan, yes bool) error {
	return nil
}
