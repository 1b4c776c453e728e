package collect

import (
	"context"
	"errors"
	"net"
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

// TestPanicOfAConnection: a panic while a connection is made, in a goroutine that HTTP or
// the dialer starts, is the error of what needs the connection.
func TestPanicOfAConnection(t *testing.T) {
	for name, change := range map[string]func(d *dialer){
		"of the lookup": func(d *dialer) {
			d.lookup = func(context.Context, string) ([]string, error) { panic("what was read") }
		},
		"of the dialling": func(d *dialer) {
			d.dial = func(context.Context, string, string) (net.Conn, error) { panic("what was read") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d, _ := fakeNet("10.0.0.1", "10.0.0.2")
				change(d)
				_, err := d.connect(t.Context(), "tcp", "ec2.eu-west-1.amazonaws.com:443")
				if e, _ := (&operation{name: "ec2:DescribeVolumes"}).classify(t.Context(), err, "", ""); e == nil || e.Why != scan.Internal || err.Error() != "internal fault (string)" {
					t.Errorf("%v: %+v", err, e)
				}
			})
		})
	}
}
