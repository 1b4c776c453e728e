package awsfake

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Assignment is a role that whoever signs in to IAM Identity Center may take.
type Assignment struct {
	AccountID   string
	AccountName string        // "" for the account's number
	Role        string        // name of the permission set
	Duration    time.Duration // life of its credentials; 0 means one hour
}

// Assign adds an assignment. There is one directory with one person in it, ann,
// whatever the start URL.
func (s *Server) Assign(a Assignment) {
	if a.AccountName == "" {
		a.AccountName = a.AccountID
	}
	if a.Duration == 0 {
		a.Duration = time.Hour
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.center.assignments = append(s.center.assignments, a)
}

// portalCalls are the calls of the access portal.
func portalCalls(calls map[string]restCall) {
	for path, c := range map[string]restCall{
		"GET /federation/credentials": {action: "GetRoleCredentials", run: (*Server).getRoleCredentials},
		"GET /assignment/accounts":    {action: "ListAccounts", run: (*Server).listAccounts},
		"GET /assignment/roles":       {action: "ListAccountRoles", run: (*Server).listAccountRoles},
		"POST /logout":                {action: "Logout", run: (*Server).logout},
	} {
		c.service, c.refuse = "sso", portalRefusal
		calls[path] = c
	}
}

func portalRefusal(e *apiError) any {
	return map[string]string{"message": e.message, "__type": "com.amazonaws.switchboard.portal#" + e.code}
}

// signedIn is the sign-in whose access token came with a call.
func (s *Server) signedIn(c *call) (*signIn, *apiError) {
	t := s.center.access[c.request.Header.Get("X-Amz-Sso_bearer_token")]
	if t == nil || t.signIn.over || !s.clock().Before(t.expires) {
		return nil, &apiError{http.StatusUnauthorized, "UnauthorizedException", "Session token not found or invalid"}
	}
	return t.signIn, nil
}

func (s *Server) getRoleCredentials(c *call) (any, *apiError) {
	q := c.request.URL.Query()
	account, role := q.Get("account_id"), q.Get("role_name")
	c.log.RoleARN = account + "/" + role
	if _, err := s.signedIn(c); err != nil {
		return nil, err
	}
	if len(account) != 12 || role == "" {
		return nil, &apiError{http.StatusBadRequest, "InvalidRequestException", "Request parameters are invalid"}
	}
	for _, a := range s.center.assignments {
		if a.AccountID == account && a.Role == role {
			x := s.issue(ssoPrincipal(s.uniqueID("AROA", account), a), a.Duration)
			return map[string]any{"roleCredentials": map[string]any{
				"accessKeyId": x.AccessKeyID, "secretAccessKey": x.SecretAccessKey, "sessionToken": x.SessionToken,
				"expiration": x.Expiration.UnixMilli(),
			}}, nil
		}
	}
	return nil, &apiError{http.StatusForbidden, "ForbiddenException", "No access"}
}

// ssoPrincipal is who the credentials of an assignment are.
func ssoPrincipal(id string, a Assignment) principal {
	name := "AWSReservedSSO_" + a.Role + "_0123456789abcdef"
	return principal{
		kind:      roleSession,
		arn:       fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/ann", a.AccountID, name),
		id:        id + ":ann",
		account:   a.AccountID,
		partition: "aws",
		trustARN:  fmt.Sprintf("arn:aws:iam::%s:role/aws-reserved/sso.amazonaws.com/%s", a.AccountID, name),
	}
}

func (s *Server) listAccounts(c *call) (any, *apiError) {
	if _, err := s.signedIn(c); err != nil {
		return nil, err
	}
	list := []map[string]string{}
	var seen []string
	for _, a := range s.center.assignments {
		if !slices.Contains(seen, a.AccountID) {
			seen = append(seen, a.AccountID)
			list = append(list, map[string]string{"accountId": a.AccountID, "accountName": a.AccountName, "emailAddress": a.AccountID + "@example.com"})
		}
	}
	return map[string]any{"accountList": list, "nextToken": nil}, nil
}

func (s *Server) listAccountRoles(c *call) (any, *apiError) {
	if _, err := s.signedIn(c); err != nil {
		return nil, err
	}
	account := c.request.URL.Query().Get("account_id")
	list := []map[string]string{}
	for _, a := range s.center.assignments {
		if a.AccountID == account {
			list = append(list, map[string]string{"accountId": account, "roleName": a.Role})
		}
	}
	return map[string]any{"roleList": list, "nextToken": nil}, nil
}

// logout ends the sign-in: its access and refresh tokens are worth nothing then.
func (s *Server) logout(c *call) (any, *apiError) {
	in, err := s.signedIn(c)
	if err != nil {
		return nil, err
	}
	in.over = true
	return nil, nil
}
