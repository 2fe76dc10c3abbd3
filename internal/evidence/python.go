package evidence

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

// PythonRequirement is one distribution that a Python project asks for.
type PythonRequirement struct {
	Place
	Name    string // normalised: lower case, "-" between words
	Version string // of an exact pin, "" for anything else
	Spec    string // all that follows the name, extras and markers left out
	URL     string // of a direct reference; "" for a name
	Locked  bool   // from a lock file
	Hashes  bool   // pinned by --hash
}

// PythonDeps is what the requirement and lock files of folders tell.
type PythonDeps struct {
	Requirements []PythonRequirement
	Files        []string  // what was read
	Missing      []Setting // files that a -r or -c line names and that are not there
	Local        []Setting // -e and path requirements
	Indexes      []Setting // --index-url, --extra-index-url, --find-links
	Manager      string    // "pip", "poetry", "uv", "pipenv" by what is there; "" for none
}

// Has reports whether a distribution is asked for; name in any spelling.
func (d *PythonDeps) Has(name string) bool {
	name = pythonName(name)
	return slices.ContainsFunc(d.Requirements, func(r PythonRequirement) bool { return r.Name == name })
}

// PythonRequirements reads requirements*.txt, and the files they include,
// pyproject.toml, poetry.lock, uv.lock and Pipfile in the folders.
func (c *Context) PythonRequirements(dirs ...string) *PythonDeps {
	p := &pythonReader{c: c, seen: map[string]bool{}}
	for _, dir := range dirs {
		for _, e := range c.List(dir) {
			if !e.IsDir() {
				p.file(path.Join(dir, e.Name()))
			}
		}
	}
	return &p.out
}

type pythonReader struct {
	c    *Context
	out  PythonDeps
	seen map[string]bool
}

func (p *pythonReader) file(name string) {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(base, "requirements") && strings.HasSuffix(base, ".txt"):
		p.manager("pip", 0)
		p.requirements(name, 0)
	case base == "pyproject.toml", base == "Pipfile":
		p.project(name)
	case base == "poetry.lock":
		p.manager("poetry", 3)
		p.lock(name)
	case base == "uv.lock":
		p.manager("uv", 4)
		p.lock(name)
	}
}

func (p *pythonReader) manager(name string, rank int) {
	if rank > slices.Index([]string{"pip", "pipenv", "setuptools", "poetry", "uv"}, p.out.Manager) {
		p.out.Manager = name
	}
}

func (p *pythonReader) read(name string) ([]string, bool) {
	if p.seen[name] {
		return nil, true
	}
	p.seen[name] = true
	text, ok := p.c.readUpTo(name, maxBig)
	if !ok {
		return nil, false
	}
	p.out.Files = append(p.out.Files, name)
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	return strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), true
}

// requirements reads one file of pip's format.
func (p *pythonReader) requirements(name string, depth int) bool {
	lines, ok := p.read(name)
	for i := 0; i < len(lines); i++ {
		at := Place{name, i + 1}
		line, n := joinLines(lines[i:])
		i += n - 1
		p.requirementLine(strings.TrimSpace(withoutPipComment(line)), at, depth)
	}
	return ok
}

func withoutPipComment(line string) string {
	if strings.HasPrefix(strings.TrimSpace(line), "#") {
		return ""
	}
	before, _, _ := strings.Cut(line, " #")
	return before
}

func (p *pythonReader) requirementLine(line string, at Place, depth int) {
	if line == "" {
		return
	}
	if line[0] != '-' {
		p.add(line, at)
		return
	}
	option, value := cutOption(line)
	switch option {
	case "-r", "--requirement", "-c", "--constraint":
		p.include(value, at, depth)
	case "-e", "--editable":
		p.out.Local = append(p.out.Local, Setting{at, value})
	case "-i", "--index-url", "--extra-index-url", "-f", "--find-links":
		p.out.Indexes = append(p.out.Indexes, Setting{at, value})
	}
}

// cutOption splits "-r x", "-rx", "--requirement x" and "--requirement=x".
func cutOption(line string) (option, value string) {
	if !strings.HasPrefix(line, "--") && len(line) > 2 {
		return line[:2], strings.TrimSpace(line[2:])
	}
	i := strings.IndexAny(line, " \t=")
	if i < 0 {
		return line, ""
	}
	return line[:i], strings.TrimSpace(line[i+1:])
}

func (p *pythonReader) include(value string, at Place, depth int) {
	if strings.Contains(value, "://") {
		return
	}
	name, ok := cleanPath(path.Join(path.Dir(at.File), value))
	if !ok || path.IsAbs(value) || depth > 10 || !p.requirements(name, depth+1) {
		p.out.Missing = append(p.out.Missing, Setting{at, value})
	}
}

var (
	pythonReq  = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)$`)
	pythonPin  = regexp.MustCompile(`^===?\s*([A-Za-z0-9.!+_-]+)$`)
	pythonDash = regexp.MustCompile(`[-_.]+`)
)

func pythonName(name string) string {
	return strings.ToLower(pythonDash.ReplaceAllString(name, "-"))
}

// add takes one requirement specifier.
func (p *pythonReader) add(line string, at Place) {
	hashes := strings.Contains(line, "--hash")
	line, _, _ = strings.Cut(line, " --")
	line, _, _ = strings.Cut(line, ";")
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "/") || strings.Contains(line, "://") && !strings.Contains(line, "@ ") {
		p.out.Local = append(p.out.Local, Setting{at, line})
		return
	}
	m := pythonReq.FindStringSubmatch(line)
	if m == nil {
		return // nothing that pip would take either
	}
	r := PythonRequirement{Place: at, Name: pythonName(m[1]), Spec: strings.TrimSpace(m[2]), Hashes: hashes}
	if url, ok := strings.CutPrefix(r.Spec, "@"); ok {
		r.URL, r.Spec = strings.TrimSpace(url), ""
	}
	if pin := pythonPin.FindStringSubmatch(r.Spec); pin != nil {
		r.Version = pin[1]
	}
	p.out.Requirements = append(p.out.Requirements, r)
}
