"""Makes a user with a policy.

    python3 auditor.py ENDPOINT POLICY     prints the user's key id and secret
"""

import sys

import boto3

iam = boto3.client("iam", region_name="us-east-1", endpoint_url=sys.argv[1], aws_access_key_id="filler", aws_secret_access_key="filler")
iam.create_user(UserName="auditor")
iam.put_user_policy(UserName="auditor", PolicyName="auditor", PolicyDocument=sys.argv[2])
key = iam.create_access_key(UserName="auditor")["AccessKey"]
print(key["AccessKeyId"], key["SecretAccessKey"])
