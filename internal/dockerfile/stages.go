package dockerfile

import (
	"errors"
	"strconv"
	"strings"
)

// place puts a new instruction into its stage, and opens the stage for a FROM.
func (f *File) place(in *Instr) error {
	if in.Name == "from" {
		f.openStage(in)
		return nil
	}
	if len(f.Stages) == 0 {
		if in.Name != "arg" {
			return errors.New(strings.ToUpper(in.Name) + " before the first FROM: only ARG may stand there")
		}
		return nil
	}
	st := f.Stages[len(f.Stages)-1]
	in.Stage = st
	if in.OnBuild != nil {
		in.OnBuild.Stage = st
	}
	st.Instrs = append(st.Instrs, in)
	return nil
}

// openStage adds the stage that the FROM instruction in begins.
func (f *File) openStage(in *Instr) {
	st := &Stage{Index: len(f.Stages), From: in, Base: in.Args[0]}
	if len(in.Args) == 3 {
		st.Name = strings.ToLower(in.Args[2].Value)
	}
	if p := in.FlagNamed("platform"); p != nil {
		st.Platform = p.Value
	}
	in.Stage = st
	f.Stages = append(f.Stages, st)
}

// linkStages finds the parent of each stage. BuildKit looks the reference up
// after putting ARG defaults in, in the exact spelling, and a later stage of the
// same name hides an earlier one.
func (f *File) linkStages() {
	globals := f.globals()
	byName := map[string]*Stage{}
	for _, st := range f.Stages {
		if ref, ok := globals.expand(st.Base.raw, f.Escape); ok {
			st.Parent = byName[ref]
		}
		if st.Name != "" {
			byName[st.Name] = st
		}
	}
}

// StageNamed returns the stage that ref of a COPY --from or RUN --mount=from
// means: a stage's index or, in any case of letters, its name. Only stages with
// an index below before are looked at; pass len(f.Stages) for all. Of several
// stages with the name the last one counts. The result is nil for a reference
// that names no stage, and so an image or a build context.
func (f *File) StageNamed(ref string, before int) *Stage {
	before = min(before, len(f.Stages))
	if n, err := strconv.Atoi(ref); err == nil {
		if n < 0 || n >= before {
			return nil
		}
		return f.Stages[n]
	}
	for i := before - 1; i >= 0; i-- {
		if st := f.Stages[i]; st.Name != "" && st.Name == strings.ToLower(ref) {
			return st
		}
	}
	return nil
}

// Last returns the last instruction of the given name, in lower case, of the
// stage itself; nil where it has none. FROM is not among them.
func (s *Stage) Last(name string) *Instr {
	for i := len(s.Instrs) - 1; i >= 0; i-- {
		if s.Instrs[i].Name == name {
			return s.Instrs[i]
		}
	}
	return nil
}

// Scratch reports whether the stage starts from nothing. A stage that another
// stage named scratch is built on does not.
func (s *Stage) Scratch() bool { return s.Parent == nil && s.Base.Value == "scratch" }
