package transform

import (
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// An image without a shell gets its writable folders in one of three ways: the
// COPY that brings a folder names the owner; the working directory is made after
// USER, whose own it then is; or a builder stage makes the folder, and a COPY
// --chown brings it, which gives a folder to its owner only where it is not there yet.

// unlayable is the first folder or file that none of these ways hands over; nil where all can be.
func (u *userPlan) unlayable() *grant {
	fresh := u.freshGrants()
	stage := u.builderStage()
	if len(fresh) == 0 {
		return nil
	}
	if stage == nil {
		return &fresh[0]
	}
	w := u.p.glance(stage)
	for i, g := range fresh {
		if g.file || u.isDir(g.path) || w.isDir(g.path) || u.bringsFile(g.path) {
			return &fresh[i]
		}
	}
	return nil
}

// bringsFile reports whether a COPY brings a file to the path, where no folder can be made.
func (u *userPlan) bringsFile(p string) bool {
	ctx, listed, ok := u.contextOf(p)
	return ok && listed && !u.p.Build.IsDir(ctx)
}

// freshGrants are the folders that a builder stage has to make.
func (u *userPlan) freshGrants() []grant {
	var out []grant
	for _, g := range u.grants {
		if u.ownCopy(g) == nil && !(g.path == u.workdir() && u.ownWorkdir() != nil) {
			out = append(out, g)
		}
	}
	return out
}

// ownCopy is the COPY --from of the shipped stage that brings a folder, and nothing
// else, to where nothing is yet.
func (u *userPlan) ownCopy(g grant) *dockerfile.Instr {
	volume := slices.ContainsFunc(u.state.Volumes, func(v dockerfile.Item) bool { return path.Clean(v.Value) == g.path })
	if g.file || u.holdsCode(g.path) && !volume {
		return nil
	}
	for _, in := range u.stage.Instrs {
		dest, ok := in.CopyDest()
		if (in.Name == "workdir" || ok) && u.fills(in, g.path) {
			from := in.FlagNamed("from")
			if ok && path.Clean(dest.Value) == g.path && len(in.CopySources()) == 1 && from != nil && from.Exact && in.FlagNamed("chown") == nil {
				return in
			}
			return nil
		}
	}
	return nil
}

// fills reports whether an instruction makes a folder or puts something into it.
func (u *userPlan) fills(in *dockerfile.Instr, dir string) bool {
	if in.Name == "workdir" {
		return u.p.stateAfter(u.stage, in).Workdir == dir
	}
	return slices.ContainsFunc(u.walks[len(u.walks)-1].placed, func(one placed) bool {
		_, inside := within(dir, one.dest)
		return one.in == in && inside
	})
}

// ownWorkdir is the WORKDIR that makes the working directory in a stage that runs
// nothing: below USER, BuildKit gives the folder to that user.
func (u *userPlan) ownWorkdir() *dockerfile.Instr {
	in := u.state.WorkdirInstr
	if !u.noShell() || in == nil || in.Stage != u.stage || len(in.Args) != 1 || !path.IsAbs(in.Args[0].Value) || u.rootLine() != nil {
		return nil
	}
	for _, before := range u.stage.Instrs {
		if before == in {
			return in
		}
		if u.fills(before, u.workdir()) {
			return nil
		}
	}
	return nil
}

// ownerEdits name the owner in the COPYs that bring folders.
func (u *userPlan) ownerEdits() []edit.Edit {
	var out []edit.Edit
	for _, g := range u.grants {
		if in := u.ownCopy(g); in != nil {
			out = append(out, insertAt(in.FlagNamed("from").Span.End, " --chown="+u.account.String()))
		}
	}
	return out
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
		if end := u.p.endState(s); !end.UserKnown && end.UserInstr != nil || end.UserKnown && !isRoot(end.User) {
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
	for _, g := range u.freshGrants() {
		out = append(out, g.path)
	}
	return out
}
