package templates

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
)

// ownPin is a use of an action in a workflow of the project.
var ownPin = regexp.MustCompile(`^ *(?:- )?uses: ([a-z-]+(?:/[a-z-]+)+)@([0-9a-f]{40}) # (v[0-9]+\.[0-9]+\.[0-9]+)\n$`)

// unlikePins says what in a workflow is pinned otherwise than in ci/pins.tsv, and
// counts the actions.
func unlikePins(text string) (faults []string, actions int) {
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "uses:") {
			continue
		}
		actions++
		m := ownPin.FindStringSubmatch(line)
		if m == nil || !slices.Equal(pinTable()[m[1]], []string{m[1], m[3], m[2]}) {
			faults = append(faults, strings.TrimSpace(line))
		}
	}
	return faults, actions
}

// The project's own workflows hold to the pins that it writes for others, so that
// one table is kept up.
func TestOwnWorkflows(t *testing.T) {
	files, err := filepath.Glob("../.github/workflows/*.y*ml")
	if err != nil || len(files) == 0 {
		t.Fatalf("files %q, error %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		faults, actions := unlikePins(string(text))
		for _, fault := range faults {
			t.Errorf("%s: %s is not as pins.tsv has it", file, fault)
		}
		if actions == 0 {
			t.Errorf("%s uses no action: this test holds nothing", file)
		}
		linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		findings, err := linter.Lint(file, text, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			t.Errorf("%s:%d:%d: %s", file, f.Line, f.Column, f.Message)
		}
	}
}

func TestUnlikePins(t *testing.T) {
	row := pinTable()["actions/checkout"]
	good := "      - uses: actions/checkout@" + row[2] + " # " + row[1] + "\n"
	for text, want := range map[string]int{
		good: 0,
		strings.Replace(good, row[2], strings.Repeat("0", 40), 1): 1,
		strings.Replace(good, row[1], "v1.0.0", 1):                1,
		"      - uses: actions/checkout@v7\n":                     1,
		strings.Replace(good, "checkout", "other", 1):             1,
	} {
		if faults, actions := unlikePins(text); len(faults) != want || actions != 1 {
			t.Errorf("%q: faults %q in %d actions, want %d", text, faults, actions, want)
		}
	}
}
