"""Calls GetCallerIdentity with boto3 again and again, with one client, until it has
signed with as many different keys as the argument says. Prints one JSON object."""

import json
import re
import sys
import time

import boto3

keys, calls, end = [], 0, time.monotonic() + 60


def note(request, **_):
    header = request.headers["Authorization"]
    header = header.decode() if isinstance(header, bytes) else header
    key = re.search(r"Credential=([^/]+)/", header).group(1)
    if key not in keys:
        keys.append(key)


client = boto3.Session().client("sts")
client.meta.events.register("before-send.sts", note)
while len(keys) < int(sys.argv[1]) and time.monotonic() < end:
    arn = client.get_caller_identity()["Arn"]
    calls += 1
    time.sleep(0.1)
print(json.dumps({"Keys": keys, "Calls": calls, "Arn": arn}))
