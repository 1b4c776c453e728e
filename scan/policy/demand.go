package policy

import "slices"

// Demand is what a caller has to meet: one of its conditions. Each of them holds only
// if its key is there, those with IfExists aside, which hold for unsigned requests, too.
type Demand []Condition

// Demands all have to be met.
type Demands []Demand

// Bind says whether whoever meets the demands is not everyone: one of them says who
// may act or from where, with every value fixed. extra are keys of a service that bind
// there, in lower case.
func (ds Demands) Bind(extra ...string) bool {
	return slices.ContainsFunc(ds, func(d Demand) bool { return d.binds(extra) })
}

// binds: a deny may spare the services of AWS beside those who are bound.
func (d Demand) binds(extra []string) bool {
	bound := false
	for _, c := range d {
		switch {
		case c.fixes(extra):
			bound = true
		case !c.True("aws:principalisawsservice"):
			return false
		}
	}
	return bound
}

// spareUnsigned says whether a request that nobody signed meets one of the demands.
func (ds Demands) spareUnsigned() bool {
	return slices.ContainsFunc(ds, func(d Demand) bool {
		return slices.ContainsFunc(d, func(c Condition) bool { return c.IfExists })
	})
}

// Every says whether one of the demands is met by nothing but conditions that pass the
// test.
func (ds Demands) Every(test func(*Condition) bool) bool {
	return slices.ContainsFunc(ds, func(d Demand) bool {
		return !slices.ContainsFunc(d, func(c Condition) bool { return !test(&c) })
	})
}

// ExternalID says whether callers have to give an external id that is fixed.
func (ds Demands) ExternalID() bool {
	return ds.Every(func(c *Condition) bool { return c.Is("sts:externalid", Fixed) })
}

// MFA says whether callers have to have signed in with a second factor. A condition
// that holds without the key asks for nothing: a request signed with a long-lived key
// has no such key.
func (ds Demands) MFA() bool {
	return ds.Every(func(c *Condition) bool {
		if c.Key == "aws:multifactorauthage" { // there only if a second factor was used
			return c.Operator == "numericlessthan" || c.Operator == "numericlessthanequals" || c.Operator == "null" && all(c.Values, isFalse)
		}
		return c.True("aws:multifactorauthpresent")
	})
}

// Owners are the accounts and the organizations, by id, that a caller who meets the
// demand is of one of; ok says whether it leaves nothing but those. The services of AWS
// are no account, and in no organization.
func (d Demand) Owners() (accounts, organizations []string, ok bool) {
	_, ok = d.values(func(c *Condition) ([]string, bool) {
		if ids, is := callerAccount(c); is {
			accounts = append(accounts, ids...)
			return ids, true
		}
		ids, is := organization(c)
		organizations = append(organizations, ids...)
		return ids, is
	})
	if !ok {
		return nil, nil, false
	}
	return accounts, organizations, true
}

// Accounts are those that callers have to be in one of; ok says whether they do.
func (ds Demands) Accounts() (ids []string, ok bool) {
	for _, d := range ds {
		found, named := d.values(callerAccount)
		switch {
		case !named:
		case !ok:
			ids, ok = found, true
		default: // both are asked for
			ids = slices.DeleteFunc(ids, func(id string) bool { return !slices.Contains(found, id) })
		}
	}
	return ids, ok
}

// values are what every condition of a demand fixes, those aside that are met by the
// services of AWS; ok is whether they all do.
func (d Demand) values(of func(*Condition) ([]string, bool)) (out []string, ok bool) {
	for _, c := range d {
		found, fixed := of(&c)
		switch {
		case fixed:
			out, ok = append(out, found...), true
		case !c.True("aws:principalisawsservice"):
			return nil, false
		}
	}
	return out, ok
}

func organization(c *Condition) (ids []string, ok bool) {
	if c.Key != "aws:principalorgid" && c.Key != "aws:principalorgpaths" || !c.fixes(nil) {
		return nil, false
	}
	for _, v := range c.Values {
		ids = append(ids, before(v, "/"))
	}
	return ids, true
}

func callerAccount(c *Condition) (ids []string, ok bool) {
	for _, v := range c.Values {
		switch {
		case c.Key == "aws:principalaccount" || c.Key == "kms:calleraccount":
			ids = append(ids, v)
		case c.Key == "aws:principalarn":
			ids = append(ids, arnAccount(v))
		}
	}
	return ids, len(ids) > 0 && positive(c.Operator) && all(ids, isAccountID)
}

// demands are what the statement asks of its callers beside being named. A condition
// that holds without its key asks for nothing, unless another one says that the key is
// there.
func (s *Statement) demands() (out Demands) {
	for _, c := range s.Conditions {
		if !c.IfExists && !c.ForAll || s.requires(c.Key) {
			out = append(out, Demand{c})
		}
	}
	return out
}

func (s *Statement) requires(key string) bool {
	return slices.ContainsFunc(s.Conditions, func(c Condition) bool {
		return c.Key == key && c.Operator == "null" && !c.IfExists && len(c.Values) > 0 && all(c.Values, isFalse)
	})
}

// spares is what callers have to meet for a deny to spare them: one of its conditions
// must not hold. ok is false if that asks for nothing.
//
// A negated operator holds if the key is absent, with IfExists and without; so does
// ForAllValues. What it spares has the key, and one of the values.
func (s *Statement) spares() (d Demand, ok bool) {
	for _, c := range s.Conditions {
		turned, ok := c.turned()
		if !ok {
			return nil, false
		}
		d = append(d, turned)
	}
	return d, len(d) > 0
}

// turned is the condition that holds where c does not.
func (c *Condition) turned() (Condition, bool) {
	if c.ForAny { // spares a caller without the key
		return Condition{}, false
	}
	if operator, ok := negatives(c.Operator); ok {
		return Condition{Operator: operator, Key: c.Key, Values: c.Values}, true
	}
	switch {
	case len(c.Values) == 0 || c.ForAll:
	case c.Operator == "bool" && all(c.Values, isFalse) && (c.IfExists || c.Key == "aws:principalisawsservice"):
		// Every signed request has that key. One that nobody signed is spared without it.
		return Condition{Operator: "bool", Key: c.Key, IfExists: !c.IfExists, Values: []string{"true"}}, true
	case c.Operator == "null" && all(c.Values, isTrue):
		return Condition{Operator: "null", Key: c.Key, Values: []string{"false"}}, true
	case (c.Operator == "numericgreaterthan" || c.Operator == "numericgreaterthanequals") && c.IfExists && c.Key == "aws:multifactorauthage":
		return Condition{Operator: "numericlessthanequals", Key: c.Key, Values: c.Values}, true
	}
	return Condition{}, false
}
