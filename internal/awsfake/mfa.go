package awsfake

import (
	"fmt"
	"maps"
	"regexp"
	"time"
)

// MFA is a device that makes six-digit codes. It never changes.
type MFA struct {
	Serial string // arn:aws:iam::123456789012:mfa/name, or a hardware serial number
	Seed   string // base32

	key []byte
}

// Code returns the code that the device shows at t (RFC 6238: SHA-1, steps of 30 s).
func (m *MFA) Code(t time.Time) string { return totp(m.key, step(t)) }

// device is an MFA as the server keeps it.
type device struct {
	*MFA
	partition, account string
	owner              *User // nil until enabled
	enabled            time.Time
	used               map[int64]bool // steps whose code was accepted
}

// AddMFA gives the user an enabled device. With an empty serial, or one that is
// taken, it is a virtual device named after the user.
func (u *User) AddMFA(serial string) *MFA {
	s := u.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, name := 2, u.Name; serial == "" || s.devices[serial] != nil; n++ {
		serial = virtualSerial(u.Partition, u.Account, "/"+name)
		name = fmt.Sprintf("%s-%d", u.Name, n)
	}
	d := s.addDevice(u.Partition, u.Account, serial)
	d.owner, d.enabled = u, s.clock()
	if u.MFA == nil {
		u.MFA = d.MFA
	}
	return d.MFA
}

// MFA returns the device with a serial, enabled or not, or nil: for devices that
// CreateVirtualMFADevice made.
func (s *Server) MFA(serial string) *MFA {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.devices[serial]; d != nil {
		return d.MFA
	}
	return nil
}

func virtualSerial(partition, account, name string) string {
	return fmt.Sprintf("arn:%s:iam::%s:mfa%s", partition, account, name)
}

func (s *Server) addDevice(partition, account, serial string) *device {
	seed, key := newSeed()
	d := &device{
		MFA:       &MFA{Serial: serial, Seed: seed, key: key},
		partition: partition,
		account:   account,
		used:      map[int64]bool{},
	}
	s.devices[serial] = d
	return d
}

// accept takes a code of the present step or of a neighbour, once.
func (d *device) accept(code string, now time.Time) bool {
	at := step(now)
	d.forget(at)
	for n := at - 1; n <= at+1; n++ {
		if !d.used[n] && totp(d.key, n) == code {
			d.used[n] = true
			return true
		}
	}
	return false
}

// acceptPair takes two codes in a row, as enabling a device wants them.
func (d *device) acceptPair(first, second string, now time.Time) bool {
	at := step(now)
	d.forget(at)
	for n := at - 2; n <= at; n++ {
		if !d.used[n] && !d.used[n+1] && totp(d.key, n) == first && totp(d.key, n+1) == second {
			d.used[n], d.used[n+1] = true, true
			return true
		}
	}
	return false
}

// forget drops the steps that nobody can come back to.
func (d *device) forget(at int64) {
	maps.DeleteFunc(d.used, func(n int64, _ bool) bool { return n < at-3 })
}

var (
	serialPattern = regexp.MustCompile(`^[\w+=/:,.@-]{9,256}$`)
	codePattern   = regexp.MustCompile(`^\d{6}$`)
)

// checkMFA looks at SerialNumber and TokenCode of an STS call and says whether a
// good code came with it. A user needs a device of their own. A role session has
// no user, and AWS does not document whose device would do: any is accepted.
func (s *Server) checkMFA(c *call) (bool, *apiError) {
	serial, code := c.form.Get("SerialNumber"), c.form.Get("TokenCode")
	switch {
	case serial == "" && code == "":
		return false, nil
	case serial == "" || code == "":
		return false, refuse("AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ")
	case !serialPattern.MatchString(serial):
		return false, errConstraint(serial, "serialNumber", `Member must satisfy regular expression pattern: [\w+=/:,.@-]*`)
	case !codePattern.MatchString(code):
		return false, errConstraint(code, "tokenCode", `Member must satisfy regular expression pattern: [\d]{6}`)
	}
	d := s.devices[serial]
	if d == nil || d.owner == nil || (c.who.user != nil && d.owner != c.who.user) {
		return false, refuse("AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user. ")
	}
	if !d.accept(code, s.clock()) {
		return false, refuse("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	}
	return true, nil
}
