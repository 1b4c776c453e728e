package awsfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// restCall is a call of IAM Identity Center: a path for each action, JSON or a
// query in, JSON out, no signature.
type restCall struct {
	service, action string
	run             func(*Server, *call) (result any, err *apiError)
	refuse          func(*apiError) any // the body of a refusal
}

// restCalls are the calls by method and path.
func restCalls() map[string]restCall {
	calls := map[string]restCall{}
	portalCalls(calls)
	oidcCalls(calls)
	return calls
}

func (s *Server) serveREST(w http.ResponseWriter, r *http.Request, rest restCall) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "request too large or cut off", http.StatusRequestEntityTooLarge)
		return
	}
	c := &call{request: r, body: body, form: url.Values{"Action": {rest.action}}, service: service{name: rest.service}}
	latency := s.begin(c)
	defer s.end(c)
	if s.wait(r, latency) {
		s.deliver(w, c, s.respondREST(c, rest))
	}
}

// respondREST is respond for a REST call.
func (s *Server) respondREST(c *call, rest restCall) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := restFault(c)
	if err == nil && c.fault.Kind != "" && !c.fault.processed() {
		return answer{http.StatusOK, restType, nil}
	}
	var result any
	if err == nil {
		result, err = rest.run(s, c)
	}
	if err != nil {
		c.log.Status, c.log.Error, c.errorType = err.status, err.code, err.code
		return answer{err.status, restType, toJSON(rest.refuse(err))}
	}
	c.log.Status = http.StatusOK
	if result == nil {
		return answer{http.StatusOK, restType, nil}
	}
	return answer{http.StatusOK, restType, toJSON(result)}
}

const restType = "application/json"

// restFault is the refusal that the call's fault wants, with the names and
// statuses of these services.
func restFault(c *call) *apiError {
	err := c.fault.refusal(c)
	switch {
	case err == nil:
	case c.fault.Kind == Throttle:
		return &apiError{http.StatusTooManyRequests, "TooManyRequestsException", "HTTP 429 Unknown Code"}
	case c.fault.Kind == Denied:
		return &apiError{http.StatusForbidden, "ForbiddenException", "No access"}
	case c.fault.Kind == Internal:
		return &apiError{err.status, "InternalServerException", err.message}
	}
	return err
}

func toJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte(err.Error()) // what is answered here always marshals
	}
	return b
}

// readJSON reads the call's body into in, as leniently as AWS does.
func (c *call) readJSON(in any) bool { return json.Unmarshal(c.body, in) == nil }

// snake is an error's name as OAuth 2.0 has it: InvalidGrantException is
// invalid_grant.
func snake(name string) string {
	var b strings.Builder
	for i, r := range strings.TrimSuffix(name, "Exception") {
		if r >= 'A' && r <= 'Z' && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
