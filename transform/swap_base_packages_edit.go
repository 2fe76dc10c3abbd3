package transform

import (
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// runEdit gathers what changes in one RUN: words that are replaced or go, and
// commands that go with what joins them to the others.
type runEdit struct {
	f     *dockerfile.File
	in    *dockerfile.Instr
	links []shell.Link
	gone  []bool
	puts  []edit.Edit // replacements and insertions
	cuts  []edit.Span // deletions; they may overlap
	moved []edit.Span // comments beside what goes, which move above the RUN
}

func newRunEdit(p *Pass, in *dockerfile.Instr) *runEdit {
	r := &runEdit{f: p.File, in: in}
	if view, ok := in.ScriptView(p.File); ok {
		state := p.stateAt(in.Stage, in)
		r.links, _ = shell.Chain(view, shell.ShellOptions(state.Shell).Bash)
	}
	r.gone = make([]bool, len(r.links))
	return r
}

// link is the place of a command in the chain; ok is false where it does not stand
// alone on the outermost level, word for word.
func (r *runEdit) link(c *command) (int, bool) {
	at := slices.IndexFunc(r.links, func(l shell.Link) bool { return l.Simple && l.Span.Start == c.Span.Start })
	direct := len(c.Words) == len(c.words)
	return at, at >= 0 && direct
}

// remove takes out a whole command.
func (r *runEdit) remove(c *command) {
	at, _ := r.link(c)
	r.gone[at] = true
}

// put replaces a span that holds no comment. ok is false where it holds one.
func (r *runEdit) put(s edit.Span, text string) (ok bool) {
	r.puts = append(r.puts, edit.Edit{Span: s, New: text})
	return len(r.comments(s)) == 0
}

// insert puts text in between.
func (r *runEdit) insert(at int, text string) {
	r.puts = append(r.puts, edit.Edit{Span: edit.Span{Start: at, End: at}, New: text})
}

// comments are the comment lines that begin in a span.
func (r *runEdit) comments(s edit.Span) (out []edit.Span) {
	for _, c := range r.f.Comments {
		if s.Contains(c) {
			out = append(out, c)
		}
	}
	return out
}

// cutWord takes out word i with what stands between it and the word before.
func (r *runEdit) cutWord(words []shell.Word, i int) {
	r.cut(words[i-1].Span.End, words[i].Span.End)
}

// finish gives the edits of the RUN, and whether nothing is left of it. why says
// what stands in the way.
func (r *runEdit) finish() (edits []edit.Edit, why string) {
	if len(r.links) > 0 && !slices.Contains(r.gone, false) {
		return []edit.Edit{removeInstr(r.f, r.in)}, ""
	}
	if why := r.cutLinks(); why != "" {
		return nil, why
	}
	edits = slices.Clone(r.puts)
	for i, l := range r.links {
		if r.gone[i] { // what was to change in it goes with it
			edits = slices.DeleteFunc(edits, func(e edit.Edit) bool { return l.Span.Contains(e.Span) })
		}
	}
	for _, s := range merged(r.cuts) {
		if r.hidesComment(s) {
			return nil, "a comment of the shell stands between its commands"
		}
		edits = append(edits, edit.Edit{Span: s})
	}
	return append(edits, r.above()...), ""
}

// above puts the comments that lost their place above the RUN: none is lost.
func (r *runEdit) above() []edit.Edit {
	slices.SortFunc(r.moved, func(a, b edit.Span) int { return a.Start - b.Start })
	text := ""
	for _, c := range slices.Compact(r.moved) {
		text += c.Of(r.f.Src) + r.f.EOL
	}
	if text == "" {
		return nil
	}
	return []edit.Edit{insertAt(r.in.LineStart(r.f), text)}
}

// cutLinks takes out the commands that go: those at the front up to the next one
// that stays, the others with what joins them to the one before.
func (r *runEdit) cutLinks() (why string) {
	kept := false
	for i, l := range r.links {
		switch {
		case !r.gone[i]:
			kept = true
		case !kept:
			r.cut(l.Span.Start, r.links[i+1].Span.Start)
		case l.Op == ";" && i+1 < len(r.links) && r.links[i+1].Op == "&&":
			if r.gone[i+1] {
				return "the way its commands are joined is not one that can be edited"
			}
			r.cut(l.Span.Start, r.links[i+1].Span.Start)
		default:
			r.cut(r.links[i-1].Span.End, l.Span.End)
		}
	}
	return ""
}

// cut deletes the bytes from start to end; comments in them move.
func (r *runEdit) cut(start, end int) {
	s := edit.Span{Start: start, End: end}
	r.cuts = append(r.cuts, s)
	r.moved = append(r.moved, r.comments(s)...)
}

// hidesComment reports whether a deletion would take a # along that is no comment
// line of the Dockerfile: one of a heredoc, or at the end of a line.
func (r *runEdit) hidesComment(s edit.Span) bool {
	text := s.Of(r.f.Src)
	for _, c := range r.comments(s) {
		text = strings.Replace(text, c.Of(r.f.Src), "", 1)
	}
	return strings.HasPrefix(text, "#") || strings.Contains(text, " #") || strings.Contains(text, "\n#") || strings.Contains(text, "\t#")
}

// merged joins spans that overlap or touch.
func merged(spans []edit.Span) []edit.Span {
	slices.SortFunc(spans, func(a, b edit.Span) int { return a.Start - b.Start })
	var out []edit.Span
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
