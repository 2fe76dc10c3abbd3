package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// splitPlan is all that is decided about a split; change turns it into edits.
type splitPlan struct {
	p        *Pass
	stage    *dockerfile.Stage
	name     string // of the program, for the title
	base     runtimeBase
	carry    []carried         // from the builder, in order
	tail     *dockerfile.Instr // the first instruction that moves to the runtime stage by standing below its FROM
	before   []edit.Edit       // edits of the builder: settings that the build lacks
	steps    []string          // instructions that the builder lacks at its end
	start    start
	newArgv  []string               // replaces the start command; nil where it stays
	buildEnv func(name string) bool // environment that only the build reads
	scripts  string                 // the text of the scripts that go along, which use variables too
	why      string
	assumes  []string
	alters   []Field
	// noWorkdir leaves out the builder image's own working directory, on which nothing hangs.
	noWorkdir bool
	kept      map[string]bool // see keptEnv
}

// carried is a file or folder that goes along into the runtime stage.
type carried struct {
	from, to string // absolute
	dir      bool
	owner    string // --chown; "" for root
}

// change builds the one atomic change of a split.
func (s *splitPlan) change() Change {
	edits := append(s.nameStages(), s.before...)
	edits = append(edits, insertAt(s.tailStart(), s.runtimeStage()))
	edits = append(edits, s.startEdit()...)
	return Change{
		Title:   fmt.Sprintf("Ship %s from %s instead of the whole %s", s.name, s.base.ref, root(s.stage).Base.Value),
		Why:     s.why,
		Safety:  Review,
		Assumes: s.assumes,
		Edits:   edits,
		Alters:  s.alters,
	}
}

// keyword prints a keyword in the author's case.
func (s *splitPlan) keyword(k string) string { return keywordLike(s.p.File, s.stage, k) }

// tailStart is where the runtime stage is put in: above the tail and its comments, else at the end of the file.
func (s *splitPlan) tailStart() int {
	if s.tail == nil {
		return len(s.p.File.Src)
	}
	return tailOffset(s.p.File, s.tail)
}

// tailOffset is the start of an instruction's comments, or of its own line.
func tailOffset(f *dockerfile.File, in *dockerfile.Instr) int {
	if in.Lead.Len() > 0 {
		return in.Lead.Start
	}
	return lineStart(f.Src, in.Span.Start)
}

// runtimeStage is the text of the new stage down to the tail.
func (s *splitPlan) runtimeStage() string {
	var lines []string
	add := func(keyword, rest string) { lines = append(lines, s.keyword(keyword)+" "+rest) }
	if len(s.steps) > 0 {
		lines = append(append(lines, s.steps...), "")
	}
	if !s.rebased() {
		add("FROM", s.platform()+s.base.ref+s.runtimeName())
	}
	if s.base.asUser != "" {
		add("USER", s.base.asUser)
	}
	for _, run := range s.base.run {
		add("RUN", run)
	}
	lines = append(lines, s.settings("arg", "env")...)
	lines = append(lines, s.inheritedEnv()...)
	if dir := s.p.stateAt(s.stage, s.tail).Workdir; s.needsWorkdir(dir) {
		add("WORKDIR", dir)
	}
	for _, c := range copyLines(s.builder(), s.carry) {
		add("COPY", c)
	}
	if s.start.needsShell != "" {
		lines = append(lines, s.settings("shell")...)
	}
	lines = append(lines, s.settings("label", "maintainer", "volume", "expose", "stopsignal", "healthcheck", "user", "entrypoint", "cmd")...)
	return s.laidOut(lines)
}

// platform is the author's --platform with a space behind it: the program is one of that
// platform, unless the builder's own makes it for the target.
func (s *splitPlan) platform() string {
	f := root(s.stage).From.FlagNamed("platform")
	crosses := func(in *dockerfile.Instr) bool {
		return strings.Contains(in.Body.String(), "TARGETARCH") || strings.Contains(in.Body.String(), "TARGETPLATFORM")
	}
	if f != nil && strings.Contains(f.Value, "BUILDPLATFORM") && slices.ContainsFunc(lineage(s.stage), crosses) {
		return ""
	}
	if f != nil {
		return f.Span.Of(s.p.File.Src) + " "
	}
	return ""
}

// laidOut joins the lines with the file's line ends and sets the stage off with one empty line.
func (s *splitPlan) laidOut(lines []string) string {
	eol, src := s.p.File.EOL, s.p.File.Src
	at := s.tailStart()
	text := strings.Join(lines, eol)
	if s.tail == nil {
		lead := eol
		if strings.HasSuffix(src, "\n") {
			lead, text = "", text+eol
		}
		if !s.rebased() {
			lead += eol
		}
		return lead + text
	}
	if !blankAbove(src, at) && len(s.steps) == 0 && !s.rebased() {
		text = eol + text
	}
	return text + eol
}

// needsWorkdir tells whether the working directory has to be stated: always, but
// for the root, which every base has, and where nothing hangs on it.
func (s *splitPlan) needsWorkdir(dir string) bool {
	return dir != "" && dir != "/" && !s.noWorkdir && !s.tailSetsWorkdir()
}

// tailSetsWorkdir reports whether the tail states an absolute WORKDIR before anything hangs on one.
func (s *splitPlan) tailSetsWorkdir() bool {
	for _, in := range s.below() {
		switch in.Name {
		case "copy":
			return false
		case "workdir":
			return len(in.Args) == 1 && path.IsAbs(in.Args[0].Value)
		}
	}
	return false
}

// tailIsFree reports whether no path in the tail or the start command is relative.
func (s *splitPlan) tailIsFree() bool {
	if s.newArgv == nil && !path.IsAbs(s.start.argv[0]) && strings.Contains(s.start.argv[0], "/") {
		return false
	}
	return !slices.ContainsFunc(s.below(), func(in *dockerfile.Instr) bool { return in.Name == "workdir" || in.Name == "copy" })
}

// setsWorkdir reports whether the author states a WORKDIR above the tail.
func (s *splitPlan) setsWorkdir() bool {
	return slices.ContainsFunc(s.above(), func(in *dockerfile.Instr) bool { return in.Name == "workdir" })
}

// above are the instructions that stay in the builder, those of the stages that it stands on first.
func (s *splitPlan) above() []*dockerfile.Instr {
	all := lineage(s.stage)
	return all[:len(all)-len(s.below())]
}

// below are the instructions of the tail.
func (s *splitPlan) below() []*dockerfile.Instr {
	if s.tail == nil {
		return nil
	}
	return s.stage.Instrs[slices.Index(s.stage.Instrs, s.tail):]
}

// settings repeats the configuration that stands above the tail, since a new
// stage inherits none of it, in the author's words.
func (s *splitPlan) settings(names ...string) []string {
	var out []string
	for _, in := range s.above() {
		if !slices.Contains(names, in.Name) || s.overridden(in) {
			continue
		}
		if text := s.restated(in); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// overridden reports whether a later instruction of the kind makes this one void.
func (s *splitPlan) overridden(in *dockerfile.Instr) bool {
	end := s.p.endState(s.stage)
	switch in.Name {
	case "cmd":
		return end.Cmd == nil || end.Cmd.Instr != in // an ENTRYPOINT undoes the CMD of the stage below
	case "entrypoint", "healthcheck", "shell", "stopsignal", "user":
		return lastOf(s.stage, in.Name) != in
	}
	return false
}

// restated is the instruction's text for the runtime stage; "" where it has no meaning there.
func (s *splitPlan) restated(in *dockerfile.Instr) string {
	src := s.p.File.Src
	switch in.Name {
	case "env":
		return s.restatedEnv(in)
	case "arg":
		if !s.argNeeded(in) {
			return ""
		}
	case "cmd", "entrypoint":
		if argv := s.rewritten(); in == s.start.instr && argv != nil {
			return in.Keyword.Of(src) + " " + jsonWords(argv)
		}
	}
	return in.Span.Of(src)
}

// startEdit rewrites the start command in place where it stands in the tail and has to change.
func (s *splitPlan) startEdit() []edit.Edit {
	argv := s.rewritten()
	if argv == nil || s.tail == nil || s.start.instr.Index < s.tail.Index {
		return nil
	}
	body := s.start.instr.Body
	span, _ := body.Source(edit.Span{Start: 0, End: len(body.String())})
	return []edit.Edit{{Span: span, New: jsonWords(argv)}}
}

// rewritten is the start command's new exec form: other words, or the words of a
// shell form for a base that has no shell. nil where it stays as it is.
func (s *splitPlan) rewritten() []string {
	switch {
	case s.newArgv != nil:
		return s.newArgv
	case s.start.execForm && !s.base.shell:
		return s.start.argv
	}
	return nil
}

// copyLines prints the COPY --from lines: files that keep their names and go to
// one folder share a line, folders have each their own.
func copyLines(from string, items []carried) []string {
	var out []string
	used := make([]bool, len(items))
	for i, c := range items {
		if used[i] {
			continue
		}
		group := []carried{c}
		for j := i + 1; j < len(items); j++ {
			if !used[j] && c.joins(items[j]) {
				group = append(group, items[j])
				used[j] = true
			}
		}
		out = append(out, copyLine(from, group))
	}
	return out
}

// joins reports whether two files can share one COPY.
func (c carried) joins(d carried) bool {
	keepsName := func(x carried) bool { return !x.dir && path.Base(x.from) == path.Base(x.to) }
	return keepsName(c) && keepsName(d) && c.owner == d.owner && path.Dir(c.to) == path.Dir(d.to)
}

func copyLine(from string, group []carried) string {
	line := "--from=" + from
	if group[0].owner != "" {
		line += " --chown=" + group[0].owner
	}
	var paths []string
	for _, c := range group {
		paths = append(paths, c.from)
	}
	to := group[0].to
	if len(group) > 1 {
		to = strings.TrimSuffix(path.Dir(to), "/") + "/"
	}
	paths = append(paths, to)
	for _, p := range paths {
		if strings.ContainsAny(p, " \t\"\\$") {
			return line + " " + jsonWords(paths)
		}
	}
	return line + " " + strings.Join(paths, " ")
}
