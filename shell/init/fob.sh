# fob for POSIX shells. In the file that ENV names: eval "$(fob init sh)"

# What "fob use" prints is evaluated here; all else is the program's.
fob() {
  case ${1-} in
    use) ;;
    *)
      \command fob "$@"
      \return
      ;;
  esac
  \shift
  _fob_code=$(\command fob use --shell sh "$@") || \return
  \eval "\\unset _fob_code
    $_fob_code" || \return
  _fob_segment
}

# How many seconds the credentials have left; empty if they have no end or the shell
# has no clock. ksh93 and mksh have one; there $() of a builtin starts no process.
_fob_count() {
  _fob_left=
  case ${FOB_EXPIRES-} in
    [1-9]*) ;;
    *) \return 0 ;;
  esac
  # shellcheck disable=SC3028 # EPOCHREALTIME is mksh's
  case $FOB_EXPIRES,${KSH_VERSION-} in
    *[!0-9]*,*) ;;
    *,*93*) _fob_left=$((FOB_EXPIRES - $(\printf '%(%s)T' now))) ;;
    *MIRBSD* | *LEGACY*) _fob_left=$((FOB_EXPIRES - ${EPOCHREALTIME%.*})) ;;
  esac
}

# FOB_PROMPT is for programs, FOB_PS1 for PS1. What a shell, a prompt or tmux could
# take for more than text is shown as "?".
_fob_segment() {
  _fob_count
  FOB_PS1=
  if [ -z "${FOB_PROFILE-}" ]; then
    \unset FOB_PROMPT
    \return 0
  fi
  _fob_special='[[:cntrl:]$`\\%!#{}]'
  \set -- "$FOB_PROFILE"
  while :; do
    # shellcheck disable=SC2254 # a pattern
    case $1 in
      *$_fob_special*) ;;
      *) \break ;;
    esac
    # shellcheck disable=SC2295 # a pattern
    FOB_PS1="$FOB_PS1${1%%$_fob_special*}?"
    # shellcheck disable=SC2295 # a pattern
    \set -- "${1#*$_fob_special}"
  done
  FOB_PROMPT=$FOB_PS1$1
  if [ -z "$_fob_left" ]; then
    \:
  elif [ "$_fob_left" -le 0 ]; then
    FOB_PROMPT="$FOB_PROMPT expired"
  elif [ "$_fob_left" -lt 60 ]; then
    FOB_PROMPT="$FOB_PROMPT ${_fob_left}s"
  elif [ "$_fob_left" -lt 3600 ]; then
    FOB_PROMPT="$FOB_PROMPT $((_fob_left / 60))m"
  else
    FOB_PROMPT="$FOB_PROMPT $((_fob_left / 3600))h$((_fob_left / 60 % 60))m"
  fi
  \export FOB_PROMPT
  FOB_PS1="$FOB_PROMPT "
}

# For PS1 in ksh93 and mksh, as ${ fob_prompt; }: renews the credentials in their last
# minute, or drops them, once, whatever comes of it. Then it prints the segment.
fob_prompt() {
  \set -- "$?"
  _fob_count
  if [ -n "$_fob_left" ] && [ "$_fob_left" -lt 60 ] && [ "${_fob_tried-}" != "$FOB_EXPIRES" ]; then
    _fob_tried=$FOB_EXPIRES
    fob use --renew </dev/null || \:
  fi
  _fob_segment
  \printf %s "$FOB_PS1"
  \return "$1"
}

_fob_segment
