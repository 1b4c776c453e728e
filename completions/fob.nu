# Completion of fob for nushell. Made from fob's command line; `fob completion nu`
# prints it. It goes in front of the external completer that is set already. There is
# no `extern`, as that would change what fob is called with: -p becomes --profile, and
# * and ~ stay unexpanded, also behind `fob exec --`.

# What is typed without the quotes around it.
def "nu-complete fob bare" [word: string] {
  let quote = $word | str substring 0..0
  if $quote in ["'" '"' '`'] {
    $word | str trim --left --char $quote | str trim --right --char $quote
  } else {
    $word
  }
}

# A word as nushell reads it again.
def "nu-complete fob quoted" [word: string] {
  if $word =~ '^[\p{L}\p{N}_][\p{L}\p{N}_./:@,+-]*$' or $word =~ '^--?[a-z][a-z-]*$' {
    $word
  } else if "'" not-in $word {
    $"'($word)'"
  } else {
    $word | to json --raw
  }
}

# What begins with what is typed, of words and their help.
def "nu-complete fob offer" [typed: string, words: list<any>] {
  $words | where {|w| $w.name | str starts-with $typed } | each {|w|
    {value: (nu-complete fob quoted $w.name), description: $w.help}
  }
}

# The candidates of a kind, behind a text such as --profile=; of a list its next part.
# Null is files.
def "nu-complete fob values" [kind: string, before: string, typed: string] {
  if ($kind starts-with ',') {
    let typed_before = if ',' in $typed { ($typed | split row ',' | drop 1 | str join ',') + ',' } else { $before }
    return (nu-complete fob values ($kind | str substring 1..) $typed_before $typed)
  }
  let prefix = $typed | str substring ($before | str length --grapheme-clusters)..
  let words = if $kind in [profile stored check] {
    let what = {profile: profiles, stored: stored, check: checks} | get $kind
    try { ^fob __complete $what $prefix | complete | get stdout | lines } catch { [] }
  } else if $kind starts-with '=' {
    $kind | str substring 1.. | split row ','
  } else if $kind == file and $before == '' {
    return null
  } else {
    []
  }
  nu-complete fob offer $typed ($words | each {|w| {name: $"($before)($w)", help: ''} })
}

def "nu-complete fob flags" [model: record, at: string] {
  ($model | get '*').flags ++ ($model | get $at).flags
}

# The kind of value that a flag takes, '' for a switch.
def "nu-complete fob value-of" [model: record, at: string, flag: string] {
  let found = nu-complete fob flags $model $at | where {|f| $flag in [$f.name $f.short] }
  if ($found | is-empty) { '' } else { $found.0.value }
}

# The kind of the argument number n, '' for one too many.
def "nu-complete fob argument-of" [model: record, at: string, n: int] {
  let all = ($model | get $at).args
  if $n < ($all | length) {
    $all | get $n | str replace '...' ''
  } else if ($all | is-not-empty) and ($all | last | str ends-with '...') {
    $all | last | str replace '...' ''
  } else {
    ''
  }
}

# Completes a line that is split into spans; $others completes what fob runs.
def "nu-complete fob" [spans: list<string>, others?: closure] {
  let model = nu-complete fob model
  let words = $spans | each {|w| nu-complete fob bare $w }
  mut at = 'fob'
  mut n = 0
  mut kind = ''
  mut dashes = false
  for one in ($words | enumerate | skip 1 | drop 1) {
    let word = $one.item
    if $kind != '' {
      $kind = ''
    } else if $dashes and ($model | get $at).runs != '' {
      return (if $others == null { null } else { do $others ($spans | skip $one.index) })
    } else if not $dashes and $word == '--' {
      $dashes = true
    } else if not $dashes and $word != '-' and ($word starts-with '-') {
      $kind = nu-complete fob value-of $model $at $word
    } else if not $dashes and $n == 0 and ($"($at) ($word)" in $model) {
      $at = ($model | get $"($at) ($word)").path
    } else {
      $n = $n + 1
    }
  }
  let typed = $words | last
  let below = ($model | get $at).below
  if $kind != '' {
    nu-complete fob values $kind '' $typed
  } else if $dashes and ($model | get $at).runs != '' {
    null
  } else if not $dashes and ($typed starts-with '--') and '=' in $typed {
    let flag = $typed | split row '=' | first
    nu-complete fob values (nu-complete fob value-of $model $at $flag) $"($flag)=" $typed
  } else if not $dashes and ($typed starts-with '-') {
    nu-complete fob offer $typed (nu-complete fob flags $model $at)
  } else if ($below | is-not-empty) and $n == 0 {
    nu-complete fob offer $typed $below
  } else {
    nu-complete fob values (nu-complete fob argument-of $model $at $n) '' $typed
  }
}

$env.config.completions.external.completer = do {
  let others = $env.config.completions.external.completer?
  {|spans|
    let name = $spans.0 | split row ' ' | first
    if $name in [fob fob.exe] {
      # `fob init` defines the command "fob use", which comes as one span.
      nu-complete fob (($spans.0 | split row ' ') ++ ($spans | skip 1)) $others
    } else if $others != null {
      do $others $spans
    }
  }
}

def "nu-complete fob model" [] { {
"*": {"path": "*", "args": [], "runs": "", "below": [], "flags": [
  {"name":"--help","short":"-h","value":"","help":"Show context-sensitive help"},
  {"name":"--profile","short":"-p","value":"profile","help":"Profile to use"},
  {"name":"--csv-credentials","short":"","value":"file","help":"Use the access key in this CSV file, without storing it"},
  {"name":"--mfa-code","short":"","value":"any","help":"MFA code, so that nobody is asked"},
  {"name":"--mfa-serial","short":"","value":"any","help":"MFA device, instead of the profile's mfa_serial"},
  {"name":"--region","short":"","value":"=af-south-1,ap-east-1,ap-east-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-south-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ca-central-1,ca-west-1,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,eu-west-1,eu-west-2,eu-west-3,il-central-1,me-central-1,me-south-1,mx-central-1,sa-east-1,us-east-1,us-east-2,us-west-1,us-west-2,cn-north-1,cn-northwest-1,us-gov-east-1,us-gov-west-1,eusc-de-east-1","help":"AWS region, instead of the profile's"},
  {"name":"--no-input","short":"","value":"","help":"Never ask; fail with exit status 5 instead"},
  {"name":"--debug","short":"","value":"","help":"Say on stderr what fob does"}]},
"fob": {"path": "fob", "args": [], "runs": "", "below": [
  {"name":"process","help":"Print credentials for an AWS SDK (credential_process)"},
  {"name":"use","help":"Put a profile's credentials into this shell"},
  {"name":"env","help":"Print credentials as shell variables"},
  {"name":"exec","help":"Run a command with credentials"},
  {"name":"console","help":"Open the AWS console in the browser"},
  {"name":"login","help":"Get a session ready now, so that later calls need nobody"},
  {"name":"logout","help":"Forget sessions"},
  {"name":"add","help":"Store a long-lived access key in the keychain"},
  {"name":"import","help":"Take keys that lie in clear in the AWS files into the keychain"},
  {"name":"remove","help":"Delete a stored access key"},
  {"name":"wire","help":"Make every AWS SDK come to fob for a profile"},
  {"name":"unwire","help":"Undo fob wire"},
  {"name":"init","help":"Print what makes fob part of a shell"},
  {"name":"completion","help":"Print the completion script of a shell"},
  {"name":"profiles","help":"List the profiles and where their credentials come from"},
  {"name":"explain","help":"Show how a profile resolves, offline"},
  {"name":"doctor","help":"Look for what is wrong: files, environment, keychain, clock"},
  {"name":"scan","help":"Audit AWS accounts"},
  {"name":"vault","help":"The encrypted file, for machines without a keychain"},
  {"name":"version","help":"Print the version"}], "flags": []},
"fob process": {"path": "fob process", "args": [], "runs": "", "below": [], "flags": [
  {"name":"--role-arn","short":"","value":"any","help":"Assume this role on top"},
  {"name":"--external-id","short":"","value":"any","help":"External id for --role-arn"},
  {"name":"--role-session-name","short":"","value":"any","help":"Session name for --role-arn"},
  {"name":"--duration","short":"","value":"any","help":"Life of the session of --role-arn"},
  {"name":"--source-identity","short":"","value":"any","help":"Source identity for --role-arn"},
  {"name":"--session-tag","short":"","value":"any","help":"Session tag for --role-arn; may be repeated"},
  {"name":"--transitive-tag","short":"","value":"any","help":"Session tag that goes on to the next role of a chain; may be repeated"},
  {"name":"--policy-arn","short":"","value":"any","help":"Managed session policy for --role-arn; may be repeated"},
  {"name":"--policy","short":"","value":"any","help":"Inline session policy for --role-arn, or file://PATH"}]},
"fob credential-process": {"path": "fob process"},
"fob use": {"path": "fob use", "args": ["profile"], "runs": "", "below": [], "flags": [
  {"name":"--clear","short":"","value":"","help":"Take the credentials out of this shell"},
  {"name":"--yes","short":"","value":"","help":"Do not ask before a protected profile"},
  {"name":"--role-arn","short":"","value":"any","help":"Assume this role on top"},
  {"name":"--external-id","short":"","value":"any","help":"External id for --role-arn"},
  {"name":"--role-session-name","short":"","value":"any","help":"Session name for --role-arn"},
  {"name":"--duration","short":"","value":"any","help":"Life of the session of --role-arn"},
  {"name":"--source-identity","short":"","value":"any","help":"Source identity for --role-arn"},
  {"name":"--session-tag","short":"","value":"any","help":"Session tag for --role-arn; may be repeated"},
  {"name":"--transitive-tag","short":"","value":"any","help":"Session tag that goes on to the next role of a chain; may be repeated"},
  {"name":"--policy-arn","short":"","value":"any","help":"Managed session policy for --role-arn; may be repeated"},
  {"name":"--policy","short":"","value":"any","help":"Inline session policy for --role-arn, or file://PATH"}]},
"fob env": {"path": "fob env", "args": [], "runs": "", "below": [], "flags": [
  {"name":"--role-arn","short":"","value":"any","help":"Assume this role on top"},
  {"name":"--external-id","short":"","value":"any","help":"External id for --role-arn"},
  {"name":"--role-session-name","short":"","value":"any","help":"Session name for --role-arn"},
  {"name":"--duration","short":"","value":"any","help":"Life of the session of --role-arn"},
  {"name":"--source-identity","short":"","value":"any","help":"Source identity for --role-arn"},
  {"name":"--session-tag","short":"","value":"any","help":"Session tag for --role-arn; may be repeated"},
  {"name":"--transitive-tag","short":"","value":"any","help":"Session tag that goes on to the next role of a chain; may be repeated"},
  {"name":"--policy-arn","short":"","value":"any","help":"Managed session policy for --role-arn; may be repeated"},
  {"name":"--policy","short":"","value":"any","help":"Inline session policy for --role-arn, or file://PATH"},
  {"name":"--shell","short":"","value":"=bash,zsh,sh,fish,pwsh,nu,elvish,tcsh,xonsh,cmd","help":"Shell that will read it: bash, zsh, sh, fish, pwsh, nu, elvish, tcsh, xonsh, cmd"},
  {"name":"--format","short":"","value":"=dotenv,json,github","help":"dotenv, json or github instead of a shell's language"},
  {"name":"--unset","short":"","value":"","help":"Print what takes the variables away again"}]},
"fob exec": {"path": "fob exec", "args": ["profile"], "runs": "--", "below": [], "flags": [
  {"name":"--role-arn","short":"","value":"any","help":"Assume this role on top"},
  {"name":"--external-id","short":"","value":"any","help":"External id for --role-arn"},
  {"name":"--role-session-name","short":"","value":"any","help":"Session name for --role-arn"},
  {"name":"--duration","short":"","value":"any","help":"Life of the session of --role-arn"},
  {"name":"--source-identity","short":"","value":"any","help":"Source identity for --role-arn"},
  {"name":"--session-tag","short":"","value":"any","help":"Session tag for --role-arn; may be repeated"},
  {"name":"--transitive-tag","short":"","value":"any","help":"Session tag that goes on to the next role of a chain; may be repeated"},
  {"name":"--policy-arn","short":"","value":"any","help":"Managed session policy for --role-arn; may be repeated"},
  {"name":"--policy","short":"","value":"any","help":"Inline session policy for --role-arn, or file://PATH"},
  {"name":"--server","short":"","value":"","help":"Serve the credentials on loopback and renew them for as long as the command runs"},
  {"name":"--nested","short":"","value":"","help":"Run it inside a command of fob exec, too"},
  {"name":"--yes","short":"-y","value":"","help":"Do not ask before a profile is used that says fob_protect = true"}]},
"fob console": {"path": "fob console", "args": ["profile"], "runs": "", "below": [], "flags": [
  {"name":"--role-arn","short":"","value":"any","help":"Assume this role on top"},
  {"name":"--external-id","short":"","value":"any","help":"External id for --role-arn"},
  {"name":"--role-session-name","short":"","value":"any","help":"Session name for --role-arn"},
  {"name":"--duration","short":"","value":"any","help":"Life of the session of --role-arn"},
  {"name":"--source-identity","short":"","value":"any","help":"Source identity for --role-arn"},
  {"name":"--session-tag","short":"","value":"any","help":"Session tag for --role-arn; may be repeated"},
  {"name":"--transitive-tag","short":"","value":"any","help":"Session tag that goes on to the next role of a chain; may be repeated"},
  {"name":"--policy-arn","short":"","value":"any","help":"Managed session policy for --role-arn; may be repeated"},
  {"name":"--policy","short":"","value":"any","help":"Inline session policy for --role-arn, or file://PATH"},
  {"name":"--url","short":"","value":"","help":"Print the sign-in URL instead of opening a browser"},
  {"name":"--service","short":"","value":"any","help":"Service to open, as the AWS CLI names it: s3, ec2, lambda"},
  {"name":"--destination","short":"","value":"any","help":"Page of the console to open: its URL, or its path"},
  {"name":"--session-duration","short":"","value":"any","help":"Length of the console session, 15m to 12h"},
  {"name":"--logout","short":"","value":"","help":"Sign the browser out of its previous console session first"},
  {"name":"--browser","short":"","value":"any","help":"Program that opens the page, with {url}, {profile} and {account}"},
  {"name":"--console-policy","short":"","value":"any","help":"For a user's key: policy that limits the console session, or file://PATH"},
  {"name":"--console-policy-arn","short":"","value":"any","help":"For a user's key: managed policy that limits the console session; may be repeated"},
  {"name":"--yes","short":"","value":"","help":"Do not ask before a protected profile is used"}]},
"fob login": {"path": "fob login", "args": ["profile"], "runs": "", "below": [], "flags": [
  {"name":"--force","short":"","value":"","help":"Get a new session although a good one is kept"},
  {"name":"--device","short":"","value":"","help":"IAM Identity Center: show a code to approve in a browser on any machine"}]},
"fob logout": {"path": "fob logout", "args": ["profile"], "runs": "", "below": [], "flags": [
  {"name":"--all","short":"","value":"","help":"Forget the sessions of every profile"}]},
"fob add": {"path": "fob add", "args": ["profile"], "runs": "", "below": [], "flags": [
  {"name":"--csv","short":"","value":"file","help":"Read the key from a CSV file that AWS made"},
  {"name":"--stdin","short":"","value":"","help":"Read the key from stdin: CSV, JSON of 'aws iam create-access-key', or key id and secret on two lines"},
  {"name":"--user","short":"","value":"any","help":"Which user of a CSV file with several"},
  {"name":"--force","short":"","value":"","help":"Replace a stored key without asking"},
  {"name":"--no-verify","short":"","value":"","help":"Do not ask AWS whether the key works"}]},
"fob import": {"path": "fob import", "args": ["profile..."], "runs": "", "below": [], "flags": [
  {"name":"--all","short":"","value":"","help":"Take over every long-lived key that lies in clear in the AWS files"},
  {"name":"--dry-run","short":"","value":"","help":"Store and change nothing; show on stdout what would change in the files"},
  {"name":"--keep","short":"","value":"","help":"Store the keys and leave the files alone"},
  {"name":"--force","short":"","value":"","help":"Take the keys out of the files without asking"},
  {"name":"--no-verify","short":"","value":"","help":"Do not ask AWS whether the keys work"}]},
"fob remove": {"path": "fob remove", "args": ["stored"], "runs": "", "below": [], "flags": [
  {"name":"--force","short":"","value":"","help":"Do not ask"}]},
"fob wire": {"path": "fob wire", "args": ["profile..."], "runs": "", "below": [], "flags": [
  {"name":"--all","short":"","value":"","help":"Every profile that fob can get credentials for and that asks no program yet"},
  {"name":"--dry-run","short":"","value":"","help":"Change nothing; show on stdout what would change in the files"},
  {"name":"--path","short":"","value":"any","help":"How the file calls fob: a whole path, or fob, which SDKs then look up in their PATH"}]},
"fob unwire": {"path": "fob unwire", "args": ["profile..."], "runs": "", "below": [], "flags": [
  {"name":"--all","short":"","value":"","help":"Every profile that fob wire has changed"},
  {"name":"--dry-run","short":"","value":"","help":"Change nothing; show on stdout what would change in the files"}]},
"fob init": {"path": "fob init", "args": ["=bash,zsh,sh,fish,pwsh,nu,elvish,tcsh,xonsh,cmd"], "runs": "", "below": [], "flags": []},
"fob completion": {"path": "fob completion", "args": ["=bash,zsh,fish,pwsh,nu,elvish,tcsh,xonsh"], "runs": "", "below": [], "flags": []},
"fob profiles": {"path": "fob profiles", "args": [], "runs": "", "below": [], "flags": [
  {"name":"--format","short":"","value":"=table,json,names","help":"table, json or names"},
  {"name":"--strict","short":"","value":"","help":"With json: read the files by the SDKs' grammar to the letter; what fob tolerates is an error"}]},
"fob explain": {"path": "fob explain", "args": ["profile"], "runs": "", "below": [], "flags": [
  {"name":"--role-arn","short":"","value":"any","help":"Assume this role on top"},
  {"name":"--external-id","short":"","value":"any","help":"External id for --role-arn"},
  {"name":"--role-session-name","short":"","value":"any","help":"Session name for --role-arn"},
  {"name":"--duration","short":"","value":"any","help":"Life of the session of --role-arn"},
  {"name":"--source-identity","short":"","value":"any","help":"Source identity for --role-arn"},
  {"name":"--session-tag","short":"","value":"any","help":"Session tag for --role-arn; may be repeated"},
  {"name":"--transitive-tag","short":"","value":"any","help":"Session tag that goes on to the next role of a chain; may be repeated"},
  {"name":"--policy-arn","short":"","value":"any","help":"Managed session policy for --role-arn; may be repeated"},
  {"name":"--policy","short":"","value":"any","help":"Inline session policy for --role-arn, or file://PATH"},
  {"name":"--format","short":"","value":"=text,json","help":"text or json"}]},
"fob doctor": {"path": "fob doctor", "args": [], "runs": "", "below": [], "flags": [
  {"name":"--format","short":"","value":"=text,json","help":"text or json"},
  {"name":"--offline","short":"","value":"","help":"Do not ask AWS for the time: nothing goes over the network"}]},
"fob scan": {"path": "fob scan", "args": [], "runs": "", "below": [
  {"name":"collect","help":"Read only: write a snapshot, judge nothing"},
  {"name":"merge","help":"Join findings files into one result"},
  {"name":"rules","help":"Rules of one's own"},
  {"name":"accounts","help":"The accounts of the organization"},
  {"name":"eval","help":"Judge snapshots: no network, no credentials"},
  {"name":"diff","help":"Compare two findings files"},
  {"name":"checks","help":"The catalogue of checks, or all about one"},
  {"name":"iam-policy","help":"The least IAM policy that a scan needs"}], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--org","short":"","value":"","help":"Every account of the organization that the profile's account may list"},
  {"name":"--role","short":"","value":"any","help":"Role to assume in each account, a name or an ARN with ACCOUNT in it"},
  {"name":"--ou","short":"","value":"any","help":"With --org: only accounts below these organizational units"},
  {"name":"--exclude-account","short":"","value":"any","help":"Not these accounts"},
  {"name":"--accounts-file","short":"","value":"file","help":"Accounts from a file: lines of account[,role_arn][,name], or JSON"},
  {"name":"--shard","short":"","value":"any","help":"Only this share of the accounts, from 0/N to N-1/N"},
  {"name":"--shards","short":"","value":"any","help":"Number of shares; which one says AWS_BATCH_JOB_ARRAY_INDEX or JOB_COMPLETION_INDEX"},
  {"name":"--services","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"Checks of these services alone"},
  {"name":"--skip","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"No checks of these services"},
  {"name":"--list-services","short":"","value":"","help":"List the services and end"},
  {"name":"--checks","short":"","value":",check","help":"These checks alone: ids, globs, or ids of ScoutSuite"},
  {"name":"--framework","short":"","value":",=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all","help":"Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all"},
  {"name":"--severity","short":"","value":"=info,low,medium,high,critical","help":"Checks that can find this severity or a worse one: info, low, medium, high, critical"},
  {"name":"--config","short":"","value":"file","help":"Parameters, own rules, checks that are on or off, trusted accounts"},
  {"name":"--exceptions","short":"","value":"file","help":"What is known and accepted; may be repeated"},
  {"name":"--ip-ranges","short":"","value":"file","help":"Names of address ranges; may be repeated"},
  {"name":"--ip-ranges-name-key","short":"","value":"any","help":"Key of the name in these files (name)"},
  {"name":"--regions","short":"","value":",=af-south-1,ap-east-1,ap-east-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-south-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ca-central-1,ca-west-1,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,eu-west-1,eu-west-2,eu-west-3,il-central-1,me-central-1,me-south-1,mx-central-1,sa-east-1,us-east-1,us-east-2,us-west-1,us-west-2,cn-north-1,cn-northwest-1,us-gov-east-1,us-gov-west-1,eusc-de-east-1","help":"These regions alone"},
  {"name":"--exclude-regions","short":"","value":",=af-south-1,ap-east-1,ap-east-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-south-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ca-central-1,ca-west-1,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,eu-west-1,eu-west-2,eu-west-3,il-central-1,me-central-1,me-south-1,mx-central-1,sa-east-1,us-east-1,us-east-2,us-west-1,us-west-2,cn-north-1,cn-northwest-1,us-gov-east-1,us-gov-west-1,eusc-de-east-1","help":"Not these regions"},
  {"name":"--max-calls","short":"","value":"any","help":"Make no more calls than this; what is left is not checked"},
  {"name":"--max-rate","short":"","value":"any","help":"No more calls than this per second, service and region"},
  {"name":"--jobs","short":"","value":"any","help":"Calls in flight at a time (64)"},
  {"name":"--format","short":"","value":",=text,jsonl,json,csv,ocsf,sarif,asff,junit,md,html","help":"Formats of the results ()"},
  {"name":"--output","short":"-o","value":"file","help":"Write the one format of --format here; - is stdout"},
  {"name":"--report-dir","short":"","value":"file","help":"Folder of the results"},
  {"name":"--name","short":"","value":"any","help":"Name of the files, instead of report and findings"},
  {"name":"--force","short":"-f","value":"","help":"Overwrite what is there"},
  {"name":"--open","short":"","value":"","help":"Open the HTML report in the browser"},
  {"name":"--redact","short":"","value":"","help":"Put keyed hashes in the place of account ids and names, everywhere"},
  {"name":"--diff","short":"","value":"file","help":"Compare with the findings of an earlier scan, a file or its folder"},
  {"name":"--passes","short":"","value":"","help":"Have formats show what passes, too, that leave it out"},
  {"name":"--ocsf-class","short":"","value":"=compliance,detection","help":"Class of OCSF findings: compliance or detection"},
  {"name":"--fail-on","short":"","value":"=info,low,medium,high,critical","help":"End with status 1 if something of this severity or worse fails"},
  {"name":"--allow-incomplete","short":"","value":"","help":"End with status 0, not 3, although something could not be read"},
  {"name":"--explain-calls","short":"","value":"","help":"Print what would be called, and call nothing"},
  {"name":"--resume","short":"","value":"","help":"Go on with the last scan that was stopped; makes the missing calls alone"},
  {"name":"--local","short":"-l","value":"","help":"Judge the newest snapshots again: no network, no credentials"},
  {"name":"--update","short":"","value":"","help":"Read the services of --services again, keep the rest of the newest snapshots"}]},
"fob scan collect": {"path": "fob scan collect", "args": [], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--org","short":"","value":"","help":"Every account of the organization that the profile's account may list"},
  {"name":"--role","short":"","value":"any","help":"Role to assume in each account, a name or an ARN with ACCOUNT in it"},
  {"name":"--ou","short":"","value":"any","help":"With --org: only accounts below these organizational units"},
  {"name":"--exclude-account","short":"","value":"any","help":"Not these accounts"},
  {"name":"--accounts-file","short":"","value":"file","help":"Accounts from a file: lines of account[,role_arn][,name], or JSON"},
  {"name":"--shard","short":"","value":"any","help":"Only this share of the accounts, from 0/N to N-1/N"},
  {"name":"--shards","short":"","value":"any","help":"Number of shares; which one says AWS_BATCH_JOB_ARRAY_INDEX or JOB_COMPLETION_INDEX"},
  {"name":"--services","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"Checks of these services alone"},
  {"name":"--skip","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"No checks of these services"},
  {"name":"--list-services","short":"","value":"","help":"List the services and end"},
  {"name":"--checks","short":"","value":",check","help":"These checks alone: ids, globs, or ids of ScoutSuite"},
  {"name":"--framework","short":"","value":",=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all","help":"Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all"},
  {"name":"--severity","short":"","value":"=info,low,medium,high,critical","help":"Checks that can find this severity or a worse one: info, low, medium, high, critical"},
  {"name":"--config","short":"","value":"file","help":"Parameters, own rules, checks that are on or off, trusted accounts"},
  {"name":"--exceptions","short":"","value":"file","help":"What is known and accepted; may be repeated"},
  {"name":"--ip-ranges","short":"","value":"file","help":"Names of address ranges; may be repeated"},
  {"name":"--ip-ranges-name-key","short":"","value":"any","help":"Key of the name in these files (name)"},
  {"name":"--regions","short":"","value":",=af-south-1,ap-east-1,ap-east-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-south-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ca-central-1,ca-west-1,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,eu-west-1,eu-west-2,eu-west-3,il-central-1,me-central-1,me-south-1,mx-central-1,sa-east-1,us-east-1,us-east-2,us-west-1,us-west-2,cn-north-1,cn-northwest-1,us-gov-east-1,us-gov-west-1,eusc-de-east-1","help":"These regions alone"},
  {"name":"--exclude-regions","short":"","value":",=af-south-1,ap-east-1,ap-east-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-south-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ca-central-1,ca-west-1,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,eu-west-1,eu-west-2,eu-west-3,il-central-1,me-central-1,me-south-1,mx-central-1,sa-east-1,us-east-1,us-east-2,us-west-1,us-west-2,cn-north-1,cn-northwest-1,us-gov-east-1,us-gov-west-1,eusc-de-east-1","help":"Not these regions"},
  {"name":"--max-calls","short":"","value":"any","help":"Make no more calls than this; what is left is not checked"},
  {"name":"--max-rate","short":"","value":"any","help":"No more calls than this per second, service and region"},
  {"name":"--jobs","short":"","value":"any","help":"Calls in flight at a time (64)"},
  {"name":"--output","short":"-o","value":"file","help":"File for the snapshot; of several accounts a folder for theirs"},
  {"name":"--force","short":"-f","value":"","help":"Overwrite what is there"},
  {"name":"--redact","short":"","value":"","help":"Put keyed hashes in the place of account ids and names"},
  {"name":"--allow-incomplete","short":"","value":"","help":"End with status 0, not 3, although something could not be read"}]},
"fob scan merge": {"path": "fob scan merge", "args": ["file..."], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--expect","short":"","value":"file","help":"Accounts that have to be there, as fob scan accounts writes them"},
  {"name":"--format","short":"","value":",=text,jsonl,json,csv,ocsf,sarif,asff,junit,md,html","help":"Formats of the results ()"},
  {"name":"--output","short":"-o","value":"file","help":"Write the one format of --format here; - is stdout"},
  {"name":"--report-dir","short":"","value":"file","help":"Folder of the results"},
  {"name":"--name","short":"","value":"any","help":"Name of the files, instead of report and findings"},
  {"name":"--force","short":"-f","value":"","help":"Overwrite what is there"},
  {"name":"--open","short":"","value":"","help":"Open the HTML report in the browser"},
  {"name":"--redact","short":"","value":"","help":"Put keyed hashes in the place of account ids and names, everywhere"},
  {"name":"--diff","short":"","value":"file","help":"Compare with the findings of an earlier scan, a file or its folder"},
  {"name":"--passes","short":"","value":"","help":"Have formats show what passes, too, that leave it out"},
  {"name":"--ocsf-class","short":"","value":"=compliance,detection","help":"Class of OCSF findings: compliance or detection"},
  {"name":"--fail-on","short":"","value":"=info,low,medium,high,critical","help":"End with status 1 if something of this severity or worse fails"},
  {"name":"--allow-incomplete","short":"","value":"","help":"End with status 0, not 3, although something could not be read"}]},
"fob scan rules": {"path": "fob scan rules", "args": [], "runs": "", "below": [
  {"name":"test","help":"Try the rules of a folder on their cases"},
  {"name":"convert","help":"Write old rulesets, exceptions and rules as fob reads them"}], "flags": []},
"fob scan rules test": {"path": "fob scan rules test", "args": ["file"], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"}]},
"fob scan rules convert": {"path": "fob scan rules convert", "args": ["file..."], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--out","short":"-o","value":"file","help":"Write NAME.yaml for each file here; nothing is overwritten"}]},
"fob scan accounts": {"path": "fob scan accounts", "args": [], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--org","short":"","value":"","help":"Every account of the organization that the profile's account may list"},
  {"name":"--role","short":"","value":"any","help":"Role to assume in each account, a name or an ARN with ACCOUNT in it"},
  {"name":"--ou","short":"","value":"any","help":"With --org: only accounts below these organizational units"},
  {"name":"--exclude-account","short":"","value":"any","help":"Not these accounts"},
  {"name":"--accounts-file","short":"","value":"file","help":"Accounts from a file: lines of account[,role_arn][,name], or JSON"},
  {"name":"--shard","short":"","value":"any","help":"Only this share of the accounts, from 0/N to N-1/N"},
  {"name":"--shards","short":"","value":"any","help":"Number of shares; which one says AWS_BATCH_JOB_ARRAY_INDEX or JOB_COMPLETION_INDEX"},
  {"name":"--output","short":"-o","value":"file","help":"Write the list here, not on stdout"},
  {"name":"--force","short":"-f","value":"","help":"Overwrite what is there"}]},
"fob scan eval": {"path": "fob scan eval", "args": ["file..."], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--services","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"Checks of these services alone"},
  {"name":"--skip","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"No checks of these services"},
  {"name":"--list-services","short":"","value":"","help":"List the services and end"},
  {"name":"--checks","short":"","value":",check","help":"These checks alone: ids, globs, or ids of ScoutSuite"},
  {"name":"--framework","short":"","value":",=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all","help":"Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all"},
  {"name":"--severity","short":"","value":"=info,low,medium,high,critical","help":"Checks that can find this severity or a worse one: info, low, medium, high, critical"},
  {"name":"--config","short":"","value":"file","help":"Parameters, own rules, checks that are on or off, trusted accounts"},
  {"name":"--exceptions","short":"","value":"file","help":"What is known and accepted; may be repeated"},
  {"name":"--ip-ranges","short":"","value":"file","help":"Names of address ranges; may be repeated"},
  {"name":"--ip-ranges-name-key","short":"","value":"any","help":"Key of the name in these files (name)"},
  {"name":"--format","short":"","value":",=text,jsonl,json,csv,ocsf,sarif,asff,junit,md,html","help":"Formats of the results ()"},
  {"name":"--output","short":"-o","value":"file","help":"Write the one format of --format here; - is stdout"},
  {"name":"--report-dir","short":"","value":"file","help":"Folder of the results"},
  {"name":"--name","short":"","value":"any","help":"Name of the files, instead of report and findings"},
  {"name":"--force","short":"-f","value":"","help":"Overwrite what is there"},
  {"name":"--open","short":"","value":"","help":"Open the HTML report in the browser"},
  {"name":"--redact","short":"","value":"","help":"Put keyed hashes in the place of account ids and names, everywhere"},
  {"name":"--diff","short":"","value":"file","help":"Compare with the findings of an earlier scan, a file or its folder"},
  {"name":"--passes","short":"","value":"","help":"Have formats show what passes, too, that leave it out"},
  {"name":"--ocsf-class","short":"","value":"=compliance,detection","help":"Class of OCSF findings: compliance or detection"},
  {"name":"--fail-on","short":"","value":"=info,low,medium,high,critical","help":"End with status 1 if something of this severity or worse fails"},
  {"name":"--allow-incomplete","short":"","value":"","help":"End with status 0, not 3, although something could not be read"},
  {"name":"--now","short":"","value":"any","help":"Count ages up to this time, not to when a snapshot was taken: 2026-11-22T18:40:00Z"}]},
"fob scan diff": {"path": "fob scan diff", "args": ["file", "file"], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--format","short":"","value":"=text,jsonl","help":"text or jsonl"},
  {"name":"--output","short":"-o","value":"file","help":"Write it here, not on stdout"},
  {"name":"--force","short":"-f","value":"","help":"Overwrite what is there"},
  {"name":"--fail-on","short":"","value":"=info,low,medium,high,critical","help":"End with status 1 if something of this severity or worse fails that did not"}]},
"fob scan checks": {"path": "fob scan checks", "args": ["check"], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--format","short":"","value":"=text,json,yaml,md","help":"text, json, yaml (a configuration file to edit) or md"},
  {"name":"--services","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"Checks of these services alone"},
  {"name":"--skip","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"No checks of these services"},
  {"name":"--list-services","short":"","value":"","help":"List the services and end"},
  {"name":"--checks","short":"","value":",check","help":"These checks alone: ids, globs, or ids of ScoutSuite"},
  {"name":"--framework","short":"","value":",=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all","help":"Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all"},
  {"name":"--severity","short":"","value":"=info,low,medium,high,critical","help":"Checks that can find this severity or a worse one: info, low, medium, high, critical"},
  {"name":"--config","short":"","value":"file","help":"Parameters, own rules, checks that are on or off, trusted accounts"},
  {"name":"--exceptions","short":"","value":"file","help":"What is known and accepted; may be repeated"},
  {"name":"--ip-ranges","short":"","value":"file","help":"Names of address ranges; may be repeated"},
  {"name":"--ip-ranges-name-key","short":"","value":"any","help":"Key of the name in these files (name)"}]},
"fob scan iam-policy": {"path": "fob scan iam-policy", "args": [], "runs": "", "below": [], "flags": [
  {"name":"--all-profiles","short":"","value":"","help":"Audit every profile"},
  {"name":"--services","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"Checks of these services alone"},
  {"name":"--skip","short":"","value":",=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm","help":"No checks of these services"},
  {"name":"--list-services","short":"","value":"","help":"List the services and end"},
  {"name":"--checks","short":"","value":",check","help":"These checks alone: ids, globs, or ids of ScoutSuite"},
  {"name":"--framework","short":"","value":",=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all","help":"Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all"},
  {"name":"--severity","short":"","value":"=info,low,medium,high,critical","help":"Checks that can find this severity or a worse one: info, low, medium, high, critical"},
  {"name":"--config","short":"","value":"file","help":"Parameters, own rules, checks that are on or off, trusted accounts"},
  {"name":"--exceptions","short":"","value":"file","help":"What is known and accepted; may be repeated"},
  {"name":"--ip-ranges","short":"","value":"file","help":"Names of address ranges; may be repeated"},
  {"name":"--ip-ranges-name-key","short":"","value":"any","help":"Key of the name in these files (name)"}]},
"fob vault": {"path": "fob vault", "args": [], "runs": "", "below": [
  {"name":"create","help":"Make the encrypted file"},
  {"name":"unlock","help":"Ask for the passphrase now, so that later calls need not"},
  {"name":"lock","help":"Forget what is unlocked, of the vault and of a keychain"},
  {"name":"passwd","help":"Change the passphrase"},
  {"name":"backup","help":"Write a copy, encrypted like the vault itself"},
  {"name":"restore","help":"Go back to a backup"}], "flags": []},
"fob vault create": {"path": "fob vault create", "args": [], "runs": "", "below": [], "flags": []},
"fob vault unlock": {"path": "fob vault unlock", "args": [], "runs": "", "below": [], "flags": []},
"fob vault lock": {"path": "fob vault lock", "args": [], "runs": "", "below": [], "flags": []},
"fob vault passwd": {"path": "fob vault passwd", "args": [], "runs": "", "below": [], "flags": []},
"fob vault backup": {"path": "fob vault backup", "args": ["file"], "runs": "", "below": [], "flags": []},
"fob vault restore": {"path": "fob vault restore", "args": ["file"], "runs": "", "below": [], "flags": [
  {"name":"--number","short":"","value":"any","help":"One of the backups that fob keeps itself: 1 is the newest"}]},
"fob version": {"path": "fob version", "args": [], "runs": "", "below": [], "flags": []}
} }
