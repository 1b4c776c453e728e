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
@BELOW@
        case '*'
            return 1
    end
end

# The model: whether the flag $argv[2] of the command $argv[1] takes a value.
function __fob_takes_value
    switch "$argv[1] $argv[2]"
@VALUES@
        case '*'
            return 1
    end
end

# The model: the commands that run another one.
set -g __fob_runners @RUNNERS@

complete -c fob -e
complete -c fob -f
complete -c fob -n __fob_running -a '(__fob_run)'
@MODEL@
