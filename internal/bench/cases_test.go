package bench_test

import (
	"io/fs"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/bench"
)

// The benchmarks work on the input alone, and on all of it.
func TestCases(t *testing.T) {
	cases, err := bench.Cases("../../testdata/cases")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 60 {
		t.Errorf("%d cases were found: too few", len(cases))
	}
	for _, c := range cases {
		text, err := fs.ReadFile(c.Build, "Dockerfile")
		if err != nil || string(text) != c.Src || c.Src == "" {
			t.Errorf("%s: the Dockerfile of the context is not that of the case: %v", c.Name, err)
		}
		if _, err := fs.Stat(c.Build, "want.diff"); err == nil {
			t.Errorf("%s: the wanted diff is part of the context", c.Name)
		}
	}
}
