package transform

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// start is how a container of a stage starts.
type start struct {
	argv  []string // the words that the kernel gets in the end
	own   int      // how many of them stand in instr; the others are CMD's
	at    edit.Span
	instr *dockerfile.Instr // of the word that names the program
	// needsShell says what in the start command wants a shell; "" where nothing does.
	needsShell string
	// script is the shell text that runs, when one does: the shell form or `sh -c`.
	script *shell.Script
	// execForm is true for a shell form of one simple command: the exec form of argv means the same.
	execForm bool
}

// startOf puts ENTRYPOINT and CMD together as Docker does. ok is false where neither is given.
func startOf(s *dockerfile.State) (start, bool) {
	switch {
	case s.Entrypoint == nil && s.Cmd == nil:
		return start{}, false
	case s.Entrypoint == nil:
		return startFrom(s.Cmd), true
	case s.Entrypoint.Shell || s.Cmd == nil:
		return startFrom(s.Entrypoint), true // a shell form ENTRYPOINT takes no arguments
	}
	st := startFrom(s.Entrypoint)
	if s.Cmd.Shell {
		st.argv = append(st.argv, "/bin/sh", "-c", s.Cmd.Text.String())
		st.needsShell = "CMD has the shell form"
		st.script = shell.Parse(s.Cmd.Text, false)
		return st, true
	}
	st.argv = append(st.argv, values(s.Cmd.Words)...)
	return st, true
}

// startFrom reads one CMD or ENTRYPOINT.
func startFrom(st *dockerfile.Start) start {
	out := start{instr: st.Instr, argv: values(st.Words), own: len(st.Words)}
	if st.Instr != nil {
		out.at = st.Instr.Span
	}
	if !st.Shell {
		out.readDashC()
		return out
	}
	simple, ok, why := shell.Simple(st.Text)
	out.script = shell.Parse(st.Text, false)
	if !ok {
		out.needsShell = "the shell form of " + strings.ToUpper(st.Instr.Name) + " has " + why
		out.argv = []string{"/bin/sh", "-c", st.Text.String()}
		return out
	}
	out.argv, out.own = simple, len(simple)
	if _, exact := st.Text.Source(edit.Span{Start: 0, End: len(st.Text.String())}); exact {
		out.execForm = true
	} else {
		out.needsShell = "the shell form of " + strings.ToUpper(st.Instr.Name) + " is broken over lines"
	}
	return out
}

// readDashC takes exec forms that are shell texts all the same: ["sh", "-c", "..."].
func (s *start) readDashC() {
	if len(s.argv) < 2 {
		return
	}
	switch path.Base(s.argv[0]) {
	case "sh", "bash", "ash", "dash":
		s.needsShell = "it starts " + s.argv[0]
		if strings.HasPrefix(s.argv[1], "-") && strings.HasSuffix(s.argv[1], "c") && len(s.argv) > 2 {
			s.script = shell.ParseText(s.argv[2])
		}
	}
}

func values(args []dockerfile.Arg) []string {
	var out []string
	for _, a := range args {
		out = append(out, a.Value)
	}
	return out
}

// jsonWords prints words as people write exec forms: a space after each comma.
func jsonWords(argv []string) string {
	parts := make([]string, len(argv))
	for i, a := range argv {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(a) // a string always encodes
		parts[i] = strings.TrimSuffix(b.String(), "\n")
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// startMeaning is the start command in a form that is equal for equal meanings.
func startMeaning(s *dockerfile.State) string {
	return formMeaning(s.Entrypoint) + " " + formMeaning(s.Cmd)
}

// formMeaning gives the words of an exec form and of a shell form that is one simple command.
func formMeaning(st *dockerfile.Start) string {
	if st == nil {
		return "-"
	}
	if !st.Shell {
		return jsonWords(values(st.Words))
	}
	if argv, ok, _ := shell.Simple(st.Text); ok {
		return jsonWords(argv)
	}
	return "sh -c " + strings.Join(strings.Fields(st.Text.String()), " ")
}

// healthMeaning is the health check's text, its layout left out.
func healthMeaning(s *dockerfile.State) string {
	if s.Health == nil {
		return ""
	}
	var flags []string
	for _, f := range s.Health.Flags {
		flags = append(flags, f.Name+"="+f.Value)
	}
	slices.Sort(flags)
	return strings.Join(append(flags, strings.Fields(s.Health.Body.String())...), " ")
}
