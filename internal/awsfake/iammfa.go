package awsfake

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
)

type mfaDeviceXML struct {
	UserName     string
	SerialNumber string
	EnableDate   time.Time
}

// devicesIn returns the devices that fit, sorted by serial.
func (s *Server) devicesIn(fit func(*device) bool) []*device {
	var out []*device
	for _, serial := range slices.Sorted(maps.Keys(s.devices)) {
		if d := s.devices[serial]; fit(d) {
			out = append(out, d)
		}
	}
	return out
}

func (s *Server) listMFADevices(_ *call, u *User) (any, *apiError) {
	var list members[mfaDeviceXML]
	for _, d := range s.devicesIn(func(d *device) bool { return d.owner == u }) {
		list.Member = append(list.Member, mfaDeviceXML{u.Name, d.Serial, seconds(d.enabled)})
	}
	return struct {
		MFADevices  members[mfaDeviceXML]
		IsTruncated bool
	}{list, false}, nil
}

type virtualDeviceXML struct {
	SerialNumber string
	Seed         string     `xml:"Base32StringSeed,omitempty"` // base64 of the base32 text
	QRCode       string     `xml:"QRCodePNG,omitempty"`        // base64
	User         *userXML   `xml:",omitempty"`
	EnableDate   *time.Time `xml:",omitempty"`
}

func (s *Server) listVirtualMFADevices(c *call) (any, *apiError) {
	status := c.form.Get("AssignmentStatus")
	var list members[virtualDeviceXML]
	for _, d := range s.devicesIn(func(d *device) bool {
		return d.account == c.who.account && d.partition == c.who.partition && strings.HasPrefix(d.Serial, "arn:") &&
			(status != "Assigned" || d.owner != nil) && (status != "Unassigned" || d.owner == nil)
	}) {
		v := virtualDeviceXML{SerialNumber: d.Serial}
		if d.owner != nil {
			u, at := d.owner.xml(), seconds(d.enabled)
			v.User, v.EnableDate = &u, &at
		}
		list.Member = append(list.Member, v)
	}
	return struct {
		VirtualMFADevices members[virtualDeviceXML]
		IsTruncated       bool
	}{list, false}, nil
}

func (s *Server) createVirtualMFADevice(c *call) (any, *apiError) {
	name, dir := c.form.Get("VirtualMFADeviceName"), c.form.Get("Path")
	if name == "" {
		return nil, errMissing("virtualMFADeviceName")
	}
	if dir == "" {
		dir = "/"
	}
	serial := virtualSerial(c.who.partition, c.who.account, dir+name)
	if s.devices[serial] != nil {
		return nil, errConflict("EntityAlreadyExists", "MFADevice entity at the same path and name already exists.")
	}
	d := s.addDevice(c.who.partition, c.who.account, serial)
	return struct{ VirtualMFADevice virtualDeviceXML }{virtualDeviceXML{
		SerialNumber: serial,
		Seed:         base64.StdEncoding.EncodeToString([]byte(d.Seed)),
		QRCode:       base64.StdEncoding.EncodeToString(qrCode(name, d)),
	}}, nil
}

// qrCode is a PNG of the otpauth URL that AWS's console shows for a device.
func qrCode(name string, d *device) []byte {
	const issuer = "Amazon Web Services"
	u := url.URL{
		Scheme:   "otpauth",
		Host:     "totp",
		Path:     fmt.Sprintf("/%s:%s@%s", issuer, name, d.account),
		RawQuery: "secret=" + d.Seed + "&issuer=" + url.PathEscape(issuer),
	}
	key, err := otp.NewKeyFromURL(u.String())
	if err != nil {
		return nil
	}
	img, err := key.Image(300, 300)
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil
	}
	return b.Bytes()
}

// ownDevice finds the device that a call names in the caller's account.
func (s *Server) ownDevice(c *call) (*device, *apiError) {
	serial := c.form.Get("SerialNumber")
	d := s.devices[serial]
	if d == nil || d.account != c.who.account || d.partition != c.who.partition {
		return nil, errNoEntity("VirtualMFADevice with serial number %s does not exist.", serial)
	}
	return d, nil
}

func (s *Server) enableMFADevice(c *call, u *User) (any, *apiError) {
	const limit = 8
	d, err := s.ownDevice(c)
	if err != nil {
		return nil, err
	}
	if d.owner != nil {
		return nil, errConflict("EntityAlreadyExists", "MFA Device is already in use.")
	}
	if len(s.devicesIn(func(d *device) bool { return d.owner == u })) >= limit {
		return nil, errConflict("LimitExceeded", fmt.Sprintf("Cannot exceed quota for MFADevicesPerUser: %d", limit))
	}
	if !d.acceptPair(c.form.Get("AuthenticationCode1"), c.form.Get("AuthenticationCode2"), s.clock()) {
		return nil, refuse("InvalidAuthenticationCode", "Authentication code for device is not valid.")
	}
	d.owner, d.enabled = u, s.clock()
	return nil, nil
}

func (s *Server) deactivateMFADevice(c *call, u *User) (any, *apiError) {
	d, err := s.ownDevice(c)
	if err != nil {
		return nil, err
	}
	if d.owner != u {
		return nil, errNoEntity("MFA device with serial number %s is not assigned to user %s.", d.Serial, u.Name)
	}
	d.owner = nil
	return nil, nil
}

func (s *Server) deleteVirtualMFADevice(c *call) (any, *apiError) {
	d, err := s.ownDevice(c)
	if err != nil {
		return nil, err
	}
	if d.owner != nil {
		return nil, errConflict("DeleteConflict", "MFA VirtualDevice in use. Must deactivate before deleting.")
	}
	delete(s.devices, d.Serial)
	return nil, nil
}
