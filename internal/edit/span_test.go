package edit

import "testing"

func TestOverlaps(t *testing.T) {
	tests := []struct {
		name string
		a, b Span
		want bool
	}{
		{"apart", Span{0, 2}, Span{5, 7}, false},
		{"touching", Span{0, 2}, Span{2, 4}, false},
		{"sharing a byte", Span{0, 3}, Span{2, 4}, true},
		{"nested", Span{0, 9}, Span{3, 4}, true},
		{"same", Span{3, 4}, Span{3, 4}, true},
		{"two insertions at one place", Span{3, 3}, Span{3, 3}, true},
		{"two insertions apart", Span{3, 3}, Span{4, 4}, false},
		{"insertion before a span", Span{3, 3}, Span{3, 6}, false},
		{"insertion after a span", Span{6, 6}, Span{3, 6}, false},
		{"insertion inside a span", Span{4, 4}, Span{3, 6}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.a.Overlaps(tt.b); got != tt.want {
				t.Errorf("%v.Overlaps(%v) = %v, want %v", tt.a, tt.b, got, tt.want)
			}
			if got := tt.b.Overlaps(tt.a); got != tt.want {
				t.Errorf("%v.Overlaps(%v) = %v, want %v", tt.b, tt.a, got, tt.want)
			}
		})
	}
}

func TestSpan(t *testing.T) {
	s := Span{2, 5}
	if got := s.Of("0123456"); got != "234" {
		t.Errorf("Of = %q, want 234", got)
	}
	if s.Len() != 3 {
		t.Errorf("Len = %d, want 3", s.Len())
	}
	for in, want := range map[Span]bool{{2, 5}: true, {3, 3}: true, {5, 5}: true, {1, 3}: false, {4, 6}: false} {
		if got := s.Contains(in); got != want {
			t.Errorf("Contains(%v) = %v, want %v", in, got, want)
		}
	}
}
