"""Signs GetCallerIdentity with boto3 as AWS_PROFILE while botocore's clock, and
with it fob's, moves. Nothing is sent.

Arguments: file of the clock's offset in seconds, first and last offset, requests,
and the URL that moves the fake AWS's clock along; without it that stays and so
does the clock's file.
Prints one JSON object."""

import datetime
import io
import json
import re
import sys
import urllib.request

import boto3
import botocore.credentials
from botocore.awsrequest import AWSResponse
from dateutil.tz import tzlocal

clock, first, last, requests = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
behave = sys.argv[5] if len(sys.argv) > 5 else None
offset = first


def now():
    return datetime.datetime.now(tzlocal()) + datetime.timedelta(seconds=offset)


def move(to):
    global offset
    offset = to
    if behave:
        with open(clock, "w") as f:
            f.write(f"{to}s")
        urllib.request.urlopen(f"{behave}?skew={to}s").read()


# The class has bound its clock as a default argument.
init = botocore.credentials.RefreshableCredentials.__init__
bound = init.__defaults__
init.__defaults__ = tuple(now if d is botocore.credentials._local_now else d for d in bound)
if init.__defaults__ == bound:
    sys.exit("botocore has its clock elsewhere")


class Body(io.BytesIO):
    def stream(self, **_):
        yield self.read()


ANSWER = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>a</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""

keys, least = [], 1e9


def instead(request, **_):
    global least
    header = request.headers["Authorization"]
    header = header.decode() if isinstance(header, bytes) else header
    key = re.search(r"Credential=([^/]+)/", header).group(1)
    if key not in keys:
        keys.append(key)
    credentials = session.get_credentials()
    least = min(least, (credentials._expiry_time - now()).total_seconds())
    return AWSResponse(request.url, 200, {"Content-Type": "text/xml"}, Body(ANSWER))


session = boto3.Session()
move(first)
client = session.client("sts")
client.meta.events.register("before-send.sts", instead)
for i in range(requests):
    move(first + (last - first) * i / max(requests - 1, 1))
    client.get_caller_identity()
print(json.dumps({"Keys": keys, "Least": least}))
