package policy

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// some makes random policies out of a small stock, so that statements meet.
type some struct{ *rand.Rand }

func pick[T any](r some, list ...T) T { return list[r.IntN(len(list))] }

func (r some) statement(allow bool) Statement {
	s := Statement{Allow: allow, NotActions: r.IntN(5) == 0, NotResources: r.IntN(6) == 0, NotPrincipals: r.IntN(9) == 0}
	for range 1 + r.IntN(2) {
		s.Actions = append(s.Actions, pick(r, "*", "s3:*", "s3:get*", "s3:put*", "s3:getobject", "iam:*", "iam:passrole", "iam:put*", "ec2:runinstances"))
		s.Resources = append(s.Resources, pick(r, "*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::b*", "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:user/ann"))
		s.Principals = append(s.Principals, pick(r, Principal{"AWS", "*"}, Principal{"AWS", "*"}, Principal{"AWS", "arn:aws:iam::210987654321:root"}, Principal{"Service", "sns.amazonaws.com"}))
	}
	for range r.IntN(3) {
		s.Conditions = append(s.Conditions, r.condition())
	}
	return s
}

func (r some) condition() Condition {
	c := Condition{
		Operator: pick(r, "stringequals", "stringlike", "stringnotequals", "stringnotlike", "bool", "null"),
		Key:      pick(r, "aws:principalorgid", "aws:principalaccount", "aws:sourceaccount", "aws:principalisawsservice", "aws:securetransport"),
		IfExists: r.IntN(4) == 0, ForAll: r.IntN(6) == 0, ForAny: r.IntN(6) == 0,
		Values: []string{pick(r, "o-abc1234567", "123456789012", "*", "true", "false")},
	}
	return c
}

func (r some) document() *Document {
	d := &Document{}
	for range 1 + r.IntN(4) {
		s := r.statement(r.IntN(3) > 0)
		s.Index = len(d.Statements)
		d.Statements = append(d.Statements, s)
	}
	return d
}

// opening is an action that is public, or a party.
type opening struct {
	statement     int
	name, account string
}

func (d *Document) open(q Query) (out []opening) {
	for _, g := range d.Public(q) {
		for _, a := range g.Actions {
			out = append(out, opening{g.Statement, a, ""})
		}
	}
	for _, p := range d.Parties(q) {
		out = append(out, opening{p.Statement, p.Principal.String(), p.Account})
	}
	return out
}

// widens says whether something is open that was not. An account or a name that is left
// of everyone is no more than everyone.
func widens(was, is []opening) bool {
	const everyone = "AWS:*"
	return slices.ContainsFunc(is, func(o opening) bool {
		return !slices.ContainsFunc([]opening{o, {o.statement, o.name, ""}, {o.statement, everyone, ""}, {o.statement, everyone, o.account}}, func(w opening) bool {
			return slices.Contains(was, w)
		})
	})
}

func trials(t *testing.T, f func(some)) {
	r := some{rand.New(rand.NewPCG(7, 11))}
	for range 4000 {
		if f(r); t.Failed() {
			return
		}
	}
}

func TestDenyNeverWidens(t *testing.T) {
	effects := 0
	trials(t, func(r some) {
		d := r.document()
		q := Query{Actions: pick(r, nil, []string{"s3:get*"}, []string{"s3:put*", "iam:*"})}
		was := d.open(q)
		more := &Document{Statements: append(slices.Clone(d.Statements), r.statement(false))}
		is := more.open(q)
		if widens(was, is) {
			t.Errorf("%+v\nwith a deny %+v\nturned from %v into %v", d, more.Statements[len(d.Statements)], was, is)
		}
		if len(is) < len(was) {
			effects++
		}
	})
	if effects < 100 {
		t.Errorf("only %d denies took something away", effects)
	}
}

func TestBindingConditionNeverWidens(t *testing.T) {
	bind := Condition{Operator: "stringequals", Key: "aws:sourcevpce", Values: []string{"vpce-1"}}
	trials(t, func(r some) {
		d := r.document()
		n := r.IntN(len(d.Statements))
		if !d.Statements[n].Allow {
			return
		}
		was := d.open(Query{})
		more := &Document{Statements: slices.Clone(d.Statements)}
		more.Statements[n].Conditions = append(slices.Clone(more.Statements[n].Conditions), bind)
		is := more.open(Query{})
		if widens(was, is) {
			t.Errorf("%+v bound in statement %d: turned from %v into %v", d, n, was, is)
		}
		for _, g := range more.Public(Query{}) {
			if g.Statement == n {
				t.Errorf("%+v is public in statement %d, which is bound", more, n)
			}
		}
	})
}

// What is allowed on all of something is allowed on some of it, a deny and a boundary
// never add anything, and an administrator who is denied nothing may everything.
func TestIdentityNeverWidens(t *testing.T) {
	const arn = "arn:aws:iam::123456789012:"
	actions := []string{"iam:passrole", "iam:putuserpolicy", "s3:getobject", "ec2:runinstances"}
	admins := 0
	trials(t, func(r some) {
		d := r.document()
		i := &Identity{Partition: "aws", Account: "123456789012", ARN: arn + "user/ann", User: "ann", Policies: []Source{{Document: d}}}
		action, resource := pick(r, actions...), pick(r, "*", arn+"role/*", arn+"user/ann", "arn:aws:s3:::b/x")
		if i.CanAll(action, resource, nil) != nil && i.Can(action, resource, nil) == nil {
			t.Errorf("%+v: %s on all of %s but on none", d, action, resource)
		}
		admin := i.Admin() != nil
		if admin {
			admins++
		}
		narrower := *i
		if r.IntN(2) == 0 {
			narrower.Boundary = &Source{Document: r.document()}
		} else {
			narrower.Policies = []Source{{Document: &Document{Statements: append(slices.Clone(d.Statements), r.statement(false))}}}
		}
		if narrower.Can(action, resource, nil) != nil && i.Can(action, resource, nil) == nil {
			t.Errorf("%+v: narrowed by %+v it may %s on %s", d, narrower, action, resource)
		}
		if narrower.Admin() != nil && !admin {
			t.Errorf("%+v: narrowed by %+v it is an administrator", d, narrower)
		}
		if len(narrower.Escalations(around{})) > len(i.Escalations(around{})) {
			t.Errorf("%+v: narrowed by %+v it has more ways to escalate", d, narrower)
		}
	})
	if admins < 20 {
		t.Errorf("only %d administrators", admins)
	}
}
