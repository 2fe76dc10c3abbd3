package edit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Apply returns src with all the edits made, or an error and no text. All spans
// are bytes of src; the order of the slice does not matter. It is an error when
// a span reaches outside src, ends before it starts, or overlaps another one.
func Apply(src string, edits []Edit) (string, error) {
	sorted, err := ordered(len(src), edits)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	at := 0
	for _, e := range sorted {
		b.WriteString(src[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.WriteString(src[at:])
	return b.String(), nil
}

// ordered returns the edits from the front of a text of n bytes to its end, or
// the first reason why they cannot all be made. An insertion stands before the
// edit of the bytes that follow it.
func ordered(n int, edits []Edit) ([]Edit, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, compare)
	for i, e := range sorted {
		if e.Start < 0 || e.End < e.Start || e.End > n {
			return nil, fmt.Errorf("edit of bytes %d to %d lies outside the text of %d bytes", e.Start, e.End, n)
		}
		// Neighbours suffice: a pair further apart overlaps only where some
		// pair of neighbours between them does.
		if i > 0 && sorted[i-1].Overlaps(e.Span) {
			p := sorted[i-1]
			return nil, fmt.Errorf("edits of bytes %d to %d and %d to %d overlap", p.Start, p.End, e.Start, e.End)
		}
	}
	return sorted, nil
}

func compare(a, b Edit) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return a.End - b.End
}

// trim takes off what an edit of src would replace by the same bytes, so that
// they stay their author's. It never cuts a UTF-8 sequence in two.
func trim(src string, e Edit) Edit {
	old := e.Of(src)
	p := commonPrefix(old, e.New)
	s := commonSuffix(old[p:], e.New[p:])
	return Edit{Span{e.Start + p, e.End - s}, e.New[p : len(e.New)-s]}
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (!boundary(a, n) || !boundary(b, n)) {
		n--
	}
	return n
}

func commonSuffix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	for n > 0 && (!boundary(a, len(a)-n) || !boundary(b, len(b)-n)) {
		n--
	}
	return n
}

// boundary reports whether s may be cut before byte i.
func boundary(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }
