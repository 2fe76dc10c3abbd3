package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// ignoreMark begins an inline ignore: `# bulwark:ignore=NAME[,NAME] -- reason`.
const ignoreMark = "bulwark:ignore="

// ignore is one inline ignore. It covers the instruction below it; above a FROM
// it covers that whole stage.
type ignore struct {
	names  []string
	reason string
	span   edit.Span // of the comment
	covers edit.Span
}

type ignores []ignore

// ignoresOf reads the inline ignores that hold: those with the reason that the
// policy wants.
func ignoresOf(f *dockerfile.File, o *Policy) ignores {
	var out ignores
	for _, c := range f.Comments {
		if ig, ok := parseIgnore(f, c); ok && o.faultOf(ig) == "" {
			out = append(out, ig)
		}
	}
	return out
}

func parseIgnore(f *dockerfile.File, comment edit.Span) (ignore, bool) {
	text := strings.TrimSpace(strings.TrimLeft(comment.Of(f.Src), "#"))
	rest, ok := strings.CutPrefix(text, ignoreMark)
	if !ok {
		return ignore{}, false
	}
	names, reason, _ := strings.Cut(rest, "--")
	ig := ignore{reason: strings.TrimSpace(reason), span: comment, covers: coveredBy(f, comment)}
	for name := range strings.SplitSeq(names, ",") {
		ig.names = append(ig.names, strings.TrimSpace(name))
	}
	return ig, true
}

// faultOf says why an ignore has no effect; "" where it holds. Without a policy a
// reason is required, and any will do.
func (o *Policy) faultOf(ig ignore) string {
	switch {
	case ig.reason == "" && (o == nil || !o.NoReasons):
		return "an ignore without a reason has no effect; write `# " + ignoreMark + "NAME -- reason`"
	case ig.reason != "" && o != nil && o.Reason != nil && !o.Reason.MatchString(ig.reason):
		return fmt.Sprintf("an ignore has no effect whose reason does not match %s, as %s wants it", o.Reason, o.Source)
	}
	return ""
}

// coveredBy is what an ignore at the given comment speaks of.
func coveredBy(f *dockerfile.File, comment edit.Span) edit.Span {
	for _, in := range f.Instrs {
		if in.Span.End <= comment.Start {
			continue
		}
		if in.Name == "from" {
			return edit.Span{Start: comment.Start, End: stageEnd(f, in.Stage)}
		}
		return edit.Span{Start: comment.Start, End: in.Span.End}
	}
	return comment
}

// stageEnd is where the next stage starts, or the end of the file.
func stageEnd(f *dockerfile.File, s *dockerfile.Stage) int {
	if s.Index+1 < len(f.Stages) {
		return f.Stages[s.Index+1].From.Span.Start
	}
	return len(f.Src)
}

// covering returns the ignore that forbids the change, if there is one.
func (igs ignores) covering(transform string, c Change) *ignore {
	for i := range igs {
		for _, e := range c.Edits {
			if igs[i].has(transform) && e.Start <= igs[i].covers.End && igs[i].covers.Start <= e.End {
				return &igs[i]
			}
		}
	}
	return nil
}

// because is the reason for the end of a sentence; "" where the policy wants none.
func (ig *ignore) because() string {
	if ig.reason == "" {
		return ""
	}
	return " because: " + ig.reason
}

func (ig *ignore) has(name string) bool {
	return slices.Contains(ig.names, name)
}

// unreasoned reports the ignores that have no effect: without the reason that is wanted, or with a name that no transform has.
func unreasoned(f *dockerfile.File, r *runner) []Skipped {
	var out []Skipped
	for _, c := range f.Comments {
		ig, ok := parseIgnore(f, c)
		if !ok {
			continue
		}
		if why := r.options.Policy.faultOf(ig); why != "" {
			out = append(out, Skipped{Transform: "ignore", Skip: Skip{Ignored, c, why}, Line: r.originalLine(c)})
		}
		for _, n := range ig.names {
			if named(n) == nil && n != EndOfLifeName && n != PolicyName {
				out = append(out, Skipped{Transform: "ignore", Skip: Skip{Ignored, c, fmt.Sprintf("no transform is called %q", n)}, Line: r.originalLine(c)})
			}
		}
	}
	return out
}
