package edit

import "testing"

// joined is "RUN make && install", whose continuation and comment the view lacks.
func joined() (string, View) {
	src := "RUN make && \\\n# why\n  install\n"
	var v View
	v.Append(src, Span{0, 8})
	v.Append(src, Span{8, 12}) // continues the piece before
	v.Append(src, Span{12, 12})
	v.Append(src, Span{22, 29})
	return src, v
}

func TestViewSource(t *testing.T) {
	src, v := joined()
	if v.String() != "RUN make && install" {
		t.Fatalf("text = %q", v.String())
	}
	tests := []struct {
		in, want Span
		exact    bool
	}{
		{Span{0, 3}, Span{0, 3}, true},
		{Span{4, 12}, Span{4, 12}, true},
		{Span{12, 19}, Span{22, 29}, true},
		{Span{9, 19}, Span{9, 29}, false},
		{Span{12, 12}, Span{22, 22}, true},
		{Span{19, 19}, Span{29, 29}, true},
		{Span{0, 0}, Span{0, 0}, true},
	}
	for _, tt := range tests {
		got, exact := v.Source(tt.in)
		if got != tt.want || exact != tt.exact {
			t.Errorf("Source(%v) = %v, %v, want %v, %v", tt.in, got, exact, tt.want, tt.exact)
		}
		if exact && got.Of(src) != tt.in.Of(v.String()) {
			t.Errorf("Source(%v) is %q in the source and %q in the view", tt.in, got.Of(src), tt.in.Of(v.String()))
		}
	}
}

func TestViewSlice(t *testing.T) {
	src, v := joined()
	part := v.Slice(Span{9, 15})
	if part.String() != "&& ins" {
		t.Fatalf("text = %q", part.String())
	}
	got, exact := part.Source(Span{3, 6})
	if !exact || got.Of(src) != "ins" {
		t.Errorf("Source = %q, %v, want ins, true", got.Of(src), exact)
	}
	if got, exact := part.Source(Span{0, 6}); exact || got != (Span{9, 25}) {
		t.Errorf("Source over the gap = %v, %v, want {9 25}, false", got, exact)
	}
}

func TestEmptyView(t *testing.T) {
	var v View
	if got, exact := v.Source(Span{}); exact || got != (Span{}) {
		t.Errorf("Source of an empty view = %v, %v", got, exact)
	}
}

// A view is a value: appending to a copy leaves the other one alone.
func TestViewCopies(t *testing.T) {
	src := "abcdef"
	var v View
	v.Append(src, Span{0, 2})
	w := v
	v.Append(src, Span{3, 4})
	w.Append(src, Span{4, 6})
	if v.String() != "abd" || w.String() != "abef" {
		t.Errorf("views = %q, %q, want abd, abef", v.String(), w.String())
	}
}
