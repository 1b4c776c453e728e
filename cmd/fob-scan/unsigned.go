package main

import (
	"slices"
	"strings"
)

// unsigned takes out of an error what AWS says of a signature that it does not take: it
// repeats the headers of the request, the session token among them.
func unsigned(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	lower := strings.ToLower(text)
	if !slices.ContainsFunc([]string{"x-amz-security-token", "canonical string", "signature="}, func(s string) bool { return strings.Contains(lower, s) }) {
		return err
	}
	before, after, _ := strings.Cut(text, "api error ")
	code, _, found := strings.Cut(after, ":")
	if !found {
		before, code = "", "AWS does not take the signature"
	}
	return &unsignedError{before + code, err}
}

// unsignedError is an error with another text.
type unsignedError struct {
	text string
	err  error
}

func (e *unsignedError) Error() string { return e.text }
func (e *unsignedError) Unwrap() error { return e.err }
