package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"fob/internal/awsfake"
)

// answer is what fob process prints for an SDK.
type answer struct {
	Version                                   int
	AccessKeyID                               string `json:"AccessKeyId"`
	SecretAccessKey, SessionToken, Expiration string
	AccountID                                 string `json:"AccountId"`
}

// answerOf reads a fob process's output, and holds it against what AWS gave out
// for a role.
func (d *demo) answerOf(r result, role string) (a answer, err error) {
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		return a, fmt.Errorf("fob process printed no credentials: %w", err)
	}
	if a.Version != 1 {
		return a, fmt.Errorf("fob process printed no credentials, but version %d", a.Version)
	}
	return a, d.genuine(a, role)
}

// genuine says whether AWS gave out these credentials, and for a role.
func (d *demo) genuine(a answer, role string) error {
	s, err := d.aws.session(a.AccessKeyID)
	if err != nil {
		return err
	}
	return isOf(s, a, role)
}

func isOf(s awsfake.Session, a answer, role string) error {
	switch {
	case s.Secret != a.SecretAccessKey || s.Token != a.SessionToken:
		return errors.New("the credentials are not those that AWS gave out")
	case !strings.Contains(s.ARN, ":assumed-role/"+role+"/"):
		return fmt.Errorf("the credentials are those of %s, not of the role %s", s.ARN, role)
	}
	return nil
}
