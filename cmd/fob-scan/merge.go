package main

import (
	"io"

	"fob/cli"
	"fob/scan/audit"
)

type mergeCmd struct {
	Files  []string `arg:"" name:"file" predictor:"file" help:"Findings files, compressed or not, or folders of scans."`
	Expect string   `placeholder:"FILE" help:"Accounts that have to be there, as fob scan accounts writes them."`
	Output
}

func (mergeCmd) Help() string {
	return `Joins the findings of shards or accounts into one result and its report. Where an
account was read twice the newer counts; order makes no difference.

Examples:
  fob scan merge out/*.findings.jsonl.gz --expect accounts.json -o merged
  fob scan merge a.jsonl b.jsonl --format jsonl -o all.jsonl
  fob scan merge out/*.findings.jsonl.gz --fail-on high`
}

func (c *mergeCmd) Run(p *program) error {
	if c.Output.Output != "" && c.Output.Output != "-" && len(c.Format) == 0 { // -o OUT is the folder
		c.ReportDir, c.Output.Output = c.Output.Output, ""
	}
	if err := c.check(); err != nil {
		return err
	}
	expected, err := expectedIn(c.Expect)
	if err != nil {
		return err
	}
	var files []audit.Findings
	for _, name := range c.Files {
		files = append(files, findingsFile(name))
	}
	var f *folder
	if c.Output.Output == "" {
		if f, err = c.folder("merged", p.sys.Now()); err != nil {
			return err
		}
	}
	return p.report(&c.Output, f, nil, func(out io.Writer) error {
		_, err := audit.Merge(out, files, expected)
		if err != nil {
			return cli.Failure(cli.ExitConfig, "the findings cannot be joined", err.Error(), takesAny(c.Files, kindFindings, "fob scan writes findings files"), err)
		}
		return nil
	})
}

// expectedIn are the ids of a list of accounts.
func expectedIn(file string) (out []string, err error) {
	if file == "" {
		return nil, nil
	}
	members, err := membersIn(file)
	for _, m := range members {
		out = append(out, m.ID)
	}
	return out, err
}

// membersIn reads a list of accounts.
func membersIn(file string) ([]audit.Member, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, cli.Failure(cli.ExitConfig, "the list of accounts cannot be read", err.Error(), "fob scan accounts --org -o FILE writes one", err)
	}
	members, err := audit.ParseMembers(data)
	if err != nil {
		return nil, cli.Failure(cli.ExitConfig, "the list of accounts "+file+" cannot be used", err.Error(), "a line is account[,role_arn][,name]", err)
	}
	return members, nil
}
