package cli

import (
	"fmt"
	"strings"

	"fob/internal/awsedit"
	"fob/internal/display"
)

// tell says in a line what happened to a profile.
func (r *rewire) tell(p *rewiring) {
	say := func(format string, a ...any) { r.a.p.say(display.Text(p.name) + ": " + fmt.Sprintf(format, a...)) }
	would, keys := "", strings.Join(p.edits.Keys, ", ")
	if r.dryRun {
		would = "would be "
	}
	switch wire := r.command == "wire"; {
	case p.left != "":
		say("%s", p.left)
	case !p.edits.Changes() && wire:
		say("is wired already, nothing changed")
	case wire && keys == "":
		say("%swired", would)
	case wire:
		say("%swired; put aside for fob: %s", would, keys)
	case keys == "":
		say("%sunwired", would)
	default:
		say("%sunwired; SDKs see again: %s", would, keys)
	}
}

// report tells how to go back.
func (r *rewire) report(changes []*awsedit.Change) {
	if names := r.changed(); len(names) > 0 {
		back := map[string]string{"wire": "unwire", "unwire": "wire"}[r.command]
		r.a.p.say(fmt.Sprintf("  undo: fob %s %s", back, words(names)))
	}
	for _, c := range changes {
		if c.Backup == "" {
			continue
		}
		r.a.p.say("  backup: " + r.a.home(c.Backup))
		if r.holdsKeys(c.Path) {
			r.a.p.say("  the backup holds keys in clear, as the file does; once all is well: " + r.a.removeCommand(c.Backup))
		}
	}
}

// holdsKeys says whether a file has keys in clear.
func (r *rewire) holdsKeys(path string) bool {
	for _, name := range r.a.files.Names() {
		if s, err := r.a.files.Profile(name); err == nil && sectionHas(s.In(path), propSecret) {
			return true
		}
	}
	return false
}
