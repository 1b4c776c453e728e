"""Asks STS who the profile AWS_PROFILE is, by way of boto3. Prints one JSON object."""

import json

import boto3

session = boto3.Session()
who = session.client("sts").get_caller_identity()
credentials = session.get_credentials().get_frozen_credentials()
print(json.dumps({"Account": who["Account"], "Arn": who["Arn"], "AccountId": credentials.account_id}))
