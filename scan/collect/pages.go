package collect

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// errRepeatedToken is a list that never ends. It is no list that ends there: the rest
// was not read.
var errRepeatedToken = errors.New("the token of the next page was given before")

// eachPage calls an operation page by page. page takes what a page holds, puts the
// token of the next one into the input, and returns it.
//
// It stands for the SDK's paginators, which keep the whole client in an interface: the
// linker would then keep every operation of the service. And where a token repeats they
// go on for ever, or end as if all had been read.
func eachPage[In, Out, Options any](
	ctx context.Context, call func(context.Context, *In, ...func(*Options)) (*Out, error), in *In, page func(*In, *Out) (*string, error),
) error {
	seen := map[string]bool{}
	for {
		out, err := call(ctx, in)
		if err != nil {
			return err
		}
		token, err := page(in, out)
		switch {
		case err != nil:
			return err
		case aws.ToString(token) == "":
			return nil
		case seen[*token]:
			return errRepeatedToken
		}
		seen[*token] = true
	}
}

// errLeftOut is an answer without what it is for.
var errLeftOut = errors.New("the answer lacks what was asked for")

// said returns what AWS said, or that it said nothing: that is no false and no zero.
func said[T any](v *T) (out T, err error) {
	if v == nil {
		return out, errLeftOut
	}
	return *v, nil
}
