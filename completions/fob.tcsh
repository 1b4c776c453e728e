# Completion of fob for tcsh. Made from fob's command line; `fob completion tcsh`
# prints it.
#
# tcsh sees the word before and no more: it offers the flags of all commands at each,
# and a profile behind the command itself. It evaluates the words that a program gives
# it, so that names with characters of the shell are left out. Behind -- come commands,
# for fob exec.

complete fob \
  'c/--profile=/`\fob __complete plain-profiles`/' \
  'c/--csv-credentials=/f/' \
  'c/--region=/(af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)/' \
  'c/--shell=/(bash zsh sh fish pwsh nu elvish tcsh xonsh cmd)/' \
  'c/--format=/(dotenv json github table names text jsonl csv ocsf sarif asff junit md html yaml)/' \
  'c/--csv=/f/' \
  'c/--accounts-file=/f/' \
  'c/--services=/(accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)/' \
  'c/--skip=/(accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)/' \
  'c/--checks=/`\fob __complete plain-checks`/' \
  'c/--framework=/(cis-1.2 cis-3.0 cis-5.0 cis-7.0 fsbp scoutsuite all)/' \
  'c/--severity=/(info low medium high critical)/' \
  'c/--config=/f/' \
  'c/--exceptions=/f/' \
  'c/--ip-ranges=/f/' \
  'c/--regions=/(af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)/' \
  'c/--exclude-regions=/(af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)/' \
  'c/--output=/f/' \
  'c/--report-dir=/f/' \
  'c/--diff=/f/' \
  'c/--ocsf-class=/(compliance detection)/' \
  'c/--fail-on=/(info low medium high critical)/' \
  'c/--expect=/f/' \
  'c/--out=/f/' \
  'C/--?/(--help --profile --csv-credentials --mfa-code --mfa-serial --region --no-input --debug --role-arn --external-id --role-session-name --duration --source-identity --session-tag --transitive-tag --policy-arn --policy --clear --yes --shell --format --unset --server --nested --url --service --destination --session-duration --logout --browser --console-policy --console-policy-arn --force --device --all --csv --stdin --user --no-verify --dry-run --keep --path --strict --offline --all-profiles --org --role --ou --exclude-account --accounts-file --shard --shards --services --skip --list-services --checks --framework --severity --config --exceptions --ip-ranges --ip-ranges-name-key --regions --exclude-regions --max-calls --max-rate --jobs --output --report-dir --name --open --redact --diff --passes --ocsf-class --fail-on --allow-incomplete --explain-calls --resume --local --update --expect --out --now --number)/' 'n/--/c/' \
  'n/{--profile,-p}/`\fob __complete plain-profiles`/' \
  'n/--csv-credentials/f/' \
  'n/--region/(af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)/' \
  'n/--shell/(bash zsh sh fish pwsh nu elvish tcsh xonsh cmd)/' \
  'n/--format/(dotenv json github table names text jsonl csv ocsf sarif asff junit md html yaml)/' \
  'n/--csv/f/' \
  'n/--accounts-file/f/' \
  'n/--services/(accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)/' \
  'n/--skip/(accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)/' \
  'n/--checks/`\fob __complete plain-checks`/' \
  'n/--framework/(cis-1.2 cis-3.0 cis-5.0 cis-7.0 fsbp scoutsuite all)/' \
  'n/--severity/(info low medium high critical)/' \
  'n/--config/f/' \
  'n/--exceptions/f/' \
  'n/--ip-ranges/f/' \
  'n/--regions/(af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)/' \
  'n/--exclude-regions/(af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)/' \
  'n/{--output,-o}/f/' \
  'n/--report-dir/f/' \
  'n/--diff/f/' \
  'n/--ocsf-class/(compliance detection)/' \
  'n/--fail-on/(info low medium high critical)/' \
  'n/--expect/f/' \
  'n/{--out,-o}/f/' \
  'n/use/`\fob __complete plain-profiles`/' \
  'n/exec/`\fob __complete plain-profiles`/' \
  'n/console/`\fob __complete plain-profiles`/' \
  'n/login/`\fob __complete plain-profiles`/' \
  'n/logout/`\fob __complete plain-profiles`/' \
  'n/add/`\fob __complete plain-profiles`/' \
  'n/import/`\fob __complete plain-profiles`/' \
  'n/remove/`\fob __complete plain-stored`/' \
  'n/wire/`\fob __complete plain-profiles`/' \
  'n/unwire/`\fob __complete plain-profiles`/' \
  'n/init/(bash zsh sh fish pwsh nu elvish tcsh xonsh cmd)/' \
  'n/completion/(bash zsh fish pwsh nu elvish tcsh xonsh)/' \
  'n/explain/`\fob __complete plain-profiles`/' \
  'n/scan/(collect merge rules accounts eval diff checks iam-policy)/' \
  'n/merge/f/' \
  'n/rules/(test convert)/' \
  'n/test/f/' \
  'n/convert/f/' \
  'n/eval/f/' \
  'n/diff/f/' \
  'n/checks/`\fob __complete plain-checks`/' \
  'n/vault/(create unlock lock passwd backup restore)/' \
  'n/backup/f/' \
  'n/restore/f/' \
  'p/1/(process use env exec console login logout add import remove wire unwire init completion profiles explain doctor scan vault version)/'

# What `fob init` makes of fob use.
complete fobuse 'p/1/`\fob __complete plain-profiles`/'
