package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fob/cli"
	"fob/internal/display"
	"fob/scan/audit"
	"fob/scan/rules"
)

type rulesConvertCmd struct {
	Files []string `arg:"" name:"file" help:"Ruleset, exceptions or rule of Scout2 or ScoutSuite, a JSON file."`
	Out   string   `short:"o" placeholder:"DIR" predictor:"file" help:"Write NAME.yaml for each file here; nothing is overwritten. Without it one file goes to stdout."`
}

func (rulesConvertCmd) Help() string {
	return `Writes rulesets, exceptions and rules of Scout2 and ScoutSuite as fob reads them. What
cannot be said in fob's form is left out and listed on stderr, with the reason: exit
status 3.

Examples:
  fob scan rules convert ruleset.json > fob-scan.yaml
  fob scan rules convert exceptions.json > fob-exceptions.yaml
  fob scan rules convert rules/*.json -o converted`
}

// Run converts every file before it writes the first.
func (c *rulesConvertCmd) Run(p *program) error {
	if len(c.Files) > 1 && c.Out == "" {
		return usage("several files do not go to one place", "a configuration and exceptions are files of their own", "fob scan rules convert FILE... -o DIR")
	}
	texts := make([]string, len(c.Files))
	for i, path := range c.Files {
		raw, err := readFile(path)
		if err != nil {
			return cli.Failure(cli.ExitConfig, "the file cannot be read", err.Error(), "fob scan rules convert FILE", err)
		}
		converted, err := rules.Convert(filepath.Base(path), raw)
		if err != nil {
			return configError(err)
		}
		texts[i] = converted.YAML
		if len(converted.Left) > 0 {
			p.status = audit.ExitIncomplete
		}
		_, _ = p.sys.Stderr.Write([]byte(leftOut(path, converted)))
	}
	if c.Out == "" {
		_, err := p.sys.Stdout.Write([]byte(texts[0]))
		return err
	}
	return c.write(texts)
}

// leftOut says what was not converted, or not quite.
func leftOut(path string, c *rules.Converted) string {
	var b strings.Builder
	for _, l := range c.Left {
		what := "not converted"
		if l.Partly {
			what = "not quite the same"
		}
		fmt.Fprintf(&b, "fob: %s: %s: %s: %s\n", display.Text(path), display.Text(l.Place), what, display.Text(l.Why))
	}
	return b.String()
}

func (c *rulesConvertCmd) write(texts []string) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return cli.Failure(cli.ExitConfig, "the folder cannot be made", err.Error(), "another -o", err)
	}
	for i, path := range c.Files {
		name := filepath.Join(c.Out, strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))+".yaml")
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err == nil {
			_, err = f.WriteString(texts[i])
			if closed := f.Close(); err == nil {
				err = closed
			}
		}
		if err != nil {
			return cli.Failure(cli.ExitConfig, "the file cannot be written", err.Error(), "another -o", err)
		}
	}
	return nil
}
