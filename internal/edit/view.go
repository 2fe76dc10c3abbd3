package edit

import (
	"sort"
	"strings"
)

// View is a text made of pieces of a source, such as a logical line whose
// continuations have been joined. It maps a range of its own bytes back to the
// bytes of the source.
type View struct {
	text   string
	grow   *strings.Builder // holds text while it is being built: a long line has many pieces
	pieces []viewPiece
}

type viewPiece struct {
	at  int // where the piece starts in the view
	src int // where it starts in the source
	n   int // its length, the same on both sides
}

// Append adds the bytes of src that s covers to the end of the view. A piece
// that continues the one before, byte for byte, is merged with it.
func (v *View) Append(src string, s Span) {
	if s.Len() == 0 {
		return
	}
	if n := len(v.pieces); n > 0 {
		last := &v.pieces[n-1]
		if last.src+last.n == s.Start {
			last.n += s.Len()
			v.write(s.Of(src))
			return
		}
	}
	v.pieces = append(v.pieces, viewPiece{at: len(v.text), src: s.Start, n: s.Len()})
	v.write(s.Of(src))
}

// write adds to the text. A copy of a view that was appended to since has a
// builder ahead of its own text, and starts one of its own.
func (v *View) write(text string) {
	if v.grow == nil || v.grow.Len() != len(v.text) {
		v.grow = new(strings.Builder)
		v.grow.WriteString(v.text)
	}
	v.grow.WriteString(text)
	v.text = v.grow.String()
}

// String returns the text of the view.
func (v *View) String() string { return v.text }

// Slice returns the part of the view that s, in bytes of the view, covers.
func (v *View) Slice(s Span) View {
	var out View
	out.text = v.text[s.Start:s.End]
	for _, p := range v.pieces {
		lo, hi := max(p.at, s.Start), min(p.at+p.n, s.End)
		if lo < hi {
			out.pieces = append(out.pieces, viewPiece{at: lo - s.Start, src: p.src + lo - p.at, n: hi - lo})
		}
	}
	return out
}

// Source returns the source bytes behind the range s of the view. exact is true
// when those bytes are the same text without a gap; when it is false, something
// else (a continuation, a comment) lies between them in the source, and an edit
// of the returned span would lose it.
func (v *View) Source(s Span) (src Span, exact bool) {
	if len(v.pieces) == 0 {
		return Span{}, false
	}
	start := v.offset(s.Start)
	if s.Len() == 0 {
		return Span{start, start}, true
	}
	end := v.offset(s.End-1) + 1
	return Span{start, end}, end-start == s.Len()
}

// offset maps one byte of the view to its byte in the source; the end of the
// view maps to the end of the last piece.
func (v *View) offset(at int) int {
	i := max(sort.Search(len(v.pieces), func(i int) bool { return v.pieces[i].at > at })-1, 0)
	p := v.pieces[i]
	return p.src + at - p.at
}
