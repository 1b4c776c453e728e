# Completion of fob for elvish. Made from fob's command line; `fob completion elvish`
# prints it. Elvish quotes what it puts on the line.

use str

var model = (print @MODEL@ | from-json)

# A candidate, with a blank behind it.
fn offer {|text &help=''|
  var display = $text
  if (not-eq $help '') {
    set display = $text' ('$help')'
  }
  edit:complex-candidate $text &display=$display &code-suffix=' '
}

# The kind of value that a flag takes; '' for a switch.
fn value-of {|at flag|
  for f [(all $model['*'][flags]) (all $model[$at][flags])] {
    if (or (eq $flag $f[name]) (eq $flag $f[short])) {
      put $f[value]
      return
    }
  }
  put ''
}

# The kind of the argument number n; '' for one too many.
fn argument-of {|at n|
  var all = $model[$at][args]
  if (< $n (count $all)) {
    str:trim-suffix $all[$n] ...
  } elif (and (> (count $all) 0) (str:has-suffix $all[-1] ...)) {
    str:trim-suffix $all[-1] ...
  } else {
    put ''
  }
}

# The candidates of a kind, behind a text such as --profile=; of a list its next part.
fn candidates {|kind before word|
  if (str:has-prefix $kind ,) {
    set kind = $kind[1..]
    if (str:contains $word ,) {
      set before = $word[..(+ 1 (str:last-index $word ,))]
    }
  }
  if (eq $kind profile) {
    try { e:fob __complete profiles 2>/dev/null | each {|name| offer $before$name } } catch { }
  } elif (eq $kind stored) {
    try { e:fob __complete stored 2>/dev/null | each {|name| offer $before$name } } catch { }
  } elif (eq $kind check) {
    try { e:fob __complete checks 2>/dev/null | each {|name| offer $before$name } } catch { }
  } elif (and (eq $kind file) (eq $before '')) {
    edit:complete-filename $word
  } elif (str:has-prefix $kind =) {
    str:split , $kind[1..] | each {|one| offer $before$one }
  }
}

fn complete {|@words|
  var at = fob
  var n = (num 0)
  var kind = ''
  var dashes = $false
  var i = (num 0)
  for word $words[1..-1] {
    set i = (+ $i 1)
    if (not-eq $kind '') {
      set kind = ''
    } elif (and $dashes (not-eq $model[$at][runs] '')) {
      edit:complete-sudo fob (all $words[$i..])
      return
    } elif (and (not $dashes) (eq $word --)) {
      set dashes = $true
    } elif (and (not $dashes) (not-eq $word -) (str:has-prefix $word -)) {
      set kind = (value-of $at $word)
    } elif (and (not $dashes) (== $n 0) (has-key $model $at' '$word)) {
      set at = $model[$at' '$word][path]
    } else {
      set n = (+ $n 1)
    }
  }
  var word = $words[-1]
  if (not-eq $kind '') {
    candidates $kind '' $word
  } elif (and $dashes (not-eq $model[$at][runs] '')) {
    edit:complete-sudo fob $word
  } elif (and (not $dashes) (str:has-prefix $word --) (str:contains $word =)) {
    var flag = $word[..(str:index $word =)]
    candidates (value-of $at $flag) $flag'=' $word
  } elif (and (not $dashes) (str:has-prefix $word -)) {
    for f [(all $model['*'][flags]) (all $model[$at][flags])] {
      offer $f[name] &help=$f[help]
    }
  } elif (and (> (count $model[$at][below]) 0) (== $n 0)) {
    for b $model[$at][below] {
      offer $b[name] &help=$b[help]
    }
  } else {
    candidates (argument-of $at $n) '' $word
  }
}

set edit:completion:arg-completer[fob] = $complete~
