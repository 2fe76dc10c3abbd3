package transform

import (
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// An image without a shell gets its writable folders from a builder stage: COPY
// --chown gives a folder to its new owner, but only one that is not there yet.

// copiesOver reports whether all that is handed over can come from a builder stage.
func (u *userPlan) copiesOver() bool {
	stage := u.builderStage()
	if stage == nil {
		return false
	}
	w := &walk{p: u.p, stage: stage, handle: func(w *walk, c *command) (bool, *Skip) {
		_, _ = w.common(c)
		return true, nil
	}}
	for _, in := range stage.Instrs {
		_ = w.instr(in)
	}
	return !slices.ContainsFunc(u.grants, func(g grant) bool {
		return g.file || u.isDir(g.path) || w.isDir(g.path)
	})
}

// builderStage is the first stage that the shipped one copies from and that can
// make a folder: it runs as root and has a shell.
func (u *userPlan) builderStage() *dockerfile.Stage {
	for _, in := range u.stage.Instrs {
		f := in.FlagNamed("from")
		if f == nil {
			continue
		}
		s := u.p.File.StageNamed(f.Value, u.stage.Index)
		if s == nil || s.Last("run") == nil || s.Last("run").JSON {
			continue
		}
		if end := u.p.endState(s); !end.UserKnown && end.UserInstr != nil || end.UserKnown && !isRootUser(end.User) {
			continue
		}
		return s
	}
	return nil
}

// builderRef is what COPY --from calls the builder stage.
func (u *userPlan) builderRef() string {
	s := u.builderStage()
	if s.Name != "" {
		return s.From.Args[2].Value
	}
	return itoa(s.Index)
}

// builderEdit makes the folders at the end of the builder stage.
func (u *userPlan) builderEdit() edit.Edit {
	f, s := u.p.File, u.builderStage()
	last := s.Instrs[len(s.Instrs)-1]
	return insertAt(last.Whole(f).End, u.keyword("RUN")+" mkdir -p "+strings.Join(u.grantPaths(), " ")+f.EOL)
}

// copyLines are the COPY lines that bring the folders into the shipped stage.
func (u *userPlan) copyLines() []string {
	var out []string
	for _, p := range u.grantPaths() {
		out = append(out, u.keyword("COPY")+" --from="+u.builderRef()+" --chown="+u.account.String()+" "+p+" "+p)
	}
	return out
}

func (u *userPlan) grantPaths() []string {
	var out []string
	for _, g := range u.grants {
		out = append(out, g.path)
	}
	return out
}
