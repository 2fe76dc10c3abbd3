package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-cli/bulwark/transform"
)

// TestDocsAreFresh fails where a document is not what the code says.
func TestDocsAreFresh(t *testing.T) {
	t.Chdir("../..")
	docs, err := documents()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		got, err := os.ReadFile(d.path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d.text, string(got)); diff != "" {
			t.Errorf("%s is stale: run `make docs` (-want +got)\n%s", d.path, diff)
		}
	}
}

// TestTransformsAreDocumented holds the sections that every transform has.
func TestTransformsAreDocumented(t *testing.T) {
	for _, tr := range transform.All() {
		if !strings.HasPrefix(tr.Doc, "# "+tr.Name+": ") {
			t.Errorf("%s: its documentation begins %q", tr.Name, heading(tr))
		}
		for _, section := range []string{"\n    FROM ", "\n## Not done when\n", "\n## Safety\n", "\n## References\n"} {
			if !strings.Contains(tr.Doc, section) {
				t.Errorf("%s: its documentation has no %q", tr.Name, strings.TrimSpace(section))
			}
		}
		if len(tr.Refs) == 0 {
			t.Errorf("%s names no control that it serves", tr.Name)
		}
	}
}

func TestFill(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a", []byte("one\ntwo\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ in, want, err string }{
		{in: "text\n```\nkept\n```\n", want: "text\n```\nkept\n```\n"},
		{in: "<!-- example: cat a -->\n```sh\nold\n```\nrest", want: "<!-- example: cat a -->\n```sh\none\ntwo\n```\nrest"},
		{in: "<!-- example: cat a -->\n```\n```\n", want: "<!-- example: cat a -->\n```\none\ntwo\n```\n"},
		{in: "<!-- example: bulwark explain nothing -->\n```\n```\n", err: "no transform is called"},
		{in: "<!-- example: rm a -->\n```\n```\n", err: "not \"rm\""},
		{in: "<!-- example: cat b -->\n```\n```\n", err: "no such file"},
	}
	for _, tt := range tests {
		got, err := fill(tt.in)
		switch {
		case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
			t.Errorf("%q: error %v, want one with %q", tt.in, err, tt.err)
		case tt.err == "" && (err != nil || got != tt.want):
			t.Errorf("%q became %q, want %q; %v", tt.in, got, tt.want, err)
		}
	}
}

func TestAnchor(t *testing.T) {
	if got := anchor("swap-base: ship from the smallest base, that does"); got != "swap-base-ship-from-the-smallest-base-that-does" {
		t.Errorf("anchor is %q", got)
	}
}
