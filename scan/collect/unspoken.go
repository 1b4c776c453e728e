package collect

import (
	"context"
	"errors"

	"fob/internal/echo"
	"fob/internal/secret"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// quiet is a try of a call that has no answer's words pass which repeat what the request
// was signed with.
func quiet(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
	out, meta, err := next.HandleFinalize(ctx, in)
	return out, meta, withoutSecrets(ctx, in.Request, err)
}

// withoutSecrets returns an error without what an answer repeats of the secrets of its
// request, which is signed by now. Its type and AWS's code for it stay.
func withoutSecrets(ctx context.Context, request any, err error) error {
	r, ok := request.(*smithyhttp.Request)
	if err == nil || !ok {
		return err
	}
	secrets := echo.Secrets(r.Request)
	if c, ok := ctx.Value(callKey{}).(*callState); ok {
		secrets = append(secrets, secret.New(c.signedWith.SecretAccessKey), secret.New(c.signedWith.SessionToken))
	}
	repeats := func(text string) bool { return echo.Repeats(text, secrets...) }
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) && answer.Response != nil && repeats(requestID(answer.Response.Header)) {
		clear(answer.Response.Header)
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		api = &smithy.GenericAPIError{}
	}
	switch code := api.ErrorCode(); {
	case repeats(code):
		return &unspoken{error: err}
	case repeats(api.ErrorMessage()), repeats(err.Error()):
		return &unspoken{error: err, code: code}
	}
	return err
}

// unspoken is an error that has lost its words, and stands before the one that has them.
type unspoken struct {
	error
	code string // AWS's, "" for none
}

func (e *unspoken) Error() string {
	if e.code == "" {
		return repeatsSent
	}
	return "api error " + e.code + ": " + repeatsSent
}

const repeatsSent = "the answer repeats what was sent, and is not shown"

// ErrorCode, ErrorMessage and ErrorFault implement smithy.APIError in the place of the
// other.
func (e *unspoken) ErrorCode() string             { return e.code }
func (e *unspoken) ErrorMessage() string          { return "" }
func (e *unspoken) ErrorFault() smithy.ErrorFault { return smithy.FaultUnknown }

// Unwrap gives what the SDK tells its kinds by.
func (e *unspoken) Unwrap() error { return e.error }
