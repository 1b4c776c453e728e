# shellcheck shell=bash
# Completion of fob for bash 3.2 and newer, with bash-completion or without.
# Made from fob's command line; `fob completion bash` prints it.

# Completes the word under the cursor.
_fob() {
  local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} words starts word head quote
  local at='' below flags args runs kind='''' dashes='' one i n=0
  COMPREPLY=()
  _fob_split
  _fob_model "$at"
  for ((i = 1; i < ${#words[@]}; i++)); do
    one=${words[i]}
    if [[ -n $kind ]]; then
      kind='' # it was the value of the flag before
    elif [[ -n $dashes && -n $runs ]]; then
      _fob_command "${starts[i]}"
      return 0
    elif [[ -z $dashes && $one == -- ]]; then
      dashes=1
    elif [[ -z $dashes && $one == -?* ]]; then
      _fob_value "$at" "$one"
    elif [[ -z $dashes && $n == 0 ]] && _fob_below "$at" "$one"; then
      _fob_model "$at"
    else
      n=$((n + 1))
    fi
  done
  if [[ -n $kind ]]; then
    _fob_offer_kind ''
  elif [[ -n $dashes && -n $runs ]]; then
    _fob_command "${starts[i]:-${#line}}"
  elif [[ -z $dashes && $word == --*=* ]]; then
    _fob_value "$at" "${word%%=*}"
    _fob_offer_kind "${word%%=*}="
  elif [[ -z $dashes && $word == -* ]]; then
    # shellcheck disable=SC2086 # flags are plain words
    _fob_offer $flags
  elif [[ -n $below && $n == 0 ]]; then
    # shellcheck disable=SC2086 # so are commands
    _fob_offer $below
  elif _fob_argument "$n"; then
    _fob_offer_kind ''
  fi
}

# Splits the line up to the cursor as bash would, without expanding anything: into
# words, which are finished, and word, which is not; starts has where each begins.
# Readline replaces what comes after head; quote is the quote that is open there.
_fob_split() {
  local i c inside='' before=''
  words=() starts=() word='' head='' quote=''
  for ((i = 0; i < ${#line}; i++)); do
    c=${line:i:1}
    if [[ -z $inside && $c != [[:blank:]] ]]; then
      inside=1 starts+=("$i")
    fi
    case $quote$c in
    "''" | '""') quote='' ;;
    \"\\)
      i=$((i + 1)) c=${line:i:1}
      [[ $c == [\"\$\`\\] ]] || c=\\$c
      word+=$c
      ;;
    [\'\"]?) word+=$c ;;
    [\'\"]) quote=$c before=$word ;;
    \\) i=$((i + 1)) word+=${line:i:1} ;;
    [[:blank:]])
      if [[ -n $inside ]]; then
        words+=("$word") word='' head='' inside=''
      fi
      ;;
    *)
      if [[ $c == @ && $COMP_WORDBREAKS == *@* ]]; then
        head=$word # readline begins at an @, and behind the others
      fi
      word+=$c
      if [[ $c != @ && $COMP_WORDBREAKS == *"$c"* ]]; then
        head=$word
      fi
      ;;
    esac
  done
  if [[ -n $quote ]]; then
    head=$before
  fi
}

# Whether there is a kind for the argument number $1, in kind.
_fob_argument() {
  local all i=0 one
  all=$args kind=''
  for one in $all; do
    if [[ $i == "$1" || $one == *... && $i -lt $1 ]]; then
      kind=${one%...}
    fi
    i=$((i + 1))
  done
  [[ -n $kind ]]
}

# Offers the values of kind, behind the text $1, as "--profile=" in "--profile=x"; of a
# list its next part.
_fob_offer_kind() {
  local one before=$1
  if [[ $kind == ,* && $word == *,* ]]; then
    before=${word%,*},
  fi
  case ${kind#,} in
  profile) _fob_offer_names profiles "$before" ;;
  stored) _fob_offer_names stored "$before" ;;
  check) _fob_offer_names checks "$before" ;;
  file) _fob_offer_files "$before" ;;
  =*)
    local IFS=,
    for one in ${kind#*=}; do
      _fob_offer "$before$one"
    done
    ;;
  esac
}

_fob_offer_names() {
  local all
  IFS=$'\n' read -r -d '' -a all <<<"$(command fob __complete "$1" "${word#"$2"}" 2>/dev/null)" || :
  _fob_offer ${all[@]+"${all[@]/#/$2}"}
}

# Offers files: by readline, which bash 3.2 can only be told beforehand.
_fob_offer_files() {
  local one
  if ! compopt -o default 2>/dev/null; then
    while IFS= read -r one; do
      _fob_offer "$1$one"
    done < <(compgen -f -- "${word#"$1"}")
  fi
}

# Offers what begins with word, so that bash reads it as this one word. What would
# need another quote than the one that is open is left out.
_fob_offer() {
  local one rest
  for one; do
    if [[ $one != "$word"* ]]; then
      continue
    fi
    rest=${one#"$head"}
    case $quote in
    '') printf -v rest %q "$rest" ;;
    "'") [[ $rest != *\'* ]] || continue ;;
    *) [[ $rest != *[\"\$\`\\!]* ]] || continue ;;
    esac
    COMPREPLY+=("$rest")
  done
}

# Completes the command that begins at $1 of the line, by its own completion: with
# bash-completion where it is, but for completers that are programs, as the AWS CLI's
# is, as it does not tell them the line.
_fob_command() {
  local i at rest=$COMP_LINE own
  for ((i = 0; i < COMP_CWORD; i++)); do
    while [[ $rest == [[:blank:]]* ]]; do
      rest=${rest:1}
    done
    at=$((${#COMP_LINE} - ${#rest}))
    if ((at >= $1)); then
      break
    fi
    rest=${rest#"${COMP_WORDS[i]}"}
  done
  own=$(complete -p -- "${COMP_WORDS[i]:--}" 2>/dev/null) || own=''
  if [[ $own == *' -C '* ]]; then
    _fob_delegate "$1" "$i" "$own"
  elif declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$i"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$i"
  elif ((i == COMP_CWORD)); then
    while IFS= read -r own; do
      _fob_offer "$own"
    done < <(compgen -c -- "$word")
  else
    _fob_delegate "$1" "$i" "$own"
  fi
}

# Calls what $3, of `complete -p`, says of the command that begins at $1 of the line, and
# is the word $2.
_fob_delegate() {
  local after=("${COMP_WORDS[@]:$2}") COMP_WORDS one
  local COMP_LINE=${COMP_LINE:$1} COMP_POINT=$((COMP_POINT - $1)) COMP_CWORD=$((COMP_CWORD - $2))
  COMP_WORDS=("${after[@]}")
  after=("${after[0]}" "${after[COMP_CWORD]}" "${after[COMP_CWORD > 0 ? COMP_CWORD - 1 : 0]}")
  if [[ $3 =~ \ -F\ ([^\ ]+) ]]; then
    "${BASH_REMATCH[1]}" "${after[@]}"
  elif [[ $3 =~ \ -C\ \'?([^\ \']+) ]]; then
    export COMP_LINE COMP_POINT
    while IFS= read -r one; do
      COMPREPLY+=("$one")
    done < <("${BASH_REMATCH[1]}" "${after[@]}" 2>/dev/null)
  else
    compopt -o default 2>/dev/null || :
  fi
}

# The model: what there is at the command $1. The commands below it, its flags with
# those of every command, the kinds of its arguments, whether it runs what is behind --.
_fob_model() {
  below='' flags='--help --profile --csv-credentials --mfa-code --mfa-serial --region --no-input --debug' args='' runs=''
  case $1 in
  '') below='process use env exec console login logout add import remove wire unwire init completion profiles explain doctor scan vault version' ;;
  'process') flags+=' --role-arn --external-id --role-session-name --duration --source-identity --session-tag --transitive-tag --policy-arn --policy' ;;
  'use') flags+=' --clear --yes --role-arn --external-id --role-session-name --duration --source-identity --session-tag --transitive-tag --policy-arn --policy' args='profile' ;;
  'env') flags+=' --role-arn --external-id --role-session-name --duration --source-identity --session-tag --transitive-tag --policy-arn --policy --shell --format --unset' ;;
  'exec') flags+=' --role-arn --external-id --role-session-name --duration --source-identity --session-tag --transitive-tag --policy-arn --policy --server --nested --yes' args='profile' runs='yes' ;;
  'console') flags+=' --role-arn --external-id --role-session-name --duration --source-identity --session-tag --transitive-tag --policy-arn --policy --url --service --destination --session-duration --logout --browser --console-policy --console-policy-arn --yes' args='profile' ;;
  'login') flags+=' --force --device' args='profile' ;;
  'logout') flags+=' --all' args='profile' ;;
  'add') flags+=' --csv --stdin --user --force --no-verify' args='profile' ;;
  'import') flags+=' --all --dry-run --keep --force --no-verify' args='profile...' ;;
  'remove') flags+=' --force' args='stored' ;;
  'wire') flags+=' --all --dry-run --path' args='profile...' ;;
  'unwire') flags+=' --all --dry-run' args='profile...' ;;
  'init') args='=bash,zsh,sh,fish,pwsh,nu,elvish,tcsh,xonsh,cmd' ;;
  'completion') args='=bash,zsh,fish,pwsh,nu,elvish,tcsh,xonsh' ;;
  'profiles') flags+=' --format --strict' ;;
  'explain') flags+=' --role-arn --external-id --role-session-name --duration --source-identity --session-tag --transitive-tag --policy-arn --policy --format' args='profile' ;;
  'doctor') flags+=' --format --offline' ;;
  'scan') flags+=' --all-profiles --org --role --ou --exclude-account --accounts-file --shard --shards --services --skip --list-services --checks --framework --severity --config --exceptions --ip-ranges --ip-ranges-name-key --regions --exclude-regions --max-calls --max-rate --jobs --format --output --report-dir --name --force --open --redact --diff --passes --ocsf-class --fail-on --allow-incomplete --explain-calls --resume --local --update' below='collect merge rules accounts eval diff checks iam-policy' ;;
  'scan collect') flags+=' --all-profiles --org --role --ou --exclude-account --accounts-file --shard --shards --services --skip --list-services --checks --framework --severity --config --exceptions --ip-ranges --ip-ranges-name-key --regions --exclude-regions --max-calls --max-rate --jobs --output --force --redact --allow-incomplete' ;;
  'scan merge') flags+=' --all-profiles --expect --format --output --report-dir --name --force --open --redact --diff --passes --ocsf-class --fail-on --allow-incomplete' args='file...' ;;
  'scan rules') below='test convert' ;;
  'scan rules test') flags+=' --all-profiles' args='file' ;;
  'scan rules convert') flags+=' --all-profiles --out' args='file...' ;;
  'scan accounts') flags+=' --all-profiles --org --role --ou --exclude-account --accounts-file --shard --shards --output --force' ;;
  'scan eval') flags+=' --all-profiles --services --skip --list-services --checks --framework --severity --config --exceptions --ip-ranges --ip-ranges-name-key --format --output --report-dir --name --force --open --redact --diff --passes --ocsf-class --fail-on --allow-incomplete --now' args='file...' ;;
  'scan diff') flags+=' --all-profiles --format --output --force --fail-on' args='file file' ;;
  'scan checks') flags+=' --all-profiles --format --services --skip --list-services --checks --framework --severity --config --exceptions --ip-ranges --ip-ranges-name-key' args='check' ;;
  'scan iam-policy') flags+=' --all-profiles --services --skip --list-services --checks --framework --severity --config --exceptions --ip-ranges --ip-ranges-name-key' ;;
  'vault') below='create unlock lock passwd backup restore' ;;
  'vault backup') args='file' ;;
  'vault restore') flags+=' --number' args='file' ;;
  esac
}

# Whether $2 is a command below the command $1. It is then in at.
_fob_below() {
  case "$1 $2" in
  ' process' | ' credential-process') at='process' ;;
  ' use') at='use' ;;
  ' env') at='env' ;;
  ' exec') at='exec' ;;
  ' console') at='console' ;;
  ' login') at='login' ;;
  ' logout') at='logout' ;;
  ' add') at='add' ;;
  ' import') at='import' ;;
  ' remove') at='remove' ;;
  ' wire') at='wire' ;;
  ' unwire') at='unwire' ;;
  ' init') at='init' ;;
  ' completion') at='completion' ;;
  ' profiles') at='profiles' ;;
  ' explain') at='explain' ;;
  ' doctor') at='doctor' ;;
  ' scan') at='scan' ;;
  ' vault') at='vault' ;;
  ' version') at='version' ;;
  'scan collect') at='scan collect' ;;
  'scan merge') at='scan merge' ;;
  'scan rules') at='scan rules' ;;
  'scan accounts') at='scan accounts' ;;
  'scan eval') at='scan eval' ;;
  'scan diff') at='scan diff' ;;
  'scan checks') at='scan checks' ;;
  'scan iam-policy') at='scan iam-policy' ;;
  'scan rules test') at='scan rules test' ;;
  'scan rules convert') at='scan rules convert' ;;
  'vault create') at='vault create' ;;
  'vault unlock') at='vault unlock' ;;
  'vault lock') at='vault lock' ;;
  'vault passwd') at='vault passwd' ;;
  'vault backup') at='vault backup' ;;
  'vault restore') at='vault restore' ;;
  *) return 1 ;;
  esac
}

# The kind of value that the flag $2 of the command $1 takes; none for a switch.
_fob_value() {
  kind=''
  case "$1 $2" in
  *' --profile' | *' -p') kind='profile' ;;
  *' --csv-credentials') kind='file' ;;
  *' --mfa-code' | *' --mfa-serial') kind='any' ;;
  *' --region') kind='=af-south-1,ap-east-1,ap-east-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-south-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ca-central-1,ca-west-1,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,eu-west-1,eu-west-2,eu-west-3,il-central-1,me-central-1,me-south-1,mx-central-1,sa-east-1,us-east-1,us-east-2,us-west-1,us-west-2,cn-north-1,cn-northwest-1,us-gov-east-1,us-gov-west-1,eusc-de-east-1' ;;
  'process --role-arn' | 'process --external-id' | 'process --role-session-name' | 'process --duration' | 'process --source-identity' | 'process --session-tag' | 'process --transitive-tag' | 'process --policy-arn' | 'process --policy') kind='any' ;;
  'use --role-arn' | 'use --external-id' | 'use --role-session-name' | 'use --duration' | 'use --source-identity' | 'use --session-tag' | 'use --transitive-tag' | 'use --policy-arn' | 'use --policy') kind='any' ;;
  'env --role-arn' | 'env --external-id' | 'env --role-session-name' | 'env --duration' | 'env --source-identity' | 'env --session-tag' | 'env --transitive-tag' | 'env --policy-arn' | 'env --policy') kind='any' ;;
  'env --shell') kind='=bash,zsh,sh,fish,pwsh,nu,elvish,tcsh,xonsh,cmd' ;;
  'env --format') kind='=dotenv,json,github' ;;
  'exec --role-arn' | 'exec --external-id' | 'exec --role-session-name' | 'exec --duration' | 'exec --source-identity' | 'exec --session-tag' | 'exec --transitive-tag' | 'exec --policy-arn' | 'exec --policy') kind='any' ;;
  'console --role-arn' | 'console --external-id' | 'console --role-session-name' | 'console --duration' | 'console --source-identity' | 'console --session-tag' | 'console --transitive-tag' | 'console --policy-arn' | 'console --policy' | 'console --service' | 'console --destination' | 'console --session-duration' | 'console --browser' | 'console --console-policy' | 'console --console-policy-arn') kind='any' ;;
  'add --csv') kind='file' ;;
  'add --user') kind='any' ;;
  'wire --path') kind='any' ;;
  'profiles --format') kind='=table,json,names' ;;
  'explain --role-arn' | 'explain --external-id' | 'explain --role-session-name' | 'explain --duration' | 'explain --source-identity' | 'explain --session-tag' | 'explain --transitive-tag' | 'explain --policy-arn' | 'explain --policy') kind='any' ;;
  'explain --format') kind='=text,json' ;;
  'doctor --format') kind='=text,json' ;;
  'scan --role' | 'scan --ou' | 'scan --exclude-account' | 'scan --shard' | 'scan --shards' | 'scan --ip-ranges-name-key' | 'scan --max-calls' | 'scan --max-rate' | 'scan --jobs' | 'scan --name') kind='any' ;;
  'scan --accounts-file' | 'scan --config' | 'scan --exceptions' | 'scan --ip-ranges' | 'scan --output' | 'scan -o' | 'scan --report-dir' | 'scan --diff') kind='file' ;;
  'scan --services' | 'scan --skip') kind=',=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm' ;;
  'scan --checks') kind=',check' ;;
  'scan --framework') kind=',=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all' ;;
  'scan --severity' | 'scan --fail-on') kind='=info,low,medium,high,critical' ;;
  'scan --regions' | 'scan --exclude-regions') kind=',=af-south-1,ap-east-1,ap-east-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-south-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ca-central-1,ca-west-1,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,eu-west-1,eu-west-2,eu-west-3,il-central-1,me-central-1,me-south-1,mx-central-1,sa-east-1,us-east-1,us-east-2,us-west-1,us-west-2,cn-north-1,cn-northwest-1,us-gov-east-1,us-gov-west-1,eusc-de-east-1' ;;
  'scan --format') kind=',=text,jsonl,json,csv,ocsf,sarif,asff,junit,md,html' ;;
  'scan --ocsf-class') kind='=compliance,detection' ;;
  'scan collect --role' | 'scan collect --ou' | 'scan collect --exclude-account' | 'scan collect --shard' | 'scan collect --shards' | 'scan collect --ip-ranges-name-key' | 'scan collect --max-calls' | 'scan collect --max-rate' | 'scan collect --jobs') kind='any' ;;
  'scan collect --accounts-file' | 'scan collect --config' | 'scan collect --exceptions' | 'scan collect --ip-ranges' | 'scan collect --output' | 'scan collect -o') kind='file' ;;
  'scan collect --services' | 'scan collect --skip') kind=',=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm' ;;
  'scan collect --checks') kind=',check' ;;
  'scan collect --framework') kind=',=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all' ;;
  'scan collect --severity') kind='=info,low,medium,high,critical' ;;
  'scan collect --regions' | 'scan collect --exclude-regions') kind=',=af-south-1,ap-east-1,ap-east-2,ap-northeast-1,ap-northeast-2,ap-northeast-3,ap-south-1,ap-south-2,ap-southeast-1,ap-southeast-2,ap-southeast-3,ap-southeast-4,ap-southeast-5,ap-southeast-6,ap-southeast-7,ca-central-1,ca-west-1,eu-central-1,eu-central-2,eu-north-1,eu-south-1,eu-south-2,eu-west-1,eu-west-2,eu-west-3,il-central-1,me-central-1,me-south-1,mx-central-1,sa-east-1,us-east-1,us-east-2,us-west-1,us-west-2,cn-north-1,cn-northwest-1,us-gov-east-1,us-gov-west-1,eusc-de-east-1' ;;
  'scan merge --expect' | 'scan merge --output' | 'scan merge -o' | 'scan merge --report-dir' | 'scan merge --diff') kind='file' ;;
  'scan merge --format') kind=',=text,jsonl,json,csv,ocsf,sarif,asff,junit,md,html' ;;
  'scan merge --name') kind='any' ;;
  'scan merge --ocsf-class') kind='=compliance,detection' ;;
  'scan merge --fail-on') kind='=info,low,medium,high,critical' ;;
  'scan rules convert --out' | 'scan rules convert -o') kind='file' ;;
  'scan accounts --role' | 'scan accounts --ou' | 'scan accounts --exclude-account' | 'scan accounts --shard' | 'scan accounts --shards') kind='any' ;;
  'scan accounts --accounts-file' | 'scan accounts --output' | 'scan accounts -o') kind='file' ;;
  'scan eval --services' | 'scan eval --skip') kind=',=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm' ;;
  'scan eval --checks') kind=',check' ;;
  'scan eval --framework') kind=',=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all' ;;
  'scan eval --severity' | 'scan eval --fail-on') kind='=info,low,medium,high,critical' ;;
  'scan eval --config' | 'scan eval --exceptions' | 'scan eval --ip-ranges' | 'scan eval --output' | 'scan eval -o' | 'scan eval --report-dir' | 'scan eval --diff') kind='file' ;;
  'scan eval --ip-ranges-name-key' | 'scan eval --name' | 'scan eval --now') kind='any' ;;
  'scan eval --format') kind=',=text,jsonl,json,csv,ocsf,sarif,asff,junit,md,html' ;;
  'scan eval --ocsf-class') kind='=compliance,detection' ;;
  'scan diff --format') kind='=text,jsonl' ;;
  'scan diff --output' | 'scan diff -o') kind='file' ;;
  'scan diff --fail-on') kind='=info,low,medium,high,critical' ;;
  'scan checks --format') kind='=text,json,yaml,md' ;;
  'scan checks --services' | 'scan checks --skip') kind=',=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm' ;;
  'scan checks --checks') kind=',check' ;;
  'scan checks --framework') kind=',=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all' ;;
  'scan checks --severity') kind='=info,low,medium,high,critical' ;;
  'scan checks --config' | 'scan checks --exceptions' | 'scan checks --ip-ranges') kind='file' ;;
  'scan checks --ip-ranges-name-key') kind='any' ;;
  'scan iam-policy --services' | 'scan iam-policy --skip') kind=',=accessanalyzer,account,acm,cloudformation,cloudfront,cloudtrail,cloudwatch,config,dynamodb,ec2,ecr,ecs,efs,eks,elasticache,elb,elbv2,guardduty,iam,kms,lambda,opensearch,rds,redshift,route53,s3,secretsmanager,securityhub,ses,sns,sqs,ssm' ;;
  'scan iam-policy --checks') kind=',check' ;;
  'scan iam-policy --framework') kind=',=cis-1.2,cis-3.0,cis-5.0,cis-7.0,fsbp,scoutsuite,all' ;;
  'scan iam-policy --severity') kind='=info,low,medium,high,critical' ;;
  'scan iam-policy --config' | 'scan iam-policy --exceptions' | 'scan iam-policy --ip-ranges') kind='file' ;;
  'scan iam-policy --ip-ranges-name-key') kind='any' ;;
  'vault restore --number') kind='any' ;;
  esac
}

complete -F _fob fob
