package diff

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnified(t *testing.T) {
	tests := []struct {
		name          string
		before, after string
		context       int
		want          string
	}{
		{"equal", "a\nb\n", "a\nb\n", 3, ""},
		{"both empty", "", "", 3, ""},
		{"one line", "a\nb\nc\n", "a\nB\nc\n", 1, "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
		{"insertion without context", "a\nb\n", "a\nx\ny\nb\n", 0, "@@ -1,0 +2,2 @@\n+x\n+y\n"},
		{"deletion without context", "a\nx\nb\n", "a\nb\n", 0, "@@ -2 +1,0 @@\n-x\n"},
		{"less context than none", "a\nx\n", "a\ny\n", -4, "@@ -2 +2 @@\n-x\n+y\n"},
		{"at the front", "a\nb\nc\n", "x\na\nb\nc\n", 2, "@@ -1,2 +1,3 @@\n+x\n a\n b\n"},
		{"from nothing", "", "a\n", 3, "@@ -0,0 +1 @@\n+a\n"},
		{"to nothing", "a\n", "", 3, "@@ -1 +0,0 @@\n-a\n"},
		{"newline added", "a\nb", "a\nb\n", 3, "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		{"newline lost", "a\n", "a", 3, "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"},
		{"no newline in the context", "a\nb\nc", "A\nb\nc", 3, "@@ -1,3 +1,3 @@\n-a\n+A\n b\n c\n\\ No newline at end of file\n"},
		{"carriage returns", "a\r\nb\r\n", "a\r\nc\r\n", 1, "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
		{"line ends alone", "a\r\n", "a\n", 1, "@@ -1 +1 @@\n-a\r\n+a\n"},
		{"context that touches", "1\na\n2\n3\nb\n4\n", "1\nA\n2\n3\nB\n4\n", 1,
			"@@ -1,6 +1,6 @@\n 1\n-a\n+A\n 2\n 3\n-b\n+B\n 4\n"},
		{"context that does not", "1\na\n2\n3\n4\nb\n5\n", "1\nA\n2\n3\n4\nB\n5\n", 1,
			"@@ -1,3 +1,3 @@\n 1\n-a\n+A\n 2\n@@ -5,3 +5,3 @@\n 4\n-b\n+B\n 5\n"},
		{"deletions before insertions", "a\nb\nc\n", "x\ny\nz\n", 3, "@@ -1,3 +1,3 @@\n-a\n-b\n-c\n+x\n+y\n+z\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want != "" {
				want = "--- a/Dockerfile\n+++ b/Dockerfile\n" + want
			}
			got := Unified([]File{{"Dockerfile", tt.before, tt.after}}, tt.context)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A change of a few lines of a large file stays a few lines, whatever the size.
func TestUnifiedOfLargeFiles(t *testing.T) {
	for _, kind := range []struct {
		name string
		line func(i int) string
	}{
		{"all lines differ", func(i int) string { return strings.Repeat("x", i%7) + string(rune('0'+i%10)) + itoa(i) }},
		{"two in three are blank", func(i int) string { return strings.Repeat("RUN "+itoa(i), (i+2)%3/2) }},
	} {
		t.Run(kind.name, func(t *testing.T) {
			var before, after strings.Builder
			for i := range 150_000 { // more lines than runes below the surrogates
				line := kind.line(i) + "\n"
				before.WriteString(line)
				if i%50_000 == 1000 {
					line = "changed\n"
				}
				after.WriteString(line)
			}
			got := Unified([]File{{"f", before.String(), after.String()}}, 0)
			if n := strings.Count(got, "\n"); n > 2+3*3 {
				t.Errorf("three changed lines make a diff of %d lines", n)
			}
			checkDiff(t, before.String(), after.String(), 0)
		})
	}
}

// Where nothing holds two large texts together, the diff is large but right.
func TestUnifiedOfLargeDifferences(t *testing.T) {
	var a, b strings.Builder
	for i := range 200_000 {
		a.WriteString(itoa(i%3) + "\n")
		b.WriteString(itoa(i*i%5) + "\n")
	}
	checkDiff(t, a.String(), b.String(), 3)
}

func TestExactStaysBelowTheSurrogates(t *testing.T) {
	if exactLines >= 0xd800-1 {
		t.Errorf("exactLines = %d: go-diff holds line numbers in runes, and strings lose surrogates", exactLines)
	}
}

func TestHeaderName(t *testing.T) {
	tests := map[string]string{
		"a/Dockerfile":   "a/Dockerfile",
		"a/my app/x":     "a/my app/x\t",
		"a/trail ":       `"a/trail "`,
		"a/tab\tname":    `"a/tab\tname"`,
		`a/quo"te`:       `"a/quo\"te"`,
		`a/back\slash`:   `"a/back\\slash"`,
		"a/größe":        `"a/gr\303\266\303\237e"`,
		"a/new\nline \r": `"a/new\nline \r"`,
		"a/\x01\x7f\xff": `"a/\001\177\377"`,
	}
	for in, want := range tests {
		if got := headerName(in); got != want {
			t.Errorf("headerName(%q) = %s, want %s", in, got, want)
		}
	}
}
