# fob for zsh. In ~/.zshrc: eval "$(fob init zsh)"

# What "fob use" prints is evaluated here; all else is the program's.
function fob {
  if [[ ${1-} != use ]]; then
    \command fob "$@"
    \return
  fi
  \shift
  \local _fob_code
  _fob_code=$(\command fob use --shell zsh "$@") || \return
  \eval "$_fob_code"
}

# How many seconds the credentials have left, by the shell's own clock; empty if
# they have no end.
function _fob_count {
  \emulate -L zsh
  _fob_left=
  if [[ ${FOB_EXPIRES-} == [1-9]* && $FOB_EXPIRES != *[^0-9]* ]]; then
    \zmodload -F zsh/datetime p:EPOCHSECONDS && _fob_left=$((FOB_EXPIRES - EPOCHSECONDS))
  fi
}

# Renews them in their last minute, or drops them: once, whatever comes of it.
function _fob_renew {
  \emulate -L zsh
  _fob_count
  if [[ -n $_fob_left && ${_fob_tried-} != ${FOB_EXPIRES-} ]] && ((_fob_left < 60)); then
    \typeset -g _fob_tried=$FOB_EXPIRES
    fob use --renew </dev/null
    _fob_count
  fi
}

# FOB_PROMPT is for programs, FOB_PS1 for PROMPT with prompt_subst. What a shell, a
# prompt or tmux could take for more than text is shown as "?".
function _fob_prompt {
  \emulate -L zsh
  \local _fob_left _fob_text _fob_special='[[:cntrl:]$`\\%!#{}]'
  _fob_renew
  \typeset -g FOB_PS1=
  if [[ -z ${FOB_PROFILE-} ]]; then
    \unset FOB_PROMPT
    \return
  fi
  _fob_text=${FOB_PROFILE//${~_fob_special}/?}
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
  \typeset -gx FOB_PROMPT=$_fob_text
  FOB_PS1="$_fob_text "
  if [[ -n ${FOB_PROTECTED-} ]] || ((${_fob_left:-300} < 300)); then
    FOB_PS1="%F{red}$_fob_text%f "
  fi
}

# Before a command, unless it is fob's own.
function _fob_preexec {
  \emulate -L zsh
  \local _fob_left
  [[ $1 == fob\ * ]] || _fob_renew
}

# A segment for powerlevel10k: add fob to its prompt elements.
function prompt_fob {
  if [[ -z ${FOB_PROMPT-} ]]; then
    \return
  elif [[ ${FOB_PS1-} == %F* ]]; then
    p10k segment -s ALERT -f red -t "$FOB_PROMPT"
  else
    p10k segment -f green -t "$FOB_PROMPT"
  fi
}

function {
  \emulate -L zsh
  \typeset -ga precmd_functions preexec_functions
  precmd_functions=(_fob_prompt ${precmd_functions:#_fob_prompt})
  preexec_functions=(${preexec_functions:#_fob_preexec} _fob_preexec)
}
