package awsfake

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// Key is an access key: the id and the secret to sign with.
type Key struct {
	ID     string
	Secret string
}

// User is an IAM user. The fields are set up by AddUser and AddMFA and are not
// touched by calls: what IAM calls change is seen through IAM calls.
type User struct {
	Partition string // aws, aws-cn, aws-us-gov, …
	Account   string
	Path      string // "/", or "/ops/" for a user named ops/ann
	Name      string
	ARN       string
	ID        string // AIDA…
	Key       Key    // the first key
	MFA       *MFA   // the first device given by AddMFA; nil without one

	srv     *Server
	created time.Time
	keys    []*accessKey
}

// accessKey is a long-lived key as the server keeps it.
type accessKey struct {
	Key
	user    *User
	status  string // Active or Inactive
	created time.Time
	usable  time.Time // from when on it is known
	last    *keyUse
}

// keyUse is what GetAccessKeyLastUsed tells.
type keyUse struct {
	at              time.Time
	service, region string
}

// AddUser makes a user of the partition aws with one active access key.
// The name may have a path before it: "ops/ann".
func (s *Server) AddUser(account, name string) *User { return s.AddUserIn("aws", account, name) }

// AddUserIn is AddUser for any partition: aws-cn, aws-us-gov.
func (s *Server) AddUserIn(partition, account, name string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	dir, base := path.Split("/" + name)
	u := &User{
		Partition: partition,
		Account:   account,
		Path:      dir,
		Name:      base,
		ARN:       fmt.Sprintf("arn:%s:iam::%s:user/%s", partition, account, name),
		ID:        s.uniqueID("AIDA", account),
		srv:       s,
		created:   s.clock(),
	}
	u.Key = s.addKey(u, s.newKey("AKIA", account), s.clock()).Key
	s.users = append(s.users, u)
	return u
}

// AddKey gives the user a further active key, usable at once; an empty id or
// secret is made up. The limit of two keys that CreateAccessKey keeps does not
// apply.
func (u *User) AddKey(id, secret string) Key {
	s := u.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.newKey("AKIA", u.Account)
	if id != "" {
		k.ID = id
	}
	if secret != "" {
		k.Secret = secret
	}
	return s.addKey(u, k, s.clock()).Key
}

func (s *Server) addKey(u *User, k Key, usable time.Time) *accessKey {
	a := &accessKey{Key: k, user: u, status: "Active", created: s.clock(), usable: usable}
	u.keys = append(u.keys, a)
	s.keys[k.ID] = a
	return a
}

// findUser returns the user with a name in the account of who asks, or nil.
func (s *Server) findUser(partition, account, name string) *User {
	for _, u := range s.users {
		if u.Partition == partition && u.Account == account && u.Name == name {
			return u
		}
	}
	return nil
}

// Role is a role and its trust. Only the ARN is needed. Web identities are asked
// for neither Trusted nor a code, and get no role that wants an external id or MFA.
type Role struct {
	ARN        string // arn:aws:iam::123456789012:role/path/Name
	ExternalID string
	RequireMFA bool          // the caller's session had a code, or one comes with the call
	MaxSession time.Duration // 0 means one hour
	Trusted    []string      // account numbers, or ARNs of users, roles or account roots; none means everybody
}

// role is a Role with what its ARN says.
type role struct {
	Role
	partition, account, name, id string
}

// AddRole makes a role, or replaces the one with the same ARN. It fails if the
// ARN is not one of a role.
func (s *Server) AddRole(r Role) error {
	part := strings.SplitN(r.ARN, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[2] != "iam" || !strings.HasPrefix(part[5], "role/") {
		return fmt.Errorf("add role: %q is not the ARN of a role", r.ARN)
	}
	if r.MaxSession == 0 {
		r.MaxSession = time.Hour
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[r.ARN] = &role{r, part[1], part[4], path.Base(part[5]), s.uniqueID("AROA", part[4])}
	return nil
}

// trusts says whether the trust policy names who asks. Partitions never trust
// each other.
func (r *role) trusts(p principal) bool {
	if p.partition != r.partition {
		return false
	}
	if len(r.Trusted) == 0 {
		return true
	}
	root := fmt.Sprintf("arn:%s:iam::%s:root", p.partition, p.account)
	for _, t := range r.Trusted {
		if t == p.account || t == root || t == p.trustARN {
			return true
		}
	}
	return false
}

// AddWebIdentity makes AssumeRoleWithWebIdentity accept a token, which must look
// like a JWT (three parts with dots between), as the given subject.
func (s *Server) AddWebIdentity(token, subject string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webTokens[token] = subject
}
