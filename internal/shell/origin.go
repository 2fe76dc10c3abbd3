package shell

import (
	"sort"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// origin tells where in the source the bytes of a parsed text stand.
//
// The parser gets line ends as "\n" only, since it would count the "\r" of a
// "\r\n" to the word before it. The removed bytes are remembered in cuts.
type origin struct {
	view *edit.View // nil: the text is a plain stretch of the source, or lies in one word of it
	cuts []int      // offsets in the text before which one "\r" was removed, ascending
	base int        // where this text starts within the text that view and cuts speak of
	at   edit.Span  // without a view: the bytes of the source
	// opaque is set where the text is a value computed from the source, as by unescaping: nothing
	// inside it has a place of its own.
	opaque bool
}

// viewOrigin makes the text of a view ready for the parser.
func viewOrigin(v *edit.View) (string, origin) {
	text, cuts := dropCarriageReturns(v.String())
	return text, origin{view: v, cuts: cuts}
}

// dropCarriageReturns removes every "\r" before "\n" or the end of the text.
func dropCarriageReturns(s string) (text string, cuts []int) {
	if !strings.Contains(s, "\r") {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\r' && (i+1 == len(s) || s[i+1] == '\n') {
			cuts = append(cuts, b.Len())
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String(), cuts
}

// inside returns the origin of the text that starts at offset from.
func (o origin) inside(from int) origin {
	o.base += from
	if !o.opaque {
		o.at.Start += from
	}
	return o
}

// span maps the range [start, end) of text, the text the origin was made for.
// exact is false where the source holds anything else in between.
func (o origin) span(text string, start, end int) (s edit.Span, exact bool) {
	if o.opaque {
		return o.at, false
	}
	if o.view == nil {
		s = edit.Span{Start: o.at.Start + start, End: o.at.Start + end}
		return s, !strings.Contains(text[start:end], "\\\n")
	}
	from, to := o.uncut(o.base+start), o.uncut(o.base+end)
	if end > start {
		to = o.uncut(o.base+end-1) + 1
	}
	s, exact = o.view.Source(edit.Span{Start: from, End: to})
	exact = exact && to-from == end-start && !strings.Contains(text[start:end], "\\\n")
	return s, exact
}

// uncut maps an offset of the text without carriage returns to one of the view.
func (o origin) uncut(at int) int {
	return at + sort.SearchInts(o.cuts, at+1)
}
