package edit

import (
	"slices"
	"strings"
	"testing"
)

func TestCommit(t *testing.T) {
	const src = "FROM golang\nCMD x\n"
	tests := []struct {
		name  string
		edits []Edit
		want  string
		orig  []Edit // nil: the same as edits
	}{
		{"nothing", nil, src, nil},
		{"insert at the front", []Edit{{Span{0, 0}, "# a\n"}}, "# a\n" + src, nil},
		{"insert at the end", []Edit{{Span{18, 18}, "# a\n"}}, src + "# a\n", nil},
		{"delete all", []Edit{{Span{0, 18}, ""}}, "", nil},
		{"in any order", []Edit{{Span{16, 17}, "y"}, {Span{11, 11}, ":1"}}, "FROM golang:1\nCMD y\n",
			[]Edit{{Span{11, 11}, ":1"}, {Span{16, 17}, "y"}}},
		{"insertion before and after a replacement", []Edit{{Span{6, 6}, "<"}, {Span{5, 5}, ">"}, {Span{5, 6}, "G"}},
			"FROM >G<olang\nCMD x\n", []Edit{{Span{5, 6}, ">G<"}}},
		{"kept bytes are not replaced", []Edit{{Span{5, 11}, "golang AS b"}}, "FROM golang AS b\nCMD x\n",
			[]Edit{{Span{11, 11}, " AS b"}}},
		{"replaced by itself", []Edit{{Span{5, 11}, "golang"}}, src, []Edit{}},
		{"touching deletions are one", []Edit{{Span{0, 5}, ""}, {Span{5, 12}, ""}}, "CMD x\n", []Edit{{Span{0, 12}, ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := NewBuffer(src)
			if err := b.Commit("test", tt.edits); err != nil {
				t.Fatal(err)
			}
			if b.String() != tt.want || b.Len() != len(tt.want) {
				t.Errorf("text = %q (%d), want %q", b.String(), b.Len(), tt.want)
			}
			want := tt.orig
			if want == nil {
				want = tt.edits
			}
			if got := b.Edits(); !slices.Equal(got, want) {
				t.Errorf("edits of the original = %+v, want %+v", got, want)
			}
		})
	}
}

func TestCommitFails(t *testing.T) {
	tests := []struct {
		name  string
		edits []Edit
		want  string
	}{
		{"before the text", []Edit{{Span{-1, 2}, "x"}}, "outside"},
		{"after the text", []Edit{{Span{2, 7}, "x"}}, "outside"},
		{"backwards", []Edit{{Span{3, 2}, "x"}}, "outside"},
		{"overlap", []Edit{{Span{0, 3}, "x"}, {Span{2, 4}, "y"}}, "overlap"},
		{"two insertions at one place", []Edit{{Span{1, 1}, "x"}, {Span{1, 1}, "y"}}, "overlap"},
		{"the good one is not made either", []Edit{{Span{0, 1}, "x"}, {Span{9, 9}, "y"}}, "outside"},
		{"no edit at all, but outside", []Edit{{Span{8, 8}, ""}}, "outside"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := NewBuffer("012345")
			err := b.Commit("test", tt.edits)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "test") {
				t.Errorf("error = %v, want one of test with %q", err, tt.want)
			}
			if b.String() != "012345" || len(b.Edits()) != 0 || len(b.Pieces()) != 1 {
				t.Errorf("a failed commit left %q, %v", b.String(), b.Pieces())
			}
			if text, err := Apply("012345", tt.edits); err == nil || text != "" {
				t.Errorf("Apply = %q, %v, want an error and no text", text, err)
			}
		})
	}
}

// Two writers: the second works on the text of the first.
func TestCommitsCompose(t *testing.T) {
	b := NewBuffer("FROM go\nCMD x\n")
	commit(t, b, "split", Edit{Span{7, 7}, " AS build"}, Edit{Span{8, 8}, "FROM scratch\n"})
	commit(t, b, "base", Edit{Span{22, 29}, "alpine"})
	commit(t, b, "user", Edit{Span{24, 24}, "USER 1\n"})
	const want = "FROM go AS build\nFROM alUSER 1\npine\nCMD x\n"
	if b.String() != want {
		t.Fatalf("text = %q, want %q", b.String(), want)
	}
	wantEdits := []Edit{{Span{7, 7}, " AS build"}, {Span{8, 8}, "FROM alUSER 1\npine\n"}}
	if got := b.Edits(); !slices.Equal(got, wantEdits) {
		t.Errorf("edits = %+v, want %+v", got, wantEdits)
	}
	var who []string
	for _, p := range b.Pieces() {
		who = append(who, p.Writer+"="+p.Text)
	}
	wantWho := []string{"=FROM go", "split= AS build", "=\n", "split=FROM ", "base=al", "user=USER 1\n", "base=pine", "split=\n", "=CMD x\n"}
	if !slices.Equal(who, wantWho) {
		t.Errorf("writers = %q, want %q", who, wantWho)
	}
}

func TestOriginal(t *testing.T) {
	b := NewBuffer("abcdef")
	commit(t, b, "w", Edit{Span{2, 4}, "XYZ"}) // abXYZef
	want := []int{0, 1, -1, -1, -1, 4, 5}
	for i, w := range want {
		got, ok := b.Original(i)
		if ok != (w >= 0) || ok && got != w {
			t.Errorf("Original(%d) = %d, %v, want %d", i, got, ok, w)
		}
	}
	for _, out := range []int{-1, 7, 100} {
		if _, ok := b.Original(out); ok {
			t.Errorf("Original(%d) is true outside the text", out)
		}
	}
}

// What is taken out and put back by hand is no difference.
func TestEditsOfARoundTrip(t *testing.T) {
	b := NewBuffer("one\ntwo\n")
	commit(t, b, "a", Edit{Span{4, 8}, ""})
	commit(t, b, "b", Edit{Span{4, 4}, "two\n"})
	if got := b.Edits(); len(got) != 0 {
		t.Errorf("edits = %+v, want none", got)
	}
}

func TestEditsKeepRunesWhole(t *testing.T) {
	b := NewBuffer("é")                      // c3 a9
	commit(t, b, "w", Edit{Span{0, 2}, "è"}) // c3 a8
	if got, want := b.Edits(), []Edit{{Span{0, 2}, "è"}}; !slices.Equal(got, want) {
		t.Errorf("edits = %+v, want %+v", got, want)
	}
}

func commit(t *testing.T, b *Buffer, writer string, edits ...Edit) {
	t.Helper()
	if err := b.Commit(writer, edits); err != nil {
		t.Fatal(err)
	}
}
