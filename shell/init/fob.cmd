fobuse=for /f "tokens=1,*" %i in ('fob use --shell cmd $*') do @set %j
