package dockerfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// checkLossless makes sure that every byte of the file belongs to exactly one
// of: the BOM, a directive, a comment, an instruction, white space between them.
// Printing those in order is then the file itself, byte for byte.
func checkLossless(f *File) error {
	var out strings.Builder
	out.Grow(len(f.Src))
	at := 0
	for _, s := range outerSpans(f) {
		if s.Start < at || s.End < s.Start || s.End > len(f.Src) {
			return fmt.Errorf("spans overlap at line %d: please report this file", f.Line(s.Start))
		}
		gap := f.Src[at:s.Start]
		if trimLeft(strings.TrimPrefix(gap, bom)) != "" {
			return fmt.Errorf("text of line %d belongs to no instruction: please report this file", f.Line(at))
		}
		out.WriteString(gap)
		out.WriteString(s.Of(f.Src))
		at = s.End
	}
	if rest := f.Src[at:]; trimLeft(rest) == "" {
		out.WriteString(rest)
	}
	if out.String() != f.Src {
		return fmt.Errorf("printing gives another text: please report this file")
	}
	return nil
}

// outerSpans returns all directives, instructions, and comments outside of
// instructions in the order of the file.
func outerSpans(f *File) []edit.Span {
	var out []edit.Span
	for _, d := range f.Directives {
		out = append(out, d.Span)
	}
	i := 0
	for _, c := range f.Comments {
		for i < len(f.Instrs) && f.Instrs[i].Span.End <= c.Start {
			i++
		}
		if i == len(f.Instrs) || !f.Instrs[i].Span.Contains(c) {
			out = append(out, c)
		}
	}
	for _, in := range f.Instrs {
		out = append(out, in.Span)
	}
	slices.SortFunc(out, func(a, b edit.Span) int { return cmp.Compare(a.Start, b.Start) })
	return out
}
