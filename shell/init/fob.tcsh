: "fob for tcsh. In ~/.tcshrc: eval "'"`fob init tcsh`"';
: "eval makes one line of this, so there are no comments, and each line ends with ;";

: "fobuse does what fob use does in other shells: an alias called fob would not leave pipes as they are.";
: "What the program prints is evaluated.";
alias fobuse 'set _fob_glob = $?noglob; set noglob; set _fob = ( `\fob use --shell tcsh \!*` ); set _fob_status = $status; if ( ! $_fob_glob ) unset noglob; eval $_fob:q; unset _fob; ( exit $_fob_status )';

: "How many seconds the credentials have left; 999999999 if they have no end. The clock of";
: "this shell is its terminal: the file of it was changed just now.";
alias _fob_count 'set _fob_left = 999999999 _fob_end = ""; if ( $?FOB_EXPIRES ) eval set _fob_end = \"\$FOB_EXPIRES\"; if ( "$_fob_end" =~ [1-9]* && "$_fob_end" !~ *[^0-9]* && $?tty ) eval @ _fob_left = $_fob_end:q - \( -M /dev/\$tty \)';

: "Renews them in their last minute, or drops them: once, whatever comes of it.";
set _fob_tried = "";
alias _fob_renew 'set _fob_tried = "$_fob_end"; set _fob = "`\fob use --shell tcsh --renew < /dev/null`"; eval $_fob:q; unset _fob; _fob_count';
alias _fob_check '_fob_count; if ( $_fob_left < 60 && "$_fob_tried" != "$_fob_end" ) eval _fob_renew';

: "FOB_PROMPT is for programs, FOB_PS1 for prompt. A name with other characters than these is shown as ?.";
alias _fob_name 'set _fob_text = "" _fob_time = ""; if ( $?FOB_PROFILE ) eval set _fob_text = \"\$FOB_PROFILE\"; if ( "$_fob_text" =~ *[^-A-Za-z0-9._+=@,:/\ ]* ) set _fob_text = "?"';
alias _fob_time '@ _fob_m = $_fob_left / 60; @ _fob_h = $_fob_m / 60; @ _fob_r = $_fob_m % 60; if ( $_fob_left < 999999999 ) set _fob_time = " ${_fob_h}h${_fob_r}m"; if ( $_fob_left < 3600 ) set _fob_time = " ${_fob_m}m"; if ( $_fob_left < 60 ) set _fob_time = " ${_fob_left}s"; if ( $_fob_left < 1 ) set _fob_time = " expired"';
alias _fob_show 'set FOB_PS1 = ""; if ( "$_fob_text" != "" ) set FOB_PS1 = "$_fob_text$_fob_time "; if ( "$_fob_text" != "" ) setenv FOB_PROMPT "$_fob_text$_fob_time"; if ( "$_fob_text" == "" ) unsetenv FOB_PROMPT';
alias _fob_precmd '_fob_check; _fob_name; _fob_time; _fob_show';

: "In front of what is there.";
set _fob = "`alias precmd`";
if ( "$_fob:q" !~ *_fob_precmd* ) alias precmd "_fob_precmd; $_fob:q";
unset _fob;
