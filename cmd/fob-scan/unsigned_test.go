package main

import (
	"errors"
	"fmt"
	"testing"
)

// AWS repeats the request in what it says of a wrong signature.
func TestUnsigned(t *testing.T) {
	said := errors.New("operation error EC2: DescribeRegions, api error SignatureDoesNotMatch: The Canonical String for this request should have been 'POST x-amz-security-token:canary'")
	err := unsigned(fmt.Errorf("list regions: %w", said))
	if want := "list regions: operation error EC2: DescribeRegions, SignatureDoesNotMatch"; err.Error() != want || !errors.Is(err, said) {
		t.Errorf("%q, want %q", err, want)
	}
	other := errors.New("api error AccessDenied: no")
	if unsigned(other) != other || unsigned(nil) != nil {
		t.Error("another error is changed")
	}
}
