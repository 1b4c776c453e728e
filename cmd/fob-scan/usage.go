package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"fob/cli"
	"fob/scan"
)

// usage is an error of the command line.
func usage(what, why, next string) error { return cli.Failure(cli.ExitUsage, what, why, next, nil) }

// usageError words kong's complaint in fob's three lines.
func usageError(err error) error {
	next := "fob scan --help"
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if c := commandOf(parse.Context); c != "scan" {
			next = "fob " + c + " --help"
		}
	}
	why := err.Error()
	if flag, _, ok := strings.Cut(why, ": missing value"); ok || strings.Contains(why, `"EOL"`) {
		flag, _, _ = strings.Cut(flag, ":")
		why = "the value of " + flag + " is missing"
	}
	if what, ok := strings.CutPrefix(why, "expected "); ok {
		why = "what is missing: " + strings.ReplaceAll(what, `"`, "")
	}
	if _, command, ok := strings.Cut(why, `applies to the default command "scan", not `); ok {
		next = "put it behind the command: fob scan " + strings.Trim(command, `"`) + " FLAGS"
	}
	if word, ok := strings.CutPrefix(why, "unexpected argument "); ok {
		if listed(word) {
			why += "; a list is written with commas: --services ec2,s3"
		}
		if near := scan.Near(word, commands(parse)); word == "aws" {
			next = "the same without the word aws"
		} else if len(near) > 0 {
			next = "did you mean fob scan " + near[0] + "? All: " + next
		} else if profileLike(word) && next == "fob scan --help" {
			next = "a profile stands behind -p: fob scan -p " + word
		}
	}
	return usage("fob scan does not understand this command", why, next)
}

// profileLike says whether a word may be a profile: no path, flag or list.
func profileLike(word string) bool {
	return word != "" && !listed(word) && !strings.ContainsAny(word, "/\\,*= ") && filepath.Ext(word) == ""
}

// listed says whether a word is one that lists are made of.
func listed(word string) bool {
	return isRegion(word) || slices.Contains(slices.Concat(scan.Services(scan.Checks()), scan.Frameworks(), formatNames(), ids(scan.Checks())), word)
}

// commands are the words that can stand behind fob scan.
func commands(e *kong.ParseError) (out []string) {
	if e == nil || e.Context == nil {
		return nil
	}
	for _, n := range e.Context.Model.Children {
		out = append(out, n.Name)
	}
	return out
}
