package shell

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// pwsh is PowerShell, evaluated with
// fob env --shell pwsh | Out-String | Invoke-Expression. Why its text is read as it
// is meant, in PowerShell 7 and in Windows PowerShell, is told in docs/quoting.md.
func pwsh() Shell {
	return statements{name: "pwsh", set: "$env:%s = %s;\n", unset: "$env:%s = $null;\n", quote: quotePwsh}
}

// pwshLongest is the longest value of a variable in the .NET Framework, in UTF-16.
const pwshLongest = 32766

// quotePwsh writes '…' with a quote doubled, and everything but printable ASCII as
// a number among the parts of -join ('…',[char]N,'…'), in UTF-16: PowerShell takes
// four typographic quotes for quotes, rewrites line ends on the way, and reads
// programs in the console's encoding. A list of any length is read without
// recursion, a sum is not.
//
// Before PowerShell 7.5 an empty value took the variable away, so it is refused.
func quotePwsh(value string) (string, bool) {
	units := utf16.Encode([]rune(value))
	var out strings.Builder
	joined := false
	for _, unit := range units {
		switch {
		case unit == '\'':
			out.WriteString("''")
		case unit >= ' ' && unit <= '~':
			out.WriteByte(byte(unit))
		default:
			fmt.Fprintf(&out, "',[char]%d,'", unit)
			joined = true
		}
	}
	text := "'" + out.String() + "'"
	if joined {
		text = "-join (" + text + ")"
	}
	return text, value != "" && len(units) <= pwshLongest && utf8.ValidString(value)
}
