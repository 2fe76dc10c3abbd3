package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// minimalMove is what has to change for a stage to stand on the minimal image of
// its own distribution: dnf's and yum's commands in microdnf's words, and the
// packages that the full image has and the stage's own commands want.
type minimalMove struct {
	s         *swap
	major     string          // "9"
	installed map[string]bool // as far as the walk has come
	runs      []*runEdit
	places    []*rpmInstall // the installs that packages can be added to
	added     []string
}

// rpmInstall is an install command that packages can be added to.
type rpmInstall struct {
	run   *runEdit
	at    int // its end
	added string
}

// noMinimal says why a relative of Red Hat's has no smaller image to go to.
func (s *swap) noMinimal() (why string) {
	product, small := s.product(), strings.Split(s.img.Variant, "-")
	switch {
	case strings.Contains(product, "mini") || strings.Contains(product, "micro") || slices.Contains(small, "minimal") || slices.Contains(small, "micro"):
		return s.written() + " is a small image already"
	case slices.Contains(words("almalinux rockylinux"), product):
		return ""
	case product == "oraclelinux":
		return "which programs the slim build of " + s.written() + " has is not recorded, and a move to it would have to know"
	case strings.HasPrefix(product, "ubi"):
		return "which tags the minimal image beside " + s.written() + " has, and which programs, is not recorded, and a move to it would have to know"
	case product == "amazonlinux" || product == "fedora":
		return "neither a minimal image beside " + s.written() + " nor what is in it is recorded, and a move to it would have to know"
	}
	return "no smaller image of the same distribution is recorded for " + s.written()
}

// tryMinimal asks for the minimal build of the same distribution and version. It
// is sure to have bash, coreutils and microdnf; whatever else is called has to be
// installed by the Dockerfile, or is added to what it installs.
func (s *swap) tryMinimal() (*candidate, string) {
	to := templates.Minimal(s.ref)
	if !to.OK {
		return nil, to.Why
	}
	m := &minimalMove{s: s, installed: map[string]bool{}}
	m.major, _, _ = strings.Cut(s.img.Version, ".")
	for _, check := range []func() string{s.forWorkingIn, m.copies, m.zones, m.walk, m.compiles, m.calls, m.sources, s.loadsLibraries} {
		if why := check(); why != "" {
			return nil, why
		}
	}
	c := &candidate{ref: to.Ref.String(), assumes: []string{"what is installed and what comes along calls no other program of the full image by itself (find, tar, hostname, less, vi, systemctl, python3 of the system and others)"}}
	c.why = append(c.why, to.Ref.String()+" is the same release with microdnf instead of dnf, and without what only a person or dnf needs")
	if len(m.added) > 0 {
		c.why = append(c.why, "the full image has "+strings.Join(m.added, ", ")+", which the stage calls and now installs by name")
	}
	for _, p := range m.places {
		if p.added != "" {
			p.run.insert(p.at, p.added)
		}
	}
	for _, r := range m.runs {
		edits, why := r.finish()
		if why != "" {
			return nil, why
		}
		c.edits = append(c.edits, edits...)
	}
	return c, ""
}

// copies names a COPY that brings what may link to libraries of the full image.
func (m *minimalMove) copies() string {
	for _, in := range m.s.instrs() {
		if in.FlagNamed("from") != nil {
			return "COPY of " + line(in) + " brings what was built elsewhere, whose libraries it may lack"
		}
		if dest, ok := in.CopyDest(); ok && (strings.HasPrefix(dest.Value, "/etc/yum") || strings.HasPrefix(dest.Value, "/etc/dnf") || strings.HasPrefix(dest.Value, "/etc/pki")) {
			return line(in) + " sets up a source of packages"
		}
	}
	if m.s.bringsBinaries() != "" {
		return "compiled files come along, whose libraries it may lack"
	}
	return ""
}

// zones names a use of the time zones, which minimal images leave out.
func (m *minimalMove) zones() string {
	for _, v := range m.s.state.Env {
		if v.Instr != nil && v.Name == "TZ" && v.Value != "UTC" {
			return line(v.Instr) + " asks for a time zone, and it may lack their files"
		}
	}
	for _, in := range m.s.instrs() {
		if strings.Contains(in.Body.String(), "zoneinfo") {
			return line(in) + " speaks of the time zones, whose files it may lack"
		}
	}
	return ""
}

// walk takes all RUN lines in order.
func (m *minimalMove) walk() (why string) { return m.s.eachRun(m.run) }

func (m *minimalMove) run(in *dockerfile.Instr) (why string) {
	list, unknown := m.s.runCommands(in)
	if unknown != "" {
		return "RUN cannot be read: " + unknown
	}
	if mounts := in.Mounts(); len(mounts) > 0 {
		return "RUN has a mount"
	}
	r := newRunEdit(m.s.p, in)
	m.runs = append(m.runs, r)
	for _, c := range list {
		if why := m.command(c, r); why != "" {
			return why
		}
	}
	return ""
}

// command takes one command of a RUN.
func (m *minimalMove) command(c *command, r *runEdit) (why string) {
	for _, red := range c.Redirects {
		if strings.Contains(red.Target.Text, "/etc/yum") || strings.Contains(red.Target.Text, "/etc/dnf") {
			return c.quoted() + " sets up a source of packages"
		}
	}
	switch {
	case len(c.words) == 0:
		return ""
	case c.Hidden != "":
		return c.quoted() + " runs what cannot be seen (" + c.Hidden + ")"
	case slices.ContainsFunc(c.words, func(w shell.Word) bool {
		return strings.Contains(w.Text, "/etc/yum") || strings.Contains(w.Text, "/etc/dnf")
	}):
		return c.quoted() + " sets up a source of packages"
	case c.name == "dnf" || c.name == "yum":
		return m.packages(c, r)
	case c.name == "":
		return c.quoted() + " is a computed program"
	}
	if text := c.scriptOf(m.s); text != "" {
		return m.script(c.quoted(), text)
	}
	if c.name == "npm" && !slices.Contains(words("install ci i config cache"), firstArgument(c)) || c.name == "make" {
		return c.quoted() + " runs what cannot be seen"
	}
	return m.need(c.words[0].Text, c.quoted())
}

// firstArgument is the first word of a command behind the program that is no option.
func firstArgument(c *command) string {
	for _, w := range c.words[1:] {
		if !strings.HasPrefix(w.Text, "-") {
			return w.Text
		}
	}
	return ""
}

// script wants what a script of the context calls.
func (m *minimalMove) script(where, text string) (why string) {
	s := shell.ParseText(text)
	if s.Unknown != "" {
		return where + " cannot be read: " + s.Unknown
	}
	for _, raw := range s.Commands {
		list, _ := raw.Unwrap()
		if raw.Hidden != "" {
			return where + " runs what cannot be seen (" + raw.Hidden + ")"
		}
		if len(list) > 0 {
			if why := m.need(list[0].Text, where); why != "" {
				return why
			}
		}
	}
	return ""
}

// compiles wants Python where modules of Node may be compiled: the full image has
// it for dnf.
func (m *minimalMove) compiles() string {
	if m.brought("npm") && (m.installed["gcc"] || m.installed["gcc-c++"] || m.installed["make"]) {
		return m.need("python3", "node-gyp, which npm compiles modules with,")
	}
	return ""
}

// calls wants what the running container calls: the start command with its script,
// the health check and compose files.
func (m *minimalMove) calls() (why string) {
	for _, call := range append(m.s.startCalls(), m.s.runtimeCalls()...) {
		if text := m.s.startedFile(call.argv[0]); text != "" {
			why = m.need(first(shell.Interpreter(text), "sh"), call.where)
		} else {
			why = m.need(call.argv[0], call.where)
		}
		if why != "" {
			return why
		}
	}
	return ""
}

// sources wants what the sources that come along start by a plain name.
func (m *minimalMove) sources() (why string) {
	for _, one := range []struct {
		ext  string
		call *regexp.Regexp
	}{{".py", pythonCall}, {".js", nodeCall}, {".ts", nodeCall}, {".mjs", nodeCall}, {".php", phpCall}} {
		m.s.eachSource(one.ext, func(p, text string) {
			if one.call == nodeCall && !strings.Contains(text, "child_process") && !strings.Contains(text, "execa") {
				return
			}
			for _, at := range one.call.FindAllStringSubmatchIndex(text, -1) {
				why = first(why, m.need(text[at[2]:at[3]], fmt.Sprintf("%s:%d", p, lineOf(text, at[0]))))
			}
		})
	}
	return why
}

// need wants a program to be there: in the minimal image, by a package that the
// Dockerfile installs, or by one of the full image's, which is then installed too.
func (m *minimalMove) need(program, where string) (why string) {
	name := path.Base(strings.Trim(program, `"'`))
	switch {
	case name == "?":
		return where + " cannot be read"
	case name == "((", isShellBuiltin(name), inMinimal(name, m.s.product(), m.major), m.brought(name):
		return ""
	}
	pkg := fullRPM(name, m.major)
	switch {
	case pkg == "":
		return fmt.Sprintf("%s calls %s, which it is not known to have", where, name)
	case m.installed[pkg]:
		return ""
	case len(m.places) == 0:
		return fmt.Sprintf("%s calls %s, which comes with %s there, and no RUN installs packages before", where, name, pkg)
	}
	m.places[len(m.places)-1].added += " " + pkg
	m.installed[pkg] = true
	m.added = append(m.added, pkg)
	return ""
}

// brought reports whether an installed package brings the program.
func (m *minimalMove) brought(program string) bool {
	for pkg := range m.installed {
		if bringsRPM(pkg, program) {
			return true
		}
	}
	return !strings.Contains(program, "python") && slices.Contains(m.s.consoleScripts(), program)
}
