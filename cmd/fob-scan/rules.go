package main

import (
	"fmt"
	"os"
	"strings"

	"fob/cli"
	"fob/internal/display"
	"fob/scan/rules"
)

type rulesCmd struct {
	Test    rulesTestCmd    `cmd:"" help:"Try the rules of a folder on their cases."`
	Convert rulesConvertCmd `cmd:"" help:"Write old rulesets, exceptions and rules as fob reads them."`
}

type rulesTestCmd struct {
	Folder string `arg:"" predictor:"file" help:"Folder with rules and, beside each, ID.fail.json, ID.pass.json, ID.unknown.json."`
}

func (rulesTestCmd) Help() string {
	return `Tries rules of one's own on their cases. Every rule wants a case that fails and one that
passes.

Example:
  fob scan rules test rules/`
}

func (c *rulesTestCmd) Run(p *program) error {
	if info, err := os.Stat(c.Folder); err != nil || !info.IsDir() {
		return usage(c.Folder+" is no folder", "rules and their cases lie in one", "fob scan rules test rules/")
	}
	outcomes, err := rules.TestDir(regular{os.DirFS(c.Folder)})
	if err != nil {
		return configError(err)
	}
	if len(outcomes) == 0 {
		return usage("there is no rule in "+c.Folder, "a test of nothing would be taken for one that went well", "fob scan rules test rules/")
	}
	var b strings.Builder
	bad := 0
	for _, o := range outcomes {
		switch {
		case o.Problem != "":
			bad++
			fmt.Fprintf(&b, "FAIL  %s %s: %s\n", display.Text(o.Rule), display.Text(o.Case), display.Line(o.Problem))
		default:
			fmt.Fprintf(&b, "ok    %s %s: %s %s\n", display.Text(o.Rule), display.Text(o.Case), o.Got, display.Line(o.Message))
		}
	}
	fmt.Fprintf(&b, "%s, %d wrong\n", count(len(outcomes), "outcome"), bad)
	if bad > 0 {
		p.status = cli.ExitFailure
	}
	_, err = p.sys.Stdout.Write([]byte(b.String()))
	return err
}
