# Completion of fob for fish. Made from fob's command line; `fob completion fish`
# prints it.

# Where the line has come to before the word under the cursor: the command, and how
# many arguments it has; or a + and the number of the word with which the command
# begins that fob runs.
function __fob_state
    set -l at ''
    set -l seen 0
    set -l value 0
    set -l dashes 0
    set -l i 1
    set -l words (commandline -opc)
    for word in $words[2..-1]
        set i (math $i + 1)
        if test $value = 1
            set value 0
        else if test $dashes = 0; and string match -q -- -- "$word"
            if contains -- "$at" $__fob_runners
                string join \n -- "$at" + (math $i + 1)
                return
            end
            set dashes 1
        else if test $dashes = 0; and string match -qr -- '^-.' "$word"
            __fob_takes_value "$at" "$word"; and set value 1
        else if test $dashes = 0 -a $seen = 0; and set -l below (__fob_below "$at" "$word")
            set at $below
        else
            set seen (math $seen + 1)
        end
    end
    string join \n -- "$at" $seen
end

# Whether the line is at the command $argv[1] with $argv[2] arguments, with so many or
# more if a + follows. What belongs to a command that fob runs is at none.
function __fob_at
    set -l state (__fob_state)
    test "$state[1]" = "$argv[1]" -a "$state[2]" != +; or return
    switch "$argv[2]"
        case ''
        case '*+'
            test $state[2] -ge (string trim -rc + -- $argv[2])
        case '*'
            test $state[2] = $argv[2]
    end
end

# Whether a flag of fob may follow.
function __fob_own
    set -l state (__fob_state)
    test "$state[2]" != +
end

# Whether the line is in a command that fob runs.
function __fob_running
    set -l state (__fob_state)
    test "$state[2]" = +
end

# Completes that command by its own completion.
function __fob_run
    set -l state (__fob_state)
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l line
    for word in $words[$state[3]..-1]
        set line "$line"(string escape -- "$word")' '
    end
    complete -C "$line$current"
end

function __fob_names
    command fob __complete $argv[1] 2>/dev/null
end

# The words as the next part of the list with commas that is being typed.
function __fob_list
    set -l typed (commandline -ct | string replace -r -- '^--[^=]*=' '')
    set -l before (string match -r -- '.*,' "$typed")
    string join \n -- "$before"$argv
end

# The model: the command $argv[2] below the command $argv[1].
function __fob_below
    switch "$argv[1] $argv[2]"
        case ' process' ' credential-process'
            echo process
        case ' use'
            echo use
        case ' env'
            echo env
        case ' exec'
            echo exec
        case ' console'
            echo console
        case ' login'
            echo login
        case ' logout'
            echo logout
        case ' add'
            echo add
        case ' import'
            echo import
        case ' remove'
            echo remove
        case ' wire'
            echo wire
        case ' unwire'
            echo unwire
        case ' init'
            echo init
        case ' completion'
            echo completion
        case ' profiles'
            echo profiles
        case ' explain'
            echo explain
        case ' doctor'
            echo doctor
        case ' scan'
            echo scan
        case ' vault'
            echo vault
        case ' version'
            echo version
        case 'scan collect'
            echo "scan collect"
        case 'scan merge'
            echo "scan merge"
        case 'scan rules'
            echo "scan rules"
        case 'scan accounts'
            echo "scan accounts"
        case 'scan eval'
            echo "scan eval"
        case 'scan diff'
            echo "scan diff"
        case 'scan checks'
            echo "scan checks"
        case 'scan iam-policy'
            echo "scan iam-policy"
        case 'scan rules test'
            echo "scan rules test"
        case 'scan rules convert'
            echo "scan rules convert"
        case 'vault create'
            echo "vault create"
        case 'vault unlock'
            echo "vault unlock"
        case 'vault lock'
            echo "vault lock"
        case 'vault passwd'
            echo "vault passwd"
        case 'vault backup'
            echo "vault backup"
        case 'vault restore'
            echo "vault restore"
        case '*'
            return 1
    end
end

# The model: whether the flag $argv[2] of the command $argv[1] takes a value.
function __fob_takes_value
    switch "$argv[1] $argv[2]"
        case '* --profile' '* -p' '* --csv-credentials' '* --mfa-code' '* --mfa-serial' '* --region'
        case 'process --role-arn' 'process --external-id' 'process --role-session-name' 'process --duration' 'process --source-identity' 'process --session-tag' 'process --transitive-tag' 'process --policy-arn' 'process --policy'
        case 'use --role-arn' 'use --external-id' 'use --role-session-name' 'use --duration' 'use --source-identity' 'use --session-tag' 'use --transitive-tag' 'use --policy-arn' 'use --policy'
        case 'env --role-arn' 'env --external-id' 'env --role-session-name' 'env --duration' 'env --source-identity' 'env --session-tag' 'env --transitive-tag' 'env --policy-arn' 'env --policy' 'env --shell' 'env --format'
        case 'exec --role-arn' 'exec --external-id' 'exec --role-session-name' 'exec --duration' 'exec --source-identity' 'exec --session-tag' 'exec --transitive-tag' 'exec --policy-arn' 'exec --policy'
        case 'console --role-arn' 'console --external-id' 'console --role-session-name' 'console --duration' 'console --source-identity' 'console --session-tag' 'console --transitive-tag' 'console --policy-arn' 'console --policy' 'console --service' 'console --destination' 'console --session-duration' 'console --browser' 'console --console-policy' 'console --console-policy-arn'
        case 'add --csv' 'add --user'
        case 'wire --path'
        case 'profiles --format'
        case 'explain --role-arn' 'explain --external-id' 'explain --role-session-name' 'explain --duration' 'explain --source-identity' 'explain --session-tag' 'explain --transitive-tag' 'explain --policy-arn' 'explain --policy' 'explain --format'
        case 'doctor --format'
        case 'scan --role' 'scan --ou' 'scan --exclude-account' 'scan --accounts-file' 'scan --shard' 'scan --shards' 'scan --services' 'scan --skip' 'scan --checks' 'scan --framework' 'scan --severity' 'scan --config' 'scan --exceptions' 'scan --ip-ranges' 'scan --ip-ranges-name-key' 'scan --regions' 'scan --exclude-regions' 'scan --max-calls' 'scan --max-rate' 'scan --jobs' 'scan --format' 'scan --output' 'scan -o' 'scan --report-dir' 'scan --name' 'scan --diff' 'scan --ocsf-class' 'scan --fail-on'
        case 'scan collect --role' 'scan collect --ou' 'scan collect --exclude-account' 'scan collect --accounts-file' 'scan collect --shard' 'scan collect --shards' 'scan collect --services' 'scan collect --skip' 'scan collect --checks' 'scan collect --framework' 'scan collect --severity' 'scan collect --config' 'scan collect --exceptions' 'scan collect --ip-ranges' 'scan collect --ip-ranges-name-key' 'scan collect --regions' 'scan collect --exclude-regions' 'scan collect --max-calls' 'scan collect --max-rate' 'scan collect --jobs' 'scan collect --output' 'scan collect -o'
        case 'scan merge --expect' 'scan merge --format' 'scan merge --output' 'scan merge -o' 'scan merge --report-dir' 'scan merge --name' 'scan merge --diff' 'scan merge --ocsf-class' 'scan merge --fail-on'
        case 'scan rules convert --out' 'scan rules convert -o'
        case 'scan accounts --role' 'scan accounts --ou' 'scan accounts --exclude-account' 'scan accounts --accounts-file' 'scan accounts --shard' 'scan accounts --shards' 'scan accounts --output' 'scan accounts -o'
        case 'scan eval --services' 'scan eval --skip' 'scan eval --checks' 'scan eval --framework' 'scan eval --severity' 'scan eval --config' 'scan eval --exceptions' 'scan eval --ip-ranges' 'scan eval --ip-ranges-name-key' 'scan eval --format' 'scan eval --output' 'scan eval -o' 'scan eval --report-dir' 'scan eval --name' 'scan eval --diff' 'scan eval --ocsf-class' 'scan eval --fail-on' 'scan eval --now'
        case 'scan diff --format' 'scan diff --output' 'scan diff -o' 'scan diff --fail-on'
        case 'scan checks --format' 'scan checks --services' 'scan checks --skip' 'scan checks --checks' 'scan checks --framework' 'scan checks --severity' 'scan checks --config' 'scan checks --exceptions' 'scan checks --ip-ranges' 'scan checks --ip-ranges-name-key'
        case 'scan iam-policy --services' 'scan iam-policy --skip' 'scan iam-policy --checks' 'scan iam-policy --framework' 'scan iam-policy --severity' 'scan iam-policy --config' 'scan iam-policy --exceptions' 'scan iam-policy --ip-ranges' 'scan iam-policy --ip-ranges-name-key'
        case 'vault restore --number'
        case '*'
            return 1
    end
end

# The model: the commands that run another one.
set -g __fob_runners exec

complete -c fob -e
complete -c fob -f
complete -c fob -n __fob_running -a '(__fob_run)'
complete -c fob -n '__fob_at "" 0' -a process -d 'Print credentials for an AWS SDK (credential_process)'
complete -c fob -n '__fob_at "" 0' -a use -d 'Put a profile\'s credentials into this shell'
complete -c fob -n '__fob_at "" 0' -a env -d 'Print credentials as shell variables'
complete -c fob -n '__fob_at "" 0' -a exec -d 'Run a command with credentials'
complete -c fob -n '__fob_at "" 0' -a console -d 'Open the AWS console in the browser'
complete -c fob -n '__fob_at "" 0' -a login -d 'Get a session ready now, so that later calls need nobody'
complete -c fob -n '__fob_at "" 0' -a logout -d 'Forget sessions'
complete -c fob -n '__fob_at "" 0' -a add -d 'Store a long-lived access key in the keychain'
complete -c fob -n '__fob_at "" 0' -a import -d 'Take keys that lie in clear in the AWS files into the keychain'
complete -c fob -n '__fob_at "" 0' -a remove -d 'Delete a stored access key'
complete -c fob -n '__fob_at "" 0' -a wire -d 'Make every AWS SDK come to fob for a profile'
complete -c fob -n '__fob_at "" 0' -a unwire -d 'Undo fob wire'
complete -c fob -n '__fob_at "" 0' -a init -d 'Print what makes fob part of a shell'
complete -c fob -n '__fob_at "" 0' -a completion -d 'Print the completion script of a shell'
complete -c fob -n '__fob_at "" 0' -a profiles -d 'List the profiles and where their credentials come from'
complete -c fob -n '__fob_at "" 0' -a explain -d 'Show how a profile resolves, offline'
complete -c fob -n '__fob_at "" 0' -a doctor -d 'Look for what is wrong: files, environment, keychain, clock'
complete -c fob -n '__fob_at "" 0' -a scan -d 'Audit AWS accounts'
complete -c fob -n '__fob_at "" 0' -a vault -d 'The encrypted file, for machines without a keychain'
complete -c fob -n '__fob_at "" 0' -a version -d 'Print the version'
complete -c fob -n __fob_own -s h -l help -d 'Show context-sensitive help'
complete -c fob -n __fob_own -s p -l profile -r -f -a '(__fob_names profiles)' -d 'Profile to use'
complete -c fob -n __fob_own -l csv-credentials -r -F -d 'Use the access key in this CSV file, without storing it'
complete -c fob -n __fob_own -l mfa-code -r -f -d 'MFA code, so that nobody is asked'
complete -c fob -n __fob_own -l mfa-serial -r -f -d 'MFA device, instead of the profile\'s mfa_serial'
complete -c fob -n __fob_own -l region -r -f -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1' -d 'AWS region, instead of the profile\'s'
complete -c fob -n __fob_own -l no-input -d 'Never ask; fail with exit status 5 instead'
complete -c fob -n __fob_own -l debug -d 'Say on stderr what fob does'
complete -c fob -n '__fob_at process' -l role-arn -r -f -d 'Assume this role on top'
complete -c fob -n '__fob_at process' -l external-id -r -f -d 'External id for --role-arn'
complete -c fob -n '__fob_at process' -l role-session-name -r -f -d 'Session name for --role-arn'
complete -c fob -n '__fob_at process' -l duration -r -f -d 'Life of the session of --role-arn'
complete -c fob -n '__fob_at process' -l source-identity -r -f -d 'Source identity for --role-arn'
complete -c fob -n '__fob_at process' -l session-tag -r -f -d 'Session tag for --role-arn; may be repeated'
complete -c fob -n '__fob_at process' -l transitive-tag -r -f -d 'Session tag that goes on to the next role of a chain; may be repeated'
complete -c fob -n '__fob_at process' -l policy-arn -r -f -d 'Managed session policy for --role-arn; may be repeated'
complete -c fob -n '__fob_at process' -l policy -r -f -d 'Inline session policy for --role-arn, or file://PATH'
complete -c fob -n '__fob_at use' -l clear -d 'Take the credentials out of this shell'
complete -c fob -n '__fob_at use' -l yes -d 'Do not ask before a protected profile'
complete -c fob -n '__fob_at use' -l role-arn -r -f -d 'Assume this role on top'
complete -c fob -n '__fob_at use' -l external-id -r -f -d 'External id for --role-arn'
complete -c fob -n '__fob_at use' -l role-session-name -r -f -d 'Session name for --role-arn'
complete -c fob -n '__fob_at use' -l duration -r -f -d 'Life of the session of --role-arn'
complete -c fob -n '__fob_at use' -l source-identity -r -f -d 'Source identity for --role-arn'
complete -c fob -n '__fob_at use' -l session-tag -r -f -d 'Session tag for --role-arn; may be repeated'
complete -c fob -n '__fob_at use' -l transitive-tag -r -f -d 'Session tag that goes on to the next role of a chain; may be repeated'
complete -c fob -n '__fob_at use' -l policy-arn -r -f -d 'Managed session policy for --role-arn; may be repeated'
complete -c fob -n '__fob_at use' -l policy -r -f -d 'Inline session policy for --role-arn, or file://PATH'
complete -c fob -n '__fob_at use 0' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at env' -l role-arn -r -f -d 'Assume this role on top'
complete -c fob -n '__fob_at env' -l external-id -r -f -d 'External id for --role-arn'
complete -c fob -n '__fob_at env' -l role-session-name -r -f -d 'Session name for --role-arn'
complete -c fob -n '__fob_at env' -l duration -r -f -d 'Life of the session of --role-arn'
complete -c fob -n '__fob_at env' -l source-identity -r -f -d 'Source identity for --role-arn'
complete -c fob -n '__fob_at env' -l session-tag -r -f -d 'Session tag for --role-arn; may be repeated'
complete -c fob -n '__fob_at env' -l transitive-tag -r -f -d 'Session tag that goes on to the next role of a chain; may be repeated'
complete -c fob -n '__fob_at env' -l policy-arn -r -f -d 'Managed session policy for --role-arn; may be repeated'
complete -c fob -n '__fob_at env' -l policy -r -f -d 'Inline session policy for --role-arn, or file://PATH'
complete -c fob -n '__fob_at env' -l shell -r -f -a 'bash zsh sh fish pwsh nu elvish tcsh xonsh cmd' -d 'Shell that will read it: bash, zsh, sh, fish, pwsh, nu, elvish, tcsh, xonsh, cmd'
complete -c fob -n '__fob_at env' -l format -r -f -a 'dotenv json github' -d 'dotenv, json or github instead of a shell\'s language'
complete -c fob -n '__fob_at env' -l unset -d 'Print what takes the variables away again'
complete -c fob -n '__fob_at exec' -l role-arn -r -f -d 'Assume this role on top'
complete -c fob -n '__fob_at exec' -l external-id -r -f -d 'External id for --role-arn'
complete -c fob -n '__fob_at exec' -l role-session-name -r -f -d 'Session name for --role-arn'
complete -c fob -n '__fob_at exec' -l duration -r -f -d 'Life of the session of --role-arn'
complete -c fob -n '__fob_at exec' -l source-identity -r -f -d 'Source identity for --role-arn'
complete -c fob -n '__fob_at exec' -l session-tag -r -f -d 'Session tag for --role-arn; may be repeated'
complete -c fob -n '__fob_at exec' -l transitive-tag -r -f -d 'Session tag that goes on to the next role of a chain; may be repeated'
complete -c fob -n '__fob_at exec' -l policy-arn -r -f -d 'Managed session policy for --role-arn; may be repeated'
complete -c fob -n '__fob_at exec' -l policy -r -f -d 'Inline session policy for --role-arn, or file://PATH'
complete -c fob -n '__fob_at exec' -l server -d 'Serve the credentials on loopback and renew them for as long as the command runs'
complete -c fob -n '__fob_at exec' -l nested -d 'Run it inside a command of fob exec, too'
complete -c fob -n '__fob_at exec' -s y -l yes -d 'Do not ask before a profile is used that says fob_protect = true'
complete -c fob -n '__fob_at exec 0' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at console' -l role-arn -r -f -d 'Assume this role on top'
complete -c fob -n '__fob_at console' -l external-id -r -f -d 'External id for --role-arn'
complete -c fob -n '__fob_at console' -l role-session-name -r -f -d 'Session name for --role-arn'
complete -c fob -n '__fob_at console' -l duration -r -f -d 'Life of the session of --role-arn'
complete -c fob -n '__fob_at console' -l source-identity -r -f -d 'Source identity for --role-arn'
complete -c fob -n '__fob_at console' -l session-tag -r -f -d 'Session tag for --role-arn; may be repeated'
complete -c fob -n '__fob_at console' -l transitive-tag -r -f -d 'Session tag that goes on to the next role of a chain; may be repeated'
complete -c fob -n '__fob_at console' -l policy-arn -r -f -d 'Managed session policy for --role-arn; may be repeated'
complete -c fob -n '__fob_at console' -l policy -r -f -d 'Inline session policy for --role-arn, or file://PATH'
complete -c fob -n '__fob_at console' -l url -d 'Print the sign-in URL instead of opening a browser'
complete -c fob -n '__fob_at console' -l service -r -f -d 'Service to open, as the AWS CLI names it: s3, ec2, lambda'
complete -c fob -n '__fob_at console' -l destination -r -f -d 'Page of the console to open: its URL, or its path'
complete -c fob -n '__fob_at console' -l session-duration -r -f -d 'Length of the console session, 15m to 12h'
complete -c fob -n '__fob_at console' -l logout -d 'Sign the browser out of its previous console session first'
complete -c fob -n '__fob_at console' -l browser -r -f -d 'Program that opens the page, with {url}, {profile} and {account}'
complete -c fob -n '__fob_at console' -l console-policy -r -f -d 'For a user\'s key: policy that limits the console session, or file://PATH'
complete -c fob -n '__fob_at console' -l console-policy-arn -r -f -d 'For a user\'s key: managed policy that limits the console session; may be repeated'
complete -c fob -n '__fob_at console' -l yes -d 'Do not ask before a protected profile is used'
complete -c fob -n '__fob_at console 0' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at login' -l force -d 'Get a new session although a good one is kept'
complete -c fob -n '__fob_at login' -l device -d 'IAM Identity Center: show a code to approve in a browser on any machine'
complete -c fob -n '__fob_at login 0' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at logout' -l all -d 'Forget the sessions of every profile'
complete -c fob -n '__fob_at logout 0' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at add' -l csv -r -F -d 'Read the key from a CSV file that AWS made'
complete -c fob -n '__fob_at add' -l stdin -d 'Read the key from stdin: CSV, JSON of \'aws iam create-access-key\', or key id and secret on two lines'
complete -c fob -n '__fob_at add' -l user -r -f -d 'Which user of a CSV file with several'
complete -c fob -n '__fob_at add' -l force -d 'Replace a stored key without asking'
complete -c fob -n '__fob_at add' -l no-verify -d 'Do not ask AWS whether the key works'
complete -c fob -n '__fob_at add 0' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at import' -l all -d 'Take over every long-lived key that lies in clear in the AWS files'
complete -c fob -n '__fob_at import' -l dry-run -d 'Store and change nothing; show on stdout what would change in the files'
complete -c fob -n '__fob_at import' -l keep -d 'Store the keys and leave the files alone'
complete -c fob -n '__fob_at import' -l force -d 'Take the keys out of the files without asking'
complete -c fob -n '__fob_at import' -l no-verify -d 'Do not ask AWS whether the keys work'
complete -c fob -n '__fob_at import 0+' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at remove' -l force -d 'Do not ask'
complete -c fob -n '__fob_at remove 0' -f -a '(__fob_names stored)'
complete -c fob -n '__fob_at wire' -l all -d 'Every profile that fob can get credentials for and that asks no program yet'
complete -c fob -n '__fob_at wire' -l dry-run -d 'Change nothing; show on stdout what would change in the files'
complete -c fob -n '__fob_at wire' -l path -r -f -d 'How the file calls fob: a whole path, or fob, which SDKs then look up in their PATH'
complete -c fob -n '__fob_at wire 0+' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at unwire' -l all -d 'Every profile that fob wire has changed'
complete -c fob -n '__fob_at unwire' -l dry-run -d 'Change nothing; show on stdout what would change in the files'
complete -c fob -n '__fob_at unwire 0+' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at init 0' -f -a 'bash zsh sh fish pwsh nu elvish tcsh xonsh cmd'
complete -c fob -n '__fob_at completion 0' -f -a 'bash zsh fish pwsh nu elvish tcsh xonsh'
complete -c fob -n '__fob_at profiles' -l format -r -f -a 'table json names' -d 'table, json or names'
complete -c fob -n '__fob_at profiles' -l strict -d 'With json: read the files by the SDKs\' grammar to the letter; what fob tolerates is an error'
complete -c fob -n '__fob_at explain' -l role-arn -r -f -d 'Assume this role on top'
complete -c fob -n '__fob_at explain' -l external-id -r -f -d 'External id for --role-arn'
complete -c fob -n '__fob_at explain' -l role-session-name -r -f -d 'Session name for --role-arn'
complete -c fob -n '__fob_at explain' -l duration -r -f -d 'Life of the session of --role-arn'
complete -c fob -n '__fob_at explain' -l source-identity -r -f -d 'Source identity for --role-arn'
complete -c fob -n '__fob_at explain' -l session-tag -r -f -d 'Session tag for --role-arn; may be repeated'
complete -c fob -n '__fob_at explain' -l transitive-tag -r -f -d 'Session tag that goes on to the next role of a chain; may be repeated'
complete -c fob -n '__fob_at explain' -l policy-arn -r -f -d 'Managed session policy for --role-arn; may be repeated'
complete -c fob -n '__fob_at explain' -l policy -r -f -d 'Inline session policy for --role-arn, or file://PATH'
complete -c fob -n '__fob_at explain' -l format -r -f -a 'text json' -d 'text or json'
complete -c fob -n '__fob_at explain 0' -f -a '(__fob_names profiles)'
complete -c fob -n '__fob_at doctor' -l format -r -f -a 'text json' -d 'text or json'
complete -c fob -n '__fob_at doctor' -l offline -d 'Do not ask AWS for the time: nothing goes over the network'
complete -c fob -n '__fob_at scan 0' -a collect -d 'Read only: write a snapshot, judge nothing'
complete -c fob -n '__fob_at scan 0' -a merge -d 'Join findings files into one result'
complete -c fob -n '__fob_at scan 0' -a rules -d 'Rules of one\'s own'
complete -c fob -n '__fob_at scan 0' -a accounts -d 'The accounts of the organization'
complete -c fob -n '__fob_at scan 0' -a eval -d 'Judge snapshots: no network, no credentials'
complete -c fob -n '__fob_at scan 0' -a diff -d 'Compare two findings files'
complete -c fob -n '__fob_at scan 0' -a checks -d 'The catalogue of checks, or all about one'
complete -c fob -n '__fob_at scan 0' -a iam-policy -d 'The least IAM policy that a scan needs'
complete -c fob -n '__fob_at scan' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at scan' -l org -d 'Every account of the organization that the profile\'s account may list'
complete -c fob -n '__fob_at scan' -l role -r -f -d 'Role to assume in each account, a name or an ARN with ACCOUNT in it'
complete -c fob -n '__fob_at scan' -l ou -r -f -d 'With --org: only accounts below these organizational units'
complete -c fob -n '__fob_at scan' -l exclude-account -r -f -d 'Not these accounts'
complete -c fob -n '__fob_at scan' -l accounts-file -r -F -d 'Accounts from a file: lines of account[,role_arn][,name], or JSON'
complete -c fob -n '__fob_at scan' -l shard -r -f -d 'Only this share of the accounts, from 0/N to N-1/N'
complete -c fob -n '__fob_at scan' -l shards -r -f -d 'Number of shares; which one says AWS_BATCH_JOB_ARRAY_INDEX or JOB_COMPLETION_INDEX'
complete -c fob -n '__fob_at scan' -l services -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'Checks of these services alone'
complete -c fob -n '__fob_at scan' -l skip -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'No checks of these services'
complete -c fob -n '__fob_at scan' -l list-services -d 'List the services and end'
complete -c fob -n '__fob_at scan' -l checks -r -f -a '(__fob_list (__fob_names checks))' -d 'These checks alone: ids, globs, or ids of ScoutSuite'
complete -c fob -n '__fob_at scan' -l framework -r -f -a '(__fob_list cis-1.2 cis-3.0 cis-5.0 cis-7.0 fsbp scoutsuite all)' -d 'Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all'
complete -c fob -n '__fob_at scan' -l severity -r -f -a 'info low medium high critical' -d 'Checks that can find this severity or a worse one: info, low, medium, high, critical'
complete -c fob -n '__fob_at scan' -l config -r -F -d 'Parameters, own rules, checks that are on or off, trusted accounts'
complete -c fob -n '__fob_at scan' -l exceptions -r -F -d 'What is known and accepted; may be repeated'
complete -c fob -n '__fob_at scan' -l ip-ranges -r -F -d 'Names of address ranges; may be repeated'
complete -c fob -n '__fob_at scan' -l ip-ranges-name-key -r -f -d 'Key of the name in these files (name)'
complete -c fob -n '__fob_at scan' -l regions -r -f -a '(__fob_list af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)' -d 'These regions alone'
complete -c fob -n '__fob_at scan' -l exclude-regions -r -f -a '(__fob_list af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)' -d 'Not these regions'
complete -c fob -n '__fob_at scan' -l max-calls -r -f -d 'Make no more calls than this; what is left is not checked'
complete -c fob -n '__fob_at scan' -l max-rate -r -f -d 'No more calls than this per second, service and region'
complete -c fob -n '__fob_at scan' -l jobs -r -f -d 'Calls in flight at a time (64)'
complete -c fob -n '__fob_at scan' -l format -r -f -a '(__fob_list text jsonl json csv ocsf sarif asff junit md html)' -d 'Formats of the results ()'
complete -c fob -n '__fob_at scan' -s o -l output -r -F -d 'Write the one format of --format here; - is stdout'
complete -c fob -n '__fob_at scan' -l report-dir -r -F -d 'Folder of the results'
complete -c fob -n '__fob_at scan' -l name -r -f -d 'Name of the files, instead of report and findings'
complete -c fob -n '__fob_at scan' -s f -l force -d 'Overwrite what is there'
complete -c fob -n '__fob_at scan' -l open -d 'Open the HTML report in the browser'
complete -c fob -n '__fob_at scan' -l redact -d 'Put keyed hashes in the place of account ids and names, everywhere'
complete -c fob -n '__fob_at scan' -l diff -r -F -d 'Compare with the findings of an earlier scan, a file or its folder'
complete -c fob -n '__fob_at scan' -l passes -d 'Have formats show what passes, too, that leave it out'
complete -c fob -n '__fob_at scan' -l ocsf-class -r -f -a 'compliance detection' -d 'Class of OCSF findings: compliance or detection'
complete -c fob -n '__fob_at scan' -l fail-on -r -f -a 'info low medium high critical' -d 'End with status 1 if something of this severity or worse fails'
complete -c fob -n '__fob_at scan' -l allow-incomplete -d 'End with status 0, not 3, although something could not be read'
complete -c fob -n '__fob_at scan' -l explain-calls -d 'Print what would be called, and call nothing'
complete -c fob -n '__fob_at scan' -l resume -d 'Go on with the last scan that was stopped; makes the missing calls alone'
complete -c fob -n '__fob_at scan' -s l -l local -d 'Judge the newest snapshots again: no network, no credentials'
complete -c fob -n '__fob_at scan' -l update -d 'Read the services of --services again, keep the rest of the newest snapshots'
complete -c fob -n '__fob_at "scan collect"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan collect"' -l org -d 'Every account of the organization that the profile\'s account may list'
complete -c fob -n '__fob_at "scan collect"' -l role -r -f -d 'Role to assume in each account, a name or an ARN with ACCOUNT in it'
complete -c fob -n '__fob_at "scan collect"' -l ou -r -f -d 'With --org: only accounts below these organizational units'
complete -c fob -n '__fob_at "scan collect"' -l exclude-account -r -f -d 'Not these accounts'
complete -c fob -n '__fob_at "scan collect"' -l accounts-file -r -F -d 'Accounts from a file: lines of account[,role_arn][,name], or JSON'
complete -c fob -n '__fob_at "scan collect"' -l shard -r -f -d 'Only this share of the accounts, from 0/N to N-1/N'
complete -c fob -n '__fob_at "scan collect"' -l shards -r -f -d 'Number of shares; which one says AWS_BATCH_JOB_ARRAY_INDEX or JOB_COMPLETION_INDEX'
complete -c fob -n '__fob_at "scan collect"' -l services -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'Checks of these services alone'
complete -c fob -n '__fob_at "scan collect"' -l skip -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'No checks of these services'
complete -c fob -n '__fob_at "scan collect"' -l list-services -d 'List the services and end'
complete -c fob -n '__fob_at "scan collect"' -l checks -r -f -a '(__fob_list (__fob_names checks))' -d 'These checks alone: ids, globs, or ids of ScoutSuite'
complete -c fob -n '__fob_at "scan collect"' -l framework -r -f -a '(__fob_list cis-1.2 cis-3.0 cis-5.0 cis-7.0 fsbp scoutsuite all)' -d 'Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all'
complete -c fob -n '__fob_at "scan collect"' -l severity -r -f -a 'info low medium high critical' -d 'Checks that can find this severity or a worse one: info, low, medium, high, critical'
complete -c fob -n '__fob_at "scan collect"' -l config -r -F -d 'Parameters, own rules, checks that are on or off, trusted accounts'
complete -c fob -n '__fob_at "scan collect"' -l exceptions -r -F -d 'What is known and accepted; may be repeated'
complete -c fob -n '__fob_at "scan collect"' -l ip-ranges -r -F -d 'Names of address ranges; may be repeated'
complete -c fob -n '__fob_at "scan collect"' -l ip-ranges-name-key -r -f -d 'Key of the name in these files (name)'
complete -c fob -n '__fob_at "scan collect"' -l regions -r -f -a '(__fob_list af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)' -d 'These regions alone'
complete -c fob -n '__fob_at "scan collect"' -l exclude-regions -r -f -a '(__fob_list af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1)' -d 'Not these regions'
complete -c fob -n '__fob_at "scan collect"' -l max-calls -r -f -d 'Make no more calls than this; what is left is not checked'
complete -c fob -n '__fob_at "scan collect"' -l max-rate -r -f -d 'No more calls than this per second, service and region'
complete -c fob -n '__fob_at "scan collect"' -l jobs -r -f -d 'Calls in flight at a time (64)'
complete -c fob -n '__fob_at "scan collect"' -s o -l output -r -F -d 'File for the snapshot; of several accounts a folder for theirs'
complete -c fob -n '__fob_at "scan collect"' -s f -l force -d 'Overwrite what is there'
complete -c fob -n '__fob_at "scan collect"' -l redact -d 'Put keyed hashes in the place of account ids and names'
complete -c fob -n '__fob_at "scan collect"' -l allow-incomplete -d 'End with status 0, not 3, although something could not be read'
complete -c fob -n '__fob_at "scan merge"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan merge"' -l expect -r -F -d 'Accounts that have to be there, as fob scan accounts writes them'
complete -c fob -n '__fob_at "scan merge"' -l format -r -f -a '(__fob_list text jsonl json csv ocsf sarif asff junit md html)' -d 'Formats of the results ()'
complete -c fob -n '__fob_at "scan merge"' -s o -l output -r -F -d 'Write the one format of --format here; - is stdout'
complete -c fob -n '__fob_at "scan merge"' -l report-dir -r -F -d 'Folder of the results'
complete -c fob -n '__fob_at "scan merge"' -l name -r -f -d 'Name of the files, instead of report and findings'
complete -c fob -n '__fob_at "scan merge"' -s f -l force -d 'Overwrite what is there'
complete -c fob -n '__fob_at "scan merge"' -l open -d 'Open the HTML report in the browser'
complete -c fob -n '__fob_at "scan merge"' -l redact -d 'Put keyed hashes in the place of account ids and names, everywhere'
complete -c fob -n '__fob_at "scan merge"' -l diff -r -F -d 'Compare with the findings of an earlier scan, a file or its folder'
complete -c fob -n '__fob_at "scan merge"' -l passes -d 'Have formats show what passes, too, that leave it out'
complete -c fob -n '__fob_at "scan merge"' -l ocsf-class -r -f -a 'compliance detection' -d 'Class of OCSF findings: compliance or detection'
complete -c fob -n '__fob_at "scan merge"' -l fail-on -r -f -a 'info low medium high critical' -d 'End with status 1 if something of this severity or worse fails'
complete -c fob -n '__fob_at "scan merge"' -l allow-incomplete -d 'End with status 0, not 3, although something could not be read'
complete -c fob -n '__fob_at "scan merge" 0+' -F
complete -c fob -n '__fob_at "scan rules" 0' -a test -d 'Try the rules of a folder on their cases'
complete -c fob -n '__fob_at "scan rules" 0' -a convert -d 'Write old rulesets, exceptions and rules as fob reads them'
complete -c fob -n '__fob_at "scan rules test"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan rules test" 0' -F
complete -c fob -n '__fob_at "scan rules convert"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan rules convert"' -s o -l out -r -F -d 'Write NAME.yaml for each file here; nothing is overwritten'
complete -c fob -n '__fob_at "scan rules convert" 0+' -F
complete -c fob -n '__fob_at "scan accounts"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan accounts"' -l org -d 'Every account of the organization that the profile\'s account may list'
complete -c fob -n '__fob_at "scan accounts"' -l role -r -f -d 'Role to assume in each account, a name or an ARN with ACCOUNT in it'
complete -c fob -n '__fob_at "scan accounts"' -l ou -r -f -d 'With --org: only accounts below these organizational units'
complete -c fob -n '__fob_at "scan accounts"' -l exclude-account -r -f -d 'Not these accounts'
complete -c fob -n '__fob_at "scan accounts"' -l accounts-file -r -F -d 'Accounts from a file: lines of account[,role_arn][,name], or JSON'
complete -c fob -n '__fob_at "scan accounts"' -l shard -r -f -d 'Only this share of the accounts, from 0/N to N-1/N'
complete -c fob -n '__fob_at "scan accounts"' -l shards -r -f -d 'Number of shares; which one says AWS_BATCH_JOB_ARRAY_INDEX or JOB_COMPLETION_INDEX'
complete -c fob -n '__fob_at "scan accounts"' -s o -l output -r -F -d 'Write the list here, not on stdout'
complete -c fob -n '__fob_at "scan accounts"' -s f -l force -d 'Overwrite what is there'
complete -c fob -n '__fob_at "scan eval"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan eval"' -l services -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'Checks of these services alone'
complete -c fob -n '__fob_at "scan eval"' -l skip -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'No checks of these services'
complete -c fob -n '__fob_at "scan eval"' -l list-services -d 'List the services and end'
complete -c fob -n '__fob_at "scan eval"' -l checks -r -f -a '(__fob_list (__fob_names checks))' -d 'These checks alone: ids, globs, or ids of ScoutSuite'
complete -c fob -n '__fob_at "scan eval"' -l framework -r -f -a '(__fob_list cis-1.2 cis-3.0 cis-5.0 cis-7.0 fsbp scoutsuite all)' -d 'Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all'
complete -c fob -n '__fob_at "scan eval"' -l severity -r -f -a 'info low medium high critical' -d 'Checks that can find this severity or a worse one: info, low, medium, high, critical'
complete -c fob -n '__fob_at "scan eval"' -l config -r -F -d 'Parameters, own rules, checks that are on or off, trusted accounts'
complete -c fob -n '__fob_at "scan eval"' -l exceptions -r -F -d 'What is known and accepted; may be repeated'
complete -c fob -n '__fob_at "scan eval"' -l ip-ranges -r -F -d 'Names of address ranges; may be repeated'
complete -c fob -n '__fob_at "scan eval"' -l ip-ranges-name-key -r -f -d 'Key of the name in these files (name)'
complete -c fob -n '__fob_at "scan eval"' -l format -r -f -a '(__fob_list text jsonl json csv ocsf sarif asff junit md html)' -d 'Formats of the results ()'
complete -c fob -n '__fob_at "scan eval"' -s o -l output -r -F -d 'Write the one format of --format here; - is stdout'
complete -c fob -n '__fob_at "scan eval"' -l report-dir -r -F -d 'Folder of the results'
complete -c fob -n '__fob_at "scan eval"' -l name -r -f -d 'Name of the files, instead of report and findings'
complete -c fob -n '__fob_at "scan eval"' -s f -l force -d 'Overwrite what is there'
complete -c fob -n '__fob_at "scan eval"' -l open -d 'Open the HTML report in the browser'
complete -c fob -n '__fob_at "scan eval"' -l redact -d 'Put keyed hashes in the place of account ids and names, everywhere'
complete -c fob -n '__fob_at "scan eval"' -l diff -r -F -d 'Compare with the findings of an earlier scan, a file or its folder'
complete -c fob -n '__fob_at "scan eval"' -l passes -d 'Have formats show what passes, too, that leave it out'
complete -c fob -n '__fob_at "scan eval"' -l ocsf-class -r -f -a 'compliance detection' -d 'Class of OCSF findings: compliance or detection'
complete -c fob -n '__fob_at "scan eval"' -l fail-on -r -f -a 'info low medium high critical' -d 'End with status 1 if something of this severity or worse fails'
complete -c fob -n '__fob_at "scan eval"' -l allow-incomplete -d 'End with status 0, not 3, although something could not be read'
complete -c fob -n '__fob_at "scan eval"' -l now -r -f -d 'Count ages up to this time, not to when a snapshot was taken: 2026-11-22T18:40:00Z'
complete -c fob -n '__fob_at "scan eval" 0+' -F
complete -c fob -n '__fob_at "scan diff"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan diff"' -l format -r -f -a 'text jsonl' -d 'text or jsonl'
complete -c fob -n '__fob_at "scan diff"' -s o -l output -r -F -d 'Write it here, not on stdout'
complete -c fob -n '__fob_at "scan diff"' -s f -l force -d 'Overwrite what is there'
complete -c fob -n '__fob_at "scan diff"' -l fail-on -r -f -a 'info low medium high critical' -d 'End with status 1 if something of this severity or worse fails that did not'
complete -c fob -n '__fob_at "scan diff" 0' -F
complete -c fob -n '__fob_at "scan diff" 1' -F
complete -c fob -n '__fob_at "scan checks"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan checks"' -l format -r -f -a 'text json yaml md' -d 'text, json, yaml (a configuration file to edit) or md'
complete -c fob -n '__fob_at "scan checks"' -l services -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'Checks of these services alone'
complete -c fob -n '__fob_at "scan checks"' -l skip -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'No checks of these services'
complete -c fob -n '__fob_at "scan checks"' -l list-services -d 'List the services and end'
complete -c fob -n '__fob_at "scan checks"' -l checks -r -f -a '(__fob_list (__fob_names checks))' -d 'These checks alone: ids, globs, or ids of ScoutSuite'
complete -c fob -n '__fob_at "scan checks"' -l framework -r -f -a '(__fob_list cis-1.2 cis-3.0 cis-5.0 cis-7.0 fsbp scoutsuite all)' -d 'Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all'
complete -c fob -n '__fob_at "scan checks"' -l severity -r -f -a 'info low medium high critical' -d 'Checks that can find this severity or a worse one: info, low, medium, high, critical'
complete -c fob -n '__fob_at "scan checks"' -l config -r -F -d 'Parameters, own rules, checks that are on or off, trusted accounts'
complete -c fob -n '__fob_at "scan checks"' -l exceptions -r -F -d 'What is known and accepted; may be repeated'
complete -c fob -n '__fob_at "scan checks"' -l ip-ranges -r -F -d 'Names of address ranges; may be repeated'
complete -c fob -n '__fob_at "scan checks"' -l ip-ranges-name-key -r -f -d 'Key of the name in these files (name)'
complete -c fob -n '__fob_at "scan checks" 0' -f -a '(__fob_names checks)'
complete -c fob -n '__fob_at "scan iam-policy"' -l all-profiles -d 'Audit every profile'
complete -c fob -n '__fob_at "scan iam-policy"' -l services -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'Checks of these services alone'
complete -c fob -n '__fob_at "scan iam-policy"' -l skip -r -f -a '(__fob_list accessanalyzer account acm cloudformation cloudfront cloudtrail cloudwatch config dynamodb ec2 ecr ecs efs eks elasticache elb elbv2 guardduty iam kms lambda opensearch rds redshift route53 s3 secretsmanager securityhub ses sns sqs ssm)' -d 'No checks of these services'
complete -c fob -n '__fob_at "scan iam-policy"' -l list-services -d 'List the services and end'
complete -c fob -n '__fob_at "scan iam-policy"' -l checks -r -f -a '(__fob_list (__fob_names checks))' -d 'These checks alone: ids, globs, or ids of ScoutSuite'
complete -c fob -n '__fob_at "scan iam-policy"' -l framework -r -f -a '(__fob_list cis-1.2 cis-3.0 cis-5.0 cis-7.0 fsbp scoutsuite all)' -d 'Checks of cis-1.2, cis-3.0, cis-5.0, cis-7.0, fsbp, scoutsuite; or all'
complete -c fob -n '__fob_at "scan iam-policy"' -l severity -r -f -a 'info low medium high critical' -d 'Checks that can find this severity or a worse one: info, low, medium, high, critical'
complete -c fob -n '__fob_at "scan iam-policy"' -l config -r -F -d 'Parameters, own rules, checks that are on or off, trusted accounts'
complete -c fob -n '__fob_at "scan iam-policy"' -l exceptions -r -F -d 'What is known and accepted; may be repeated'
complete -c fob -n '__fob_at "scan iam-policy"' -l ip-ranges -r -F -d 'Names of address ranges; may be repeated'
complete -c fob -n '__fob_at "scan iam-policy"' -l ip-ranges-name-key -r -f -d 'Key of the name in these files (name)'
complete -c fob -n '__fob_at vault 0' -a create -d 'Make the encrypted file'
complete -c fob -n '__fob_at vault 0' -a unlock -d 'Ask for the passphrase now, so that later calls need not'
complete -c fob -n '__fob_at vault 0' -a lock -d 'Forget what is unlocked, of the vault and of a keychain'
complete -c fob -n '__fob_at vault 0' -a passwd -d 'Change the passphrase'
complete -c fob -n '__fob_at vault 0' -a backup -d 'Write a copy, encrypted like the vault itself'
complete -c fob -n '__fob_at vault 0' -a restore -d 'Go back to a backup'
complete -c fob -n '__fob_at "vault backup" 0' -F
complete -c fob -n '__fob_at "vault restore"' -l number -r -f -d 'One of the backups that fob keeps itself: 1 is the newest'
complete -c fob -n '__fob_at "vault restore" 0' -F
