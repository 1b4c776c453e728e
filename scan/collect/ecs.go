package collect

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"fob/scan"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func ecsOperations() []operation {
	return []operation{
		{name: "ecs:ListClusters", list: func(ctx context.Context, c *clients, _ func(item)) error {
			_, err := ecsClusters(ctx, c)
			return err
		}},
		{name: "ecs:ListServices", calls: noCalls, through: []string{"ecs:ListClusters"}, list: func(ctx context.Context, c *clients, _ func(item)) error {
			_, err := ecsServices(ctx, c)
			return err
		}},
		{name: "ecs:DescribeServices", calls: noCalls, through: []string{"ecs:ListClusters", "ecs:ListServices"}, list: func(ctx context.Context, c *clients, _ func(item)) error {
			_, err := ecsRunning(ctx, c)
			return err
		}},
		{name: "ecs:ListTaskDefinitionFamilies", list: func(ctx context.Context, c *clients, _ func(item)) error {
			_, err := ecsFamilies(ctx, c)
			return err
		}},
		{
			name: "ecs:DescribeTaskDefinition", calls: noCalls, list: describeTaskDefinitions,
			through: []string{"ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices", "ecs:ListTaskDefinitionFamilies"},
		},
	}
}

// servicesPerCall is the most that DescribeServices takes.
const servicesPerCall = 10

func ecsClusters(ctx context.Context, c *clients) ([]string, error) {
	return once(ctx, c, "ecs:ListClusters", func(ctx context.Context) (arns []string, err error) {
		err = eachPage(ctx, c.ecs().ListClusters, &ecs.ListClustersInput{MaxResults: aws.Int32(100)}, func(in *ecs.ListClustersInput, out *ecs.ListClustersOutput) (*string, error) {
			arns = append(arns, out.ClusterArns...)
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
		return arns, err
	})
}

// ecsServices are the services of each cluster. One that cannot be read does not keep the
// others from being read; the first error is the one that is told. So it is below.
func ecsServices(ctx context.Context, c *clients) (map[string][]string, error) {
	return once(ctx, c, "ecs:ListServices", func(ctx context.Context) (services map[string][]string, failed error) {
		services = map[string][]string{}
		clusters, _ := ecsClusters(ctx, c)
		for _, cluster := range clusters {
			err := eachPage(ctx, c.ecs().ListServices, &ecs.ListServicesInput{Cluster: &cluster, MaxResults: aws.Int32(100)}, func(in *ecs.ListServicesInput, out *ecs.ListServicesOutput) (*string, error) {
				services[cluster] = append(services[cluster], out.ServiceArns...)
				in.NextToken = out.NextToken
				return in.NextToken, nil
			})
			failed = cmp.Or(failed, err)
		}
		return services, failed
	})
}

// ecsRunning are the task definitions that services run, those of a deployment under way
// too.
func ecsRunning(ctx context.Context, c *clients) ([]string, error) {
	return once(ctx, c, "ecs:DescribeServices", func(ctx context.Context) (arns []string, failed error) {
		services, _ := ecsServices(ctx, c)
		for cluster, all := range services {
			for some := range slices.Chunk(all, servicesPerCall) {
				out, err := c.ecs().DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: some})
				if err != nil {
					failed = cmp.Or(failed, err)
					continue
				}
				for _, s := range out.Services {
					arns = append(arns, runs(&s)...)
				}
				for _, f := range out.Failures {
					if reason := aws.ToString(f.Reason); reason != "MISSING" { // since the list
						failed = cmp.Or(failed, fmt.Errorf("describe service: %s", reason))
					}
				}
			}
		}
		return arns, failed
	})
}

func runs(s *types.Service) (arns []string) {
	add := func(arn *string) {
		if arn != nil && !slices.Contains(arns, *arn) {
			arns = append(arns, *arn)
		}
	}
	add(s.TaskDefinition)
	for _, d := range s.Deployments {
		add(d.TaskDefinition)
	}
	for _, t := range s.TaskSets {
		add(t.TaskDefinition)
	}
	return arns
}

func ecsFamilies(ctx context.Context, c *clients) ([]string, error) {
	return once(ctx, c, "ecs:ListTaskDefinitionFamilies", func(ctx context.Context) (names []string, err error) {
		in := &ecs.ListTaskDefinitionFamiliesInput{Status: types.TaskDefinitionFamilyStatusActive, MaxResults: aws.Int32(100)}
		err = eachPage(ctx, c.ecs().ListTaskDefinitionFamilies, in, func(in *ecs.ListTaskDefinitionFamiliesInput, out *ecs.ListTaskDefinitionFamiliesOutput) (*string, error) {
			names = append(names, out.Families...)
			in.NextToken = out.NextToken
			return in.NextToken, nil
		})
		return names, err
	})
}

// describeTaskDefinitions reads the latest revision of every family, and of the others
// those that run: most accounts keep thousands that nobody uses.
func describeTaskDefinitions(ctx context.Context, c *clients, emit func(item)) (failed error) {
	seen := map[string]bool{}
	read := func(name string) {
		if seen[name] || ctx.Err() != nil {
			return
		}
		seen[name] = true
		out, err := c.ecs().DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &name})
		switch {
		case err != nil:
			failed = cmp.Or(failed, err)
		case out.TaskDefinition == nil:
			failed = cmp.Or(failed, errLeftOut)
		default:
			seen[aws.ToString(out.TaskDefinition.TaskDefinitionArn)] = true
			emit(taskDefinition(secretsIn(ctx), out.TaskDefinition))
		}
	}
	families, _ := ecsFamilies(ctx, c)
	running, _ := ecsRunning(ctx, c)
	for _, name := range slices.Concat(families, running) {
		read(name)
	}
	return cmp.Or(ctx.Err(), failed)
}

// taskDefinition keeps of the environment nothing but the names, and what in the values
// looks like a secret, masked. Commands and labels may hold secrets too, and stay out.
func taskDefinition(secrets *detector, t *types.TaskDefinition) item {
	containers := []fields{}
	for _, d := range t.ContainerDefinitions {
		environment := []scan.EnvironmentValue{}
		for _, e := range d.Environment {
			environment = append(environment, scan.EnvironmentValue{Name: aws.ToString(e.Name), Secrets: secrets.find(aws.ToString(e.Name), aws.ToString(e.Value))})
		}
		containers = append(containers, fields{
			"Name": d.Name, "Image": d.Image, "User": d.User, "Privileged": d.Privileged, "ReadonlyRootFilesystem": d.ReadonlyRootFilesystem,
			"Environment": environment, "Secrets": orNone(d.Secrets),
		})
	}
	return item{Type: "AWS::ECS::TaskDefinition", ARN: aws.ToString(t.TaskDefinitionArn), Name: fmt.Sprintf("%s:%d", aws.ToString(t.Family), t.Revision), Data: fields{
		"Family": t.Family, "Revision": t.Revision, "Status": t.Status, "NetworkMode": t.NetworkMode, "PidMode": t.PidMode, "IpcMode": t.IpcMode,
		"TaskRoleArn": t.TaskRoleArn, "ExecutionRoleArn": t.ExecutionRoleArn, "RequiresCompatibilities": orNone(t.RequiresCompatibilities), "RegisteredAt": t.RegisteredAt,
		"ContainerDefinitions": containers,
	}}
}
