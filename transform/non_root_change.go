package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// layable declines where the image has no shell to hand over with, or the place of USER cannot be told.
func (u *userPlan) layable() *Skip {
	if g := u.unlayable(); u.noShell() && g != nil {
		return &Skip{Unsure, u.startSpan(), fmt.Sprintf("the program writes to %s (%s), and the image has no shell to hand it over with", g.path, g.why)}
	}
	if in := u.state.ShellInstr; in != nil && !isPosixShell(u.state.Shell[0]) {
		return &Skip{Unsupported, in.Span, "SHELL is " + u.state.Shell[0]}
	}
	if in := u.state.UserInstr; in != nil && in.Stage == u.stage && (len(in.Args) != 1 || !in.Args[0].Exact) {
		return &Skip{Unsure, in.Span, "the USER line is broken by a continuation"}
	}
	return nil
}

// noShell reports whether the shipped stage can run nothing.
func (u *userPlan) noShell() bool { return u.known && !u.img.Shell }

// change builds the one atomic change.
func (u *userPlan) change() Change {
	name := ""
	if u.account.name != "" {
		name = " (" + u.account.name + ")"
	}
	u.bindNotes()
	u.volumeNotes()
	u.lateVolumes()
	return Change{
		Title:   fmt.Sprintf("Run as %s%s instead of root", u.account, name),
		Why:     strings.Join(append([]string{u.account.from}, u.reasons()...), "; "),
		Safety:  Review,
		Assumes: u.assumes,
		Edits:   slices.Concat(u.userEdits(), u.tagEdit(), u.moveEdit(), u.needlessRoot(), u.repairs),
		Alters:  u.alters(),
	}
}

// reasons names what is handed over, each with where it shows.
func (u *userPlan) reasons() []string {
	var parts []string
	for _, g := range u.grants {
		parts = append(parts, fmt.Sprintf("%s (%s)", g.path, g.why))
	}
	if len(parts) == 0 {
		return u.why
	}
	return append([]string{"handed over: " + strings.Join(parts, ", ")}, u.why...)
}

// volumeNotes says what volumes that root's containers filled need.
func (u *userPlan) volumeNotes() {
	var names []string
	for _, v := range u.state.Volumes {
		names = append(names, v.Value)
	}
	for _, s := range u.p.servicesOf() {
		for _, v := range s.Volumes {
			if parts := strings.Split(v.Value, ":"); len(parts) > 1 && !strings.ContainsAny(parts[0][:min(1, len(parts[0]))], "./~$") {
				names = append(names, parts[1])
			}
		}
	}
	names = slices.DeleteFunc(names, func(n string) bool {
		return !slices.ContainsFunc(u.grants, func(g grant) bool { return g.path == path.Clean(n) })
	})
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	u.assume(fmt.Sprintf("Volumes at %s that containers of the old image filled belong to root: `chown -R %s` them once.", strings.Join(slices.Compact(names), ", "), u.account))
}

// lateVolumes says which volumes stand above the RUN that hands them over: there
// Docker's legacy builder, and Buildah before 1.31, drop what a RUN changes.
func (u *userPlan) lateVolumes() {
	at := len(u.p.File.Src)
	if in := u.rootLine(); in != nil {
		at = in.Span.Start
	} else if in := u.tail(); in != nil {
		at = in.Span.Start
	}
	var late []string
	for _, v := range u.state.Volumes {
		if v.Instr != nil && v.Instr.Span.Start < at && slices.ContainsFunc(u.grants, func(g grant) bool { _, in := within(path.Clean(v.Value), g.path); return in }) {
			late = append(late, v.Value)
		}
	}
	if len(late) > 0 && !u.noShell() {
		u.assume(fmt.Sprintf("BuildKit builds it, or Buildah since 1.31: older builders drop what a RUN changes below a VOLUME that stands above it (%s).", strings.Join(late, ", ")))
	}
}

// userEdits puts the RUN and the USER in: before the tail, or at a USER root that no RUN follows.
func (u *userPlan) userEdits() []edit.Edit {
	f := u.p.File
	lines, edits := u.rootLines()
	if in := u.rootLine(); in != nil {
		edits = append(edits, edit.Edit{Span: in.Args[0].Span, New: u.account.String()})
		if len(lines) > 0 {
			edits = append(edits, insertAt(lineStart(f.Src, in.Span.Start), strings.Join(lines, f.EOL)+f.EOL))
		}
		return edits
	}
	text := strings.Join(append(lines, u.keyword("USER")+" "+u.account.String()), f.EOL)
	if in := u.ownWorkdir(); in != nil && slices.ContainsFunc(u.grants, func(g grant) bool { return g.path == u.workdir() }) {
		return append(edits, insertAt(tailOffset(f, in), text+f.EOL))
	}
	tail := u.tail()
	if tail == nil {
		return append(edits, u.atEnd(text))
	}
	at := tailOffset(f, tail)
	text += f.EOL
	if blankAbove(f.Src, at) && at > 0 {
		text += f.EOL
	}
	return append(edits, insertAt(at, text))
}

// rootLines are the lines that root has to run before USER, and what they need elsewhere in the file.
func (u *userPlan) rootLines() (lines []string, elsewhere []edit.Edit) {
	if u.noShell() {
		edits := u.ownerEdits()
		if len(u.freshGrants()) > 0 {
			edits = append(edits, u.builderEdit())
		}
		return u.copyLines(), edits
	}
	if run := u.runLines(); run != "" {
		lines = append(lines, run)
	}
	return lines, nil
}

// rootLine is a USER root of the shipped stage that no instruction needing root
// follows: it is replaced. Before it the stage has to be root's already.
func (u *userPlan) rootLine() *dockerfile.Instr {
	in := u.state.UserInstr
	if in == nil || in.Stage != u.stage {
		return nil
	}
	before := u.p.stateAt(u.stage, in)
	if !isRoot(before.User) && before.UserKnown || !before.UserKnown && before.UserInstr != nil {
		return nil
	}
	for _, x := range u.stage.Instrs {
		if x.Index > in.Index && slices.Contains([]string{"run", "copy", "add", "workdir"}, x.Name) {
			return nil
		}
	}
	return in
}

// tail is the first of the instructions at the end of the stage that only
// configure the image: the start command, ports, the health check. nil where the
// stage ends with something else.
func (u *userPlan) tail() *dockerfile.Instr {
	list := u.stage.Instrs
	first := len(list)
	for first > 0 && slices.Contains([]string{"cmd", "entrypoint", "healthcheck", "expose", "stopsignal", "volume", "label", "env", "arg", "maintainer"}, list[first-1].Name) {
		first--
	}
	for first < len(list) && slices.Contains([]string{"label", "env", "arg", "maintainer"}, list[first].Name) {
		first++
	}
	if first == len(list) {
		return nil
	}
	return list[first]
}

// atEnd puts text behind the last instruction of the file.
func (u *userPlan) atEnd(text string) edit.Edit {
	f := u.p.File
	last := u.stage.From
	if n := len(u.stage.Instrs); n > 0 {
		last = u.stage.Instrs[n-1]
	}
	end := last.Whole(f).End
	if end == last.Span.End || !strings.HasSuffix(f.Src[:end], "\n") {
		return insertAt(end, f.EOL+text)
	}
	return insertAt(end, text+f.EOL)
}

// keyword prints a keyword in the author's case.
func (u *userPlan) keyword(k string) string { return keywordLike(u.p.File, u.stage, k) }

// runWidth is how long a RUN may get before it is broken over lines.
const runWidth = 110

// runLines is the RUN that makes the account and hands folders over; "" where neither is needed.
func (u *userPlan) runLines() string {
	var steps []string
	if u.account.create != "" {
		steps = append(steps, strings.Split(u.account.create, " && ")...)
	}
	steps = append(steps, u.handOver()...)
	if len(steps) == 0 {
		return ""
	}
	if line := u.keyword("RUN") + " " + strings.Join(steps, " && "); len(line) <= runWidth {
		return line
	}
	return u.keyword("RUN") + " " + strings.Join(steps, ` \`+u.p.File.EOL+"    && ")
}

// handOver are the commands that make, touch and chown what is written.
func (u *userPlan) handOver() []string {
	var mkdir, touch, flat, deep []string
	for _, g := range u.grants {
		switch {
		case g.make:
			mkdir = append(mkdir, g.path)
		case g.file:
			touch = append(touch, g.path)
		}
		if g.deep {
			deep = append(deep, g.path)
		} else {
			flat = append(flat, g.path)
		}
	}
	var out []string
	step := func(command string, paths []string) {
		if len(paths) > 0 {
			out = append(out, command+" "+strings.Join(paths, " "))
		}
	}
	step("mkdir -p", mkdir)
	step("touch", touch)
	step("chown "+u.account.String(), flat)
	step("chown -R "+u.account.String(), deep)
	return out
}

// tagEdit gives a distroless image without a tag, or with latest, the tag nonroot,
// where the file sets the working directory, which differs between the two.
func (u *userPlan) tagEdit() []edit.Edit {
	ref := u.img.Ref
	base := u.stage.Base
	in := u.state.WorkdirInstr
	if !u.known || !isDistroless(base.Value) || ref.Digest != "" || u.stage.Parent != nil || !base.Exact || in == nil || in.Stage != u.stage || strings.ContainsAny(base.Value, "$@") {
		return nil
	}
	if len(in.Args) != 1 || !path.IsAbs(in.Args[0].Value) {
		return nil
	}
	switch ref.Tag {
	case "latest":
		start := base.Span.End - len("latest")
		return []edit.Edit{{Span: edit.Span{Start: start, End: base.Span.End}, New: "nonroot"}}
	case "":
		return []edit.Edit{insertAt(base.Span.End, ":nonroot")}
	}
	return nil
}
