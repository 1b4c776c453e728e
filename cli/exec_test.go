//go:build unix

package cli_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
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

// countintMain is "countint": it counts interrupts, says the count at each and with
// every line that it reads, and ends at "exit" with status 3. No shell does it: dash
// loses an interrupt that comes just before it reads (one of 20,000).
func countintMain() {
	interrupts := make(chan os.Signal, 10)
	signal.Notify(interrupts, os.Interrupt)
	lines := make(chan string)
	go func() {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			lines <- s.Text()
		}
	}()
	fmt.Fprintln(os.Stderr, "ready")
	for n := 0; ; {
		select {
		case <-interrupts:
			n++
			fmt.Fprintln(os.Stderr, "int", n)
		case line := <-lines:
			if fmt.Fprintln(os.Stderr, "after", n, line); line == "exit" {
				os.Exit(3)
			}
		}
	}
}
