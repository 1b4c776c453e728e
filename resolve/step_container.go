package resolve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"strings"

	"fob/internal/secret"
)

// maxContainerToken of a token file, in bytes.
const maxContainerToken = 16 << 10

// containerAddresses are those of ECS, and of EKS Pod Identity in both families.
func containerAddresses() []netip.Addr {
	return []netip.Addr{
		netip.AddrFrom4([4]byte{169, 254, 170, 2}),
		netip.AddrFrom4([4]byte{169, 254, 170, 23}),
		netip.AddrFrom16([16]byte{0: 0xfd, 2: 0x0e, 3: 0xc2, 15: 0x23}),
	}
}

// ContainerStep asks the credentials endpoint of ECS or EKS.
type ContainerStep struct {
	At        Origin
	URL       string
	Token     secret.Text // the Authorization header, may be empty
	TokenFile string      // where it stands instead, read at each call
	TokenAt   Origin
}

func (s ContainerStep) String() string { return "container role from " + s.URL }

// Origin is the variable that names the endpoint.
func (s ContainerStep) Origin() Origin { return s.At }

func (s ContainerStep) inputs(w *keyWriter) {
	w.add("container", s.URL)
	w.add("token file", s.TokenFile)
}

func (s ContainerStep) keeps() bool { return false }

func (s ContainerStep) run(ctx context.Context, w *walk, _ Credentials) (Credentials, error) {
	u, err := checkMetadataURL(s.URL, s.At, containerAddresses())
	if err != nil {
		return Credentials{}, err
	}
	header := map[string]string{"Accept": "application/json"}
	token, err := s.authorization()
	if err != nil {
		return Credentials{}, err
	}
	if token != "" {
		header["Authorization"] = token
	}
	m := w.metadata("the container credentials endpoint", s.At, containerAddresses())
	m.patient = true
	status, body, err := m.do(ctx, http.MethodGet, u, header)
	if err != nil {
		return Credentials{}, err
	}
	if status != http.StatusOK {
		return Credentials{}, m.refused(status, body)
	}
	c, f, err := m.credentials(body, w.now())
	if err != nil {
		return Credentials{}, err
	}
	account, _ := f.text("AccountId")
	if c.AccountID = accountID(account); c.AccountID == "" {
		arn, _ := f.text("RoleArn")
		c.AccountID = accountOfARN(arn)
	}
	c.Source = s.String()
	return c, nil
}

// authorization is the token as it is: with a line break it could not be a
// header, and taking the break away would hide a broken file.
func (s ContainerStep) authorization() (string, error) {
	token := s.Token.Reveal()
	if s.TokenFile != "" {
		b, err := readSmall(s.TokenFile, maxContainerToken)
		if err != nil {
			return "", &ConfigError{At: s.TokenAt, Fact: fmt.Sprintf("the token file %q cannot be read: %v", s.TokenFile, err)}
		}
		token = string(b)
	}
	if strings.ContainsAny(token, "\r\n") {
		where := "it"
		if s.TokenFile != "" {
			where = fmt.Sprintf("the token file %q", s.TokenFile)
		}
		return "", &ConfigError{At: s.TokenAt, Fact: where + " has a line break in it", Fix: "write the token without a line end"}
	}
	return token, nil
}

// readSmall reads a regular file of at most limit bytes; a symbolic link is
// followed, as Kubernetes mounts tokens behind one. A pipe would be waited for.
func readSmall(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, pathless(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, pathless(err)
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("larger than %d KiB", limit>>10)
	}
	return b, pathless(err)
}

// pathless takes the path out of an error whose caller names it.
func pathless(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// container is the source that the container's variables name; ok is false when
// there are none.
func (b *builder) container() (s ContainerStep, ok bool, err error) {
	const relative, full = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
	switch {
	case b.env(relative) != "":
		s.At = Origin{Name: relative}
		path := b.env(relative)
		if !strings.HasPrefix(path, "/") {
			return s, false, &ConfigError{At: s.At, Fact: "not a path that begins with /"}
		}
		s.URL = "http://169.254.170.2" + path
	case b.env(full) != "":
		s.At, s.URL = Origin{Name: full}, b.env(full)
	default:
		return s, false, nil
	}
	if _, err := checkMetadataURL(s.URL, s.At, containerAddresses()); err != nil {
		return s, false, err
	}
	const file, token = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN"
	if s.TokenFile = b.env(file); s.TokenFile != "" {
		s.TokenAt = Origin{Name: file}
	} else if b.env(token) != "" {
		s.Token, s.TokenAt = secret.New(b.Getenv(token)), Origin{Name: token}
	}
	return s, true, nil
}
