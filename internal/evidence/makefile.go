package evidence

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

const (
	maxMakeLines    = 20000
	maxMakeCommands = 300
	maxMakeText     = 64 << 10 // of one expanded line
	maxMakeDepth    = 20
)

// MakeCommand is one line of a recipe, which make gives to a shell of its own in
// the Makefile's folder.
type MakeCommand struct {
	Place
	// Text is what the shell gets: variables of make expanded, $(shell X) turned into $(X), a
	// variable that only the environment can set left as ${NAME}.
	Text       string
	MayFail    bool // begins with "-"
	MayNotRun  bool // belongs to a file that is there already
	fromTarget string
}

// MakeTarget returns the commands that `make target` runs, those of prerequisites
// first. makefile is a Makefile or the folder of one; target "" is the default
// goal; vars are NAME=value as given on the command line. ok is false where the
// Makefile is not there, or uses something that keeps the commands from being
// told: functions, conditionals around them, pattern rules, a program named by a
// variable without a value.
func (c *Context) MakeTarget(makefile, target string, vars ...string) (commands []MakeCommand, ok bool) {
	name := c.makefileName(makefile)
	m := newMake(c, path.Dir(name))
	for _, v := range vars {
		if key, value, ok := strings.Cut(v, "="); ok {
			m.vars[key] = makeVar{text: value, final: true}
		}
	}
	if name == "" || !m.read(name, 0) || m.broken {
		return nil, false
	}
	if target == "" {
		target = m.goal
	}
	ok = m.run(target, 0)
	if !ok {
		return nil, false
	}
	return m.out, true
}

func (c *Context) makefileName(p string) string {
	if p, ok := cleanPath(p); ok && !c.IsDir(p) {
		return p
	}
	for _, name := range []string{"GNUmakefile", "makefile", "Makefile"} {
		if full := path.Join(p, name); c.Exists(full) {
			return full
		}
	}
	return ""
}

// makeFile is what was read of a Makefile and its includes.
type makeFile struct {
	c       *Context
	dir     string
	vars    map[string]makeVar
	rules   map[string]*makeRule
	goal    string
	pattern bool // there are pattern rules
	broken  bool // something was read that makes all of it unsure
	lines   int
	kept    int // recipe lines and prerequisites, over all targets
	steps   int

	current []*makeRule // what a recipe line belongs to
	inRule  bool        // a line with a tab is a recipe's, even if of a rule that is not kept
	depth   int         // open conditionals
	define  bool        // inside define ... endef

	done map[string]bool
	out  []MakeCommand
}

type makeVar struct {
	text    string
	unknown bool // set in a conditional, or by a construct that is not read
	final   bool // given on the command line
}

type makeRule struct {
	name    string
	needs   []string
	recipe  []MakeCommand
	vars    map[string]string
	unknown bool // defined in a conditional, or in a form that is not read
}

func newMake(c *Context, dir string) *makeFile {
	return &makeFile{c: c, dir: dir, vars: map[string]makeVar{}, rules: map[string]*makeRule{}, done: map[string]bool{}}
}

var (
	makeAssign = regexp.MustCompile(`^(?:export\s+|override\s+)*([A-Za-z0-9_.\-]+)\s*(:=|::=|:::=|\?=|\+=|!=|=)\s*(.*)$`)
	makeWord   = regexp.MustCompile(`^[A-Za-z]+`)
)

// read reads one file; false where it is not there.
func (m *makeFile) read(name string, depth int) bool {
	text, ok := m.c.Read(name)
	if !ok || depth > 4 {
		return false
	}
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		at := Place{name, i + 1}
		line, n := joinLines(lines[i:])
		i += n - 1
		if m.lines++; m.lines > maxMakeLines || m.kept > maxMakeLines || len(line) > maxMakeText {
			m.broken = true
			return true
		}
		m.line(line, at, depth)
	}
	return true
}

// joinLines joins a line with those that it continues on, and counts them.
func joinLines(lines []string) (string, int) {
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			line = strings.TrimLeft(line, " \t")
		}
		if !strings.HasSuffix(line, `\`) || strings.HasSuffix(line, `\\`) || i+1 == len(lines) {
			b.WriteString(line)
			return b.String(), i + 1
		}
		b.WriteString(strings.TrimRight(line[:len(line)-1], " \t") + " ")
	}
	return b.String(), len(lines)
}

func (m *makeFile) line(line string, at Place, depth int) {
	if m.define {
		m.define = !strings.HasPrefix(strings.TrimSpace(line), "endef")
		return
	}
	if strings.HasPrefix(line, "\t") && m.inRule {
		m.recipeLine(strings.TrimSpace(line), at)
		return
	}
	line = strings.TrimSpace(withoutMakeComment(line))
	if line == "" {
		return
	}
	switch word := makeWord.FindString(line); word {
	case "ifdef", "ifndef", "ifeq", "ifneq":
		m.depth++
		return
	case "else":
		return
	case "endif":
		m.depth = max(m.depth-1, 0)
		return
	case "define":
		// Rules in it count only where $(eval) is, which is not read.
		m.define = true
		m.endRule()
		name, _, _ := strings.Cut(strings.TrimSpace(line[len(word):]), " ")
		m.vars[name] = makeVar{unknown: true}
		return
	case "include", "sinclude":
		m.include(strings.TrimSpace(line[len(word):]), word == "sinclude", depth)
		return
	}
	if rest, ok := strings.CutPrefix(line, "-include "); ok {
		m.include(strings.TrimSpace(rest), true, depth)
		return
	}
	if a := makeAssign.FindStringSubmatch(line); a != nil {
		m.endRule()
		m.assign(a[1], a[2], a[3])
		return
	}
	m.rule(line, at)
}

func (m *makeFile) endRule() { m.current, m.inRule = nil, false }

func withoutMakeComment(line string) string {
	for i := range len(line) {
		if line[i] == '#' && (i == 0 || line[i-1] != '\\') {
			return line[:i]
		}
	}
	return line
}

func (m *makeFile) recipeLine(text string, at Place) {
	if text == "" {
		return
	}
	m.kept += len(m.current)
	for _, r := range m.current {
		r.recipe = append(r.recipe, MakeCommand{Place: at, Text: text, fromTarget: r.name})
		r.unknown = r.unknown || m.depth > 0
	}
}

// include reads another Makefile. One that is not there matters unless it may be
// missing.
func (m *makeFile) include(name string, optional bool, depth int) {
	m.endRule()
	full, ok := cleanPath(path.Join(m.dir, name))
	if strings.ContainsAny(name, "$*? \t") || !ok || m.depth > 0 {
		m.broken = true
		return
	}
	if !m.read(full, depth+1) && !optional {
		m.broken = true
	}
}

func (m *makeFile) assign(name, op, value string) {
	old, had := m.vars[name]
	switch {
	case old.final, op == "?=" && had, op == "+=" && old.unknown:
		return
	case op == "!=" || m.depth > 0 || len(value)+len(old.text) > maxMakeText:
		m.vars[name] = makeVar{unknown: true}
	case op == "+=" && had:
		old.text += " " + value
		m.vars[name] = old
	case op == ":=" || op == "::=" || op == ":::=":
		// Expanded now where that is possible, so that X := $(X) more works.
		text, ok := m.expand(value, nil, 0)
		m.vars[name] = makeVar{text: strings.ReplaceAll(text, "$", "$$"), unknown: !ok}
	default:
		m.vars[name] = makeVar{text: value}
	}
	if name == ".DEFAULT_GOAL" {
		m.goal = value
	}
}

// rule reads the line of a rule.
func (m *makeFile) rule(line string, at Place) {
	m.endRule()
	head, tail, ok := cutMakeColon(line)
	if !ok {
		if word := makeWord.FindString(line); word != "export" && word != "unexport" && word != "vpath" {
			m.broken = true // $(eval ...), $(call ...) and the like may define anything
		}
		return
	}
	m.inRule = true
	targets, known := m.expand(head, nil, 0)
	if !known {
		m.pattern = true // whatever they are, they are none that is asked for by name
		return
	}
	odd := strings.HasPrefix(tail, ":") || m.depth > 0
	tail, inline, hasInline := strings.Cut(strings.TrimPrefix(tail, ":"), ";")
	tail = strings.TrimSpace(tail)
	own := makeAssign.FindStringSubmatch(tail)
	needs, known := m.expand(strings.ReplaceAll(tail, "|", " "), nil, 0)
	list := strings.Fields(needs)
	for t := range strings.FieldsSeq(targets) {
		r := m.ruleOf(t)
		if r == nil || m.kept > maxMakeLines {
			continue
		}
		if own != nil {
			r.vars[own[1]] = own[3]
			continue
		}
		m.current = append(m.current, r)
		r.unknown = r.unknown || odd || !known || strings.Contains(tail, "%")
		r.needs = append(r.needs, list...)
		m.kept += len(list)
	}
	if hasInline {
		m.recipeLine(strings.TrimSpace(inline), at)
	}
}

// cutMakeColon splits a rule at the colon that is not in a $(...) reference.
func cutMakeColon(line string) (head, tail string, ok bool) {
	level := 0
	for i := range len(line) {
		switch line[i] {
		case '(', '{':
			level++
		case ')', '}':
			level--
		case ':':
			if level <= 0 {
				return line[:i], line[i+1:], true
			}
		}
	}
	return "", "", false
}

// ruleOf returns what is known of a target, nil for one that is a pattern or
// changes how make works.
func (m *makeFile) ruleOf(target string) *makeRule {
	switch {
	case strings.Contains(target, "%"):
		m.pattern = true
		return nil
	case target == ".ONESHELL" || target == ".DEFAULT" || target == ".SECONDEXPANSION":
		m.broken = true
		return nil
	}
	r := m.rules[target]
	if r == nil {
		r = &makeRule{name: target, vars: map[string]string{}}
		m.rules[target] = r
	}
	if m.goal == "" && !strings.HasPrefix(target, ".") {
		m.goal = target
	}
	return r
}

// run adds the commands of a target after those of what it needs.
func (m *makeFile) run(target string, depth int) bool {
	if m.done[target] {
		return true
	}
	m.done[target] = true
	r := m.rules[target]
	phony := m.isPhony(target)
	there := !phony && m.c.Exists(path.Join(m.dir, target))
	switch {
	case r == nil:
		return there && depth > 0
	case r.unknown || depth > maxMakeDepth || there && depth == 0:
		return false
	case len(r.recipe) == 0 && m.pattern && !phony:
		return false // a pattern rule may have the recipe
	}
	for _, need := range r.needs {
		if !m.run(need, depth+1) {
			return false
		}
	}
	for _, cmd := range r.recipe {
		if !m.command(r, cmd, there) {
			return false
		}
	}
	return len(m.out) <= maxMakeCommands
}

func (m *makeFile) isPhony(target string) bool {
	r := m.rules[".PHONY"]
	return r != nil && slices.Contains(r.needs, target)
}

func (m *makeFile) command(r *makeRule, cmd MakeCommand, there bool) bool {
	text, ok := m.expand(cmd.Text, r, 0)
	if !ok {
		return false
	}
	text = strings.TrimSpace(text)
	for text != "" && strings.ContainsRune("@-+ ", rune(text[0])) {
		cmd.MayFail = cmd.MayFail || text[0] == '-'
		text = text[1:]
	}
	cmd.Text, cmd.MayNotRun = text, there
	if text != "" && !strings.HasPrefix(text, "#") {
		m.out = append(m.out, cmd)
	}
	return true
}
