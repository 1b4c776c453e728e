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

def "nu-complete fob model" [] { @MODEL@ }
