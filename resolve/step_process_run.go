package resolve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"fob/internal/command"
)

func (s ProcessStep) run(ctx context.Context, w *walk, _ Credentials) (Credentials, error) {
	before := chain(w.Environ)
	if err := s.checkChain(before); err != nil {
		return Credentials{}, err
	}
	words, err := s.words()
	if err != nil {
		return Credentials{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, processLimit)
	defer cancel()
	res, err := command.Run(ctx, command.Spec{Argv: words, Env: chained(w.Environ, before, s.Profile), Stderr: w.ChildStderr})
	if err != nil {
		return Credentials{}, s.failed(words, res.ExitCode, err)
	}
	c, err := readProcessOutput(res.Stdout, w.now())
	if err != nil {
		return Credentials{}, &ProcessError{At: s.At, Program: words[0], Fact: "its output is refused: " + err.Error(), Hint: shellHint(words)}
	}
	if c.AccountID == "" {
		c.AccountID = s.AccountID
	}
	if c.AccountID == "" {
		c.AccountID = accountOfKeyID(c.AccessKeyID)
	}
	c.Source = s.String()
	return c, nil
}

// words splits the line, which has to come from a file that nobody else writes.
func (s ProcessStep) words() ([]string, error) {
	words, err := command.Split(s.Command)
	if err == nil && len(words) == 0 {
		err = errors.New("it is empty")
	}
	if err != nil {
		return nil, &ConfigError{Profile: s.Profile, At: s.At, Fact: "credential_process: " + err.Error()}
	}
	if s.At.File == "" {
		return words, nil
	}
	info, err := os.Stat(s.At.File)
	if err == nil {
		err = command.Trusted(s.At.File, info)
	}
	if err != nil {
		return nil, &ConfigError{Profile: s.Profile, At: s.At, Fact: "credential_process is not run: " + err.Error(), Fix: "make the file yours alone to write (chmod go-w), or name it by its whole path"}
	}
	return words, nil
}

// failed sorts what running a program gave. Its output stays out of it.
func (s ProcessStep) failed(words []string, status int, err error) error {
	if errors.Is(err, command.ErrCancelled) {
		return ErrCancelled
	}
	e := &ProcessError{At: s.At, Program: words[0], Fact: err.Error(), Hint: shellHint(words), Err: err}
	var run *command.Error
	if errors.As(err, &run) {
		e.Fact = run.Err.Error()
	}
	if errors.Is(err, command.ErrExit) {
		e.Status = status
	}
	return e
}

// shellHint says that a shell was expected, where the words look like it. It
// shows the sign and not its word, which may be a secret.
func shellHint(words []string) string {
	word := command.ShellSyntax(words)
	i := strings.IndexAny(word, "|&;<>$`~")
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("it runs without a shell, so that %s means nothing (sh -c '…' starts one)", word[i:i+1])
}
