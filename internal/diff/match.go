package diff

import (
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// match is a run of n lines that both texts have, from line a of the one and
// line b of the other.
type match struct{ a, b, n int }

// exactLines bounds how many lines, of both texts together, go-diff is given at
// once. Its work is quadratic in them, and its line numbers, held in runes, run
// into the surrogates (which no string can carry) at 55,296.
const exactLines = 1024

// matchLines returns the lines that two texts have in common, in order. Lines
// are given as numbers, equal for equal lines.
func matchLines(a, b []int) []match {
	m := matcher{a: a, b: b}
	m.between(part{0, len(a), 0, len(b)}, m.anchored)
	return m.out
}

type matcher struct {
	a, b []int
	out  []match
}

// part is the lines [a0, a1) of the one text and [b0, b1) of the other.
type part struct{ a0, a1, b0, b1 int }

// between matches a part: what is equal at both ends, and what lies between with
// go-diff, or with large where that is not affordable.
func (m *matcher) between(p part, large func(part)) {
	p, tail := m.trimEnds(p)
	switch {
	case p.a0 == p.a1 || p.b0 == p.b1:
	case p.a1-p.a0+p.b1-p.b0 <= exactLines:
		m.exact(p)
	default:
		large(p)
	}
	m.add(tail)
}

// trimEnds adds the common lines in front, and returns what is left and the
// common lines behind it.
func (m *matcher) trimEnds(p part) (part, match) {
	n := 0
	for p.a0+n < p.a1 && p.b0+n < p.b1 && m.a[p.a0+n] == m.b[p.b0+n] {
		n++
	}
	m.add(match{p.a0, p.b0, n})
	p.a0, p.b0, n = p.a0+n, p.b0+n, 0
	for p.a0 < p.a1-n && p.b0 < p.b1-n && m.a[p.a1-n-1] == m.b[p.b1-n-1] {
		n++
	}
	p.a1, p.b1 = p.a1-n, p.b1-n
	return p, match{p.a1, p.b1, n}
}

// exact matches the part with go-diff: the fewest lines changed.
func (m *matcher) exact(p part) {
	small := make(map[int]rune)
	a, b := runes(small, m.a[p.a0:p.a1]), runes(small, m.b[p.b0:p.b1])
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // no timeout: the same input gives the same diff
	for _, d := range dmp.DiffMainRunes(a, b, false) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffEqual:
			m.add(match{p.a0, p.b0, n})
			p.a0, p.b0 = p.a0+n, p.b0+n
		case diffmatchpatch.DiffDelete:
			p.a0 += n
		case diffmatchpatch.DiffInsert:
			p.b0 += n
		}
	}
}

// runes numbers lines anew, so that a part of a text with any number of lines
// stays below exactLines.
func runes(small map[int]rune, lines []int) []rune {
	out := make([]rune, len(lines))
	for i, line := range lines {
		r, ok := small[line]
		if !ok {
			r = rune(len(small) + 1)
			small[line] = r
		}
		out[i] = r
	}
	return out
}

// anchored matches a part that is too large for go-diff: lines that both sides
// have just once hold it together, and what lies between them is matched
// exactly, or not at all where it is still too large.
func (m *matcher) anchored(p part) {
	replace := func(part) {}
	for _, at := range anchors(m.a, m.b, p) {
		m.between(part{p.a0, at.a, p.b0, at.b}, replace)
		m.add(at)
		p.a0, p.b0 = at.a+1, at.b+1
	}
	m.between(p, replace)
}

// add appends a match, joined with the one before where they touch on both sides.
func (m *matcher) add(next match) {
	if next.n == 0 {
		return
	}
	if n := len(m.out); n > 0 {
		last := &m.out[n-1]
		if last.a+last.n == next.a && last.b+last.n == next.b {
			last.n += next.n
			return
		}
	}
	m.out = append(m.out, next)
}
