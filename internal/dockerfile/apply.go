package dockerfile

import (
	"path"
	"strings"
)

// applier changes a state as the instructions of one stage do.
type applier struct {
	file    *File
	state   *State
	globals *scope
	cmdSet  bool // CMD was given in this stage: ENTRYPOINT leaves it alone
}

// triggers applies what the parent stage left to its children.
func (a *applier) triggers(parent *Stage) {
	for _, in := range parent.Instrs {
		if in.OnBuild != nil {
			a.apply(in.OnBuild)
		}
	}
}

func (a *applier) apply(in *Instr) {
	s := a.state
	switch in.Name {
	case "env":
		a.env(in)
	case "arg":
		a.arg(in)
	case "label":
		a.label(in)
	case "workdir":
		a.workdir(in)
	case "user":
		s.UserInstr = in
		s.User, s.UserKnown = a.first(in)
	case "shell":
		s.ShellInstr, s.Shell = in, values(in.Args)
	case "cmd":
		a.cmdSet = true
		s.Cmd, s.CmdKnown = started(in), true
	case "entrypoint":
		s.Entrypoint, s.EntrypointKnown = started(in), true
		if !a.cmdSet {
			s.Cmd, s.CmdKnown = nil, true
		}
	case "expose":
		s.Exposed = append(s.Exposed, a.items(in)...)
	case "volume":
		s.Volumes = append(s.Volumes, a.items(in)...)
	case "healthcheck":
		s.Health = in
	case "stopsignal":
		s.StopSignal = in
	}
}

// env sets the variables of an ENV, all of which are expanded before the first
// one is set.
func (a *applier) env(in *Instr) {
	for _, v := range a.pairs(in) {
		a.state.setEnv(v)
	}
}

func (a *applier) label(in *Instr) {
	for _, v := range a.pairs(in) {
		a.state.labels.set(v)
	}
}

// pairs expands the names and values of an ENV or LABEL.
func (a *applier) pairs(in *Instr) []Var {
	var out []Var
	for n := range in.Pairs {
		p := &in.Pairs[n]
		name, _ := a.state.Expand(p.Key)
		value, known := a.state.Expand(p.rawValue)
		if name == "" {
			name = p.Key
		}
		out = append(out, Var{Name: name, Value: value, Known: known, Instr: in, Pair: p})
	}
	return out
}

func (a *applier) arg(in *Instr) {
	for n := range in.Pairs {
		a.state.args.set(a.state.scope.arg(a.file, in, &in.Pairs[n], a.globals))
	}
}

func (a *applier) workdir(in *Instr) {
	s := a.state
	s.WorkdirInstr = in
	dir, known := a.first(in)
	switch {
	case !known || windowsPath(dir):
		s.Workdir, s.WorkdirKnown = dir, false
	case path.IsAbs(dir):
		s.Workdir, s.WorkdirKnown = path.Clean(dir), true
	case s.WorkdirKnown:
		s.Workdir = cleanDir(s.Workdir, dir)
	default:
		s.Workdir = dir
	}
}

func windowsPath(dir string) bool {
	return strings.ContainsRune(dir, '\\') || len(dir) > 1 && dir[1] == ':'
}

// cleanDir returns dir as an absolute path, seen from the directory from.
func cleanDir(from, dir string) string {
	if path.IsAbs(dir) {
		return path.Clean(dir)
	}
	return path.Join(from, dir)
}

// first expands the only word of an instruction. Where it is not known, the
// word is returned as written, without quotes.
func (a *applier) first(in *Instr) (string, bool) {
	if len(in.Args) == 0 {
		return "", false
	}
	it := a.item(in, in.Args[0])
	return it.Value, it.Known
}

func (a *applier) items(in *Instr) []Item {
	var out []Item
	for _, arg := range in.Args {
		out = append(out, a.item(in, arg))
	}
	return out
}

func (a *applier) item(in *Instr, arg Arg) Item {
	value, known := a.state.Expand(arg.raw)
	if !known {
		value = arg.Value
	}
	return Item{Value: value, Known: known, Instr: in, Arg: arg}
}

// started returns the command of a CMD or ENTRYPOINT; nil for the empty exec
// form, which takes the command away.
func started(in *Instr) *Start {
	if in.JSON && len(in.Args) == 0 {
		return nil
	}
	st := &Start{Instr: in, Shell: !in.JSON, Words: in.Args}
	if st.Shell {
		st.Text = in.Body
	}
	return st
}

func values(args []Arg) []string {
	var out []string
	for _, a := range args {
		out = append(out, a.Value)
	}
	return out
}
