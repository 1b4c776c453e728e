// Package keycsv reads access keys from the CSV files that the AWS console hands
// out, in every shape it has used: access key id and secret alone, with the user
// name, with password and console link, with or without a header, and the
// name=value lines of old root keys. Spreadsheets save such files again with
// other separators and encodings; those are read too. A column with an MFA serial
// is an extension that older tools understood.
//
// The file is foreign text. Values are validated before anyone sees them, errors
// name a line and never what is written there, and passwords are dropped.
package keycsv

import (
	"fmt"
	"io"

	"fob/internal/secret"
)

// Limits of a file; a larger one is an error.
const (
	MaxBytes = 1 << 20
	MaxRows  = 10_000 // rows that are not blank, headers included
)

// Key is one access key of the file.
type Key struct {
	// User is the IAM user name as it is written, "" if the file has none. It is
	// not validated: show it only through the package display.
	User string
	// AccessKeyID has 16 to 128 characters A-Z and 0-9.
	AccessKeyID string
	// Secret is never empty and has only the characters A-Z a-z 0-9 + / = _ -.
	Secret secret.Text
	// MFASerial is an ARN or the serial number of a device, "" if the file has none.
	MFASerial string
	// Line is where the key stands, counted from 1.
	Line int
}

// Parse reads all of r and returns its keys in the order of the file, at least
// one. A row that repeats a key is folded into the first. One bad row spoils the
// file: the error is an [*Error], unless reading itself failed.
func Parse(r io.Reader) ([]Key, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	if len(raw) > MaxBytes {
		return nil, &Error{Reason: TooBig}
	}
	text, err := decode(raw)
	if err != nil {
		return nil, err
	}
	rows, err := split(text)
	if err != nil {
		return nil, err
	}
	return keys(rows)
}

// keys turns rows into keys. A header applies to the rows below it, up to the
// next one.
func keys(rows []row) ([]Key, error) {
	var found []Key
	seen := map[string]int{} // access key id -> index in found
	var cols *columns
	for i, r := range rows {
		header, err := headerOf(r)
		if err != nil {
			return nil, err
		}
		if header != nil {
			cols = header
			continue
		}
		if i == 0 && foreignHeader(r) {
			continue
		}
		key, ok, err := keyOf(r, cols)
		switch at, repeated := seen[key.AccessKeyID]; {
		case err != nil:
			return nil, err
		case !ok:
		case repeated:
			if err := found[at].fold(key); err != nil {
				return nil, err
			}
		default:
			seen[key.AccessKeyID] = len(found)
			found = append(found, key)
		}
	}
	if len(found) == 0 {
		return nil, &Error{Reason: NoKey}
	}
	return found, nil
}

// fold adds what a second row of the same key knows more.
func (k *Key) fold(again Key) error {
	if k.Secret != again.Secret ||
		k.MFASerial != "" && again.MFASerial != "" && k.MFASerial != again.MFASerial {
		return &Error{again.Line, Conflict}
	}
	if k.User == "" {
		k.User = again.User
	}
	if k.MFASerial == "" {
		k.MFASerial = again.MFASerial
	}
	return nil
}
