package edit

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// FuzzBuffer commits sets of edits that the input spells, valid or not, and
// compares the buffer with replacing one edit after the other from the back.
func FuzzBuffer(f *testing.F) {
	f.Add("FROM golang\nCMD x\n", []byte{5, 6, 2, 17, 1, 0}, uint64(1))
	f.Add("", []byte{0, 0, 3}, uint64(2))
	f.Add("aaaaaaaa", []byte{1, 2, 3, 3, 2, 1, 5, 2, 2}, uint64(3))
	f.Add("é\xff\r\nü", []byte{0, 1, 1, 2, 2, 2}, uint64(4))
	f.Fuzz(func(t *testing.T, src string, spec []byte, seed uint64) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		b := NewBuffer(src)
		for i := range 4 {
			before := b.String()
			edits := spell(spec, len(before), rnd)
			err := b.Commit(string(rune('a'+i)), edits)
			text, applyErr := Apply(before, edits)
			if (err == nil) != (applyErr == nil) || (err == nil) == invalid(len(before), edits) {
				t.Fatalf("Commit: %v, Apply: %v, edits %v of %d bytes", err, applyErr, edits, len(before))
			}
			want := before
			if err == nil {
				want = naive(before, edits)
			}
			if b.String() != want || err == nil && text != want {
				t.Fatalf("edits %+v of %q: Commit %q, Apply %q, want %q", edits, before, b.String(), text, want)
			}
			checkBuffer(t, src, b)
		}
	})
}

// spell reads edits from bytes: a start, a length, and how much to insert.
func spell(spec []byte, n int, rnd *rand.Rand) []Edit {
	var edits []Edit
	for ; len(spec) >= 3 && len(edits) < 20; spec = spec[3:] {
		start := (int(spec[0]) + rnd.IntN(3)) % (n + 1)
		length := int(spec[1]) % 8
		text := strings.Repeat("a\né", 3)[:spec[2]%12]
		edits = append(edits, Edit{Span{start, start + length}, text})
	}
	return edits
}

func invalid(n int, edits []Edit) bool {
	for i, e := range edits {
		if e.Start < 0 || e.End > n {
			return true
		}
		for _, o := range edits[:i] {
			if e.Overlaps(o.Span) {
				return true
			}
		}
	}
	return false
}

// naive replaces the last edit first, so that no offset has to be moved.
func naive(src string, edits []Edit) string {
	left := append([]Edit(nil), edits...)
	for len(left) > 0 {
		last := 0
		for i, e := range left {
			l := left[last]
			if e.Start > l.Start || e.Start == l.Start && e.End > l.End {
				last = i
			}
		}
		e := left[last]
		src = src[:e.Start] + e.New + src[e.End:]
		left = append(left[:last], left[last+1:]...)
	}
	return src
}

func checkBuffer(t *testing.T, src string, b *Buffer) {
	t.Helper()
	var all strings.Builder
	at, end := 0, 0
	for _, p := range b.Pieces() {
		if p.Text == "" {
			t.Fatal("an empty piece")
		}
		if p.Kept() {
			if p.Origin.Of(src) != p.Text || p.Origin.Start < end || p.Writer != "" {
				t.Fatalf("piece %+v is not the author's", p)
			}
			end = p.Origin.End
			if got, ok := b.Original(at); !ok || got != p.Origin.Start {
				t.Fatalf("Original(%d) = %d, %v, want %d", at, got, ok, p.Origin.Start)
			}
		}
		all.WriteString(p.Text)
		at += len(p.Text)
	}
	if all.String() != b.String() {
		t.Fatalf("pieces make %q, the text is %q", all.String(), b.String())
	}
	edits := b.Edits()
	for i, e := range edits {
		if i > 0 && edits[i-1].End >= e.Start {
			t.Fatalf("edits %v and %v touch", edits[i-1], e)
		}
		if e.Of(src) == e.New {
			t.Fatalf("edit %v changes nothing", e)
		}
	}
	if got, err := Apply(src, edits); err != nil || got != b.String() {
		t.Fatalf("edits of the original give %q, %v, want %q", got, err, b.String())
	}
}
