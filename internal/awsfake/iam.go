package awsfake

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// iamService is the part of https://docs.aws.amazon.com/IAM/latest/APIReference/
// that a user needs for their own keys and devices.
func iamService() service {
	return service{
		name:    "iam",
		version: "2010-05-08",
		xmlns:   "https://iam.amazonaws.com/doc/2010-05-08/",
		operations: map[string]operation{
			"GetUser":                {run: forUser((*Server).getUser)},
			"ListAccessKeys":         {run: forUser((*Server).listAccessKeys)},
			"CreateAccessKey":        {run: forUser((*Server).createAccessKey)},
			"UpdateAccessKey":        {run: forUser((*Server).updateAccessKey)},
			"DeleteAccessKey":        {run: forUser((*Server).deleteAccessKey)},
			"GetAccessKeyLastUsed":   {run: signedIn((*Server).getAccessKeyLastUsed)},
			"ListMFADevices":         {run: forUser((*Server).listMFADevices)},
			"EnableMFADevice":        {run: forUser((*Server).enableMFADevice)},
			"DeactivateMFADevice":    {run: forUser((*Server).deactivateMFADevice)},
			"ListVirtualMFADevices":  {run: signedIn((*Server).listVirtualMFADevices)},
			"CreateVirtualMFADevice": {run: signedIn((*Server).createVirtualMFADevice)},
			"DeleteVirtualMFADevice": {run: signedIn((*Server).deleteVirtualMFADevice)},
		},
	}
}

// signedIn turns away the sessions that IAM does not accept: those of
// GetFederationToken, and of GetSessionToken without MFA.
func signedIn(run func(*Server, *call) (any, *apiError)) func(*Server, *call) (any, *apiError) {
	return func(s *Server, c *call) (any, *apiError) {
		if c.who.kind == federated || (c.who.kind == userSession && !c.who.mfa) {
			return nil, errInvalidToken()
		}
		return run(s, c)
	}
}

// forUser finds the user that a call is about: UserName, or who signed it.
func forUser(run func(*Server, *call, *User) (any, *apiError)) func(*Server, *call) (any, *apiError) {
	return signedIn(func(s *Server, c *call) (any, *apiError) {
		name := c.form.Get("UserName")
		if name == "" && c.who.user == nil {
			return nil, errValidation("Must specify userName when calling with non-User credentials")
		}
		u := c.who.user
		if name != "" {
			u = s.findUser(c.who.partition, c.who.account, name)
		}
		if u == nil {
			return nil, errNoEntity("The user with name %s cannot be found.", name)
		}
		return run(s, c, u)
	})
}

func errNoEntity(format string, args ...any) *apiError {
	return &apiError{http.StatusNotFound, "NoSuchEntity", fmt.Sprintf(format, args...)}
}

func errConflict(code, message string) *apiError {
	return &apiError{http.StatusConflict, code, message}
}

type userXML struct {
	Path       string
	UserName   string
	UserID     string `xml:"UserId"`
	ARN        string `xml:"Arn"`
	CreateDate time.Time
}

func (u *User) xml() userXML { return userXML{u.Path, u.Name, u.ID, u.ARN, seconds(u.created)} }

func (s *Server) getUser(_ *call, u *User) (any, *apiError) {
	return struct{ User userXML }{u.xml()}, nil
}

type accessKeyXML struct {
	UserName        string
	AccessKeyID     string `xml:"AccessKeyId"`
	Status          string
	SecretAccessKey string `xml:",omitempty"`
	CreateDate      time.Time
}

func (s *Server) listAccessKeys(_ *call, u *User) (any, *apiError) {
	var keys members[accessKeyXML]
	for _, k := range u.keys {
		keys.Member = append(keys.Member, accessKeyXML{u.Name, k.ID, k.status, "", seconds(k.created)})
	}
	return struct {
		UserName          string
		AccessKeyMetadata members[accessKeyXML]
		IsTruncated       bool
	}{u.Name, keys, false}, nil
}

func (s *Server) createAccessKey(_ *call, u *User) (any, *apiError) {
	const limit = 2
	if len(u.keys) >= limit {
		return nil, errConflict("LimitExceeded", fmt.Sprintf("Cannot exceed quota for AccessKeysPerUser: %d", limit))
	}
	k := s.addKey(u, s.newKey("AKIA", u.Account), s.clock().Add(s.behaviour.KeyDelay))
	return struct{ AccessKey accessKeyXML }{accessKeyXML{u.Name, k.ID, k.status, k.Secret, seconds(k.created)}}, nil
}

func (s *Server) updateAccessKey(c *call, u *User) (any, *apiError) {
	status := c.form.Get("Status")
	if status != "Active" && status != "Inactive" {
		return nil, errConstraint(status, "status", "Member must satisfy enum value set: [Active, Inactive]")
	}
	k, err := u.key(c.form.Get("AccessKeyId"))
	if err != nil {
		return nil, err
	}
	k.status = status
	return nil, nil
}

func (s *Server) deleteAccessKey(c *call, u *User) (any, *apiError) {
	k, err := u.key(c.form.Get("AccessKeyId"))
	if err != nil {
		return nil, err
	}
	u.keys = slices.DeleteFunc(u.keys, func(x *accessKey) bool { return x == k })
	delete(s.keys, k.ID)
	return nil, nil
}

func (u *User) key(id string) (*accessKey, *apiError) {
	for _, k := range u.keys {
		if k.ID == id {
			return k, nil
		}
	}
	return nil, errNoEntity("The Access Key with id %s cannot be found.", id)
}

type lastUsedXML struct {
	LastUsedDate *time.Time `xml:",omitempty"` // absent if never
	ServiceName  string
	Region       string
}

func (s *Server) getAccessKeyLastUsed(c *call) (any, *apiError) {
	k := s.keys[c.form.Get("AccessKeyId")]
	if k == nil || k.user.Account != c.who.account {
		return nil, refuse("AccessDenied", fmt.Sprintf("User: %s is not authorized to perform: iam:GetAccessKeyLastUsed on resource: *", c.who.arn))
	}
	last := lastUsedXML{ServiceName: "N/A", Region: "N/A"}
	if k.last != nil {
		at := seconds(k.last.at)
		last = lastUsedXML{&at, k.last.service, k.last.region}
	}
	return struct {
		UserName          string
		AccessKeyLastUsed lastUsedXML
	}{k.user.Name, last}, nil
}
