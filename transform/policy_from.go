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
	parts, plain := s.refParts(raw)
	if plain && wholeVariable.MatchString(raw) {
		return s.rewriteArg(parts, ref)
	}
	if edits, assumes, why = s.rewriteFrom(to); why != "" {
		return nil, nil, why
	}
	for i := range edits {
		if edits[i].Span == base.Span {
			edits[i].New = mirror + edits[i].New
			return edits, s.otherValues(parts, edits[i].New), ""
		}
	}
	return append(edits, insertAt(base.Span.Start, mirror)), assumes, ""
}

// needlessRoot takes out a USER root that stands first on a base without a shell,
// whose own user is the account: nothing ran as root behind it.
func (u *userPlan) needlessRoot() []edit.Edit {
	in := u.state.UserInstr
	if in == nil || in.Stage != u.stage || in != u.stage.Instrs[0] || in == u.rootLine() || !u.noShell() || in.Lead.Len() > 0 {
		return nil
	}
	if own, _, _ := strings.Cut(u.img.User, ":"); own == "" || own != u.account.uid {
		return nil
	}
	return []edit.Edit{removeInstr(u.p.File, in)}
}
