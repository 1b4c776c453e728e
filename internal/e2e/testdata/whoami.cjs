// Asks STS who the profile AWS_PROFILE is, by way of the default credential
// chain of the AWS SDK for JavaScript. Prints one JSON object.
const { defaultProvider } = require("@aws-sdk/credential-provider-node");
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");

async function main() {
  const provider = defaultProvider();
  const sts = new STSClient({ credentials: provider, region: "us-east-1" });
  const who = await sts.send(new GetCallerIdentityCommand({}));
  const credentials = await provider();
  console.log(JSON.stringify({ Account: who.Account, Arn: who.Arn, AccountId: credentials.accountId }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
