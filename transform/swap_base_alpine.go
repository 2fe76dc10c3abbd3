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

// alpineMove is what has to change for a stage to stand on Alpine: its RUN lines
// in apk's and busybox's words, and the packages that it needs there on top.
type alpineMove struct {
	s        *swap
	release  string   // "alpine3.22"; "" the newest
	tools    []string // programs that the image has besides the system's
	has      []string // Alpine packages that the image has
	users    []string // accounts of the image besides root and nobody
	binary   *shippedBinary
	compiles bool // C sources are compiled in the stage: headers stay headers

	installed map[string]bool   // by Debian's names, as far as the walk has come
	added     map[string]string // Alpine's name and the Debian one that it stands for
	accounts  map[string]bool   // that RUN lines made
	groups    map[string]string // the same by number
	followed  map[string]bool   // scripts whose calls were gone through

	needsBash  bool
	bashWhy    string
	needsZones bool
	needsCerts bool
	needs      []string // other packages of Alpine's that have to be there
	recommends bool     // some apt-get install takes recommended packages along

	heads   []headEdit
	edits   []edit.Edit
	notes   []string
	assumes []string
}

// headEdit is a command whose program and verb were replaced.
type headEdit struct {
	in   *dockerfile.Instr
	span edit.Span
	add  bool
}

// onAlpine moves a stage to Alpine. to is the new reference, release the one that
// it is known to stand on. tools are the programs that the image has besides the
// system's, has the packages. why says what cannot be moved.
func (s *swap) onAlpine(m *alpineMove, to string, extra ...func() string) (c *candidate, why string) {
	m.s = s
	m.installed, m.added, m.accounts, m.groups = map[string]bool{}, map[string]string{}, map[string]bool{}, map[string]string{}
	m.followed = map[string]bool{}
	checks := []func() string{
		m.bashWanted, m.zonesWanted, m.localeWanted, m.compilesWanted, s.namesDebian, s.addsFromAfar, s.bringsBinaries, m.runs,
	}
	checks = append(checks, extra...)
	checks = append(checks, m.accountsKnown, m.calls, m.addMissing)
	for _, check := range checks {
		if why := check(); why != "" {
			return nil, why
		}
	}
	c = &candidate{ref: to, edits: m.edits, assumes: m.assumes}
	if len(m.heads) > 0 {
		c.why = append(c.why, "the packages have counterparts on Alpine by the table")
		c.assumes = append(c.assumes, "Alpine's versions of the packages do what Debian's did")
	}
	if m.recommends && len(m.heads) > 0 {
		c.assumes = append(c.assumes, "nothing needs a package that apt-get only brought as a recommendation of another")
	}
	c.why = append(c.why, m.notes...)
	return c, ""
}

func (m *alpineMove) note(format string, args ...any) {
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
}

func (m *alpineMove) assume(format string, args ...any) {
	m.assumes = append(m.assumes, fmt.Sprintf(format, args...))
}

// runs takes all RUN lines in order.
func (m *alpineMove) runs() (why string) { return m.s.eachRun(m.run) }

func (m *alpineMove) run(in *dockerfile.Instr) (why string) {
	list, unknown := m.s.runCommands(in)
	if unknown != "" {
		return "RUN cannot be read: " + unknown
	}
	state := m.s.p.stateAt(in.Stage, in)
	if script := runScript(m.s.p.File, in, state); script.Bash != "" && !shell.ShellOptions(state.Shell).Bash {
		return "RUN has " + script.Bash + ", which needs bash"
	}
	r := newRunEdit(m.s.p, in)
	for _, c := range list {
		if why := m.command(c, r); why != "" {
			return why
		}
	}
	if why := m.cacheMounts(in, r); why != "" {
		return why
	}
	edits, why := r.finish()
	m.edits = append(m.edits, edits...)
	return why
}

// cacheMounts takes out the mounts that keep apt's downloads.
func (m *alpineMove) cacheMounts(in *dockerfile.Instr, r *runEdit) (why string) {
	for _, mount := range in.Mounts() {
		switch {
		case mount.Type != "cache" || !ofApt(mount.Target):
			continue
		case !mount.Flag.Exact || len(r.links) == 0:
			return "a mount for apt is broken over lines"
		}
		next := strings.TrimLeft(m.s.p.File.Src[mount.Flag.Span.End:], " \t\\\r\n")
		end := len(m.s.p.File.Src) - len(next)
		if strings.HasPrefix(next, "#") {
			return "a comment stands behind a mount for apt"
		}
		r.cuts = append(r.cuts, edit.Span{Start: mount.Flag.Span.Start, End: end})
	}
	return ""
}

// command takes one command of a RUN. why says what it is that Alpine does not do.
func (m *alpineMove) command(c *command, r *runEdit) (why string) {
	if why := setsUpSources(c); why != "" {
		return why
	}
	if c.Hidden != "" && !slices.Contains(m.tools, c.name) {
		return c.quoted() + " runs what cannot be seen (" + c.Hidden + ")"
	}
	switch c.name {
	case "apt-get", "apt", "aptitude", "useradd", "adduser", "groupadd", "addgroup":
		if _, ok := r.link(c); !ok {
			return c.quoted() + notAlone(c)
		}
		if strings.HasPrefix(c.name, "apt") {
			return m.apt(c, r)
		}
		return m.account(c, r)
	case "rm":
		return first(m.removeLists(c, r), m.plain(c))
	case "export":
		if _, ok := r.link(c); ok && len(c.assigns) > 0 && !slices.ContainsFunc(c.assigns, func(a shell.Assign) bool { return !aptVariable(a.Name) }) {
			r.remove(c)
		}
		return ""
	case "chown", "chgrp":
		return first(m.owners(c), m.plain(c))
	}
	return m.other(c)
}

// notAlone says why a command cannot be edited by itself.
func notAlone(c *command) string {
	switch {
	case c.in.JSON:
		return " has the exec form"
	case len(c.Words) != len(c.words):
		return " is run by way of " + c.Words[0].Text
	}
	return " stands inside another command"
}

// setsUpSources names a command that reads or writes what tells apt where packages come from.
func setsUpSources(c *command) string {
	for _, w := range c.words {
		if strings.Contains(w.Text, "/etc/apt") && c.name != "rm" || strings.Contains(w.Text, "/usr/share/keyrings") {
			return c.quoted() + " sets up a source of Debian packages"
		}
	}
	for _, r := range c.Redirects {
		if strings.Contains(r.Target.Text, "/etc/apt") || strings.Contains(r.Target.Text, "/usr/share/keyrings") {
			return c.quoted() + " sets up a source of Debian packages"
		}
	}
	return ""
}

// other takes a command that is kept as it is: one that the image, busybox or an
// installed package has, and that means the same there.
func (m *alpineMove) other(c *command) (why string) {
	switch {
	case len(c.words) == 0, isShellBuiltin(c.name):
		return ""
	case slices.Contains(m.tools, c.name):
		return m.wherePlaced(c)
	case noCounterpart(c.name) != "":
		return c.quoted() + " " + noCounterpart(c.name)
	case c.name == "curl" || c.name == "wget":
		if why := downloads(c); why != "" {
			return why
		}
	case c.name == "update-ca-certificates":
		m.needsCerts = true
		return ""
	}
	if sameProgram(c.name) && m.installs(c.name) || slices.Contains(words("mkdir rm mv touch chmod ln cat cp ls sleep true false sed grep find test head tail tr cut id date uname nproc"), c.name) || c.name == "wget" {
		return m.plain(c)
	}
	if c.name == "" {
		return c.quoted() + " is a computed program"
	}
	if (sameProgram(c.name) || fullOnly(c.name)) && !m.installs(c.name) {
		return c.quoted() + " is not there unless it is installed by name"
	}
	return c.quoted() + " is not known to be the same there"
}

// plain wants the options to be ones that busybox has, where it is busybox that runs.
func (m *alpineMove) plain(c *command) (why string) {
	if file := m.systemFile(c); file != "" {
		return c.quoted() + " wants " + file + ", which need not be there"
	}
	if m.installs(c.name) {
		return m.wherePlaced(c)
	}
	if option := gnuOnly(c.name, texts(c.words[1:])); option != "" {
		return fmt.Sprintf("%s has %s, which busybox does not take", c.quoted(), option)
	}
	return m.wherePlaced(c)
}

// systemFile names a file of the system that a command reads or changes, which
// Alpine has elsewhere or not at all.
func (m *alpineMove) systemFile(c *command) string {
	if slices.Contains(words("rm mkdir touch ls git curl wget"), c.name) {
		return ""
	}
	for _, w := range texts(c.words[1:]) {
		if !slices.ContainsFunc(words("/etc/ /usr/share/ /usr/lib/ /usr/include/ /lib/"), func(dir string) bool { return strings.HasPrefix(w, dir) }) {
			continue
		}
		own := slices.ContainsFunc(words("/etc/passwd /etc/group /etc/hosts /etc/profile /etc/ssl /etc/localtime /etc/timezone /etc/ca-certificates /usr/share/zoneinfo /usr/share/nginx /etc/"+m.s.product()), func(p string) bool {
			return w == p || strings.HasPrefix(w, p+"/") || strings.HasPrefix(w, p+".")
		})
		if _, _, copied := m.s.places().contextOf(w); !own && !copied && w != "/etc/" {
			return w
		}
	}
	return ""
}

// wherePlaced is placed for the command of a RUN.
func (m *alpineMove) wherePlaced(c *command) string {
	return placedAt(m.placed(c.words[0].Text), "RUN")
}

// installs reports whether the Dockerfile installs the package that brings a program.
func (m *alpineMove) installs(program string) bool {
	return m.installed[program] || m.installed[debianProvider(program)] || m.installed[bringerOf(program)]
}

// placed wants a program that is called by its path to lie there on Alpine too.
func (m *alpineMove) placed(program string) (why string) {
	if !path.IsAbs(program) {
		return ""
	}
	dir, name := path.Dir(program), path.Base(program)
	switch {
	case slices.Contains(m.tools, name):
		if dir == "/usr/local/bin" {
			return ""
		}
	case name == "bash":
		if dir == "/bin" {
			return ""
		}
	case name == "tini":
	case isBusybox(name) || name == "env":
		if dir == "/bin" || dir == "/usr/bin" && slices.Contains(words("env awk basename cut dirname du expr find head id install md5sum mkfifo nohup od printenv readlink realpath seq sha256sum sort split tail tee timeout tr tty uniq wc which whoami xargs yes"), name) {
			return ""
		}
	case m.installs(name) && dir == "/usr/bin":
		return ""
	}
	return program + ", which does not lie there"
}

// downloads names a command that fetches what may be a program for glibc.
func downloads(c *command) string {
	for _, w := range texts(c.words[1:]) {
		if strings.Contains(w, "://") && !dataFile(w) {
			return c.quoted() + " downloads what may be built for glibc"
		}
	}
	return ""
}

// owners wants a chown to name accounts that are there.
func (m *alpineMove) owners(c *command) (why string) {
	for _, w := range c.words[1:] {
		v, ok := c.expand(w)
		if strings.HasPrefix(w.Text, "-") {
			continue
		}
		if !ok {
			return c.quoted() + " names an owner that cannot be told"
		}
		for part := range strings.SplitSeq(v, ":") {
			if strings.Trim(part, "0123456789") != "" && !m.knowsAccount(part) {
				return c.quoted() + " names " + part + ", who is not there"
			}
		}
		return ""
	}
	return ""
}

// knowsAccount reports whether the image or a RUN line makes the account or group.
func (m *alpineMove) knowsAccount(name string) bool {
	return m.accounts[name] || name == "root" || name == "nobody" || slices.Contains(m.users, name)
}

// accountsKnown wants USER and --chown to name accounts that are there.
func (m *alpineMove) accountsKnown() string {
	known := append(words("root nobody"), m.users...)
	for name := range m.accounts {
		known = append(known, name)
	}
	return m.s.namesKnownTo(known)()
}
