package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// rebased reports whether the stage only sets up and starts what the stage below it
// built: then that one is the builder, and this one gets another base.
func (s *splitPlan) rebased() bool {
	return s.stage.Parent != nil && len(s.below()) == len(s.stage.Instrs) && len(s.steps) == 0
}

// nameStages gives the builder a name where it has none or where the runtime stage takes its own over.
func (s *splitPlan) nameStages() []edit.Edit {
	switch {
	case s.rebased():
		return []edit.Edit{{Span: s.stage.Base.Span, New: s.base.ref}}
	case s.stage.Name == "":
		return []edit.Edit{insertAt(s.stage.Base.Span.End, " "+s.keyword("AS")+" "+s.builder())}
	case s.keepsName():
		return nil
	}
	return []edit.Edit{{Span: s.stage.From.Args[2].Span, New: s.builder()}}
}

// keepsName reports whether the builder keeps the stage's name: one that says that
// something is built there, and by which no compose file asks for the image.
func (s *splitPlan) keepsName() bool {
	named := strings.HasPrefix(s.stage.Name, "build") || strings.HasPrefix(s.stage.Name, "compile")
	return named && !slices.ContainsFunc(s.p.servicesOf(), func(v service) bool { return strings.ToLower(v.Target) == s.stage.Name })
}

// builder is the builder stage's name: its own, else one that is free.
func (s *splitPlan) builder() string {
	if s.rebased() {
		return s.stage.Parent.Name
	}
	if s.keepsName() {
		return s.stage.Name
	}
	for _, name := range []string{"build", "builder", "build-stage"} {
		if s.p.File.StageNamed(name, len(s.p.File.Stages)) == nil {
			return name
		}
	}
	return fmt.Sprintf("build-%d", s.stage.Index)
}

// runtimeName is the rest of the runtime stage's FROM: the name under which the author ships the stage.
func (s *splitPlan) runtimeName() string {
	if s.stage.Name == "" || s.keepsName() {
		return ""
	}
	return " " + s.keyword("AS") + " " + s.stage.From.Args[2].Value
}
