// Package edit holds byte spans, edits over them, and the buffer that composes
// edits to one original text. It knows nothing of Dockerfiles.
//
// Every offset in this package is a byte offset. Lines and columns do not occur:
// they are where other rewriters edit the wrong instruction once a file mixes
// line ends.
package edit

// Span is the half-open range of bytes [Start, End) of some text.
type Span struct{ Start, End int }

// Len returns the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Of returns the bytes of src that the span covers. src must be the text that
// the span was made for.
func (s Span) Of(src string) string { return src[s.Start:s.End] }

// Contains reports whether every byte of t lies in s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether an edit of s and an edit of t cannot both be made.
// Two insertions at the same place overlap, since their order would be a guess;
// an insertion at the edge of another span does not.
func (s Span) Overlaps(t Span) bool {
	if s == t {
		return true
	}
	return s.Start < t.End && t.Start < s.End
}

// Edit replaces the bytes of Span with New. An empty span inserts, an empty New
// deletes.
type Edit struct {
	Span
	New string
}
