//go:build ignore

// Testlog reads what `go test -json` writes, prints a line per package and the
// output of what failed, and fails when a test was skipped that its argument, a
// file like allowed-skips, does not list.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

func (e event) name() string { return strings.TrimSpace(e.Package + " " + e.Test) }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "testlog:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: testlog ALLOWED-SKIPS <JSON")
	}
	allowed, err := readAllowed(args[0])
	if err != nil {
		return err
	}
	output, failed, packages := map[string][]string{}, []string{}, 0
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var e event
		if err := json.Unmarshal(in.Bytes(), &e); err != nil {
			fmt.Println(in.Text()) // not of go test; a person should see it
			continue
		}
		switch name := e.name(); e.Action {
		case "output":
			output[name] = append(output[name], e.Output)
		case "build-output":
			fmt.Print(e.Output)
		case "fail":
			fmt.Print(strings.Join(output[name], ""))
			failed = append(failed, name)
		case "skip":
			if e.Test == "" {
				continue // a package without tests
			}
			if slices.Contains(allowed, name) {
				fmt.Printf("skip  %s (allowed)\n", name)
				continue
			}
			fmt.Print(strings.Join(output[name], ""))
			failed = append(failed, name+" was skipped")
		case "pass":
			if e.Test == "" {
				packages++
				fmt.Printf("ok    %s %.1fs\n", name, e.Elapsed)
			}
			delete(output, name)
		}
	}
	switch {
	case in.Err() != nil:
		return in.Err()
	case len(failed) > 0:
		return fmt.Errorf("failed:\n  %s", strings.Join(failed, "\n  "))
	case packages == 0:
		return fmt.Errorf("no package was tested")
	}
	return nil
}

// readAllowed reads lines of package, test and # reason.
func readAllowed(file string) (names []string, err error) {
	text, err := os.ReadFile(file)
	for line := range strings.Lines(string(text)) {
		name, reason, _ := strings.Cut(line, "#")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("%s: %s has no reason", file, name)
		}
		names = append(names, name)
	}
	return names, err
}
