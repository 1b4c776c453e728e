package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"fob/cli"
	"fob/scan"
	"fob/scan/audit"
	"fob/scan/collect"
)

// Accounts are the flags that choose accounts beyond -p.
type Accounts struct {
	Org          bool     `group:"who" help:"Every account of the organization that the profile's account may list."`
	Role         string   `group:"who" placeholder:"NAME" help:"Role to assume in each account, a name or an ARN with ACCOUNT in it."`
	OU           []string `group:"who" name:"ou" placeholder:"ID" help:"With --org: only accounts below these organizational units."`
	Exclude      []string `group:"who" name:"exclude-account" placeholder:"ID" help:"Not these accounts."`
	AccountsFile string   `group:"who" name:"accounts-file" placeholder:"FILE" help:"Accounts from a file: lines of account[,role_arn][,name], or JSON."`
	Shard        string   `group:"who" placeholder:"I/N" help:"Only this share of the accounts, from 0/N to N-1/N."`
	Shards       int      `group:"who" placeholder:"N" help:"Number of shares; which one says AWS_BATCH_JOB_ARRAY_INDEX or JOB_COMPLETION_INDEX. Also FOB_SHARDS."`

	index, count int // of the share; count 0 is all
}

// fleet says whether accounts come from a list.
func (a *Accounts) fleet() bool { return a.Org || a.AccountsFile != "" }

// sharded says whether this is one of several that share the accounts.
func (a *Accounts) sharded() bool { return a.count > 0 }

func (a *Accounts) check(getenv func(string) string) error {
	switch {
	case a.Org && a.AccountsFile != "":
		return usage("it is not clear which accounts are meant", "--org and --accounts-file name them each", "leave one of them out")
	case len(a.OU) > 0 && !a.Org:
		return usage("--ou goes with --org", "it is a part of the organization", "--org --ou "+a.OU[0])
	case !a.fleet() && (a.Role != "" || len(a.Exclude) > 0):
		return usage("--role and --exclude-account go with --org or --accounts-file", "without them the profile's own account is read", "--org --role "+a.Role)
	}
	if strings.HasPrefix(a.Role, "arn:") && !strings.Contains(a.Role, ":ACCOUNT:") {
		return usage("--role is the ARN of one account", "the role is assumed in each", "--role "+a.Role[strings.LastIndex(a.Role, "/")+1:])
	}
	for _, id := range a.Exclude {
		if !isAccount(id) {
			return usage("--exclude-account "+id+" is no account id", "it has twelve digits", "--exclude-account 123456789012")
		}
	}
	return a.share(getenv)
}

// share finds out which share of the accounts is this one's.
func (a *Accounts) share(getenv func(string) string) error {
	if !a.fleet() && a.Shard == "" && a.Shards == 0 {
		return nil // variables of a job say nothing of a scan that is not shared
	}
	bad := func(why string) error {
		return usage("it is not clear which share of the accounts is meant", why, "--shard 0/4, or --shards 4 in an array job")
	}
	count := a.Shards
	if text := strings.TrimSpace(getenv("FOB_SHARDS")); count == 0 && text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return bad("FOB_SHARDS is no number from 1 on")
		}
		count = n
	}
	if a.Shard != "" {
		i, n, ok := strings.Cut(a.Shard, "/")
		index, err := strconv.Atoi(i)
		total, err2 := strconv.Atoi(n)
		switch {
		case !ok || err != nil || err2 != nil || a.Shards != 0 && a.Shards != total:
			return bad("--shard is I/N, and N is what --shards says")
		case index < 0 || total < 1 || index >= total:
			return bad("there is no share " + a.Shard + ": they are counted from 0")
		}
		a.index, a.count = index, total
		return a.shareOfList()
	}
	if count == 0 {
		return nil
	}
	batch, job := strings.TrimSpace(getenv("AWS_BATCH_JOB_ARRAY_INDEX")), strings.TrimSpace(getenv("JOB_COMPLETION_INDEX"))
	index, err := strconv.Atoi(batch + job)
	switch {
	case batch != "" && job != "":
		return bad("AWS_BATCH_JOB_ARRAY_INDEX and JOB_COMPLETION_INDEX are both set")
	case batch+job == "":
		return bad("neither AWS_BATCH_JOB_ARRAY_INDEX nor JOB_COMPLETION_INDEX is set")
	case err != nil || index < 0 || index >= count:
		return bad(fmt.Sprintf("the index %s is none of %d shares", batch+job, count))
	}
	a.index, a.count = index, count
	return a.shareOfList()
}

// mostShards bounds the shares: every account is asked about each of them.
const mostShards = 10_000

func (a *Accounts) shareOfList() error {
	if a.count > mostShards {
		return usage(fmt.Sprintf("there are too many shares, %d", a.count), fmt.Sprintf("%d are the most", mostShards), "--shard 0/100")
	}
	if !a.fleet() {
		return usage("there are no accounts to share", "--shard and --shards go with --org or --accounts-file", "--accounts-file FILE")
	}
	return nil
}

// mine leaves the accounts of this share that are not excluded.
func (a *Accounts) mine(all []audit.Member) []audit.Member {
	return slices.DeleteFunc(all, func(m audit.Member) bool {
		return slices.Contains(a.Exclude, m.ID) || a.sharded() && audit.Shard(m.ID, a.count) != a.index
	})
}

// roleIn is the role to assume in an account.
func (a *Accounts) roleIn(m audit.Member, partition string) string {
	switch {
	case m.Role != "":
		return m.Role
	case a.Role == "":
		return ""
	case strings.HasPrefix(a.Role, "arn:"):
		return strings.ReplaceAll(a.Role, "ACCOUNT", m.ID)
	}
	return "arn:" + partition + ":iam::" + m.ID + ":role/" + strings.TrimPrefix(a.Role, "/")
}

// base is the profile that accounts are listed and roles assumed with.
func (p *program) base(ctx context.Context) (*target, error) {
	wanted, err := p.wanted()
	if err != nil {
		return nil, err
	}
	if len(wanted) != 1 {
		return nil, usage("a list of accounts needs one profile", "roles are assumed from it", "-p NAME")
	}
	return p.open(ctx, wanted[0])
}

// list is every account of the organization, or of the file.
func (p *program) list(ctx context.Context, a *Accounts, base *target) ([]audit.Member, error) {
	if a.AccountsFile != "" {
		return membersIn(a.AccountsFile)
	}
	c := &collect.Collector{Proxy: http.ProxyFromEnvironment}
	found, err := c.Members(ctx, base.account(func(error) {}), a.OU...)
	if err != nil {
		return nil, cli.Failure(cli.ExitAWS, "the accounts of the organization cannot be listed", err.Error(), "use a profile of the management account, or --accounts-file FILE", err)
	}
	var out []audit.Member
	for _, m := range found {
		out = append(out, audit.Member{ID: m.ID, Name: m.Name})
	}
	slices.SortFunc(out, func(a, b audit.Member) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// fleet finds the accounts of a list, and their credentials. The base's own account is
// read with the base itself.
func (p *program) fleet(ctx context.Context, a *Accounts) ([]*target, []scan.AccountSummary, error) {
	if a.Org && a.Role == "" {
		return nil, nil, usage("--org needs --role", "in each account a role is assumed", "--role OrganizationAccountAccessRole")
	}
	base, err := p.base(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, err := p.list(ctx, a, base)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, m := range all {
		ids = append(ids, m.ID)
	}
	mine := a.mine(all)
	if len(mine) == 0 {
		return nil, nil, nil
	}
	var targets []*target
	for _, m := range mine {
		t := &target{ID: m.ID, Name: m.Name, Partition: base.Partition, access: base.access, network: base.network}
		if role := a.roleIn(m, base.Partition); m.ID != base.ID || m.Role != "" {
			if role == "" {
				return nil, nil, usage("there is no role for the account "+m.ID, "the list has none, and neither has --role", "--role NAME")
			}
			t.want, t.access = cli.Wanted{Profile: base.want.Profile, RoleARN: role}, nil
		}
		if a.Org && len(a.OU) == 0 {
			t.members = ids
		}
		targets = append(targets, t)
	}
	return targets, nil, nil
}

type accountsCmd struct {
	Accounts
	Output string `short:"o" placeholder:"FILE" help:"Write the list here, not on stdout."`
	Force  bool   `short:"f" help:"Overwrite what is there."`
}

func (accountsCmd) Help() string {
	return `Lists the accounts that a fleet of scans is to cover, for --accounts-file and for
fob scan merge --expect.

Examples:
  fob scan accounts --org --role Audit -o accounts.json
  fob scan accounts --org --role Audit --ou ou-abcd-11111111`
}

func (c *accountsCmd) Run(ctx context.Context, p *program) error {
	if !c.fleet() {
		return usage("it is not clear which accounts are meant", "the organization's are listed, or those of a file", "fob scan accounts --org --role NAME")
	}
	if err := c.check(p.sys.Getenv); err != nil {
		return err
	}
	base := &target{Partition: "aws"}
	ctx = p.reading(ctx)
	if c.Org {
		var err error
		if base, err = p.base(ctx); err != nil {
			return err
		}
	}
	all, err := p.list(ctx, &c.Accounts, base)
	if err != nil {
		return err
	}
	p.idle()
	all = c.mine(all)
	for i := range all {
		if all[i].ID != base.ID {
			all[i].Role = c.roleIn(all[i], base.Partition)
		}
	}
	raw, err := json.MarshalIndent(append([]audit.Member{}, all...), "", "  ")
	if err != nil {
		return err
	}
	write := func(out io.Writer) error {
		_, err := out.Write(append(raw, '\n'))
		return err
	}
	if c.Output == "" || c.Output == "-" {
		return write(p.sys.Stdout)
	}
	if err := vacant(c.Output, c.Force, otherName); err != nil {
		return err
	}
	return p.files.write(c.Output, write)
}
