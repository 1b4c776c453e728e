package shell

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// pwsh is PowerShell, evaluated with
// fob env --shell pwsh | Out-String | Invoke-Expression.
func pwsh() Shell {
	return statements{name: "pwsh", set: "$env:%s = %s;\n",
		unset: "Remove-Item -ErrorAction Ignore Env:%s;\n", quote: quotePwsh}
}

// quotePwsh writes '…' with a quote doubled, and everything but printable ASCII as
// '…'+[char]N+'…' in UTF-16: PowerShell takes four typographic quotes for quotes,
// rewrites line ends on the way, and reads programs in the console's encoding.
func quotePwsh(value string) (string, bool) {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(value)) {
		switch {
		case unit == '\'':
			out.WriteString("''")
		case unit >= ' ' && unit <= '~':
			out.WriteByte(byte(unit))
		default:
			fmt.Fprintf(&out, "'+[char]%d+'", unit)
		}
	}
	return "'" + out.String() + "'", utf8.ValidString(value)
}
