package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fob/internal/command"
)

// browserPatience is how long a program that opens a page may take to say that
// it cannot.
const browserPatience = 2 * time.Second

// errNoBrowser: there is no way to show a page here.
var errNoBrowser = errors.New("no browser to be had")

// openBrowser shows a page in the person's browser: $BROWSER, else the system's
// way. The browser gets a part of the environment, and outlives fob.
func (a *app) openBrowser(_ context.Context, url string) error {
	env := browserEnv(a.sys.Environ())
	for _, argv := range a.browsers() {
		err := command.Launch(command.Spec{Argv: withPage(argv, url), Env: env}, browserPatience)
		if err == nil {
			return nil
		}
		a.debug("browser: %v", err)
	}
	return errNoBrowser
}

// browsers are the commands to try in turn.
func (a *app) browsers() [][]string {
	if set := a.env("BROWSER"); set != "" {
		return a.namedBrowsers(set)
	}
	switch a.sys.GOOS {
	case "darwin":
		return [][]string{{"/usr/bin/open"}}
	case "windows":
		root := a.env("SystemRoot")
		if root == "" {
			root = `C:\Windows`
		}
		return [][]string{{filepath.Join(root, "System32", "rundll32.exe"), "url.dll,FileProtocolHandler"}}
	}
	var list [][]string
	if a.canShowDialog() { // without a display xdg-open starts a browser in the terminal
		list = append(list, []string{"xdg-open"})
	}
	if a.env("WSL_DISTRO_NAME") != "" {
		list = append(list, []string{"wslview"})
	}
	return list
}

// namedBrowsers reads $BROWSER: commands with colons between, as in xdg-utils and
// man; on Windows, where a path holds colons and backslashes, one program.
func (a *app) namedBrowsers(set string) (list [][]string) {
	if a.sys.GOOS == "windows" {
		return [][]string{{set}}
	}
	for line := range strings.SplitSeq(set, ":") {
		if argv, err := command.Split(line); err == nil && len(argv) > 0 {
			list = append(list, argv)
		}
	}
	return list
}

// withPage puts the page where the command says %s, else at its end.
func withPage(argv []string, url string) []string {
	out, placed := slices.Clone(argv), false
	for i, word := range out[1:] {
		if strings.Contains(word, "%s") {
			out[i+1], placed = strings.ReplaceAll(word, "%s", url), true
		}
	}
	if !placed {
		out = append(out, url)
	}
	return out
}

// browserEnv picks what a desktop program needs: no AWS_ or FOB_ variable
// reaches it.
func browserEnv(environ []string) []string {
	names := []string{
		"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TMPDIR", "TZ", "BROWSER",
		"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "DESKTOP_SESSION", "SESSION_MANAGER", "WSLENV",
		"__CF_USER_TEXT_ENCODING", "SECURITYSESSIONID",
		"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "USERNAME", "USERDOMAIN", "HOMEDRIVE", "HOMEPATH",
		"APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432", "TEMP", "TMP",
	}
	prefixes := []string{"LC_", "XDG_", "KDE_", "GNOME_", "GTK_", "QT_", "MOZ_", "WSL_"}
	return slices.DeleteFunc(slices.Clone(environ), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		name = strings.ToUpper(name)
		return !slices.Contains(names, name) && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
	})
}
