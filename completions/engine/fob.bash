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
  below='' flags='@GLOBALS@' args='' runs=''
  case $1 in
@MODEL@
  esac
}

# Whether $2 is a command below the command $1. It is then in at.
_fob_below() {
  case "$1 $2" in
@BELOW@
  *) return 1 ;;
  esac
}

# The kind of value that the flag $2 of the command $1 takes; none for a switch.
_fob_value() {
  kind=''
  case "$1 $2" in
@VALUES@
  esac
}

complete -F _fob fob
