package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// requirement is one Python package that is installed, and where that is said.
type requirement struct {
	name    string // normalised, with its extras: "uvicorn[standard]"
	op      string // "==", ">=" and so on; "" without a version
	version string
	where   string
	files   []string // what a lock file says that it is published as
}

// pythonRungs asks for distroless where the stage only starts Python, for Alpine where
// every package is pure Python, and for slim where none has to be compiled.
func (s *swap) pythonRungs() map[string]tryRung {
	slim := func() (*candidate, string) {
		c, why := s.trySlim(func() string { return first(s.pythonPackages(true), s.pythonCalls()) })
		if why == "" {
			c.why = []string{"every package that is installed is pure Python or has a wheel for this version, and nothing calls a program that only the full image has"}
			c.assumes = s.pythonAssumes()
		}
		return c, why
	}
	return map[string]tryRung{
		"distroless": s.tryDistrolessPython,
		"alpine":     s.tryAlpinePython,
		"slim":       slim,
	}
}

func (s *swap) pythonAssumes() []string {
	return []string{"no package that the listed ones bring along has to be compiled, and the program loads no library of the system by itself"}
}

// tryAlpinePython asks for Alpine: every package must be pure.
func (s *swap) tryAlpinePython() (*candidate, string) {
	to, why := s.alpineOf()
	if why != "" {
		return nil, why
	}
	m := &alpineMove{release: s.alpineRelease(), tools: slices.Concat(interpreterTools("python"), words("uv uvx"), s.consoleScripts()), has: words("ca-certificates tzdata")}
	c, why := s.onAlpine(m, to,
		func() string { return s.pythonPackages(false) }, func() string { return m.sources(pythonCall, ".py") }, s.loadsLibraries, s.copiesPackages)
	if why != "" {
		return nil, why
	}
	c.why = append([]string{s.pureWhy() + ", and RUN, start and health check call nothing that Alpine lacks"}, c.why...)
	c.assumes = append(append(s.pythonAssumes(), "the program does not depend on glibc's locales or name resolution"), c.assumes...)
	return c, ""
}

// pureWhy says why nothing has to be compiled on Alpine.
func (s *swap) pureWhy() string {
	reqs, _ := s.requirements()
	if slices.ContainsFunc(reqs, func(r requirement) bool { return len(r.files) > 0 }) {
		return "every package is pure Python or has a wheel for musl in the lock file"
	}
	return "every package that is installed is pure Python"
}

// copiesPackages names a COPY that brings installed packages from another stage.
func (s *swap) copiesPackages() string {
	for _, in := range s.instrs() {
		if from := in.FlagNamed("from"); from != nil && !strings.Contains(from.Value, "astral-sh/uv") { // uv is linked statically
			return "COPY of " + line(in) + " brings what was built on another system"
		}
	}
	return ""
}

// consoleScripts are the programs that well-known packages bring, where they are installed.
func (s *swap) consoleScripts() []string {
	reqs, _ := s.requirements()
	var out []string
	for _, r := range reqs {
		out = append(out, r.bare(), strings.ReplaceAll(r.bare(), "-", "_"))
		if r.bare() == "django" {
			out = append(out, "django-admin")
		}
	}
	return out
}

// bare is the name without extras.
func (r requirement) bare() string {
	name, _, _ := strings.Cut(r.name, "[")
	return name
}

// pythonPackages names a package that may have to be compiled; with wheels, a
// package of C sources that has a wheel for this version will do.
func (s *swap) pythonPackages(wheels bool) (why string) {
	reqs, why := s.requirements()
	if why != "" {
		return why
	}
	minor := pythonMinor(s.img.Version)
	kind := "musllinux"
	if wheels {
		kind = "manylinux"
	}
	for _, r := range reqs {
		if why, told := r.wheels(kind, minor, s.arches()); told && minor >= 7 {
			if why != "" {
				return why
			}
			continue
		}
		for _, name := range r.parts() {
			switch {
			case pythonPure[name]:
			case !wheels:
				return fmt.Sprintf("%s (%s) is not known to be pure Python", name, r.where)
			default:
				if why := r.lacksWheel(name, minor); why != "" {
					return why
				}
			}
		}
	}
	return ""
}

// parts are the package itself and each of its extras as the tables name them.
func (r requirement) parts() []string {
	bare, extras, ok := strings.Cut(r.name, "[")
	if !ok {
		return []string{r.name}
	}
	out := []string{bare}
	for e := range strings.SplitSeq(strings.TrimSuffix(extras, "]"), ",") {
		out = append(out, bare+"["+e+"]")
	}
	if bare == "psycopg" {
		return out[1:]
	}
	return out
}

// pythonMinor is 11 of 3.11; 0 where the tag does not tell.
func pythonMinor(version string) int {
	list := strings.Split(version, ".")
	if len(list) < 2 || list[0] != "3" {
		return 0
	}
	n, _ := strconv.Atoi(list[1])
	return n
}

// lacksWheel says why a package of C sources may have to be compiled.
func (r requirement) lacksWheel(name string, minor int) string {
	since, known := pythonWheels()[name]
	switch {
	case !known:
		return fmt.Sprintf("%s (%s) is in no table of packages that need no compiler", name, r.where)
	case minor < 7:
		return fmt.Sprintf("whether %s (%s) has a wheel for this version of Python is not recorded", name, r.where)
	}
	least, ok := since[minor]
	if !ok {
		least, ok = since[0]
	}
	switch {
	case r.op == "" || r.op == ">" || r.op == ">=" && !strings.Contains(r.version, ","):
		return ""
	case !ok:
		return fmt.Sprintf("whether %s %s (%s) has a wheel for Python 3.%d is not recorded", name, r.version, r.where, minor)
	case (r.op == "==" || r.op == "~=" || r.op == ">=") && versionAtLeast(r.version, least):
		return ""
	}
	return fmt.Sprintf("%s%s%s (%s) is not known to have a wheel for Python 3.%d", name, r.op, r.version, r.where, minor)
}

// versionAtLeast compares dotted numbers.
func versionAtLeast(have, want string) bool {
	a := strings.FieldsFunc(have, func(r rune) bool { return r < '0' || r > '9' })
	b := strings.FieldsFunc(want, func(r rune) bool { return r < '0' || r > '9' })
	for i := range b {
		if i >= len(a) {
			return strings.Trim(strings.Join(b[i:], ""), "0") == ""
		}
		x, _ := strconv.Atoi(a[i])
		y, _ := strconv.Atoi(b[i])
		if x != y {
			return x > y
		}
	}
	return true
}

// sourceStages are the chain and the stages that files are copied from.
func (s *swap) sourceStages() []*dockerfile.Stage {
	out := slices.Clone(s.chain)
	for i := 0; i < len(out); i++ {
		for _, in := range out[i].Instrs {
			for _, from := range fromNames(in) {
				st := s.p.File.StageNamed(from, out[i].Index)
				for _, x := range stageChain(st) {
					if !slices.Contains(out, x) {
						out = append(out, x)
					}
				}
			}
		}
	}
	return out
}

// requirements reads what pip and its like install; why says what cannot be told.
func (s *swap) requirements() (reqs []requirement, why string) {
	for _, st := range s.sourceStages() {
		for _, in := range st.Instrs {
			if in.Name != "run" {
				continue
			}
			list, unknown := s.runCommands(in)
			if unknown != "" {
				return nil, "RUN of " + line(in) + " cannot be read: " + unknown
			}
			for _, c := range list {
				more, why := s.installs(c, st)
				if why != "" {
					return nil, why
				}
				reqs = append(reqs, more...)
			}
		}
	}
	return reqs, ""
}

// installs reads one command.
func (s *swap) installs(c *command, st *dockerfile.Stage) ([]requirement, string) {
	args := c.words
	if versioned(c.name, "python") && len(args) > 2 && args[1].Text == "-m" {
		args = args[2:]
	}
	if len(args) == 0 {
		return nil, ""
	}
	switch name := path.Base(args[0].Text); {
	case versioned(name, "pip"):
		if verb := pipVerb(args); verb > 0 && args[verb].Text == "install" {
			return s.pipInstall(c, args[verb+1:], st)
		}
	case slices.Contains(words("poetry pipenv uv pdm conda mamba easy_install pip-sync hatch flit rye pixi"), name):
		return s.lockedPackages(c, name, st)
	case versioned(name, "python"):
		if len(args) > 1 && path.Base(args[1].Text) == "setup.py" {
			return nil, c.quoted() + " (" + line(c.in) + ") builds a package whose needs are not read"
		}
	}
	return nil, ""
}

// versioned reports whether a program is the named one, with or without a version:
// pip, pip3, pip3.11.
func versioned(program, name string) bool {
	rest, ok := strings.CutPrefix(program, name)
	return ok && strings.Trim(rest, "0123456789.") == ""
}

// pipValues are the options of pip that are followed by a value.
func pipValues() []string {
	return words(`-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target --prefix --root --trusted-host
		--timeout --retries --cache-dir --platform --progress-bar --src --proxy --upgrade-strategy --default-timeout --log --cert`)
}

// pipVerb is the place of pip's command, which may stand behind options; 0 where there is none.
func pipVerb(args []shell.Word) int {
	_, rest := shell.Getopt(args[1:], pipValues()...)
	if len(rest) == 0 {
		return 0
	}
	return slices.IndexFunc(args, func(w shell.Word) bool { return w.Span.Start == rest[0].Span.Start })
}

// pipInstall reads the words behind pip install.
func (s *swap) pipInstall(c *command, args []shell.Word, st *dockerfile.Stage) (out []requirement, why string) {
	flags, rest := shell.Getopt(args, pipValues()...)
	for _, f := range flags {
		switch f.Name {
		case "-r", "--requirement":
			p, ok := c.abs(f.Value)
			if !ok {
				return nil, "cannot tell which file " + c.quoted() + " reads"
			}
			more, why := s.requirementFile(st, p, 0)
			if why != "" {
				return nil, why
			}
			out = append(out, more...)
		case "-e", "--editable", "--no-binary":
			return nil, c.quoted() + " (" + line(c.in) + ") builds from sources"
		}
	}
	for _, w := range rest {
		v, ok := c.expand(w)
		if !ok && !strings.ContainsAny(w.Text, "$`*?") {
			v, ok = w.Text, true // name[extra] is a pattern to the shell, and itself where no file matches
		}
		if !ok {
			return nil, c.quoted() + " (" + line(c.in) + ") depends on a variable without a known value"
		}
		r, why := parseRequirement(v, line(c.in))
		if why != "" {
			return nil, why
		}
		out = append(out, r)
	}
	return out, ""
}

// requirementFile reads a requirements file by its path in the image.
func (s *swap) requirementFile(st *dockerfile.Stage, p string, depth int) (out []requirement, why string) {
	ctx, _, ok := s.placesOf(stageChain(st)).contextOf(p)
	data, read := s.p.Build.Read(ctx)
	if !ok || !read || depth > maxDepth {
		return nil, p + " is not in the build context, so what is installed cannot be told"
	}
	text := strings.ReplaceAll(string(data), "\\\n", " ")
	n := 0
	for l := range strings.Lines(text) {
		n++
		l, _, _ = strings.Cut(l, " #")
		l = strings.TrimSpace(l)
		where := fmt.Sprintf("%s:%d", ctx, n)
		switch {
		case l == "" || strings.HasPrefix(l, "#"):
		case strings.HasPrefix(l, "-r") || strings.HasPrefix(l, "--requirement"):
			_, name, _ := strings.Cut(strings.Replace(l, "=", " ", 1), " ")
			more, why := s.requirementFile(st, path.Join(path.Dir(p), strings.TrimSpace(name)), depth+1)
			if why != "" {
				return nil, why
			}
			out = append(out, more...)
		case strings.HasPrefix(l, "-e"), strings.HasPrefix(l, "--no-binary"):
			return nil, where + " builds from sources"
		case strings.HasPrefix(l, "-"):
		default:
			r, why := parseRequirement(l, where)
			if why != "" {
				return nil, why
			}
			out = append(out, r)
		}
	}
	return out, ""
}

var requirementForm = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(?:\(?\s*(===|==|~=|>=|<=|!=|<|>)\s*([^;\s)]+)[^;]*)?\s*\)?\s*(?:;.*)?$`)

// parseRequirement reads one requirement.
func parseRequirement(text, where string) (requirement, string) {
	text, _, _ = strings.Cut(text, " --hash")
	text = strings.TrimSpace(text)
	switch {
	case strings.Contains(text, "git+"):
		return requirement{}, where + " fetches " + text + " from git, which it lacks"
	case strings.Contains(text, "://"), strings.HasPrefix(text, "."), !strings.Contains(text, ";") && strings.Contains(text, "/"):
		return requirement{}, where + " installs " + text + ", whose needs are not read"
	}
	m := requirementForm.FindStringSubmatch(text)
	if m == nil {
		return requirement{}, where + " cannot be read: " + text
	}
	if m[3] == "===" {
		m[3] = "=="
	}
	extras := strings.ToLower(strings.ReplaceAll(m[2], " ", ""))
	return requirement{name: pythonName(m[1]) + extras, op: m[3], version: m[4], where: where}, ""
}

// pythonName normalises a package's name.
func pythonName(name string) string {
	return strings.NewReplacer("_", "-", ".", "-").Replace(strings.ToLower(name))
}

// lockedPackages reads the lock file of a package manager other than pip.
func (s *swap) lockedPackages(c *command, manager string, st *dockerfile.Stage) ([]requirement, string) {
	verb, _ := c.arg(1)
	switch {
	case manager == "poetry" && verb == "config", verb == "--version", verb == "venv", verb == "cache":
		return nil, ""
	case manager == "pipenv" && (verb == "install" || verb == "sync"):
		return s.lockFile(st, c, "Pipfile.lock", pipfileLock)
	case manager == "poetry" && verb == "install":
		return s.lockFile(st, c, "poetry.lock", tomlLock)
	case manager == "uv" && verb == "sync":
		return s.lockFile(st, c, "uv.lock", tomlLock)
	}
	return nil, c.quoted() + " (" + line(c.in) + ") installs what is not read"
}

func (s *swap) lockFile(st *dockerfile.Stage, c *command, name string, read func(text, name string) ([]requirement, bool)) ([]requirement, string) {
	ctx, _, ok := s.placesOf(stageChain(st)).contextOf(path.Join(c.dir, name))
	if !ok {
		ctx = name
	}
	data, ok := s.p.Build.Read(ctx)
	if !ok {
		return nil, "there is no " + name + " in the build context that tells what " + c.quoted() + " installs"
	}
	reqs, ok := read(string(data), ctx)
	if !ok {
		return nil, ctx + " cannot be read"
	}
	return reqs, ""
}

var pythonCall = regexp.MustCompile(`(?:subprocess\.\w+|os\.system|os\.popen|Popen|check_output|check_call|pexpect\.\w+)\(\s*\[?\s*[fr]?["']([^"'\s]+)`)

// pythonCalls names a place where a source calls a program that only the full
// image has, or loads a library by its name.
func (s *swap) pythonCalls() (why string) {
	s.eachSource(".py", func(p, text string) {
		if why != "" {
			return
		}
		for _, m := range pythonCall.FindAllStringSubmatchIndex(text, -1) {
			if name := path.Base(text[m[2]:m[3]]); fullOnly(name) {
				why = fmt.Sprintf("%s:%d calls %s, which it lacks", p, lineOf(text, m[0]), name)
				return
			}
		}
	})
	return first(why, s.loadsLibraries())
}

// loadsLibraries names a place where a source loads a library by its name.
func (s *swap) loadsLibraries() (why string) {
	s.eachSource(".py", func(p, text string) {
		for _, mark := range []string{"find_library(", "CDLL(", "cdll.LoadLibrary("} {
			if i := strings.Index(text, mark); i >= 0 && why == "" {
				why = fmt.Sprintf("%s:%d loads a library by its name", p, lineOf(text, i))
			}
		}
	})
	return why
}

// eachSource calls visit for the files with an ending that COPY lines bring.
func (s *swap) eachSource(ext string, visit func(p, text string)) {
	seen := map[string]bool{}
	look := func(p string) {
		if path.Ext(p) != ext || seen[p] || strings.Contains(p, "node_modules/") {
			return
		}
		seen[p] = true
		if data, ok := s.p.Build.Read(p); ok {
			visit(p, string(data))
		}
	}
	for _, one := range s.places().placed {
		if one.from != "" || one.src == "" {
			continue
		}
		if one.dir {
			s.walkFiles(one.src, look)
		} else {
			look(one.src)
		}
	}
}
