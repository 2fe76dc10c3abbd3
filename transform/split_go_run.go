package transform

import (
	"path"
	"slices"
	"strings"
)

// goRunCall is a `go run` in the start command.
type goRunCall struct {
	before   []string // the words before it: a script that waits and then runs the rest
	flags    []string // of go run
	packages []string
	args     []string // of the program
	text     string   // as it stands
	inCmd    bool     // it stands in CMD, behind an ENTRYPOINT
}

// goRunAt is where `go run` stands in a start command, first or behind a script; -1 for nowhere.
func goRunAt(argv []string) int {
	for i := range len(argv) - 1 {
		if path.Base(argv[i]) == "go" && argv[i+1] == "run" {
			return i
		}
	}
	return -1
}

// readGoRun takes the words of a start command apart.
func (d *goDecision) readGoRun(at int) (c goRunCall, skip *Skip) {
	st := d.plan.start
	decline := func(why string) (goRunCall, *Skip) { return c, &Skip{Unsure, st.at, why} }
	if len(st.argv) < at+3 {
		return decline("the start command is the go command itself: " + strings.Join(st.argv, " "))
	}
	if st.needsShell != "" && (at == 0 || st.script != nil) {
		return decline(st.needsShell + ", and the start command is `go run`")
	}
	own := st.argv[:st.own]
	if c.inCmd = at >= st.own; c.inCmd {
		own = st.argv
	}
	c.before, c.text = st.argv[:at], strings.Join(st.argv[at:], " ")
	n := at + 2
	for n < len(own) && strings.HasPrefix(own[n], "-") {
		words := goRunFlag(own[n:])
		if words == 0 {
			return decline("go run has flags: " + own[n])
		}
		c.flags = append(c.flags, own[n:min(n+words, len(own))]...)
		n += words
	}
	first := n
	for n < len(own) && (strings.HasSuffix(own[n], ".go") || n == first) {
		n++
	}
	if n == first {
		return decline("ENTRYPOINT is `go run` and CMD says what")
	}
	c.packages, c.args = own[first:n], own[n:]
	return c, nil
}

// goRunFlag is how many words a flag of go run takes that means the same to go build; 0
// for another, and for one whose value the shell would take apart.
func goRunFlag(words []string) int {
	name, _, joined := strings.Cut(words[0], "=")
	n := 1
	switch name {
	case "-race", "-v", "-a", "-trimpath":
	case "-mod", "-tags", "-buildvcs", "-ldflags", "-modfile":
		if !joined && name != "-buildvcs" {
			n = 2
		}
	default:
		return 0
	}
	if n > len(words) || slices.ContainsFunc(words[:n], func(w string) bool { return strings.ContainsAny(w, " \t\"'$`\\;&|<>()*?") }) {
		return 0
	}
	return n
}

// goRun turns `go run` into a build step and the binary that it makes.
func (d *goDecision) goRun(at int) *Skip {
	st := d.plan.start
	c, skip := d.readGoRun(at)
	if skip != nil {
		return skip
	}
	for _, s := range d.p.servicesOf() {
		if s.mountsOver(d.end.Workdir) {
			return &Skip{Unsure, st.at, s.Where() + " mounts the sources over the working directory: a development image"}
		}
	}
	a := d.goRunArtefact(c)
	if a.program == nil {
		return &Skip{Unsure, st.at, "the sources that " + c.text + " runs are not in the build context"}
	}
	step := slices.Concat(words("go build"), c.flags, []string{"-o", a.from}, c.packages)
	d.plan.steps = append(d.plan.steps, d.plan.keyword("RUN")+" "+strings.Join(step, " "))
	d.plan.newArgv = slices.Concat(c.before, []string{a.path}, c.args)
	if c.inCmd {
		d.plan.newArgv = slices.Concat(c.before[st.own:], []string{a.path}, c.args)
		d.plan.start.instr = d.end.Cmd.Instr
	}
	d.plan.alters = append(d.plan.alters, FieldStart)
	d.main = a
	if skip := d.follow(c.before); skip != nil {
		return skip
	}
	d.ship = append([]*artefact{a}, d.led...)
	d.assume("`%s` compiles at every start; the program is now compiled once, and started as %s", c.text, a.path)
	return nil
}

// goRunArtefact is the binary that a go build of the same package makes.
func (d *goDecision) goRunArtefact(c goRunCall) *artefact {
	dir := absIn(d.end.Workdir, c.packages[0])
	a := &artefact{pkg: c.packages[0], at: d.plan.start.at, step: d.walk.step}
	if strings.HasSuffix(c.packages[0], ".go") {
		dir = path.Dir(dir)
		a.build.files = true
		for _, f := range c.packages {
			a.build.named = append(a.build.named, path.Base(f))
		}
	}
	for i, f := range c.flags {
		name, value, joined := strings.Cut(f, "=")
		if !joined && i+1 < len(c.flags) {
			value = c.flags[i+1]
		}
		_ = a.build.flag(nil, name, value, true) // none of the flags is one that it declines
	}
	a.build.cgo, _ = d.variable("CGO_ENABLED")
	if a.program = d.goPlanner.program(d.walk, dir, a.build); a.program == nil {
		return a
	}
	name := d.freeName(a, dir)
	a.path, a.from = path.Join("/usr/local/bin", name), path.Join("/usr/local/bin", name)
	if !isRoot(d.end.User) {
		a.from = path.Join("/tmp", name) // the one folder that every user may write
	}
	return a
}

// freeName is the program's own name where the sources give one, else its folder's.
func (d *goDecision) freeName(a *artefact, dir string) string {
	if a.program.Name != "" {
		return a.program.Name
	}
	if name := path.Base(dir); name != "/" {
		return name
	}
	return "app"
}
