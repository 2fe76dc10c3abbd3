package transform

import (
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// newHome is where a working directory goes that lay in /root.
const newHome = "/app"

// move is a working directory that leaves /root, which root alone may enter.
type move struct {
	from, to string // clean
	in       *dockerfile.Instr
}

// leaveRoot moves the working directory out of /root, where that one WORKDIR is all
// that says /root and everything else in the stage is relative to it.
func (u *userPlan) leaveRoot() bool {
	in := u.state.WorkdirInstr
	if in == nil || in.Stage != u.stage || len(in.Args) != 1 || !in.Args[0].Exact || in.Args[0].Value != u.workdir() && in.Args[0].Value != u.workdir()+"/" {
		return false
	}
	for _, other := range u.stage.Instrs {
		text := ownPaths(other)
		if other != in && (other.Name == "workdir" || other.OnBuild != nil || saysHome(text)) || strings.Contains(text, newHome) {
			return false
		}
	}
	if slices.ContainsFunc(u.p.servicesOf(), func(s service) bool { return s.mountsInto("/root") }) {
		return false
	}
	u.move = &move{from: u.workdir(), to: path.Join(newHome, strings.TrimPrefix(u.workdir(), "/root")), in: in}
	u.state.Workdir = u.move.to
	u.relocate()
	u.assume("The working directory is " + u.move.to + " instead of " + u.move.from + ": nothing outside this file names the old one.")
	return true
}

// ownPaths is the part of an instruction that speaks of the stage's own files: of a
// COPY, where it puts them.
func ownPaths(in *dockerfile.Instr) string {
	if dest, ok := in.CopyDest(); ok {
		return dest.Value
	}
	return in.Body.String()
}

// saysHome reports whether a text names root's home, in whatever way.
func saysHome(text string) bool {
	return strings.Contains(text, "/root") || strings.Contains(text, "~") || strings.Contains(text, "HOME")
}

// relocate moves what the stage's own walk has seen in the old folder.
func (u *userPlan) relocate() {
	moved := func(p *string) {
		if rest, in := within(u.move.from, *p); in {
			*p = path.Join(u.move.to, rest)
		}
	}
	w := u.walks[len(u.walks)-1]
	for i := range w.placed {
		moved(&w.placed[i].dest)
	}
	for i := range w.made {
		moved(&w.made[i].path)
	}
	for i := range w.owners {
		moved(&w.owners[i].path)
	}
	for _, c := range u.cmds {
		if c.in.Stage == u.stage {
			moved(&c.dir)
		}
	}
}

// moveEdit rewrites the WORKDIR; a slash at its end stays.
func (u *userPlan) moveEdit() []edit.Edit {
	if u.move == nil {
		return nil
	}
	arg := u.move.in.Args[0]
	return []edit.Edit{{Span: arg.Span, New: u.move.to + strings.TrimPrefix(arg.Value, u.move.from)}}
}

// alters are the fields that the change alters on purpose.
func (u *userPlan) alters() []Field {
	if u.move == nil {
		return nil
	}
	return []Field{FieldWorkdir}
}
