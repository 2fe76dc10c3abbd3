package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// runCommands are the commands of a RUN in the shipped image; unknown says why they cannot be read.
func (s *swap) runCommands(in *dockerfile.Instr) (list []*command, unknown string) {
	state := s.p.stateAt(in.Stage, in)
	script := runScript(s.p.File, in, state)
	vars := shellVars{}
	for _, raw := range script.Commands {
		c := newCommand(raw, in, state, state.Workdir)
		c.remember(vars)
		c.vars = vars
		list = append(list, c)
	}
	return list, script.Unknown
}

// line names an instruction's line in a reason.
func line(in *dockerfile.Instr) string { return fmt.Sprintf("line %d", in.Line) }

// needless reports whether a RUN leaves nothing behind that a distroless image
// lacks: certificates, time zones, package lists, folders that come anyway. why
// names the first command that does.
func (s *swap) needless(in *dockerfile.Instr, binary *shippedBinary) (why string) {
	list, unknown := s.runCommands(in)
	if unknown != "" {
		return "RUN of " + line(in) + " cannot be read: " + unknown
	}
	for _, c := range list {
		if why := s.needlessCommand(c, binary); why != "" {
			return why + " (" + line(in) + "), and it has no shell"
		}
	}
	return ""
}

func (s *swap) needlessCommand(c *command, binary *shippedBinary) (why string) {
	for _, r := range c.Redirects {
		if strings.Contains(r.Op, ">") && !strings.HasPrefix(r.Target.Text, "/dev/") && !strings.HasPrefix(r.Target.Text, "&") {
			return c.quoted() + " writes a file"
		}
	}
	switch c.name {
	case "apt-get", "apt", "apk", "yum", "dnf", "microdnf", "tdnf":
		return s.needlessPackages(c, binary)
	case "update-ca-certificates", "set", "true", ":", "export", "echo":
		return ""
	case "sed":
		if c.mentionsOnly("/etc/apk/repositories", "/etc/apt/sources.list") {
			return ""
		}
	case "rm":
		if c.removesCaches() {
			return ""
		}
	case "mkdir":
		if s.madeAnyway(c) {
			return ""
		}
	case "chmod":
		if paths, ok := c.operands(); ok && len(paths) > 1 && !slices.ContainsFunc(paths[1:], func(p string) bool { return p != binary.path }) {
			return ""
		}
	case "":
		if len(c.words) == 0 {
			return ""
		}
	}
	return c.quoted() + " runs"
}

// needlessPackages looks at a package manager's command.
func (s *swap) needlessPackages(c *command, binary *shippedBinary) (why string) {
	w := &walk{p: s.p, stage: s.stage}
	if skip := w.packageManager(c); skip != nil {
		return skip.Why
	}
	for _, p := range w.packages {
		switch p.name {
		case "ca-certificates", "ca-certificates-bundle", "tzdata":
			continue
		case "libc6-compat", "gcompat", "musl":
			if binary.linkage == linkStatic {
				continue
			}
		}
		return "the package " + p.name + " is installed"
	}
	return ""
}

// mentionsOnly reports whether the last word is one of the files, which only a package manager reads.
func (c *command) mentionsOnly(files ...string) bool {
	last := c.words[len(c.words)-1].Text
	return slices.ContainsFunc(files, func(f string) bool { return last == f || strings.HasPrefix(last, f+".d/") })
}

// removesCaches reports whether rm takes away nothing but caches and lists.
func (c *command) removesCaches() bool {
	for _, w := range c.words[1:] {
		text := strings.Trim(w.Text, `"'`)
		if strings.HasPrefix(text, "-") {
			continue
		}
		if !slices.ContainsFunc(words("/var/lib/apt/ /var/cache/ /tmp/ /var/tmp/ /root/.cache /var/log/ /usr/share/doc /usr/share/man /etc/apk/cache"), func(dir string) bool {
			return strings.HasPrefix(text, dir)
		}) {
			return false
		}
	}
	return true
}

// madeAnyway reports whether each folder that mkdir makes comes with a WORKDIR or
// a COPY below it.
func (s *swap) madeAnyway(c *command) bool {
	paths, ok := c.operands()
	if !ok || slices.ContainsFunc(c.words, func(w shell.Word) bool { return strings.HasPrefix(w.Text, "-m") || strings.HasPrefix(w.Text, "--mode") }) {
		return false
	}
	for _, p := range paths {
		if !slices.ContainsFunc(s.instrs(), func(in *dockerfile.Instr) bool { return s.makes(in, p) }) {
			return false
		}
	}
	return true
}

// makes reports whether the instruction brings the folder dir, or one in it.
func (s *swap) makes(in *dockerfile.Instr, dir string) bool {
	switch in.Name {
	case "workdir":
		_, ok := within(dir, s.p.stateAfter(in.Stage, in).Workdir)
		return ok
	case "copy", "add":
		state := s.p.stateAt(in.Stage, in)
		dest, _ := in.CopyDest()
		to, ok := state.Expand(dest.Raw())
		if !ok {
			return false
		}
		rest, inside := within(dir, absIn(state.Workdir, to))
		return inside && (rest != "" || strings.HasSuffix(to, "/") || to == ".")
	}
	return false
}

// removeInstr takes an instruction out and leaves the comments that stand above
// it and in it. Of two empty lines that come together one goes.
func removeInstr(f *dockerfile.File, in *dockerfile.Instr) edit.Edit {
	start, end := in.LineStart(f), in.Whole(f).End
	kept := ""
	for _, c := range f.Comments {
		if in.Span.Contains(c) {
			kept += c.Of(f.Src) + f.EOL
		}
	}
	if end == len(f.Src) && !strings.HasSuffix(f.Src, "\n") {
		start -= len(eolBefore(f.Src, start))
		return edit.Edit{Span: edit.Span{Start: start, End: end}, New: strings.TrimRight(f.EOL+kept, "\r\n")}
	}
	if kept == "" && blankBefore(f.Src, start) {
		if next := f.Src[end:]; strings.HasPrefix(next, "\n") {
			end++
		} else if strings.HasPrefix(next, "\r\n") {
			end += 2
		}
	}
	return edit.Edit{Span: edit.Span{Start: start, End: end}, New: kept}
}

func eolBefore(src string, at int) string {
	switch {
	case strings.HasSuffix(src[:at], "\r\n"):
		return "\r\n"
	case strings.HasSuffix(src[:at], "\n"):
		return "\n"
	}
	return ""
}

// blankBefore reports whether the line above the one that starts at an offset is empty.
func blankBefore(src string, at int) bool {
	above := strings.TrimSuffix(strings.TrimSuffix(src[:at], "\n"), "\r")
	return strings.HasSuffix(above, "\n") && len(above) < at
}

// execFormEdit writes the shell form of one plain command as exec form.
func (s *swap) execFormEdit() edit.Edit {
	body := s.start.instr.Body
	span, _ := body.Source(edit.Span{Start: 0, End: len(body.String())})
	return edit.Edit{Span: span, New: jsonWords(s.start.argv)}
}

// runtimeCall is a program that the running container is asked to run.
type runtimeCall struct {
	argv  []string
	where string
	shell bool
}

// runtimeCalls are what the health check and the compose files call in the container.
func (s *swap) runtimeCalls() []runtimeCall {
	var out []runtimeCall
	if in := s.state.Health; in != nil {
		if h := in.Health(); h != nil && !h.None {
			where := "HEALTHCHECK on " + line(in)
			if h.Shell {
				out = append(out, shellCalls(shell.Parse(h.Text, false), where)...)
			} else {
				out = append(out, execCalls(values(h.Words), where)...)
			}
		}
	}
	for _, service := range s.p.servicesOf() {
		for _, argv := range service.starts() {
			out = append(out, execCalls(argv, service.Where())...)
		}
		if argv := service.healthWords(); len(argv) > 0 {
			out = append(out, execCalls(argv, "the health check of "+service.Where())...)
		}
	}
	return out
}

// healthWords are what the service's own health check runs.
func (s service) healthWords() []string {
	var list []string
	for _, w := range s.Health {
		list = append(list, w.Value)
	}
	switch {
	case len(list) == 0 || list[0] == "NONE":
		return nil
	case list[0] == "CMD":
		return list[1:]
	case list[0] == "CMD-SHELL":
		list = list[1:]
	}
	return append([]string{"/bin/sh", "-c"}, strings.Join(list, " "))
}

// execCalls reads the words of an exec form, through sh -c.
func execCalls(argv []string, where string) []runtimeCall {
	if len(argv) == 0 {
		return nil
	}
	out := []runtimeCall{{argv: argv, where: where}}
	switch path.Base(argv[0]) {
	case "sh", "bash", "ash", "dash":
		out[0].shell = true
		if len(argv) > 2 && strings.HasPrefix(argv[1], "-") && strings.HasSuffix(argv[1], "c") {
			return append(out, shellCalls(shell.ParseText(argv[2]), where)...)
		}
	}
	return out
}

// shellCalls are the programs of a shell text.
func shellCalls(script *shell.Script, where string) []runtimeCall {
	out := []runtimeCall{{argv: []string{"/bin/sh"}, where: where, shell: true}}
	for _, raw := range script.Commands {
		list, _ := raw.Unwrap()
		argv := texts(list)
		if len(argv) > 0 && !isShellBuiltin(argv[0]) {
			out = append(out, runtimeCall{argv: argv, where: where})
		}
	}
	if script.Unknown != "" {
		out = append(out, runtimeCall{argv: []string{"?"}, where: where})
	}
	return out
}
