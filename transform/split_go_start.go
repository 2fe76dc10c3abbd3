package transform

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
)

// leadStart follows the start command to the binary that it runs, through entry
// scripts and init programs, and settles what goes along.
func (d *goDecision) leadStart() *Skip {
	st := d.plan.start
	if st.needsShell != "" {
		d.needs.shell = st.needsShell
		d.needs.bash = path.Base(d.end.Shell[0]) == "bash"
	}
	if at := goRunAt(st.argv); at >= 0 {
		return d.goRun(at)
	}
	if path.Base(st.argv[0]) == "go" {
		return &Skip{Unsure, st.at, "the start command is the go command itself: " + strings.Join(st.argv, " ")}
	}
	if skip := d.follow(st.argv); skip != nil {
		return skip
	}
	if d.main == nil {
		return d.leadsNowhere("the start command does not lead to a binary that this file builds")
	}
	d.ship = append([]*artefact{d.main}, d.led...)
	for _, a := range d.artefacts {
		if a != d.main && !a.weak && !a.remote && !a.open && !d.within(a.path) && !d.walk.gone(a.path, a.step) && !d.sameProgram(a) {
			d.ship = append(d.ship, a)
		}
	}
	return nil
}

// sameProgram reports whether an artefact is the main program once more, as after
// go install and go build of one package.
func (d *goDecision) sameProgram(a *artefact) bool {
	return a.program != nil && d.main.program != nil && a.program.Dir == d.main.program.Dir && path.Base(a.path) == path.Base(d.main.path)
}

// leadsNowhere declines at the first command that may have built what is missing, else at the start command.
func (d *goDecision) leadsNowhere(why string) *Skip {
	if len(d.unknown) > 0 {
		c := d.unknown[0]
		return c.unsure("cannot tell what %s does, and %s", c.quoted(), why)
	}
	return &Skip{Unsure, d.plan.start.at, why}
}

// within reports whether an artefact of that path goes along already.
func (d *goDecision) within(p string) bool {
	return slices.ContainsFunc(d.ship, func(a *artefact) bool { return a.path == p })
}

// follow takes the words of a start command: the binary itself, a script, a shell text, an init program.
func (d *goDecision) follow(argv []string) *Skip {
	if len(argv) == 0 {
		return nil
	}
	if d.leads(argv[0]) {
		if path.Base(argv[0]) == "dockerize" { // waits, then runs the rest of its words
			_ = slices.ContainsFunc(argv[1:], d.leads)
		}
		return nil
	}
	switch path.Base(argv[0]) {
	case "sh", "bash", "ash", "dash":
		if s := d.plan.start.script; s != nil {
			return d.script(s, "the start command")
		}
		if len(argv) > 1 && !strings.HasPrefix(argv[1], "-") {
			return d.scriptFile(argv[1], argv[2:])
		}
		return nil
	case "tini", "dumb-init":
		d.needs.call(path.Base(argv[0]), "the start command")
		rest := argv[1:]
		for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
			rest = rest[1:]
		}
		return d.follow(rest)
	}
	return d.scriptFile(argv[0], argv[1:])
}

// leads takes a program name or path of the start command for the binary that it
// means, if it means one.
func (d *goDecision) leads(program string) bool {
	a := d.artefactOf(program)
	if a == nil {
		return false
	}
	switch {
	case d.main == nil:
		d.main = a
	case d.main.remote && !a.remote:
		d.led = append(d.led, d.main)
		d.main = a
	case d.main.path != a.path && !slices.ContainsFunc(d.led, func(b *artefact) bool { return b.path == a.path }):
		d.led = append(d.led, a)
	}
	d.calledAs(a, program)
	return true
}

// calledAs notes how a binary is called, which decides where it has to lie.
func (d *goDecision) calledAs(a *artefact, program string) {
	if strings.Contains(program, "/") {
		d.byPath = append(d.byPath, a.path)
	} else {
		d.byName = append(d.byName, a.path)
	}
}

// artefactOf finds the binary that a program name or path means; the last one built wins.
func (d *goDecision) artefactOf(program string) *artefact {
	state := d.end
	if strings.Contains(program, "/") {
		return d.built(absIn(state.Workdir, program))
	}
	for dir := range strings.SplitSeq(d.searchPath(), ":") {
		if a := d.built(path.Join(dir, program)); a != nil {
			return a
		}
	}
	return nil
}

// variable is an environment variable at the end of the stage.
func (d *goDecision) variable(name string) (string, bool) {
	return variable(d.end, name)
}

// searchPath is PATH at the end of the stage, that of the golang images where nothing is known.
func (d *goDecision) searchPath() string {
	const golang = "/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	v, ok := d.variable("PATH")
	if !ok || v == "" {
		return golang
	}
	if !strings.Contains(v, "/usr/bin") {
		return v + ":" + golang
	}
	return v
}

// built is the artefact that lies at a path in the end: built there, copied or moved there, or linked to.
func (d *goDecision) built(p string) *artefact {
	return d.builtVia(p, 0)
}

func (d *goDecision) builtVia(p string, hops int) *artefact {
	if hops > maxDepth {
		return nil
	}
	for _, a := range slices.Backward(d.artefacts) {
		if a.path == p && !d.walk.gone(p, a.step) {
			return a
		}
	}
	for _, m := range slices.Backward(d.walk.made) {
		if src, ok := cutCopy(m.by); ok && m.path == p {
			if a := d.origin(src, hops); a != nil {
				moved := *a
				moved.path = p
				return &moved
			}
		}
	}
	if a := d.opened(p); a != nil {
		return a
	}
	for _, l := range d.walk.links {
		if l.path == p {
			if a := d.builtVia(absIn(path.Dir(p), l.target), hops+1); a != nil {
				linked := *a
				linked.path = p
				return &linked
			}
		}
	}
	return nil
}

// opened takes a build whose binary the sources do not name for the one at p: the
// build puts it into that folder, and nothing else that is known lies there.
func (d *goDecision) opened(p string) *artefact {
	if _, listed, ok := d.walk.contextOf(p); ok && listed {
		return nil
	}
	if _, known := providerOf(path.Base(p)); known || isBusybox(path.Base(p)) {
		return nil // a program that the system has
	}
	for _, a := range slices.Backward(d.artefacts) {
		if a.open && a.path == path.Dir(p) && !d.walk.gone(p, a.step) {
			named := *a
			named.path, named.open = p, false
			return &named
		}
	}
	return nil
}

// origin is the artefact that was built at src, even where it has been moved away since.
func (d *goDecision) origin(src string, hops int) *artefact {
	for _, a := range slices.Backward(d.artefacts) {
		if a.path == src {
			return a
		}
	}
	return d.builtVia(src, hops+1)
}

// cutCopy reads the note that moveOrCopy leaves.
func cutCopy(by string) (src string, ok bool) {
	if src, ok = strings.CutPrefix(by, "cp "); ok {
		return src, true
	}
	return strings.CutPrefix(by, "mv ")
}

// scriptFile follows an entry script of the context.
func (d *goDecision) scriptFile(name string, args []string) *Skip {
	at := d.plan.start.at
	p := d.absolute(name)
	if !strings.Contains(name, "/") && d.plan.start.argv[0] == name {
		p = path.Join("/usr/local/bin", name)
	}
	ctx, _, ok := d.walk.contextOf(p)
	if !ok {
		return d.leadsNowhere("the start command runs " + name + ", which is neither built here nor in the build context")
	}
	data, ok := d.p.Build.Read(ctx)
	if !ok {
		return &Skip{Unsure, at, "the start command runs " + name + ", which cannot be read in the build context"}
	}
	interpreter := shell.Interpreter(string(data))
	switch interpreter {
	case "sh", "ash", "dash", "":
	case "bash":
		d.needs.bash = true
	default:
		return &Skip{Unsupported, at, name + " is a script for " + interpreter}
	}
	d.needs.shell = "the start command runs the script " + ctx
	d.needs.scripts = append(d.needs.scripts, p)
	d.plan.scripts += "\n" + string(data)
	if skip := d.script(shell.ParseText(string(data)), ctx); skip != nil {
		return skip
	}
	if slices.ContainsFunc(args, d.leads) || d.main != nil {
		return nil // exec "$@", in one way or another
	}
	return d.follow(args)
}

// literals are the words that say what they are.
func (d *goDecision) literals(words []shell.Word) []string {
	var out []string
	for _, w := range words {
		if v, ok := w.Literal(); ok {
			out = append(out, v)
		}
	}
	return out
}

// absolute is a path as seen from the working directory of the start command.
func (d *goDecision) absolute(p string) string { return absIn(d.end.Workdir, p) }

// script takes the commands of a start script: the binary, builtins, and programs that the base must have.
func (d *goDecision) script(s *shell.Script, where string) *Skip {
	at := d.plan.start.at
	if s.Unknown != "" {
		return &Skip{Unsure, at, where + " cannot be read as shell: " + s.Unknown}
	}
	d.needs.bash = d.needs.bash || s.Bash != ""
	for _, raw := range s.Commands {
		words, _ := raw.Unwrap()
		if len(words) == 0 {
			continue
		}
		name, ok := words[0].Expand(d.variable)
		if !ok {
			if d.isArguments(words[0].Text) {
				continue
			}
			return &Skip{Unsure, at, "cannot tell what " + where + " starts with " + words[0].Text}
		}
		if path.Base(name) == "go" {
			return &Skip{Unsure, at, where + " calls the go command, so the toolchain is needed at run time"}
		}
		if isShellBuiltin(name) || d.isFunction(name) || d.leads(name) {
			continue
		}
		if _, _, ok := d.walk.contextOf(d.absolute(name)); ok && strings.Contains(name, "/") {
			if skip := d.scriptFile(name, d.literals(words[1:])); skip != nil {
				return skip
			}
			continue
		}
		if !isBusybox(path.Base(name)) {
			d.needs.call(path.Base(name), where)
		}
	}
	return nil
}

// argumentsKept finds where a script keeps its arguments: CLI=("$@"), cmd="$*".
var argumentsKept = regexp.MustCompile(`(?m)^\s*(\w+)=\(?"?\$[@*]"?\)?`)

// isFunction reports whether a script that goes along defines the function.
func (d *goDecision) isFunction(name string) bool {
	return slices.ContainsFunc(functionDefined.FindAllStringSubmatch(d.plan.scripts, -1), func(m []string) bool { return name == m[1] || name == m[2] })
}

// functionDefined finds the functions of a script: name() and function name.
var functionDefined = regexp.MustCompile(`(?m)^\s*(?:([\w.-]+)\s*\(\)|function\s+([\w.-]+))`)

// isArguments reports whether a word stands for the script's own arguments, which the
// start command shows: "$@", or a variable that they are kept in.
func (d *goDecision) isArguments(word string) bool {
	word = strings.Trim(word, `"`)
	if word == "$@" || word == "$*" || word == "${@}" {
		return true
	}
	return slices.ContainsFunc(argumentsKept.FindAllStringSubmatch(d.plan.scripts, -1), func(m []string) bool {
		return word == "$"+m[1] || word == "${"+m[1]+"}" || word == "${"+m[1]+"[@]}" || word == "${"+m[1]+"[*]}"
	})
}
