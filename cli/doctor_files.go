package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"fob/internal/awsfile"
)

func checkReadable(_ context.Context, x *exam) []finding {
	if x.filesErr == nil {
		return nil
	}
	return []finding{x.fromError(x.filesErr)}
}

// missingFiles takes the errors of [awsfile.Files.Missing] apart.
func missingFiles(err error) []*awsfile.MissingFileError {
	var all []*awsfile.MissingFileError
	switch e := err.(type) {
	case *awsfile.MissingFileError:
		all = append(all, e)
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			all = append(all, missingFiles(one)...)
		}
	}
	return all
}

func checkMissing(_ context.Context, x *exam) []finding {
	var all []finding
	for _, m := range missingFiles(x.files.Missing()) {
		all = append(all, needsCare("unset "+m.Variable, "%s", m).at(awsfile.Position{File: m.Path}))
	}
	return all
}

// checkRelative: fob runs no command of such a file, since every folder may have one.
func checkRelative(_ context.Context, x *exam) []finding {
	var all []finding
	for _, p := range []awsfile.Path{x.paths.Config, x.paths.Credentials} {
		if p.Variable != "" && !filepath.IsAbs(p.Name) {
			f := needsCare("export "+p.Variable+"=/the/whole/path", "%s is a relative path: it names another file in every folder, and fob runs no command that it holds", p.Variable)
			all = append(all, f.at(awsfile.Position{File: p.Name}))
		}
	}
	return all
}

func checkBroken(_ context.Context, x *exam) []finding {
	var all []finding
	for _, w := range x.lint {
		if w.Broken {
			all = append(all, needsCare("write it as key = value or [section], or put # before it", "%s", w.Text).at(w.Position))
		}
	}
	return all
}

func checkLint(_ context.Context, x *exam) []finding {
	missing := map[string]bool{} // told by checkMissing
	for _, m := range missingFiles(x.files.Missing()) {
		missing[m.Error()] = true
	}
	var all []finding
	for _, w := range x.lint {
		if w.Broken || missing[w.Text] {
			continue
		}
		next := "rewrite the file as every tool reads it"
		if w.Line > 0 {
			next = fmt.Sprintf("rewrite line %d as every tool reads it, or take it out", w.Line)
		}
		all = append(all, needsCare(next, "%s", w.Text).at(w.Position))
	}
	return all
}
