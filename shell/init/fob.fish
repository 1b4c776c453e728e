# fob for fish. In ~/.config/fish/config.fish: fob init fish | source

# What "fob use" prints is evaluated here; all else is the program's.
function fob --description 'AWS credentials from the keychain'
    if test "$argv[1]" != use
        command fob $argv
        return
    end
    set -e argv[1]
    set -l _fob_code (command fob use --shell fish $argv)
    or return
    string join \n -- $_fob_code | source
end

# Prints the time, without starting a process; fish before 3.5 needs one.
function _fob_clock
    if builtin -q path
        math (path mtime /) + (path mtime -R /)
    else
        command date +%s
    end
end

# Prints how many seconds the credentials have left; nothing if they have no end.
function _fob_count
    if string match -qr '^[1-9][0-9]{0,14}$' -- "$FOB_EXPIRES"
        math $FOB_EXPIRES - (_fob_clock)
    end
end

# Renews them in their last minute, or drops them: once, whatever comes of it.
function _fob_renew
    set -l left (_fob_count)
    if test -n "$left"; and test "$left" -lt 60; and test "$_fob_tried" != "$FOB_EXPIRES"
        set -g _fob_tried $FOB_EXPIRES
        fob use --renew </dev/null
    end
end

# FOB_PROMPT is for programs, FOB_PS1 for fish_prompt. What a shell, a prompt or tmux
# could take for more than text is shown as "?".
function _fob_prompt --on-event fish_prompt
    _fob_renew
    set -g FOB_PS1
    if test -z "$FOB_PROFILE"
        set -eg FOB_PROMPT
        return
    end
    set -l left (_fob_count)
    set -l text (string replace -ar '[[:cntrl:]$`\\\\%!#{}]' '?' -- $FOB_PROFILE | string join '?')
    if test -z "$left"
    else if test $left -le 0
        set text "$text expired"
    else if test $left -lt 60
        set text "$text "$left"s"
    else if test $left -lt 3600
        set text "$text "(math -s0 $left / 60)m
    else
        set text "$text "(math -s0 $left / 3600)h(math -s0 $left % 3600 / 60)m
    end
    set -gx FOB_PROMPT $text
    set -g FOB_PS1 "$text "
    if test -n "$FOB_PROTECTED"; or test -n "$left" -a "$left" -lt 300
        set -g FOB_PS1 (set_color red)$text(set_color normal)' '
    end
end

# Before a command, unless it is fob's own.
function _fob_preexec --on-event fish_preexec
    string match -q 'fob *' -- $argv[1]
    or _fob_renew
end
