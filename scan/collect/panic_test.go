package collect

import (
	"context"
	"errors"
	"testing"

	"fob/scan"
)

// TestPanic: a panic anywhere in the reading of an account ends that account. Its
// snapshot can be read, and what the panic said is nowhere.
func TestPanic(t *testing.T) {
	boom := func() { panic("what was read") }
	for name, change := range map[string]func(o *operation){
		"a list": func(o *operation) {
			if o.list != nil {
				o.list = func(context.Context, *clients, func(item)) error { boom(); return nil }
			}
		},
		"in the middle of a list": func(o *operation) {
			if list := o.list; list != nil {
				o.list = func(ctx context.Context, c *clients, emit func(item)) error {
					emit(item{Type: "AWS::EC2::Volume", ARN: "arn:x"})
					boom()
					return nil
				}
			}
		},
		"a detail": func(o *operation) {
			if o.read != nil {
				o.read = func(context.Context, *clients, *item) (fields, error) { boom(); return nil, nil }
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := newSimulated()
				s.answers[describeVolumesOp] = someVolumes(50)
				c := s.collector(t, "ec2-ebs-volume-encrypted", "ec2-ebs-default-encryption")
				for _, o := range c.Plan.ops {
					change(o)
				}
				got, err := runInto(t, c, theAccount())
				if fault, ok := errors.AsType[*FaultError](err); !ok || fault.Error() != "internal fault (string)" {
					t.Errorf("err = %v", err)
				}
				if end := got.end(t); *end.Complete || end.S != "stopped" {
					t.Errorf("%+v", end)
				}
				for _, f := range findings(t, got, "ec2-ebs-default-encryption") {
					if f.Status == scan.StatusPass {
						t.Errorf("%+v", f)
					}
				}
				if _, err := runInto(t, s.collector(t, "ec2-ebs-volume-encrypted"), theAccount()); err != nil {
					t.Errorf("another account: %v", err)
				}
			})
		})
	}
}
