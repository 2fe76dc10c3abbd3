package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArrange(t *testing.T) {
	tests := []struct{ in, want string }{
		{"diff a", "diff -- a"},
		{"diff a -U 0 b --quiet", "diff -U 0 --quiet -- a b"},
		{"diff -U0 a", "diff -U 0 -- a"},
		{"diff --unified=0 a -", "diff --unified=0 -- a -"},
		{"diff -- -q a", "diff -- -q a"},
		{"diff a -- -- b", "diff -- a -- b"},
		{"-q diff a", "diff -q -- a"},
		{"--only x diff a", "diff --only x -- a"},
		{"rewrite a -o b", "rewrite -o b -- a"},
		{"rewrite a -o -", "rewrite -o - -- a"},
		{"diff diff", "diff -- diff"},
		{"help diff", "diff --help"},
		{"help", "--help"},
		{"-h", "--help"},
		{"-h diff", "diff --help"},
		{"--help", "--help"},
		{"diff --help a", "diff --help"},
		{"diff a -q -h", "diff --help"},
		{"diff -only x", "diff -only x"},
		{"", ""},
	}
	for _, tt := range tests {
		got, err := arrange((&session{}).app(), append([]string{"bulwark"}, strings.Fields(tt.in)...))
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
		}
		if diff := cmp.Diff(append([]string{"bulwark"}, strings.Fields(tt.want)...), got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", tt.in, diff)
		}
	}
}

func FuzzArrange(f *testing.F) {
	for _, seed := range []string{"diff -U0 a", "-- x", "-= --=", "help -h", "rewrite -w -o", "- -", "diff --only=a,b - ---"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words := strings.Split(line, " ")
		got, err := arrange((&session{}).app(), append([]string{"bulwark"}, words...))
		if err != nil || slices.Contains(got, "--help") {
			return // help is about nothing else
		}
		// Nothing is lost or made up but the "--", and the split of -U0.
		letters := func(words []string) int { return len(strings.ReplaceAll(strings.Join(words, ""), "-", "")) }
		if letters(got) != letters(words)+len("bulwark") {
			t.Errorf("%q became %q", words, got)
		}
	})
}

func TestDidYouMean(t *testing.T) {
	names := []string{"split-stages", "swap-base", "non-root"}
	for in, want := range map[string]string{
		"swap-bas": "swap-base", "nonroot": "non-root", "split_stages": "split-stages", "spilt-stages": "split-stages",
		"x": "", "": "", "pin-digests": "",
	} {
		got := didYouMean(in, names)
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("didYouMean(%q) = %q, want %q", in, got, want)
		}
	}
}
