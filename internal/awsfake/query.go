package awsfake

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// service is an AWS service that speaks the query protocol.
type service struct {
	name       string // as in a credential scope
	version    string
	xmlns      string
	operations map[string]operation
}

// operation is an action of a service. It runs with the server's lock held.
type operation struct {
	unsigned bool
	run      func(*Server, *call) (result any, err *apiError)
}

// call is one request on its way through the server.
type call struct {
	request *http.Request
	body    []byte
	form    url.Values
	service service
	op      operation
	known   bool // op exists
	who     principal
	fault   Fault // zero without one
	id      string
	log     *Call // guarded by Server.mu

	errorType string // X-Amzn-Errortype of a REST refusal
}

const maxRequest = 1 << 20

// serveQuery serves the services that take an Action and answer XML.
func (s *Server) serveQuery(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "request too large or cut off", http.StatusRequestEntityTooLarge)
		return
	}
	c := &call{request: r, body: body, form: parseForm(r, body)}
	s.find(c)
	latency := s.begin(c)
	defer s.end(c)
	if s.wait(r, latency) {
		s.deliver(w, c, s.respond(c))
	}
}

// parseForm returns the parameters, from the body of a POST or from the query.
func parseForm(r *http.Request, body []byte) url.Values {
	form := r.URL.Query()
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		posted, _ := url.ParseQuery(string(body)) // AWS reads on after a malformed pair, too
		for k, v := range posted {
			form[k] = append(form[k], v...)
		}
	}
	return form
}

// find sets the service and operation that a call asks for. What nobody serves
// is left to the first service to refuse.
func (s *Server) find(c *call) {
	c.service = s.services[0]
	for _, svc := range s.services {
		if svc.version == c.form.Get("Version") {
			c.service = svc
		}
	}
	c.op, c.known = c.service.operations[c.form.Get("Action")]
}

// respond makes the true answer to a call, or the refusal that a fault wants. A
// call that a fault does not let through has no effect.
func (s *Server) respond(c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := c.fault.refusal(c); err != nil {
		return c.refusal(err)
	}
	if c.fault.Kind != "" && !c.fault.processed() {
		return answer{http.StatusOK, "text/xml", nil}
	}
	result, err := s.run(c)
	if err != nil {
		return c.refusal(err)
	}
	return c.success(result)
}

func (s *Server) run(c *call) (any, *apiError) {
	if !c.known {
		return nil, &apiError{http.StatusBadRequest, "InvalidAction", fmt.Sprintf("Could not find operation %s for version %s", c.form.Get("Action"), c.form.Get("Version"))}
	}
	if !c.op.unsigned {
		who, err := s.authenticate(c)
		if err != nil {
			return nil, err
		}
		c.who = who
		c.log.Signer = who.arn
	}
	return c.op.run(s, c)
}
