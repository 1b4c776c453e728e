package policy

// Escalation is a way in which an identity reaches more than it was given.
type Escalation struct {
	Name       string // "PassRole to EC2"
	Through    string // the ARN of who or what it is used on, or a pattern of all
	Statements []Ref
}

// target is the kind of thing on which an escalation has to be possible.
type target int

const (
	ownPolicy  target = iota // a policy that applies to the identity itself
	ownUser                  // the identity, if it is a user
	ownGroup                 // a group of its own
	ownRole                  // the identity, if it is a role
	otherUser                // a user who may more
	otherGroup               // a group that may more
	otherRole                // a role that may more
)

// way is a set of actions that together escalate: on are those on the target, with are
// others, on whatever resource.
type way struct {
	name    string
	target  target
	on      []string
	with    []string
	service string // to which a role is passed
}

// ways are the sets that are known to escalate. Those that write code to a function or
// a command to an instance are not among them: whether that helps depends on the role
// which stands behind the function or instance.
func ways() []way {
	pass := func(name, service string, with ...string) way {
		return way{name, otherRole, []string{"iam:passrole"}, with, service}
	}
	return []way{
		{"CreatePolicyVersion", ownPolicy, []string{"iam:createpolicyversion"}, nil, ""},
		{"SetDefaultPolicyVersion", ownPolicy, []string{"iam:setdefaultpolicyversion"}, nil, ""},
		{"AttachUserPolicy", ownUser, []string{"iam:attachuserpolicy"}, nil, ""},
		{"AttachGroupPolicy", ownGroup, []string{"iam:attachgrouppolicy"}, nil, ""},
		{"AttachRolePolicy", ownRole, []string{"iam:attachrolepolicy"}, nil, ""},
		{"PutUserPolicy", ownUser, []string{"iam:putuserpolicy"}, nil, ""},
		{"PutGroupPolicy", ownGroup, []string{"iam:putgrouppolicy"}, nil, ""},
		{"PutRolePolicy", ownRole, []string{"iam:putrolepolicy"}, nil, ""},
		{"AddUserToGroup", otherGroup, []string{"iam:addusertogroup"}, nil, ""},
		{"CreateAccessKey", otherUser, []string{"iam:createaccesskey"}, nil, ""},
		{"CreateLoginProfile", otherUser, []string{"iam:createloginprofile"}, nil, ""},
		{"UpdateLoginProfile", otherUser, []string{"iam:updateloginprofile"}, nil, ""},
		{"UpdateAssumeRolePolicy", otherRole, []string{"iam:updateassumerolepolicy", "sts:assumerole"}, nil, ""},
		pass("PassRole to EC2", "ec2.amazonaws.com", "ec2:runinstances"),
		pass("PassRole to Lambda, invoked", "lambda.amazonaws.com", "lambda:createfunction", "lambda:invokefunction"),
		pass("PassRole to Lambda, by an event source", "lambda.amazonaws.com", "lambda:createfunction", "lambda:createeventsourcemapping"),
		pass("PassRole to Lambda, invoked by others", "lambda.amazonaws.com", "lambda:createfunction", "lambda:addpermission"),
		pass("PassRole to CloudFormation", "cloudformation.amazonaws.com", "cloudformation:createstack"),
		pass("PassRole to Glue, by an endpoint", "glue.amazonaws.com", "glue:createdevendpoint"),
		pass("PassRole to Glue, by a job", "glue.amazonaws.com", "glue:createjob", "glue:startjobrun"),
		pass("PassRole to Data Pipeline", "datapipeline.amazonaws.com", "datapipeline:createpipeline", "datapipeline:putpipelinedefinition"),
		pass("PassRole to SageMaker", "sagemaker.amazonaws.com", "sagemaker:createnotebookinstance", "sagemaker:createpresignednotebookinstanceurl"),
		pass("PassRole to CodeBuild", "codebuild.amazonaws.com", "codebuild:createproject", "codebuild:startbuild"),
		pass("PassRole to ECS, by a task", "ecs-tasks.amazonaws.com", "ecs:registertaskdefinition", "ecs:runtask"),
		pass("PassRole to ECS, by a service", "ecs-tasks.amazonaws.com", "ecs:registertaskdefinition", "ecs:createservice"),
	}
}

// Surroundings are what escalations reach in the account.
type Surroundings interface {
	// Own are the customer policies that apply to the identity, and its groups, by ARN.
	Own() (policies, groups []string)
	// Stronger are the other users, groups or roles ("user", "group", "role") that may
	// everything, by ARN. Of roles, those that a service can assume; "" means any.
	Stronger(kind, service string) []string
}

// Escalations returns the ways in which the identity reaches more than it was given,
// each with the statements that open it. A way counts if it is open on everything of
// its kind, on the identity itself where that is what it takes, or on a principal that
// is stronger. With nil for the surroundings only the first two are looked at.
func (i *Identity) Escalations(around Surroundings) (out []Escalation) {
	for _, w := range ways() {
		if e, ok := i.escalation(w, around); ok {
			out = append(out, e)
		}
	}
	return out
}

func (i *Identity) escalation(w way, around Surroundings) (Escalation, bool) {
	var with []Ref
	for _, action := range w.with {
		refs := i.Can(action, "*", nil)
		if refs == nil {
			return Escalation{}, false
		}
		with = append(with, refs[0])
	}
	every := i.every(w.target)
	if refs := i.allOf(w, every, i.CanAll); refs != nil {
		return Escalation{w.name, every, append(refs, with...)}, true
	}
	if i.allOf(w, every, i.Can) == nil {
		return Escalation{}, false // on nothing of the kind
	}
	for _, arn := range i.candidates(w, around) {
		if refs := i.allOf(w, arn, i.Can); refs != nil {
			return Escalation{w.name, arn, append(refs, with...)}, true
		}
	}
	return Escalation{}, false
}

// allOf returns a statement for each action on the target, nil if one is missing.
func (i *Identity) allOf(w way, resource string, can func(string, string, map[string]string) []Ref) (out []Ref) {
	for _, service := range Services(w.service, i.Partition) {
		var known map[string]string
		if service != "" {
			known = map[string]string{"iam:passedtoservice": service}
		}
		if out = w.each(resource, known, can); out != nil {
			return out
		}
	}
	return nil
}

func (w *way) each(resource string, known map[string]string, can func(string, string, map[string]string) []Ref) (out []Ref) {
	for _, action := range w.on {
		refs := can(action, resource, known)
		if refs == nil {
			return nil
		}
		out = append(out, refs[0])
	}
	return out
}

// Services are the names that a service of AWS has in policies of a partition: in China
// some have a name of their own, ec2.amazonaws.com.cn, and some take both.
func Services(name, partition string) []string {
	if name != "" && partition == "aws-cn" {
		return []string{name, name + ".cn"}
	}
	return []string{name}
}

func (t target) kind() string {
	switch t {
	case ownPolicy:
		return "policy"
	case ownUser, otherUser:
		return "user"
	case ownGroup, otherGroup:
		return "group"
	}
	return "role"
}

// every is the pattern of all things of a kind in the account.
func (i *Identity) every(t target) string {
	return "arn:" + i.Partition + ":iam::" + i.Account + ":" + t.kind() + "/*"
}

// candidates are the things on which a way would escalate.
func (i *Identity) candidates(w way, around Surroundings) []string {
	if w.target == ownUser || w.target == ownRole {
		return []string{i.ARN}
	}
	if around == nil {
		return nil
	}
	policies, groups := around.Own()
	switch w.target {
	case ownPolicy:
		return policies
	case ownGroup:
		return groups
	}
	return around.Stronger(w.target.kind(), w.service)
}
