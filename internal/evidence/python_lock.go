package evidence

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	tomlHeader = regexp.MustCompile(`^\[{1,2}\s*([^\]]+?)\s*\]{1,2}`)
	tomlPair   = regexp.MustCompile(`^("?[A-Za-z0-9._-]+"?)\s*=\s*(.*)$`)
	tomlString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']*'`)
)

// tomlLine is one line of the little TOML that is read here: tables of plain
// pairs and arrays of strings, which is what lock files and manifests use.
type tomlLine struct {
	table, key, value string
	line              int
}

// tomlLines cuts a file into pairs. An array over several lines becomes one value.
func tomlLines(lines []string) []tomlLine {
	var out []tomlLine
	table := ""
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(withoutTOMLComment(lines[i]))
		if line == "" {
			continue
		}
		if h := tomlHeader.FindStringSubmatch(line); h != nil && line[0] == '[' {
			table = h[1]
			out = append(out, tomlLine{table: table, line: i + 1})
			continue
		}
		m := tomlPair.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		t := tomlLine{table, strings.Trim(m[1], `"`), m[2], i + 1}
		var b strings.Builder
		b.WriteString(t.value)
		for strings.HasPrefix(t.value, "[") && !closesArray(line) && i+1 < len(lines) {
			i++
			line = withoutTOMLComment(lines[i])
			b.WriteString(" " + line)
		}
		t.value = b.String()
		out = append(out, t)
	}
	return out
}

// withoutTOMLComment cuts a line at the first "#" that is not in a string.
func withoutTOMLComment(line string) string {
	from := 0
	for _, s := range tomlString.FindAllStringIndex(line, -1) {
		if i := strings.IndexByte(line[from:s[0]], '#'); i >= 0 {
			return line[:from+i]
		}
		from = s[1]
	}
	before, _, _ := strings.Cut(line[from:], "#")
	return line[:from] + before
}

// closesArray reports whether a line ends an array: "]" outside of a string.
func closesArray(line string) bool {
	return strings.Contains(tomlString.ReplaceAllString(line, ""), "]")
}

func tomlStrings(value string) []string {
	var out []string
	for _, s := range tomlString.FindAllString(value, -1) {
		if s[0] == '"' {
			if u, err := strconv.Unquote(s); err == nil {
				out = append(out, u)
			}
			continue
		}
		out = append(out, strings.Trim(s, "'"))
	}
	return out
}

// lock reads the [[package]] tables of poetry.lock and uv.lock.
func (p *pythonReader) lock(name string) {
	lines, _ := p.read(name)
	for _, t := range tomlLines(lines) {
		if t.table != "package" {
			continue
		}
		switch one := tomlStrings(t.value); {
		case len(one) == 0 || one[0] == "":
		case t.key == "name":
			p.out.Requirements = append(p.out.Requirements,
				PythonRequirement{Place: Place{name, t.line}, Name: pythonName(one[0]), Locked: true})
		case t.key == "version" && len(p.out.Requirements) > 0:
			if r := &p.out.Requirements[len(p.out.Requirements)-1]; r.Locked && r.Version == "" {
				r.Version = one[0]
			}
		}
	}
}

// project reads the dependencies of pyproject.toml and Pipfile.
func (p *pythonReader) project(name string) {
	lines, _ := p.read(name)
	for _, t := range tomlLines(lines) {
		at := Place{name, t.line}
		switch {
		case t.key == "" && strings.HasPrefix(t.table, "tool.poetry"):
			p.manager("poetry", 3)
		case t.key == "" && strings.HasPrefix(t.table, "tool.uv"):
			p.manager("uv", 4)
		case t.key == "":
		case t.table == "project" && t.key == "dependencies", t.table == "project.optional-dependencies":
			for _, s := range tomlStrings(t.value) {
				p.add(s, at)
			}
		case t.table == "tool.poetry.dependencies" || t.table == "packages":
			p.projectPair(t, at)
		}
	}
}

// projectPair is one `name = "^1.2"` of Poetry or Pipenv.
func (p *pythonReader) projectPair(t tomlLine, at Place) {
	if t.table == "packages" {
		p.manager("pipenv", 1)
	}
	if t.key == "python" {
		return
	}
	spec := ""
	if s := tomlStrings(t.value); len(s) > 0 && !strings.HasPrefix(t.value, "{") {
		spec = s[0]
	}
	p.add(t.key+" "+spec, at)
}
