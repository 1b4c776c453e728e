package scan

import "fmt"

// Stack is a stack of CloudFormation, without the values of its parameters and outputs.
type Stack struct {
	Resource
	Parameters []StackParameter
	Outputs    []StackOutput
}

// StackParameter is a parameter of a stack. AWS itself masks those with NoEcho.
type StackParameter struct {
	ParameterKey string
	Secrets      []Masked // what in the value looks like a secret
}

// StackOutput is an output of a stack.
type StackOutput struct {
	OutputKey string
	Secrets   []Masked
}

var stacks = newKind[Stack]("AWS::CloudFormation::Stack", "cloudformation", Regional, "cloudformation:DescribeStacks")

func cloudformationKinds() []*Kind { return []*Kind{stacks.Kind} }

func cloudformationChecks() []Check {
	return []Check{
		Each(stacks, Check{
			ID: "cfn-output-secret", Title: "Secret-like value in stack outputs", Severity: High,
			Service: "cloudformation", Type: "AWS::CloudFormation::Stack",
			Why: "Everybody who may describe stacks reads it, which most read-only roles may.",
			Fix: "Replace the secret; let the template make it in Secrets Manager and refer to it by a dynamic reference, set NoEcho on the parameter, and output the ARN instead of the value.",
		}, stackSecrets),
	}
}

func stackSecrets(s *Stack, _ *Params) Verdict {
	var names []string
	v := Fail("")
	add := func(what, key, path string, found []Masked) {
		if len(found) > 0 {
			names = append(names, fmt.Sprintf("%s %s (%s)", what, key, found[0].Rule))
			v = v.At(path, maskedEvidence(found))
		}
	}
	for n, o := range s.Outputs {
		add("output", o.OutputKey, fmt.Sprintf("Outputs[%d]", n), o.Secrets)
	}
	for n, p := range s.Parameters {
		add("parameter", p.ParameterKey, fmt.Sprintf("Parameters[%d]", n), p.Secrets)
	}
	if len(names) == 0 {
		return Pass("no output or parameter looks like a secret")
	}
	v.Message = "in clear: " + someNames(names)
	return v
}
