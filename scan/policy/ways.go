package policy

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

// ways are the sets that are known to escalate: those of Rhino Security Labs, of Bishop
// Fox, and of https://pathfinding.cloud.
//
// Those that write code to a function or a command to an instance, or start a job that
// is there, are not among them: whether that helps depends on the role which stands
// behind it. Nor is CodeStar, which is no more, nor a role for the identities of Cognito,
// which a provider has to trust.
func ways() []way {
	return append(ownWays(), passWays()...)
}

// ownWays are those through IAM itself.
func ownWays() []way {
	one := func(name string, t target, actions ...string) way { return way{name: name, target: t, on: actions} }
	return []way{
		one("CreatePolicyVersion", ownPolicy, "iam:createpolicyversion"),
		one("SetDefaultPolicyVersion", ownPolicy, "iam:setdefaultpolicyversion"),
		one("AttachUserPolicy", ownUser, "iam:attachuserpolicy"),
		one("AttachGroupPolicy", ownGroup, "iam:attachgrouppolicy"),
		one("AttachRolePolicy", ownRole, "iam:attachrolepolicy"),
		one("PutUserPolicy", ownUser, "iam:putuserpolicy"),
		one("PutGroupPolicy", ownGroup, "iam:putgrouppolicy"),
		one("PutRolePolicy", ownRole, "iam:putrolepolicy"),
		one("AddUserToGroup", otherGroup, "iam:addusertogroup"),
		one("CreateAccessKey", otherUser, "iam:createaccesskey"),
		one("CreateLoginProfile", otherUser, "iam:createloginprofile"),
		one("UpdateLoginProfile", otherUser, "iam:updateloginprofile"),
		one("UpdateAssumeRolePolicy", otherRole, "iam:updateassumerolepolicy", "sts:assumerole"),
	}
}

// passWays are those that give a role to a service and have it run something of one's
// own. The service is the one that takes the role: the instances of a cluster of EMR
// are those of EC2.
func passWays() []way {
	const (
		ec2, lambda, ecs = "ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com"
		stack, glue      = "cloudformation.amazonaws.com", "glue.amazonaws.com"
		build, notebook  = "codebuild.amazonaws.com", "sagemaker.amazonaws.com"
		agent            = "bedrock-agentcore.amazonaws.com"
	)
	pass := func(name, service string, with ...string) way {
		return way{"PassRole to " + name, otherRole, []string{"iam:passrole"}, with, service}
	}
	return []way{
		pass("EC2", ec2, "ec2:runinstances"),
		pass("EC2, by a spot request", ec2, "ec2:requestspotinstances"),
		pass("EC2, by a new group", ec2, "autoscaling:createlaunchconfiguration", "autoscaling:createautoscalinggroup"),
		pass("EC2, by a group", ec2, "autoscaling:createlaunchconfiguration", "autoscaling:updateautoscalinggroup"),
		pass("EC2, by a cluster of EMR", ec2, "elasticmapreduce:runjobflow"),
		pass("EC2, by an image", ec2, "imagebuilder:createcomponent", "imagebuilder:createimagerecipe", "imagebuilder:createinfrastructureconfiguration", "imagebuilder:createimage"),
		pass("Lambda, invoked", lambda, "lambda:createfunction", "lambda:invokefunction"),
		pass("Lambda, by an event source", lambda, "lambda:createfunction", "lambda:createeventsourcemapping"),
		pass("Lambda, invoked by others", lambda, "lambda:createfunction", "lambda:addpermission"),
		pass("CloudFormation", stack, "cloudformation:createstack"),
		pass("CloudFormation, by a change set", stack, "cloudformation:createchangeset", "cloudformation:executechangeset"),
		pass("CloudFormation, by a stack set", stack, "cloudformation:createstackset", "cloudformation:createstackinstances"),
		pass("Glue, by an endpoint", glue, "glue:createdevendpoint"),
		pass("Glue, by a new job", glue, "glue:createjob", "glue:startjobrun"),
		pass("Glue, by a new job and a trigger", glue, "glue:createjob", "glue:createtrigger"),
		pass("Glue, by a job", glue, "glue:updatejob", "glue:startjobrun"),
		pass("Glue, by a job and a trigger", glue, "glue:updatejob", "glue:createtrigger"),
		pass("Glue, by a session", glue, "glue:createsession", "glue:runstatement"),
		pass("Data Pipeline", "datapipeline.amazonaws.com", "datapipeline:createpipeline", "datapipeline:putpipelinedefinition"),
		pass("SageMaker", notebook, "sagemaker:createnotebookinstance", "sagemaker:createpresignednotebookinstanceurl"),
		pass("SageMaker, by a training job", notebook, "sagemaker:createtrainingjob"),
		pass("SageMaker, by a processing job", notebook, "sagemaker:createprocessingjob"),
		pass("CodeBuild", build, "codebuild:createproject", "codebuild:startbuild"),
		pass("CodeBuild, by a batch", build, "codebuild:createproject", "codebuild:startbuildbatch"),
		// Who runs a task may name another role and another command than its definition.
		pass("ECS, by a task", ecs, "ecs:runtask"),
		pass("ECS, by a task on an instance", ecs, "ecs:starttask"),
		pass("ECS, by a service", ecs, "ecs:registertaskdefinition", "ecs:createservice"),
		pass("Batch", ecs, "batch:registerjobdefinition", "batch:submitjob"),
		pass("App Runner", "tasks.apprunner.amazonaws.com", "apprunner:createservice"),
		pass("Step Functions", "states.amazonaws.com", "states:createstatemachine", "states:startexecution"),
		pass("EventBridge Scheduler", "scheduler.amazonaws.com", "scheduler:createschedule"),
		pass("Systems Manager", "ssm.amazonaws.com", "ssm:createdocument", "ssm:startautomationexecution"),
		pass("AgentCore, by an interpreter", agent, "bedrock-agentcore:createcodeinterpreter", "bedrock-agentcore:startcodeinterpretersession", "bedrock-agentcore:invokecodeinterpreter"),
		pass("AgentCore, by a runtime", agent, "bedrock-agentcore:createagentruntime", "bedrock-agentcore:createagentruntimeendpoint", "bedrock-agentcore:createworkloadidentity", "bedrock-agentcore:invokeagentruntimecommand"),
		pass("AgentCore, by a browser", agent, "bedrock-agentcore:createbrowser", "bedrock-agentcore:startbrowsersession", "bedrock-agentcore:connectbrowserautomationstream"),
		pass("EMR Serverless", "emr-serverless.amazonaws.com", "emr-serverless:createapplication", "emr-serverless:startjobrun"),
		pass("Managed Flink", "kinesisanalytics.amazonaws.com", "kinesisanalytics:createapplication", "kinesisanalytics:startapplication"),
		pass("Braket", "braket.amazonaws.com", "braket:createjob"),
		pass("HealthOmics", "omics.amazonaws.com", "omics:createworkflow", "omics:startrun"),
		pass("GameLift", "gamelift.amazonaws.com", "gamelift:createbuild", "gamelift:createfleet", "gamelift:requestuploadcredentials"),
	}
}
