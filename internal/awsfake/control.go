package awsfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const controlPath = "/__fake/"

// controls serves the paths that the package documentation lists.
func (s *Server) controls() http.Handler {
	mux := http.NewServeMux()
	for path, do := range map[string]func(url.Values) (any, error){
		"stats":  func(url.Values) (any, error) { return s.Stats(), nil },
		"calls":  func(url.Values) (any, error) { return s.Calls(), nil },
		"reset":  func(url.Values) (any, error) { s.Reset(); return struct{}{}, nil },
		"expire": func(url.Values) (any, error) { s.ExpireAll(); return struct{}{}, nil },
		"behave": s.controlBehaviour,
		"fault":  s.controlFault,
		"code":   s.controlCode,

		"sso":      s.controlSSO,
		"requests": func(url.Values) (any, error) { return s.Requests(), nil },
		"decide":   s.controlDecide,
		"endsso":   func(url.Values) (any, error) { s.EndSignIns(); return struct{}{}, nil },

		"": func(url.Values) (any, error) { return nil, fmt.Errorf("no such control") },
	} {
		mux.HandleFunc(controlPath+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			v, err := do(r.URL.Query())
			if err != nil {
				w.WriteHeader(http.StatusBadRequest)
				v = map[string]string{"error": err.Error()}
			}
			_ = json.NewEncoder(w).Encode(v) // the client may have left
		})
	}
	return mux
}

func (s *Server) controlBehaviour(q url.Values) (any, error) {
	given := map[string]time.Duration{}
	for k := range q {
		d, err := time.ParseDuration(q.Get(k))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", k, err)
		}
		given[k] = d
	}
	var err error
	s.Behave(func(b *Behaviour) {
		changed := *b
		for k, d := range given {
			switch k {
			case "latency":
				changed.Latency = d
			case "skew":
				changed.Skew = d
			case "ttl":
				changed.TTL = d
			case "keydelay":
				changed.KeyDelay = d
			default:
				err = fmt.Errorf("unknown parameter %q", k)
				return
			}
		}
		*b = changed
	})
	return struct{}{}, err
}

func (s *Server) controlFault(q url.Values) (any, error) {
	var f Fault
	for k := range q {
		v, err := q.Get(k), error(nil)
		switch k {
		case "kind":
			f.Kind = FaultKind(v)
		case "action":
			f.Action = v
		case "times":
			f.Times, err = strconv.Atoi(v)
		case "processed":
			f.Processed, err = strconv.ParseBool(v)
		case "every":
			f.Every, err = time.ParseDuration(v)
		default:
			err = fmt.Errorf("unknown parameter")
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", k, err)
		}
	}
	return struct{}{}, s.Fail(f)
}

func (s *Server) controlCode(q url.Values) (any, error) {
	m := s.MFA(q.Get("serial"))
	if m == nil {
		return nil, fmt.Errorf("no device %q", q.Get("serial"))
	}
	return map[string]string{"code": m.Code(s.Now())}, nil
}
