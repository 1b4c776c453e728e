# fob for nushell, which reads only files when it starts. Once, and after an update of fob:
#   fob init nu | save --force ($nu.default-config-dir | path join fob.nu)
# In config.nu: source fob.nu

# What "fob use" prints is data: names, and values or null. All else is the program's.
def --env --wrapped "fob use" [...args: string] {
    let text = (^fob use --shell nu ...$args)
    let vars = (if ($text | is-empty) { {} } else { $text | from json })
    let gone = ($vars | columns | where {|name| ($vars | get $name) == null })
    $vars | reject ...$gone | load-env
    hide-env --ignore-errors ...$gone
}

# How many seconds the credentials have left; null if they have no end.
def _fob_count [] {
    let expires = ($env.FOB_EXPIRES? | default "" | into string)
    if $expires =~ '\A[1-9][0-9]{0,14}\z' {
        ($expires | into int) - (date now | into int) // 1_000_000_000
    }
}

# Renews them in their last minute, or drops them: once, whatever comes of it.
def --env _fob_renew [] {
    let left = (_fob_count)
    if $left != null and $left < 60 and $env._FOB_TRIED? != $env.FOB_EXPIRES {
        $env._FOB_TRIED = $env.FOB_EXPIRES
        try { fob use --renew }
    }
}

# FOB_PROMPT is for prompts and programs. What a shell, a prompt or tmux could take for
# more than text is shown as "?".
def --env _fob_prompt [] {
    _fob_renew
    let profile = ($env.FOB_PROFILE? | default "" | into string)
    if $profile == "" {
        hide-env --ignore-errors FOB_PROMPT
        return
    }
    let left = (_fob_count)
    let end = (
        if $left == null { "" } else if $left <= 0 { " expired" } else if $left < 60 { $" ($left)s"
        } else if $left < 3600 { $" ($left // 60)m" } else { $" ($left // 3600)h($left // 60 mod 60)m" }
    )
    $env.FOB_PROMPT = ($profile | str replace --all --regex '[[:cntrl:]$`\\%!#{}]' "?") + $end
}

# Before a command, unless it is fob's own.
def --env _fob_command [] {
    if not (commandline | str starts-with "fob") { _fob_renew }
}

# Not twice, when this is read again.
$env.config.hooks.pre_prompt = ([$env.config.hooks.pre_prompt?] | flatten | where $it not-in [null "_fob_prompt"] | append "_fob_prompt")
$env.config.hooks.pre_execution = ([$env.config.hooks.pre_execution?] | flatten | where $it not-in [null "_fob_command"] | append "_fob_command")
