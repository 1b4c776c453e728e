//go:build unix

package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// fetchcredsMain is "fetchcreds [HEADER=VALUE…]": it asks the endpoint of its
// environment for credentials, as an SDK does, and prints the answer. It fails
// without one.
func fetchcredsMain() {
	r, err := http.NewRequest(http.MethodGet, os.Getenv("AWS_CONTAINER_CREDENTIALS_FULL_URI"), nil)
	if err != nil {
		panic(err)
	}
	r.Header.Set("Authorization", os.Getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
	for _, arg := range os.Args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		if r.Header.Set(name, value); name == "Host" {
			r.Host = value
		}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, _ = io.Copy(os.Stdout, res.Body)
	if res.StatusCode != http.StatusOK {
		os.Exit(1)
	}
}
