# fob for bash, from 3.2 on. In ~/.bashrc: eval "$(fob init bash)"

# What "fob use" prints is evaluated here; all else is the program's.
function fob {
  if [[ ${1-} != use ]]; then
    \command fob "$@"
    \return
  fi
  \shift
  \local _fob_code
  _fob_code=$(\command fob use --shell bash "$@") || \return
  \eval "$_fob_code"
}

# The time, without starting a process. Before bash 4.2 the shell has no clock: one
# date sets what SECONDS counts from, again only if somebody sets SECONDS back.
function _fob_clock {
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)); then
    \printf -v _fob_now '%(%s)T' -1
    \return
  fi
  if [[ -z ${_fob_start-} ]] || ((SECONDS < _fob_seen)); then
    _fob_start=$(($(\command date +%s) - SECONDS))
  fi
  _fob_seen=$SECONDS
  _fob_now=$((_fob_start + SECONDS))
}

# How many seconds the credentials have left; empty if they have no end.
function _fob_count {
  \local _fob_now
  _fob_left=
  if [[ ${FOB_EXPIRES-} == [1-9]* && $FOB_EXPIRES != *[!0-9]* ]]; then
    _fob_clock
    _fob_left=$((FOB_EXPIRES - _fob_now))
  fi
}

# Renews them in their last minute, or drops them: once, whatever comes of it.
function _fob_renew {
  _fob_count
  if [[ -n $_fob_left && ${_fob_tried-} != "${FOB_EXPIRES-}" ]] && ((_fob_left < 60)); then
    _fob_tried=$FOB_EXPIRES
    fob use --renew </dev/null || \:
    _fob_count
  fi
}

# FOB_PROMPT is for programs, FOB_PS1 for PS1. What a shell, a prompt or tmux could
# take for more than text is shown as "?".
# shellcheck disable=SC2034 # FOB_PS1 is for others
function _fob_prompt {
  \local _fob_status="$?" _fob_left _fob_text _fob_special='[[:cntrl:]$`\\%!#{}]'
  _fob_renew
  FOB_PS1=
  if [[ -z ${FOB_PROFILE-} ]]; then
    \unset FOB_PROMPT
  else
    _fob_text=${FOB_PROFILE//$_fob_special/?}
    if [[ -z $_fob_left ]]; then
      \:
    elif ((_fob_left <= 0)); then
      _fob_text+=' expired'
    elif ((_fob_left < 60)); then
      _fob_text+=" ${_fob_left}s"
    elif ((_fob_left < 3600)); then
      _fob_text+=" $((_fob_left / 60))m"
    else
      _fob_text+=" $((_fob_left / 3600))h$((_fob_left / 60 % 60))m"
    fi
    \export FOB_PROMPT="$_fob_text"
    FOB_PS1="$_fob_text "
    if [[ ${TERM-dumb} != dumb ]] && { [[ -n ${FOB_PROTECTED-} ]] || ((${_fob_left:-300} < 300)); }; then
      FOB_PS1=$'\001\e[31m\002'$_fob_text$'\001\e[m\002 '
    fi
  fi
  # For the rest of PROMPT_COMMAND. With set -e it would end the shell.
  [[ $- == *e* ]] || \return "$_fob_status"
}

# For bash-preexec: before a command, unless it is fob's own.
function _fob_preexec {
  \local _fob_left
  [[ ${1-} == fob\ * ]] || _fob_renew
}

# In front of what is there. printf, because an assignment to a PROMPT_COMMAND that
# is read-only would end the rc file.
if [[ $- == *i* ]]; then
  if [[ ${PROMPT_COMMAND[*]-} != *_fob_prompt* ]]; then
    \printf -v PROMPT_COMMAND '%s' "_fob_prompt${PROMPT_COMMAND:+;$PROMPT_COMMAND}" || \:
  fi
  if [[ ${preexec_functions[*]-} != *_fob_preexec* ]]; then
    preexec_functions+=(_fob_preexec)
  fi
fi
