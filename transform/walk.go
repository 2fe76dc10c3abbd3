package transform

import (
	"fmt"
	"path"
	"slices"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// walk is what the instructions of one stage leave in the image, told from top
// to bottom without running anything. An ecosystem's planner adds its own
// commands through handle.
type walk struct {
	p     *Pass
	stage *dockerfile.Stage

	placed   []placed         // what COPY and ADD brought, in order
	made     []made           // what RUN made, in order
	packages []packageInstall // what the distribution's package manager installed
	accounts []account        // users that RUN created
	links    []link
	removed  []removal
	step     int // counts commands and copies: what comes later wins
	owners   []owner

	// handle is asked first about each command. done reports that the command has been dealt with.
	handle func(w *walk, c *command) (done bool, skip *Skip)
	dirsOf *dockerfile.Stage // see workdirs
	dirs   map[string]bool
	depth  int // of scripts and makefiles that call each other
}

// made is a file or folder that a RUN made.
type made struct {
	path string // absolute in the image
	dir  bool
	at   edit.Span
	by   string // the program that made it; "cp SRC" and "mv SRC" name the source
	step int
}

// removal is a path, or a pattern for paths, that a RUN removed.
type removal struct {
	pattern string
	step    int
}

// gone reports whether what was put at p in the given step has been removed since, itself or with a folder above it.
func (w *walk) gone(p string, step int) bool {
	for _, r := range w.removed {
		if r.step <= step {
			continue
		}
		for at := p; ; at = path.Dir(at) {
			if ok, err := path.Match(r.pattern, at); ok && err == nil || at == r.pattern {
				return true
			}
			if at == path.Dir(at) {
				break
			}
		}
	}
	return false
}

// link is a symbolic link that a RUN made.
type link struct{ target, path string }

// owner is a change of ownership: chown, or COPY --chown.
type owner struct {
	path, who string
	deep      bool
}

// command is one shell command of a RUN, with where it runs.
type command struct {
	*shell.Command
	words   []shell.Word // behind wrappers such as sudo and env
	assigns []shell.Assign
	name    string // the program's base name; "" where it is computed
	dir     string // absolute working directory
	dirOK   bool
	state   *dockerfile.State
	in      *dockerfile.Instr
	at      edit.Span // in the Dockerfile
	where   string    // "build.sh:12" where the command stands in a file of the context
	vars    shellVars // shell variables set before it
}

// stageWalk goes through the stage, and those that it stands on before it, up to its end. The skip says at which line it
// is no longer clear what lies in the image, and why.
func stageWalk(p *Pass, stage *dockerfile.Stage, handle func(*walk, *command) (bool, *Skip)) (*walk, *Skip) {
	w := &walk{p: p, stage: stage, handle: handle}
	for _, in := range lineage(stage) {
		if skip := w.instr(in); skip != nil {
			return w, skip
		}
	}
	return w, nil
}

// glance is a walk through a stage for what lies where in it, however little of its
// commands can be told.
func (p *Pass) glance(s *dockerfile.Stage) *walk {
	if w, ok := p.glances[s]; ok {
		return w
	}
	w := &walk{p: p, stage: s, handle: func(w *walk, c *command) (bool, *Skip) {
		_, _ = w.common(c)
		return true, nil
	}}
	for _, in := range lineage(s) {
		_ = w.instr(in)
	}
	if p.glances == nil {
		p.glances = map[*dockerfile.Stage]*walk{}
	}
	p.glances[s] = w
	return w
}

func (w *walk) instr(in *dockerfile.Instr) *Skip {
	switch in.Name {
	case "copy", "add":
		return w.place(in)
	case "run":
		return w.run(in)
	case "onbuild":
		return &Skip{Unsupported, in.Span, "ONBUILD belongs to images that others build on, and a split would move it"}
	}
	return nil
}

// run takes the commands of one RUN.
func (w *walk) run(in *dockerfile.Instr) *Skip {
	state := w.p.stateAt(in.Stage, in)
	script := runScript(w.p.File, in, state)
	if script.Unknown != "" {
		return &Skip{Unsure, in.Span, "cannot be read as shell: " + script.Unknown}
	}
	for _, m := range in.Mounts() {
		w.mount(m, state, in)
	}
	return w.script(script, in, state, state.Workdir, "")
}

// script takes the commands of a shell text that runs in dir. file names the
// file of the context that it stands in; "" for the Dockerfile itself.
func (w *walk) script(s *shell.Script, in *dockerfile.Instr, state *dockerfile.State, dir, file string) *Skip {
	vars := shellVars{}
	for _, raw := range s.Commands {
		c := newCommand(raw, in, state, dir)
		if file != "" {
			c.at, c.where = in.Span, file
		}
		c.remember(vars)
		c.vars = vars
		if skip := w.command(c); skip != nil {
			return skip
		}
	}
	return nil
}

func newCommand(raw *shell.Command, in *dockerfile.Instr, state *dockerfile.State, dir string) *command {
	words, assigns := raw.Unwrap()
	c := &command{Command: raw, words: words, assigns: assigns, state: state, in: in, at: raw.Span}
	if len(words) > 0 {
		if program, ok := words[0].Expand(func(name string) (string, bool) { return variable(state, name) }); ok && program != "" {
			c.name = path.Base(program)
		}
	}
	c.dir, c.dirOK = dir, raw.DirKnown && (path.IsAbs(raw.Dir) || path.IsAbs(dir))
	if path.IsAbs(raw.Dir) {
		c.dir = path.Clean(raw.Dir)
	} else {
		c.dir = path.Join(dir, raw.Dir)
	}
	return c
}

// command takes one command: the ecosystem's own first, then what every image knows.
func (w *walk) command(c *command) *Skip {
	w.step++
	if done, skip := w.handle(w, c); done || skip != nil {
		return skip
	}
	if done, skip := w.common(c); done || skip != nil {
		return skip
	}
	return c.unsure("cannot tell what %s leaves behind that the program needs", c.quoted())
}

// unsure is a skip at the command.
func (c *command) unsure(format string, args ...any) *Skip {
	why := fmt.Sprintf(format, args...)
	if c.where != "" {
		why += " (" + c.where + ")"
	}
	return &Skip{Unsure, c.at, why}
}

// quoted names the command for a report, not longer than a reader wants.
func (c *command) quoted() string {
	text := ""
	for i, word := range c.words {
		if i > 0 {
			text += " "
		}
		text += word.Text
	}
	const limit = 50
	if r := []rune(text); len(r) > limit {
		text = string(r[:limit]) + "..."
	}
	return "`" + text + "`"
}

// lookup finds a variable: those of the script, then ENV and ARG.
func (c *command) lookup(name string) (string, bool) {
	for _, a := range slices.Backward(c.assigns) {
		if a.Name == name {
			return a.Value.Literal()
		}
	}
	if v, ok := c.vars[name]; ok {
		return v.value, v.known
	}
	return variable(c.state, name)
}

// shellVars are the variables that a script has set so far.
type shellVars map[string]shellVar

type shellVar struct {
	value string
	known bool // false: computed, or set under a condition
	temp  bool // the name of a file that mktemp made in its usual folder
}

// expand gives the word's value with the variables that are known.
func (c *command) expand(w shell.Word) (string, bool) { return w.Expand(c.lookup) }

// remember keeps the variables that the command sets for those after it.
func (c *command) remember(vars shellVars) {
	if len(c.words) != 0 && c.name != "export" {
		return
	}
	c.vars = vars
	for _, a := range c.assigns {
		v, ok := c.expand(a.Value)
		vars[a.Name] = shellVar{v, ok && c.Flow&(shell.Conditional|shell.Loop|shell.Subshell) == 0, isMktemp(a.Value.Text)}
	}
}

// abs makes a path of the command absolute; ok is false where it cannot be told.
func (c *command) abs(word shell.Word) (string, bool) {
	v, ok := c.expand(word)
	if !ok || v == "" {
		return "", false
	}
	if path.IsAbs(v) {
		return path.Clean(v), true
	}
	return path.Join(c.dir, v), c.dirOK
}
