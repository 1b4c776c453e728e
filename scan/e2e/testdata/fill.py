"""Fills an emulated AWS with an account to be audited.

    python3 fill.py ENDPOINT vulnerable|hardened

Both accounts have the same kinds of resources in eu-west-1: one as an auditor fears them,
one as a careful team leaves them. What the emulator cannot hold is left out and shows as
UNKNOWN or as a failure that the expected findings list.
"""

import io
import json
import sys
import zipfile

import boto3
from botocore.config import Config

ENDPOINT, KIND = sys.argv[1], sys.argv[2]
BAD = KIND == "vulnerable"
REGION, ACCOUNT, FOREIGN = "eu-west-1", "123456789012", "210987654321"


def client(service, region=REGION):
    c = boto3.client(
        service, region_name=region, endpoint_url=ENDPOINT,
        aws_access_key_id="filler", aws_secret_access_key="filler",
        config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    if service == "s3control":  # would call a host that is named after the account
        c.meta.events.register("before-send", lambda request, **_: setattr(request, "url", request.url.replace(ACCOUNT + ".", "")))
    return c


def doc(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(principal, action, resource=None, **more):
    s = {"Effect": "Allow", "Action": action, **more}
    if principal is not None:
        s["Principal"] = principal
    if resource is not None:
        s["Resource"] = resource
    return s


def everyone_or_us():
    return "*" if BAD else {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def iam():
    c = client("iam")
    if not BAD:
        c.update_account_password_policy(MinimumPasswordLength=14, PasswordReusePrevention=24)
    c.create_user(UserName="ann")
    c.create_group(GroupName="staff")
    c.add_user_to_group(GroupName="staff", UserName="ann")
    trust = doc(allow({"AWS": "*"} if BAD else {"Service": "ec2.amazonaws.com"}, "sts:AssumeRole"))
    c.create_role(RoleName="app", AssumeRolePolicyDocument=trust)
    support = c.create_role(RoleName="support", AssumeRolePolicyDocument=doc(allow({"Service": "support.amazonaws.com"}, "sts:AssumeRole")))
    if BAD:
        c.create_login_profile(UserName="ann", Password="a-Long-passw0rd")
        c.create_access_key(UserName="ann")
        c.create_access_key(UserName="ann")
        c.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=doc(allow(None, "*", "*")))
        passrole = c.create_policy(PolicyName="passer", PolicyDocument=doc(allow(None, ["iam:PassRole", "ec2:RunInstances"], "*")))
        c.attach_role_policy(RoleName="app", PolicyArn=passrole["Policy"]["Arn"])
        c.create_role(RoleName="partner", AssumeRolePolicyDocument=doc(allow({"AWS": f"arn:aws:iam::{FOREIGN}:root"}, "sts:AssumeRole")))
    else:
        c.attach_role_policy(RoleName="support", PolicyArn="arn:aws:iam::aws:policy/AWSSupportAccess")
        c.put_group_policy(GroupName="staff", PolicyName="read", PolicyDocument=doc(allow(None, "s3:GetObject", "arn:aws:s3:::good-data/*")))
    return support


TLS_ONLY = {"Sid": "TLS", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def s3():
    c = client("s3")
    prefix = "bad" if BAD else "good"
    where = {"LocationConstraint": REGION}
    names = [f"{prefix}-data", f"{prefix}-logs"]
    for name in names:
        c.create_bucket(Bucket=name, CreateBucketConfiguration=where)
    data, logs = names
    if BAD:
        c.put_bucket_policy(Bucket=data, Policy=doc(allow("*", ["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{data}/*")))
        everyone = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
        c.put_bucket_acl(Bucket=logs, AccessControlPolicy={"Owner": c.get_bucket_acl(Bucket=logs)["Owner"], "Grants": [{"Grantee": everyone, "Permission": p} for p in ("READ", "WRITE")]})
        return
    closed = dict(BlockPublicAcls=True, IgnorePublicAcls=True, BlockPublicPolicy=True, RestrictPublicBuckets=True)
    client("s3control").put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=closed)
    trail = [allow({"Service": "cloudtrail.amazonaws.com"}, a, f"arn:aws:s3:::{logs}{r}") for a, r in (("s3:GetBucketAcl", ""), ("s3:PutObject", "/AWSLogs/*"))]
    log = [allow({"Service": "logging.s3.amazonaws.com"}, "s3:PutObject", f"arn:aws:s3:::{logs}/*", Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})]
    c.put_bucket_policy(Bucket=logs, Policy=doc(*log))  # all that the emulator understands at that time
    for name in names:
        c.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": name + "/"}})
    for name, more in ((data, []), (logs, trail + log)):
        c.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
        c.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]})
        c.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        tls = {**TLS_ONLY, "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]}
        c.put_bucket_policy(Bucket=name, Policy=doc(tls, *more))


def ec2():
    c = client("ec2")
    # The emulator's own default network is not what is judged here.
    for vpc in c.describe_vpcs()["Vpcs"]:
        for subnet in c.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]:
            c.delete_subnet(SubnetId=subnet["SubnetId"])
        c.delete_vpc(VpcId=vpc["VpcId"])
    vpc = c.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = c.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone="eu-west-1a")["Subnet"]["SubnetId"]
    other = c.create_subnet(VpcId=vpc, CidrBlock="10.0.2.0/24", AvailabilityZone="eu-west-1b")["Subnet"]["SubnetId"]
    default = next(g["GroupId"] for g in c.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"])
    group = c.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    if BAD:
        gateway = c.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        c.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
        table = c.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        c.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        c.associate_route_table(RouteTableId=table, SubnetId=subnet)
        for port in (22, 3306, 3389, 23, 445, 8080):
            c.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    else:
        for call, permissions in ((c.revoke_security_group_ingress, "IpPermissions"), (c.revoke_security_group_egress, "IpPermissionsEgress")):
            found = c.describe_security_groups(GroupIds=[default])["SecurityGroups"][0][permissions]
            if found:
                call(GroupId=default, IpPermissions=found)
        c.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}])
        client("logs").create_log_group(logGroupName="flow")
        c.create_flow_logs(ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogGroupName="flow", DeliverLogsPermissionArn=f"arn:aws:iam::{ACCOUNT}:role/app")
        c.enable_ebs_encryption_by_default()
        acl = c.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"][0]["NetworkAclId"]
        c.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=100, Egress=False)
        c.create_network_acl_entry(NetworkAclId=acl, RuleNumber=100, Protocol="6", RuleAction="allow", Egress=False, CidrBlock="10.0.0.0/8", PortRange={"From": 443, "To": 443})
    instance = c.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="t3.micro",
        NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet, "Groups": [group], "AssociatePublicIpAddress": BAD}],
        MetadataOptions={"HttpTokens": "optional" if BAD else "required", "HttpEndpoint": "enabled"},
    )["Instances"][0]
    volume = c.create_volume(AvailabilityZone="eu-west-1a", Size=8, Encrypted=not BAD)["VolumeId"]
    if BAD:
        snapshot = c.create_snapshot(VolumeId=volume)["SnapshotId"]
        c.modify_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"])
        c.create_image(InstanceId=instance["InstanceId"], Name="golden")  # its snapshot is public, too: the emulator does not look at who may restore it
    return vpc, [subnet, other], group


def kms():
    c = client("kms")
    policy = doc(allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*", "*"))
    key = c.create_key(Policy=doc(allow("*", "kms:*", "*")) if BAD else policy)["KeyMetadata"]
    if BAD:
        c.schedule_key_deletion(KeyId=c.create_key(Policy=policy)["KeyMetadata"]["KeyId"], PendingWindowInDays=7)
    else:
        c.enable_key_rotation(KeyId=key["KeyId"])
    return key["Arn"]


def cloudtrail(key):
    c = client("cloudtrail")
    prefix = "bad" if BAD else "good"
    if BAD:
        c.create_trail(Name="main", S3BucketName=f"{prefix}-logs", IncludeGlobalServiceEvents=False)
        return
    group = client("logs")
    group.create_log_group(logGroupName="trail")
    arn = group.describe_log_groups(logGroupNamePrefix="trail")["logGroups"][0]["arn"]
    c.create_trail(Name="main", S3BucketName=f"{prefix}-logs", IncludeGlobalServiceEvents=True, IsMultiRegionTrail=True, EnableLogFileValidation=True,
                   KmsKeyId=key, CloudWatchLogsLogGroupArn=arn, CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/app")
    c.put_event_selectors(TrailName="main", EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True,
                                                           "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}])
    c.start_logging(Name="main")


def messages(key):
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name="alarms", Attributes={} if BAD else {"KmsMasterKeyId": key})["TopicArn"]
    queue = sqs.create_queue(QueueName="jobs", Attributes={"SqsManagedSseEnabled": "false" if BAD else "true"})["QueueUrl"]
    if BAD:
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=doc(allow({"AWS": "*"}, "sns:Publish", topic)))
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": doc(allow("*", "sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"))})


def databases(group, subnets):
    rds, redshift, cache, dynamo = client("rds"), client("redshift"), client("elasticache"), client("dynamodb")
    rds.create_db_subnet_group(DBSubnetGroupName="db", DBSubnetGroupDescription="db", SubnetIds=subnets)
    rds.create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20, MasterUsername="root", MasterUserPassword="not-a-secret1",
        PubliclyAccessible=BAD, StorageEncrypted=not BAD, BackupRetentionPeriod=0 if BAD else 14, AutoMinorVersionUpgrade=not BAD, CACertificateIdentifier="rds-ca-2019" if BAD else "rds-ca-rsa2048-g1",
        DBSubnetGroupName="db", VpcSecurityGroupIds=[group],
    )
    redshift.create_cluster_parameter_group(ParameterGroupName="params", ParameterGroupFamily="redshift-1.0", Description="params")
    redshift.create_cluster(ClusterIdentifier="dwh", NodeType="ra3.large", MasterUsername="root", MasterUserPassword="Not-a-secret1", Encrypted=not BAD, PubliclyAccessible=BAD, ClusterParameterGroupName="params")
    cache.create_replication_group(ReplicationGroupId="cache", ReplicationGroupDescription="cache", AtRestEncryptionEnabled=not BAD, TransitEncryptionEnabled=not BAD)
    dynamo.create_table(TableName="items", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
    if not BAD:
        dynamo.update_continuous_backups(TableName="items", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})


def functions():
    c = client("lambda")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as z:
        z.writestr("main.py", "def main(e, c): pass")
    token = "ghp_" + "1234567890abcdefghijklmnopqrstuvwxyzAB"[:36]
    c.create_function(FunctionName="task", Runtime="python3.7" if BAD else "python3.13", Role=f"arn:aws:iam::{ACCOUNT}:role/app", Handler="main.main", Code={"ZipFile": code.getvalue()},
                      Environment={"Variables": {"GITHUB_TOKEN": token, "LEVEL": "info"} if BAD else {"LEVEL": "info"}})
    if BAD:
        c.add_permission(FunctionName="task", StatementId="all", Action="lambda:InvokeFunction", Principal="*")


def balancers(vpc, subnets, group):
    v2, classic = client("elbv2"), client("elb")
    lb = v2.create_load_balancer(Name="front", Subnets=subnets, SecurityGroups=[group], Scheme="internet-facing" if BAD else "internal")["LoadBalancers"][0]["LoadBalancerArn"]
    target = v2.create_target_group(Name="app", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target}]
    redirect = [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]
    v2.create_listener(LoadBalancerArn=lb, Protocol="HTTP", Port=80, DefaultActions=forward if BAD else redirect)
    if BAD:
        listener = v2.create_listener(LoadBalancerArn=lb, Protocol="HTTP", Port=8080, DefaultActions=redirect)["Listeners"][0]["ListenerArn"]
        v2.create_rule(ListenerArn=listener, Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/api/*"]}], Actions=forward)
    if not BAD:
        v2.modify_load_balancer_attributes(LoadBalancerArn=lb, Attributes=[
            {"Key": "access_logs.s3.enabled", "Value": "true"}, {"Key": "access_logs.s3.bucket", "Value": "good-logs"}, {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}])
    classic.create_load_balancer(LoadBalancerName="old", Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80, "InstanceProtocol": "HTTP"}], Subnets=subnets, Scheme="internet-facing" if BAD else "internal")
    if not BAD:
        classic.modify_load_balancer_attributes(LoadBalancerName="old", LoadBalancerAttributes={"AccessLog": {"Enabled": True, "S3BucketName": "good-logs", "EmitInterval": 5}})


def distribution():
    client("cloudfront", "us-east-1").create_distribution(DistributionConfig={
        "CallerReference": "1", "Comment": "site", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "origin.example.com", "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only" if BAD else "https-only",
            "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1" if BAD else "TLSv1.2"]}}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all" if BAD else "redirect-to-https", "MinTTL": 0, "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}},
        "ViewerCertificate": {"CloudFrontDefaultCertificate": True} if BAD else {"ACMCertificateArn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1", "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"},
    })


def containers():
    ecr, ecs, eks = client("ecr"), client("ecs"), client("eks")
    ecr.create_repository(repositoryName="app", imageScanningConfiguration={"scanOnPush": not BAD})
    if BAD:
        ecr.set_repository_policy(repositoryName="app", policyText=doc(allow("*", "ecr:BatchGetImage")))
    token = "ghp_" + "1234567890abcdefghijklmnopqrstuvwxyzAB"[:36]
    ecs.register_task_definition(family="job", containerDefinitions=[{
        "name": "main", "image": "app", "memory": 128, "privileged": BAD, "environment": [{"name": "TOKEN", "value": token if BAD else "none"}]}])
    open_to = {"endpointPublicAccess": BAD, "endpointPrivateAccess": not BAD}
    more = {} if BAD else {
        "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"}}],
        "logging": {"clusterLogging": [{"types": ["api", "audit", "authenticator"], "enabled": True}]},
    }
    eks.create_cluster(name="main", version="1.24" if BAD else "1.36", roleArn=f"arn:aws:iam::{ACCOUNT}:role/app",
                       resourcesVpcConfig={"subnetIds": [], **open_to, **({"publicAccessCidrs": ["0.0.0.0/0"]} if BAD else {})}, **more)


def stores(key):
    efs, secrets, ssm = client("efs"), client("secretsmanager"), client("ssm")
    fs = efs.create_file_system(CreationToken="1", Encrypted=not BAD)["FileSystemId"]
    if not BAD:
        efs.put_file_system_policy(FileSystemId=fs, Policy=doc(allow({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "elasticfilesystem:ClientMount", "*")))
    secret = secrets.create_secret(Name="db", SecretString="not-a-secret")["ARN"]
    if BAD:
        secrets.put_resource_policy(SecretId=secret, ResourcePolicy=doc(allow("*", "secretsmanager:GetSecretValue", "*")))
    else:
        secrets.rotate_secret(SecretId=secret, RotationRules={"AutomaticallyAfterDays": 30})
    ssm.create_document(Name="run", DocumentType="Command", DocumentFormat="JSON", Content=json.dumps({"schemaVersion": "2.2", "description": "x", "mainSteps": []}))
    if BAD:
        ssm.modify_document_permission(Name="run", PermissionType="Share", AccountIdsToAdd=["all"])


def guards():
    client("guardduty").create_detector(Enable=not BAD)
    if not BAD:
        config = client("config")
        config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/app", "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True}})
        config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "good-logs"})
        config.start_configuration_recorder(ConfigurationRecorderName="default")
        client("securityhub").enable_security_hub()


def stack():
    token = "ghp_" + "1234567890abcdefghijklmnopqrstuvwxyzAB"[:36]
    client("cloudformation").create_stack(StackName="app", TemplateBody=json.dumps({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Topic": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "app", "Type": "String", "Value": "x"}}},
        "Outputs": {"Token": {"Value": token if BAD else "none"}},
    }))


def search():
    es = client("opensearch")
    anyone = doc(allow({"AWS": "*"} if BAD else {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "es:*", f"arn:aws:es:{REGION}:{ACCOUNT}:domain/logs/*"))
    es.create_domain(DomainName="logs", AccessPolicies=anyone, EngineVersion="OpenSearch_2.11",
                     EncryptionAtRestOptions={"Enabled": not BAD}, NodeToNodeEncryptionOptions={"Enabled": not BAD},
                     DomainEndpointOptions={"EnforceHTTPS": not BAD, "TLSSecurityPolicy": "Policy-Min-TLS-1-0-2019-07" if BAD else "Policy-Min-TLS-1-2-2019-07"})


def main():
    iam()
    s3()
    vpc, subnets, group = ec2()
    key = kms()
    cloudtrail(key)
    messages(key)
    databases(group, subnets)
    functions()
    balancers(vpc, subnets, group)
    distribution()
    containers()
    stores(key)
    guards()
    stack()
    search()


main()
