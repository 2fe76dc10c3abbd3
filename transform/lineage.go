package transform

import (
	"slices"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
)

// stageChain lists a stage and those that it stands on, the first on an image.
func stageChain(st *dockerfile.Stage) []*dockerfile.Stage {
	var out []*dockerfile.Stage
	for ; st != nil; st = st.Parent {
		out = append([]*dockerfile.Stage{st}, out...)
	}
	return out
}

// root is the stage at the bottom of those that the stage stands on: the one that names an image.
func root(s *dockerfile.Stage) *dockerfile.Stage {
	for s.Parent != nil {
		s = s.Parent
	}
	return s
}

// lineage are the instructions that make the stage: those of the stages that it stands on, then its own.
func lineage(s *dockerfile.Stage) []*dockerfile.Instr {
	if s.Parent == nil {
		return s.Instrs
	}
	return slices.Concat(lineage(s.Parent), s.Instrs)
}

// lastOf is the last instruction of that name in the lineage; nil for none.
func lastOf(s *dockerfile.Stage, name string) *dockerfile.Instr {
	for ; s != nil; s = s.Parent {
		if in := s.Last(name); in != nil {
			return in
		}
	}
	return nil
}

// shared reports whether another stage than the one on top of it stands on the stage too.
func shared(f *dockerfile.File, s *dockerfile.Stage) bool {
	users := 0
	for _, other := range f.Stages {
		if other.Parent == s {
			users++
		}
	}
	return users > 1
}
