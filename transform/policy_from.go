package transform

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// rewriteTo makes FROM name the image to, written as ref: at its mirror. A tag that
// is built from arguments is edited as if there were no mirror, whose name then
// comes before it.
func (s *swap) rewriteTo(to, ref string) (edits []edit.Edit, assumes []string, why string) {
	base := s.root.Base
	raw := base.Span.Of(s.p.File.Src)
	mirror, before := strings.CutSuffix(ref, to)
	if mirror == "" || !before || !strings.Contains(raw, "$") {
		return s.rewriteFrom(ref)
	}
	if edits, assumes, why = s.rewriteFrom(to); why != "" {
		return nil, nil, why
	}
	for i := range edits {
		if edits[i].Span == base.Span || wholeVariable.MatchString(raw) {
			edits[i].New = mirror + edits[i].New
			return edits, assumes, ""
		}
	}
	return append(edits, insertAt(base.Span.Start, mirror)), assumes, ""
}
