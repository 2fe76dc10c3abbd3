package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// bashWanted finds out whether bash has to be there: for SHELL, the start command,
// or a script that comes along.
func (m *alpineMove) bashWanted() string {
	m.bashWhy = m.s.wantsBash()
	for _, in := range m.s.instrs() {
		if in.Name == "shell" && len(in.Args) > 0 && path.Base(in.Args[0].Value) == "bash" {
			m.bashWhy = first(m.bashWhy, "SHELL is bash")
		}
	}
	m.needsBash = m.bashWhy != ""
	return ""
}

// compilesWanted finds out whether a compiler is installed: then headers are there
// to be compiled against.
func (m *alpineMove) compilesWanted() string {
	for _, in := range m.s.runs() {
		list, _ := m.s.runCommands(in)
		for _, c := range list {
			m.compiles = m.compiles || slices.ContainsFunc(texts(c.words), func(w string) bool { return slices.Contains(words("build-essential gcc g++ clang"), w) })
		}
	}
	return ""
}

// zonesWanted finds out whether the time zones have to be there: TZ without them
// is passed over in silence.
func (m *alpineMove) zonesWanted() string {
	for _, v := range m.s.state.Env {
		if v.Name == "TZ" && v.Instr != nil && !slices.Contains(words("UTC Etc/UTC GMT UTC0"), v.Value) {
			m.needsZones = true
		}
	}
	for _, in := range m.s.instrs() {
		if text := in.Body.String(); strings.Contains(text, "/usr/share/zoneinfo") {
			m.needsZones = true
		} else if strings.Contains(text, "/etc/localtime") {
			return line(in) + " speaks of /etc/localtime"
		}
	}
	return ""
}

// localeWanted declines languages other than English: musl has no locales.
func (m *alpineMove) localeWanted() string {
	for _, v := range m.s.state.Env {
		if v.Instr == nil || v.Name != "LANG" && v.Name != "LANGUAGE" && !strings.HasPrefix(v.Name, "LC_") {
			continue
		}
		switch strings.ToLower(strings.ReplaceAll(v.Value, "-", "")) {
		case "", "c", "posix", "c.utf8":
		case "en_us.utf8", "en_us", "en_us:en", "en", "en_us:en_us", "en_us.utf8:en":
			m.assume("%s=%s gives UTF-8 and nothing more there: no sorting or printing in the way of a country", v.Name, v.Value)
		default:
			return fmt.Sprintf("%s asks for the locale %s (%s), and musl has none", v.Name, v.Value, line(v.Instr))
		}
	}
	return ""
}

// addsFromAfar names an ADD that fetches what may be a program for glibc, and a
// COPY that tells apt where packages come from.
func (s *swap) addsFromAfar() string {
	for _, in := range s.instrs() {
		if dest, ok := in.CopyDest(); ok && strings.HasPrefix(dest.Value, "/etc/apt") {
			return line(in) + " sets up a source of Debian packages"
		}
		for _, src := range in.CopySources() {
			if v := src.Arg.Value; in.Name == "add" && strings.Contains(v, "://") && !dataFile(v) {
				return "ADD of " + line(in) + " downloads what may be built for glibc"
			}
		}
	}
	return ""
}

// bringsBinaries names a file of the context that is a compiled program or library.
func (s *swap) bringsBinaries() (why string) {
	look := func(p string) {
		if why != "" || path.Ext(p) != "" && !slices.Contains(words(".so .node .bin .a .out .exe .deb .whl"), path.Ext(p)) {
			return
		}
		data, ok := s.p.Build.Read(p)
		switch {
		case ok && strings.HasPrefix(string(data), "\x7fELF"), path.Ext(p) == ".so", path.Ext(p) == ".node":
			why = p + " is compiled, perhaps for glibc"
		case path.Ext(p) == ".deb", path.Ext(p) == ".whl" && strings.Contains(p, "manylinux"):
			why = p + " is built for glibc"
		}
	}
	for _, one := range s.places().placed {
		if one.from == "" && one.dir {
			s.walkFiles(one.src, look)
		} else if one.from == "" && one.src != "" {
			look(one.src)
		}
	}
	return why
}

// calls wants what the running container calls to be there: the start command, the
// health check, compose files, and the scripts that come along.
func (m *alpineMove) calls() (why string) {
	for _, call := range append(m.s.startCalls(), m.s.runtimeCalls()...) {
		if why := m.called(call.argv, call.where); why != "" {
			return why
		}
	}
	return m.scripts()
}

// called judges one call.
func (m *alpineMove) called(argv []string, where string) (why string) {
	program := argv[0]
	name := path.Base(program)
	text := m.s.startedFile(program)
	switch {
	case m.binary != nil && slices.Contains(m.s.programPaths(program), m.binary.path):
		return ""
	case text != "":
		return first(m.interpreter(program, text), m.follow(program, text))
	case strings.ContainsAny(program, "$`"):
		if program == `"$@"` || program == "$@" {
			return m.arguments(where)
		}
	case isShellBuiltin(name) && !strings.Contains(program, "/"):
		return ""
	case slices.Contains(words("tini dumb-init gosu"), name) && m.installs(name):
		return first(placedAt(m.placed(program), where), m.wrapped(name, argv[1:], where))
	case name == "bash", slices.Contains(m.tools, name), m.installs(name):
		return placedAt(m.placed(program), where)
	case name == "su" && len(m.accounts) > 0:
		return where + " calls su, and an account of the system has no shell there"
	case isBusybox(name), name == "wget", name == "nc":
		if option := gnuOnly(name, argv[1:]); option != "" && !m.installs(name) {
			return fmt.Sprintf("%s calls %s with %s, which busybox does not take", where, name, option)
		}
		return placedAt(m.placed(program), where)
	}
	return fmt.Sprintf("%s calls %s, which is not known to be there", where, name)
}

// wrapped judges what a program starts that is there to start another.
func (m *alpineMove) wrapped(name string, argv []string, where string) string {
	for len(argv) > 0 && strings.HasPrefix(argv[0], "-") {
		argv = argv[1:]
	}
	if name == "gosu" && len(argv) > 0 {
		argv = argv[1:]
	}
	if len(argv) == 0 {
		return ""
	}
	return m.called(argv, where)
}

// arguments judges what a script starts that starts its arguments: CMD behind an ENTRYPOINT.
func (m *alpineMove) arguments(where string) string {
	cmd := m.s.state.Cmd
	switch {
	case m.s.state.Entrypoint == nil || cmd == nil || cmd.Instr == nil || len(cmd.Words) == 0:
		return ""
	case cmd.Shell:
		return where + " starts its arguments, and CMD has the shell form"
	case strings.ContainsAny(cmd.Words[0].Value, "$"):
		return where + " starts its arguments, which cannot be told"
	}
	return m.called(values(cmd.Words), line(cmd.Instr))
}

func placedAt(why, where string) string {
	if why == "" {
		return ""
	}
	return where + " calls " + why
}

// sources wants the programs that the sources start to be there. form finds their
// names in files of an ending.
func (m *alpineMove) sources(form *regexp.Regexp, endings ...string) (why string) {
	for _, ext := range endings {
		m.s.eachSource(ext, func(p, text string) {
			if form == nodeCall && !strings.Contains(text, "child_process") && !strings.Contains(text, "execa") {
				return
			}
			for _, at := range form.FindAllStringSubmatchIndex(text, -1) {
				program, where := text[at[2]:at[3]], fmt.Sprintf("%s:%d", p, lineOf(text, at[0]))
				if path.Base(program) == "bash" && !m.needsBash {
					m.needsBash, m.bashWhy = true, where+" calls bash"
				}
				if why == "" {
					why = m.called([]string{program}, where)
				}
			}
		})
	}
	return why
}

// interpreter wants the program that a started file names in its first line to be there.
func (m *alpineMove) interpreter(file, text string) string {
	program, args := shell.Shebang(text)
	switch name := path.Base(program); {
	case program == "":
		return ""
	case name == "env" && program == "/usr/bin/env":
		if by := shell.Interpreter(text); len(args) > 0 && !slices.Contains(m.tools, by) && by != "sh" && by != "bash" {
			return file + " is for " + by + ", which is not known to be there"
		}
	case name == "sh" || name == "bash" || slices.Contains(m.tools, name):
		return placedAt(m.placed(program), file)
	default:
		return file + " is for " + program + ", which is not known to be there"
	}
	return ""
}

// scripts looks through the shell scripts that come along: with bash added, what
// they call has to be there as well.
func (m *alpineMove) scripts() (why string) {
	m.s.eachSource(".sh", func(p, text string) {
		if why != "" {
			return
		}
		if why = m.interpreter(p, text); why != "" {
			return
		}
		if shell.Interpreter(text) == "bash" || m.startsWith(p) || m.startedByNginx(p) {
			why = m.follow(p, text)
		} // else nothing that only Debian's sh has is in it: what sh runs here, it runs there
	})
	return why
}

// follow wants what a script calls to be there, unless it cannot be read.
func (m *alpineMove) follow(file, text string) (why string) {
	if m.followed[file] || !isShellScript(file, text) {
		return ""
	}
	m.followed[file] = true
	script := shell.ParseText(text)
	if script.Unknown != "" {
		return ""
	}
	for _, raw := range script.Commands {
		if list, _ := raw.Unwrap(); len(list) > 0 && why == "" {
			why = m.called(texts(list), file)
		}
	}
	return why
}

// startedByNginx reports whether a file of the context goes where the entry point
// of nginx' image looks for scripts to run.
func (m *alpineMove) startedByNginx(p string) bool {
	at, _, ok := m.s.places().contextOf("/docker-entrypoint.d/" + path.Base(p))
	return ok && at == p && m.s.product() == "nginx"
}

// startsWith reports whether the start command names a file of the context.
func (m *alpineMove) startsWith(p string) bool {
	return slices.ContainsFunc(m.s.start.argv, func(w string) bool { return path.Base(w) == path.Base(p) })
}

// addMissing adds the packages that Debian's image has and Alpine's has not: to
// the first apk add, or in a RUN of its own.
func (m *alpineMove) addMissing() string {
	var names []string
	want := func(name string, wanted bool, why string) {
		if _, there := m.added[name]; wanted && !there && !slices.Contains(m.has, name) {
			names = append(names, name)
			m.note("%s", why)
		}
	}
	want("bash", m.needsBash, m.bashWhy+", so bash is installed")
	want("ca-certificates", m.needsCerts, "update-ca-certificates needs ca-certificates, which is installed")
	want("tzdata", m.needsZones, "a time zone is asked for, so tzdata is installed")
	for _, name := range unique(m.needs) {
		switch {
		case name != "font-dejavu":
			want(name, true, "on Debian what "+name+" has comes along with another package")
		case m.hasFont():
		case m.release != "" && !fontPackage().InAlpine(m.release):
			return "the fonts that come along with its packages on Debian have another name in " + m.release
		default:
			want(name, true, "on Debian a font comes along, so font-dejavu is installed")
		}
	}
	if len(names) == 0 {
		return ""
	}
	text := strings.Join(names, " ")
	if at, ok := m.firstAdd(); ok {
		m.edits[at].New += " " + text
		return ""
	}
	if m.s.root.Instrs == nil {
		return "there is no place for what is missing"
	}
	user := m.s.p.stateAt(m.s.root, m.s.root.Instrs[0]).User
	if !isRoot(user) {
		return "the image does not start as root, so that packages cannot be added"
	}
	f := m.s.p.File
	m.edits = append(m.edits, insertAt(m.s.root.From.Span.End, f.EOL+keywordLike(f, m.s.root, "RUN")+" apk add --no-cache "+text))
	return ""
}

// hasFont reports whether the author installs a font.
func (m *alpineMove) hasFont() bool {
	for name := range m.added {
		if strings.HasPrefix(name, "font-") || strings.HasPrefix(name, "ttf-") {
			return true
		}
	}
	return false
}

func fontPackage() templates.Pkg {
	pkg, _ := templates.Package("fonts-dejavu")
	return pkg
}

// firstAdd is the edit of the first RUN where that adds packages, and no SHELL
// comes before it.
func (m *alpineMove) firstAdd() (at int, ok bool) {
	for _, in := range m.s.instrs() {
		switch in.Name {
		case "shell":
			return 0, false
		case "run":
			for _, h := range m.heads {
				if h.in == in && h.add {
					at := slices.IndexFunc(m.edits, func(e edit.Edit) bool { return e.Span == h.span })
					return at, at >= 0
				}
			}
			return 0, false
		}
	}
	return 0, false
}
