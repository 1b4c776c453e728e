package collect

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
)

// Network is how the calls of an account reach AWS. The zero Network is AWS's plain
// endpoints and the system's roots.
type Network struct {
	// FIPS and DualStack demand such endpoints. Where AWS has none, a call fails: no other
	// endpoint takes its place.
	FIPS, DualStack bool
	// Endpoints take the place of AWS's own, by the service's id, see [Services].
	Endpoints map[string]string
	// CABundle are roots in PEM, in the place of the system's; empty for these.
	CABundle []byte
}

// settings hand a Network to the SDK, which looks for these methods.
type settings struct{ network *Network }

// GetUseFIPSEndpoint implements what the SDK calls a UseFIPSEndpointProvider.
func (s settings) GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error) {
	if s.network.FIPS {
		return aws.FIPSEndpointStateEnabled, true, nil
	}
	return aws.FIPSEndpointStateDisabled, true, nil
}

// GetUseDualStackEndpoint implements what the SDK calls a UseDualStackEndpointProvider.
func (s settings) GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error) {
	if s.network.DualStack {
		return aws.DualStackEndpointStateEnabled, true, nil
	}
	return aws.DualStackEndpointStateDisabled, true, nil
}

// noEndpoint is a call that has nowhere to go under the account's settings.
type noEndpoint struct {
	error
	code string
}

func (e noEndpoint) Unwrap() error { return e.error }

// blame names the settings where they are why a call has nowhere to go. A host that they
// ask for has no address where AWS has no such endpoint.
func (n *Network) blame(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var dns *net.DNSError
	refused := strings.Contains(err.Error(), "failed to resolve service endpoint") // the SDK has no type for it
	if !refused && !(errors.As(err, &dns) && dns.IsNotFound) {
		return err
	}
	own := n.Endpoints[awsmiddleware.GetServiceID(ctx)] != ""
	kind := ""
	if n.FIPS {
		kind += "fips-"
	}
	if n.DualStack {
		kind += "dualstack-"
	}
	switch {
	case own && refused && kind != "":
		return noEndpoint{err, kind + "with-own-endpoint"}
	case !own && kind != "", refused:
		return noEndpoint{err, "no-" + kind + "endpoint"}
	}
	return err
}

// isNowhere says that a call had no host to go to, which says nothing of the region.
func isNowhere(code string) bool {
	return code == "no-such-host" || strings.HasSuffix(code, "-endpoint")
}
