package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"fob/internal/display"
	"fob/internal/keycsv"
	"fob/internal/tty"
)

// parseKeyInput reads what people pipe into fob add: a CSV file, the JSON of
// aws iam create-access-key, or the key id and the secret on two lines.
func parseKeyInput(r io.Reader) ([]keycsv.Key, error) {
	raw, err := io.ReadAll(io.LimitReader(r, keycsv.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read stdin: %w", err)
	}
	text := strings.TrimSpace(string(raw))
	if strings.HasPrefix(text, "{") {
		return keyFromJSON([]byte(text))
	}
	if lines := strings.Fields(text); len(lines) == 2 && !strings.ContainsAny(text, ",;") {
		k, err := keyFromText(lines[0], lines[1])
		return []keycsv.Key{k}, err
	}
	return keycsv.Parse(bytes.NewReader(raw))
}

func keyFromJSON(raw []byte) ([]keycsv.Key, error) {
	var key struct {
		AccessKeyID     string `json:"AccessKeyId"`
		SecretAccessKey string
	}
	var outer struct{ AccessKey json.RawMessage }
	if err := json.Unmarshal(raw, &outer); err != nil {
		return nil, &failure{code: exitConfig, what: "the JSON on stdin cannot be read", why: "it is not one JSON object", next: "aws iam create-access-key --user-name ann | fob add dev --stdin"}
	}
	if outer.AccessKey != nil {
		raw = outer.AccessKey
	}
	if err := json.Unmarshal(raw, &key); err != nil || key.AccessKeyID == "" {
		return nil, &failure{code: exitConfig, what: "the JSON on stdin holds no access key", why: "AccessKeyId and SecretAccessKey are expected", next: "aws iam create-access-key --user-name ann | fob add dev --stdin"}
	}
	k, err := keyFromText(key.AccessKeyID, key.SecretAccessKey)
	return []keycsv.Key{k}, err
}

// keyFromText checks a key as the CSV reader does.
func keyFromText(id, secretKey string) (keycsv.Key, error) {
	id, secretKey = strings.TrimSpace(id), strings.TrimSpace(secretKey)
	found, err := keycsv.Parse(strings.NewReader(`"` + strings.ReplaceAll(id, `"`, "") + `","` + strings.ReplaceAll(secretKey, `"`, " ") + `"`))
	if err != nil {
		return keycsv.Key{}, &failure{code: exitConfig, what: "that is no access key", why: err.Error(), next: "copy the key id (AKIA…) and the secret (40 characters) again", err: err}
	}
	return found[0], nil
}

// pickKey chooses among the keys of a file: the named user's, the only one, or
// the one that a person picks.
func (a *app) pickKey(ctx context.Context, found []keycsv.Key, from, user string) (keycsv.Key, error) {
	if user != "" {
		for _, k := range found {
			if k.User == user {
				return k, nil
			}
		}
		return keycsv.Key{}, &failure{code: exitConfig, what: "the access key cannot be chosen", why: fmt.Sprintf("%s has no key of user %q", from, user), next: "name one of its users with --user"}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	names := make([]string, len(found))
	for i, k := range found {
		names[i] = display.Text(strings.TrimSpace(k.User + " " + k.AccessKeyID))
	}
	n := -1
	err := a.ask(func(t *tty.Terminal) (err error) {
		n, err = t.Choose(ctx, fmt.Sprintf("%s holds %d keys:", display.Text(from), len(found)), names)
		return err
	})
	if nobody(err) {
		return keycsv.Key{}, &failure{code: exitConfig, what: fmt.Sprintf("%s holds %d keys", from, len(found)), why: "nobody can be asked which one", next: "name one of its users with --user", err: err}
	}
	if err != nil {
		return keycsv.Key{}, err
	}
	return found[n], nil
}

// readCSVKey is the source of --csv-credentials.
func (a *app) readCSVKey(path, user string) (keycsv.Key, error) {
	ctx, cancel := context.WithTimeout(context.Background(), processLimit)
	defer cancel()
	found, err := readKeyFile(ctx, path)
	if err != nil {
		return keycsv.Key{}, err
	}
	return a.pickKey(ctx, found, path, user)
}

// readKeyFile reads the keys in a CSV file, which may be a pipe.
func readKeyFile(ctx context.Context, path string) ([]keycsv.Key, error) {
	raw, err := readNamed(ctx, path, keycsv.MaxBytes+1)
	var unread *fs.PathError
	if errors.As(err, &unread) {
		return nil, &failure{code: exitConfig, what: "the access key cannot be read", why: err.Error(), next: "name the CSV file that AWS made", err: err}
	}
	if err != nil {
		return nil, err
	}
	found, err := keycsv.Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}
