package cli

import (
	"fmt"
	"os"
	"strings"
)

// parentName is the name of the program that started fob, "" when unknown. A
// shell that runs $(fob env) is a fork of itself and keeps its name.
func parentName() string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", os.Getppid()))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(raw))
}
