package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"fob/internal/command"
	"fob/internal/display"
	"fob/internal/secret"
	"fob/resolve"
)

// pageLimit is how long a browser may take to start and fetch the page.
const pageLimit = time.Minute

// browserChoice is what a page is to be opened with.
type browserChoice struct {
	commands [][]string // to try in turn
	from     string     // who names the one command, "" for the system's browsers
}

// browsers are the commands for the console: --browser, FOB_BROWSER, the profile's
// fob_browser, else those of every other page.
func (c *consoleCmd) browsers(a *app, plan *resolve.Plan) (browserChoice, error) {
	line, from, code := c.Browser, "--browser", exitUsage
	if line == "" {
		line, from, code = a.env("FOB_BROWSER"), "FOB_BROWSER", exitConfig
	}
	if line == "" {
		from = "fob_browser"
		var err error
		if line, err = a.profileBrowser(plan.Profile); err != nil {
			return browserChoice{}, err
		}
	}
	if line == "" {
		return a.systemBrowsers()
	}
	argv, err := command.Split(line)
	if err == nil && len(argv) == 0 {
		err = errors.New("it names no program")
	}
	if err == nil {
		err = checkPlaceholders(argv)
	}
	if err != nil {
		return browserChoice{}, &failure{code: code, what: from + " is not a command", why: err.Error(), next: "write it as in: fob console --browser 'firefox {url}'", err: err}
	}
	return browserChoice{[][]string{argv}, from}, nil
}

// profileBrowser is fob_browser of a profile. It is a command, so that the file has
// to be the user's own.
func (a *app) profileBrowser(profile string) (string, error) {
	section, err := a.files.Profile(profile)
	if err != nil {
		return "", nil // a key without a section; the plan has told of anything else
	}
	v, ok := section.Get("fob_browser")
	if !ok || v.Text == "" {
		return "", nil
	}
	err = trusted(v.File)
	var f *failure
	if errors.As(err, &f) {
		f.what = "fob_browser is not run"
	}
	return v.Text, err
}

func (a *app) systemBrowsers() (browserChoice, error) {
	list := a.browsers()
	if len(list) == 0 {
		return browserChoice{}, a.noBrowser("there is no display, and neither BROWSER nor FOB_BROWSER names one")
	}
	return browserChoice{commands: list}, nil
}

// noBrowser is the end where nobody can see a page.
func (a *app) noBrowser(why string) error {
	return &failure{code: exitPerson, what: "there is no browser to open the console in", why: why, next: "open the address elsewhere: " + a.urlCommand(), err: errNoBrowser}
}

// checkPlaceholders refuses a {name} that stands for nothing.
func checkPlaceholders(argv []string) error {
	for _, word := range argv {
		for {
			_, rest, open := strings.Cut(word, "{")
			name, after, closed := strings.Cut(rest, "}")
			if !open || !closed {
				break
			}
			if known := []string{"url", "profile", "account"}; !slices.Contains(known, name) {
				return fmt.Errorf("{%s} is none of {url}, {profile} and {account}", display.Text(name))
			}
			word = after
		}
	}
	return nil
}

// fill puts the page, the profile and the account into a command; the page at its
// end where it does not say {url}.
func (b browserChoice) fill(argv []string, page, profile, account string) []string {
	if b.from == "" {
		return withPage(argv, page)
	}
	r := strings.NewReplacer("{url}", page, "{profile}", plainName(profile), "{account}", plainName(account))
	out, placed := make([]string, len(argv)), false
	for i, word := range argv {
		out[i] = r.Replace(word)
		placed = placed || strings.Contains(word, "{url}")
	}
	if !placed {
		out = append(out, page)
	}
	return out
}

// plainName is a name as it may stand anywhere in a command, in a URL, in a path or
// by itself: letters and digits, with a hyphen for everything else.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, name)
	if name = strings.Trim(name, "-."); name == "" {
		return "unnamed"
	}
	return name
}

// openConsole has a browser come to the sign-in. The address is a secret, and other
// users can read the arguments of a program: the browser is sent to a page of fob's,
// which sends it on, once.
func (a *app) openConsole(ctx context.Context, v *visit, creds resolve.Credentials, login secret.Text) error {
	page, err := servePage(login)
	if err != nil {
		return err
	}
	defer page.close()
	if err := a.launch(v, creds, page.url); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	err = page.wait(ctx)
	if page.stranger.Load() {
		a.p.warn("another user of this machine asked for the page of the sign-in and was turned away")
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &failure{code: exitFailure, what: "the browser did not fetch the page of the sign-in", why: "none came within " + short(pageLimit), next: "open the address by hand: " + a.urlCommand(), err: err}
	}
	return err
}

// urlCommand is what to type to get the address itself.
func (a *app) urlCommand() string {
	return strings.TrimSpace("fob console --url " + nameOr(a.g.Profile, ""))
}

// launch starts the first browser that starts.
func (a *app) launch(v *visit, creds resolve.Credentials, page string) error {
	env := browserEnv(a.sys.Environ())
	var failed error
	for _, argv := range v.browser.commands {
		failed = command.Launch(command.Spec{Argv: v.browser.fill(argv, page, v.name(), creds.AccountID), Env: env}, browserPatience)
		if failed == nil {
			return nil
		}
		a.debug("browser: %v", failed)
	}
	if v.browser.from != "" {
		return &failure{code: exitFailure, what: "the browser of " + v.browser.from + " did not start", why: failed.Error(), next: "run it by hand to see why, or: " + a.urlCommand(), err: failed}
	}
	return a.noBrowser(failed.Error())
}
