package resolve

import (
	"fmt"

	"fob/internal/awsfile"
)

// loginSteps is a profile with login_session, which `aws login` writes.
func (b *builder) loginSteps(p *Profile, login awsfile.Value) ([]Step, error) {
	return nil, &ConfigError{Profile: p.Name, At: at(login), Fact: fmt.Sprintf("login_session of %q (made by aws login) cannot be read yet", p.Name),
		Fix: "name a credential_process, an sso_session or a source_profile"}
}
