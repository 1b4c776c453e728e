# Completion of fob for tcsh. Made from fob's command line; `fob completion tcsh`
# prints it.
#
# tcsh sees the word before and no more: it offers the flags of all commands at each,
# and a profile behind the command itself. It evaluates the words that a program gives
# it, so that names with characters of the shell are left out. Behind -- come commands,
# for fob exec.

complete fob \
@MODEL@

# What `fob init` makes of fob use.
complete fobuse 'p/1/`\fob __complete plain-profiles`/'
