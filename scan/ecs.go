package scan

import (
	"fmt"
	"strings"
)

// TaskDefinition is a revision of a task definition that a service runs, or the latest
// active one of its family.
type TaskDefinition struct {
	Resource
	Family               string
	NetworkMode          string // host, awsvpc, bridge, none
	ContainerDefinitions []ContainerDefinition
}

// ContainerDefinition is a container of a task.
type ContainerDefinition struct {
	Name, Image string
	User        string // "" leaves it to the image
	Privileged  bool
	Environment []EnvironmentValue
}

// EnvironmentValue is a variable of a container or a function, without its value.
type EnvironmentValue struct {
	Name    string
	Secrets []Masked // what in the value looks like a secret
}

var taskDefinitions = newKind[TaskDefinition]("AWS::ECS::TaskDefinition", "ecs", Regional,
	"ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices", "ecs:ListTaskDefinitionFamilies", "ecs:DescribeTaskDefinition")

func ecsKinds() []*Kind { return []*Kind{taskDefinitions.Kind} }

func ecsChecks() []Check {
	const definition = "AWS::ECS::TaskDefinition"
	return []Check{
		Each(taskDefinitions, Check{
			ID: "ecs-privileged", Title: "Task definition has a privileged container", Severity: High,
			Service: "ecs", Type: definition,
			Why:  "Whoever breaks into the container is root on the host, and takes the roles of all tasks there.",
			Fix:  "Remove privileged and add the single Linux capabilities that are needed; take awsvpc instead of the host's network, or run as a user other than root.",
			Refs: []string{"fsbp:ECS.1", "fsbp:ECS.4"},
		}, ecsPrivileged),
		Each(taskDefinitions, Check{
			ID: "ecs-env-secret", Title: "Secret-like value in task environment", Severity: High,
			Service: "ecs", Type: definition,
			Why:  "Everybody who may describe task definitions reads the value, and old revisions keep it for ever.",
			Fix:  "Replace the secret, keep the new one in Secrets Manager or the Parameter Store, pass it by secrets/valueFrom, and delete the old revisions.",
			Refs: []string{"fsbp:ECS.8"},
		}, ecsSecrets),
	}
}

func ecsPrivileged(t *TaskDefinition, _ *Params) Verdict {
	var bad []string
	v := Fail("")
	for n, c := range t.ContainerDefinitions {
		path := fmt.Sprintf("ContainerDefinitions[%d].", n)
		switch {
		case c.Privileged:
			bad = append(bad, c.Name+" is privileged")
			v = v.At(path+"Privileged", true)
		case t.NetworkMode == "host" && rootUser(c.User):
			bad = append(bad, c.Name+" is root on the host's network")
			v = v.At(path+"User", c.User)
		}
	}
	if len(bad) == 0 {
		return Pass("no container is privileged, or root on the host's network")
	}
	v.Message = "container " + someNames(bad)
	return v
}

// rootUser says whether a container's user is root: by name, by number, or because none
// is named, which mostly means root. A group may follow.
func rootUser(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	return name == "" || name == "root" || strings.Trim(name, "0") == ""
}

func ecsSecrets(t *TaskDefinition, _ *Params) Verdict {
	var names []string
	v := Fail("")
	for n, c := range t.ContainerDefinitions {
		for k, e := range c.Environment {
			if len(e.Secrets) > 0 {
				names = append(names, fmt.Sprintf("%s of %s (%s)", e.Name, c.Name, e.Secrets[0].Rule))
				v = v.At(fmt.Sprintf("ContainerDefinitions[%d].Environment[%d]", n, k), maskedEvidence(e.Secrets))
			}
		}
	}
	if len(names) == 0 {
		return Pass("no environment value looks like a secret")
	}
	v.Message = "in clear: " + someNames(names)
	return v
}
