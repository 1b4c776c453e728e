"""Puts canaries wherever an account can hold what nobody may read in a report.

    python3 canary.py ENDPOINT

Prints the values that were put there, one a line, as JSON strings. Each place has some
that look like a secret and one that does not.
"""

import base64
import io
import json
import sys
import zipfile

import boto3
from botocore.config import Config

ENDPOINT = sys.argv[1]
ACCOUNT = "123456789012"
made = []


def client(service):
    return boto3.client(service, region_name="eu-west-1", endpoint_url=ENDPOINT, aws_access_key_id="filler", aws_secret_access_key="filler",
                        config=Config(retries={"max_attempts": 1}))


def values(place):
    """The canaries of a place: every one has the place's name in it."""
    tail = (place + "Canary" + "x7Q2m9Kd4Rt8Wb3Zs6Vn1Hy5Jc0Lf")[:30]
    new = {
        "AWS_SECRET_ACCESS_KEY": ("Ab9/" + tail + "Zz8Yx7Wv6Uu5")[:40],
        "DB_URL": f"postgres://app:{tail}Pw1@db.internal/app",
        "GITHUB_TOKEN": "ghp_" + (tail + "q1W2e3R4t5Y6")[:36],
        "TLS_KEY": f"-----BEGIN RSA PRIVATE KEY-----\n{tail}MIIEpAIBAAKCAQEAplainbase64text\n-----END RSA PRIVATE KEY-----",
        "PLAIN": f"just {tail} words",
    }
    made.append(tail)
    made.extend(v for name, v in new.items() if name not in ("TLS_KEY", "DB_URL"))
    return new


def script(place):
    text = "#!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLF\n" + "".join(f"export {k}='{v}'\n" for k, v in values(place).items())
    made.append(base64.b64encode(text.encode()).decode()[40:80])
    return text


def ec2():
    c = client("ec2")
    c.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="t3.micro", UserData=script("UserData"))
    encoded = base64.b64encode(script("Template").encode()).decode()
    c.create_launch_template(LaunchTemplateName="web", LaunchTemplateData={"UserData": encoded, "InstanceType": "t3.micro"})


def functions():
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as z:
        z.writestr("main.py", "def main(e, c): pass")
    client("iam").create_role(RoleName="canary", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
    client("lambda").create_function(FunctionName="canary", Runtime="python3.13", Role=f"arn:aws:iam::{ACCOUNT}:role/canary", Handler="main.main", Code={"ZipFile": code.getvalue()},
                                     Environment={"Variables": values("Lambda")})


def containers():
    client("ecs").register_task_definition(family="canary", containerDefinitions=[{
        "name": "main", "image": "app", "memory": 128, "environment": [{"name": k, "value": v} for k, v in values("Task").items()]}])


def stack():
    parameters, outputs = values("Parameter"), values("Output")
    bare = lambda name: name.replace("_", "")
    client("cloudformation").create_stack(
        StackName="canary", Parameters=[{"ParameterKey": bare(k), "ParameterValue": v} for k, v in parameters.items()],
        TemplateBody=json.dumps({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Parameters": {bare(k): {"Type": "String"} for k in parameters},
            "Resources": {"Topic": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "canary", "Type": "String", "Value": "x"}}},
            "Outputs": {bare(k): {"Value": v} for k, v in outputs.items()},
        }))


def stores():
    for name, value in values("SSM").items():
        client("ssm").put_parameter(Name="/canary/" + name, Value=value, Type="String")
    for name, value in values("Secrets").items():
        client("secretsmanager").create_secret(Name="canary/" + name, SecretString=value)


ec2()
functions()
containers()
stack()
stores()
for value in made:
    print(json.dumps(value))
