package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Member is an account of a fleet.
type Member struct {
	ID   string `json:"id"`                 // twelve digits
	Name string `json:"name,omitempty"`     // may be ""
	Role string `json:"role_arn,omitempty"` // to assume there; "" is for the run's own
}

// ParseMembers reads a list of accounts: lines of account[,role_arn][,name], with # for
// comments; or JSON, an array of ids or of objects. A list may not be empty, and no account
// may be there twice.
func ParseMembers(data []byte) ([]Member, error) {
	var out []Member
	var err error
	if trimmed := bytes.TrimSpace(data); bytes.HasPrefix(trimmed, []byte("[")) {
		out, err = parseJSON(trimmed)
	} else {
		out, err = parseLines(string(data))
	}
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, m := range out {
		switch {
		case len(m.ID) != 12 || strings.Trim(m.ID, "0123456789") != "":
			return nil, fmt.Errorf("%q is no account id: it has twelve digits", m.ID)
		case seen[m.ID]:
			return nil, fmt.Errorf("the account %s is there twice", m.ID)
		case m.Role != "" && !strings.HasPrefix(m.Role, "arn:"):
			return nil, fmt.Errorf("the account %s has the role %q, which is no ARN", m.ID, m.Role)
		case m.Role != "" && !strings.Contains(m.Role, ":"+m.ID+":"):
			return nil, fmt.Errorf("the account %s has the role %q, which is of another account", m.ID, m.Role)
		}
		seen[m.ID] = true
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is no account in it")
	}
	slices.SortFunc(out, func(a, b Member) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func parseJSON(data []byte) (out []Member, err error) {
	var all []json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("it is no array: %w", err)
	}
	for i, raw := range all {
		var m Member
		if err := json.Unmarshal(raw, &m.ID); err != nil {
			in := json.NewDecoder(bytes.NewReader(raw))
			in.DisallowUnknownFields()
			if err := in.Decode(&m); err != nil {
				return nil, fmt.Errorf("element %d: %w", i+1, err)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

func parseLines(text string) (out []Member, err error) {
	text = strings.TrimPrefix(text, "\ufeff")
	for n, line := range slices.Collect(strings.Lines(text)) {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		cells := strings.Split(line, ",")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		m := Member{ID: cells[0]}
		for _, cell := range cells[1:] {
			switch {
			case strings.HasPrefix(cell, "arn:") && m.Role == "":
				m.Role = cell
			case cell == "":
			case m.Name == "":
				m.Name = cell
			default:
				return nil, fmt.Errorf("line %d: %q is more than account, role and name", n+1, cell)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// Shard says which of n shards, from 0 on, has an account: the one whose hash with the
// account is the highest, so that another shard or account moves no more than its share.
func Shard(account string, n int) int {
	best, shard := uint64(0), 0
	for i := range n {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", account, i))
		if h := binary.BigEndian.Uint64(sum[:8]); i == 0 || h > best {
			best, shard = h, i
		}
	}
	return shard
}
