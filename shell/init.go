package shell

import (
	"embed"
	"fmt"
)

// scripts are the files init/fob.NAME, for every shell of [All].
//
//go:embed init
var scripts embed.FS

// Init returns what makes fob part of the shell of that name, one of [All]; any
// other is [ErrUnknown]. The text is the same at any time and place, and how it is
// loaded is in its first lines. It may be evaluated twice, with set -eu, and in
// shells that are not interactive.
//
// It defines "fob use", or fobuse where a shell cannot have that, which evaluates
// what the program prints. Interactive shells that have hooks look before each
// prompt, and most before each command, whether FOB_EXPIRES has come, and set
// FOB_PROMPT. No process is started for that: each shell uses the clock that it
// has, and the file tells which.
func Init(name string) (string, error) {
	text, err := scripts.ReadFile("init/fob." + name)
	if err != nil {
		return "", fmt.Errorf("%w %q", ErrUnknown, name)
	}
	return string(text), nil
}
