package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"fob/scan"
)

type junitSuite struct {
	Name, Timestamp                  string
	Tests, Failures, Errors, Skipped int
}

type junitCase struct {
	XMLName xml.Name      `xml:"testcase"`
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitOutcome `xml:"failure"`
	Error   *junitOutcome `xml:"error"`
	Skipped *junitOutcome `xml:"skipped"`
}

type junitOutcome struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a suite for each account, region and service, in the order of the
// findings, and a case for each verdict.
func writeJUnit(to Sink, r *Result, _ Options) error {
	w, err := to(1)
	if err != nil {
		return err
	}
	suites, all, err := junitCount(r)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s<testsuites name=\"fob scan\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n", xml.Header, all.Tests, all.Failures, all.Errors, all.Skipped); err != nil {
		return err
	}
	if err := junitCases(w, r, suites); err != nil {
		return err
	}
	_, err = io.WriteString(w, "</testsuites>\n")
	return err
}

func junitSuiteName(f *scan.Finding) string {
	return f.Account.ID + "/" + f.Region + "/" + f.Service
}

// junitCount counts ahead: a suite says at its beginning how much is in it.
func junitCount(r *Result) (suites map[string]*junitSuite, all junitSuite, err error) {
	suites = map[string]*junitSuite{}
	for f, err := range r.Findings {
		if err != nil {
			return nil, all, err
		}
		name := junitSuiteName(f)
		if suites[name] == nil {
			suites[name] = &junitSuite{Name: name, Timestamp: r.Summary.At.UTC().Format("2006-01-02T15:04:05")}
		}
		c := junitCaseOf(f)
		for _, s := range []*junitSuite{suites[name], &all} {
			s.Tests++
			switch {
			case c.Failure != nil:
				s.Failures++
			case c.Error != nil:
				s.Errors++
			case c.Skipped != nil:
				s.Skipped++
			}
		}
	}
	return suites, all, nil
}

func junitCases(w io.Writer, r *Result, suites map[string]*junitSuite) error {
	out := xml.NewEncoder(w)
	out.Indent("", " ")
	open := ""
	for f, err := range r.Findings {
		if err != nil {
			return err
		}
		if name := junitSuiteName(f); name != open {
			if err := junitTurn(out, open != "", suites[name]); err != nil {
				return err
			}
			open = name
		}
		if err := out.Encode(junitCaseOf(f)); err != nil {
			return err
		}
	}
	if open == "" {
		return nil
	}
	if err := out.EncodeToken(xml.EndElement{Name: xml.Name{Local: "testsuite"}}); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// junitTurn ends the suite before, if there is one, and begins the next.
func junitTurn(out *xml.Encoder, opened bool, s *junitSuite) error {
	if opened {
		if err := out.EncodeToken(xml.EndElement{Name: xml.Name{Local: "testsuite"}}); err != nil {
			return err
		}
	}
	attr := func(name string, v any) xml.Attr {
		return xml.Attr{Name: xml.Name{Local: name}, Value: fmt.Sprint(v)}
	}
	return out.EncodeToken(xml.StartElement{Name: xml.Name{Local: "testsuite"}, Attr: []xml.Attr{
		attr("name", s.Name), attr("tests", s.Tests), attr("failures", s.Failures), attr("errors", s.Errors), attr("skipped", s.Skipped), attr("timestamp", s.Timestamp),
	}})
}

func junitCaseOf(f *scan.Finding) junitCase {
	resource := f.Resource.ARN
	if resource == "" {
		resource = f.Resource.Name
	}
	c := junitCase{Name: f.Check + " " + resource, Class: f.Account.ID + "." + f.Service + "." + f.Check}
	switch {
	case f.Status == scan.StatusFail && f.Exception != nil:
		c.Skipped = &junitOutcome{Message: "suppressed: " + f.Exception.Reason}
	case f.Status == scan.StatusFail:
		c.Failure = &junitOutcome{Message: f.Message, Type: f.Severity.String(), Text: f.Title + "\nFix: " + f.Fix}
	case f.Status == scan.StatusUnknown:
		c.Error = &junitOutcome{Message: f.Message, Type: "UNKNOWN", Text: notRead(f)}
	case f.Status != scan.StatusPass:
		c.Skipped = &junitOutcome{Message: string(f.Status) + ": " + f.Message}
	}
	return c
}
