package edit

import (
	"fmt"
	"sort"
	"strings"
)

// Buffer is an original text and everything that was committed to it since. It
// knows for each byte whether it is the author's or who wrote it, and can state
// all commits together as one set of edits of the original.
type Buffer struct {
	src    string
	text   string
	pieces []Piece
	starts []int // of each piece in text
}

// Piece is a run of bytes of a buffer's text with one writer.
type Piece struct {
	Text   string
	Origin Span   // the bytes of the original that were kept; empty for a writer's piece
	Writer string // "" for the author of the original
	kept   bool
}

// Kept reports whether the piece is the author's own bytes.
func (p Piece) Kept() bool { return p.kept }

// NewBuffer returns a buffer whose text is src, all of it the author's.
func NewBuffer(src string) *Buffer {
	b := &Buffer{src: src}
	b.set([]Piece{{Text: src, Origin: Span{0, len(src)}, kept: true}})
	return b
}

// Commit makes all edits, whose spans are bytes of the buffer's present text, or
// none of them. It fails where a span reaches outside the text or two edits
// overlap. Bytes that an edit would replace by the same bytes keep their writer.
func (b *Buffer) Commit(writer string, edits []Edit) error {
	sorted, err := ordered(len(b.text), edits)
	if err != nil {
		return fmt.Errorf("committing %s: %w", writer, err)
	}
	c := cutter{from: b.Pieces()} // a copy: the cutter takes its list apart
	for _, e := range sorted {
		e = trim(b.text, e)
		c.keep(e.Start)
		c.write(Piece{Text: e.New, Writer: writer})
		c.drop(e.End)
	}
	c.keep(len(b.text))
	b.set(c.out)
	return nil
}

// String returns the present text.
func (b *Buffer) String() string { return b.text }

// Len returns the number of bytes of the present text.
func (b *Buffer) Len() int { return len(b.text) }

// Pieces returns who wrote the present text, from its front to its end. No piece
// is empty, and together they are the text.
func (b *Buffer) Pieces() []Piece { return append([]Piece(nil), b.pieces...) }

// Original maps an offset of the present text to the same byte in the original.
// It is false where the byte is not the author's or the offset is no byte of the
// text.
func (b *Buffer) Original(offset int) (int, bool) {
	if offset < 0 || offset >= len(b.text) {
		return 0, false
	}
	i := sort.SearchInts(b.starts, offset+1) - 1
	p := b.pieces[i]
	return p.Origin.Start + offset - b.starts[i], p.kept
}

// Edits returns the difference between the original and the present text, as
// edits of the original from its front to its end. No two touch each other, and
// none writes at its edges what stood there before.
func (b *Buffer) Edits() []Edit {
	var out []Edit
	at := 0
	var written strings.Builder
	flush := func(to int) {
		e := trim(b.src, Edit{Span{at, to}, written.String()})
		if e.Len() > 0 || e.New != "" {
			out = append(out, e)
		}
		written.Reset()
	}
	for _, p := range b.pieces {
		if !p.kept {
			written.WriteString(p.Text)
			continue
		}
		flush(p.Origin.Start)
		at = p.Origin.End
	}
	flush(len(b.src))
	return out
}

// set takes over the pieces, leaves out empty ones and joins those that
// continue each other. All texts become slices of the one new text, so that
// joining many pieces copies nothing twice.
func (b *Buffer) set(pieces []Piece) {
	var text strings.Builder
	var joined []Piece
	var starts []int
	for _, p := range pieces {
		if p.Text == "" {
			continue
		}
		if n := len(joined); n > 0 && joined[n-1].continues(p) {
			joined[n-1].Origin.End = p.Origin.End
		} else {
			joined = append(joined, p)
			starts = append(starts, text.Len())
		}
		text.WriteString(p.Text)
	}
	b.text, b.pieces, b.starts = text.String(), joined, starts
	end := len(b.text)
	for i := len(joined) - 1; i >= 0; i-- {
		joined[i].Text = b.text[starts[i]:end]
		end = starts[i]
	}
}

// continues reports whether p and next are one piece when they stand side by side.
func (p Piece) continues(next Piece) bool {
	if p.kept || next.kept {
		return p.kept && next.kept && p.Origin.End == next.Origin.Start
	}
	return p.Writer == next.Writer
}
