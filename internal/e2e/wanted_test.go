package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/transform"
)

const appsDir = "../../testdata/apps"

// declined is the verdict on what is rightly left as it is.
const declined = "declined"

// app is one application: testdata/apps/NAME is its build context, with the
// Dockerfile its author wrote; testdata/apps/NAME.json says what is to come of it.
type app struct {
	name, dir string

	About    string   // one sentence for the reader
	Registry bool     // the build fetches packages from a registry
	Prefer   []string // runtime families, where the stand-in images decide

	Verdict  string   // "better", or "declined": nothing changes, and rightly so
	Declined []string // parts of sentences; each is the reason of something that was not done
	Changed  []string // names of the transforms that change it, in order
	Base     string   // of the shipped stage afterwards
	User     string   // of the shipped image afterwards; "" is root
	NoShell  bool     // the shipped image has no shell

	Port     int // 0: the program ends by itself
	Requests []asked
	Exit     *int   // wanted exit status where Port is 0
	Stdout   string // a part of what it prints
	Stderr   string
}

type asked struct {
	Method, Path, Body string
	Status             int    // 0: 200
	Holds              string // a part of the wanted answer
}

// TestWanted checks without an engine what becomes of every application's Dockerfile.
func TestWanted(t *testing.T) {
	for _, a := range readApps(t) {
		t.Run(a.name, func(t *testing.T) { a.rewrite(context.Background(), t) })
	}
}

func readApps(t *testing.T) []*app {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(appsDir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no applications in %s: %v", appsDir, err)
	}
	var out []*app
	for _, file := range files {
		out = append(out, readApp(t, file))
	}
	return out
}

func readApp(t *testing.T, file string) *app {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{dir: strings.TrimSuffix(file, ".json")}
	a.name = filepath.Base(a.dir)
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(a); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return a
}

// rewrite runs the transforms and checks which acted and what the image stands on.
func (a *app) rewrite(ctx context.Context, t *testing.T) *transform.Result {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(a.dir, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := transform.Run(ctx, "Dockerfile", string(src), os.DirFS(a.dir), transform.Options{Dockerfile: "Dockerfile", Prefer: a.Prefer})
	if err != nil {
		t.Fatal(err)
	}
	if did := changedBy(r); !slices.Equal(did, a.Changed) {
		t.Errorf("changed by %q, wanted %q", did, a.Changed)
		for _, s := range r.Skipped {
			t.Logf("line %d: %s %s: %s", s.Line, s.Transform, s.Kind, s.Why)
		}
	}
	a.checkVerdict(t, r)
	file, err := dockerfile.Parse("Dockerfile", r.After)
	if err != nil {
		t.Fatal(err)
	}
	last := file.Stages[len(file.Stages)-1]
	if last.Base.Value != a.Base {
		t.Errorf("ships from %s, wanted %s", last.Base.Value, a.Base)
	}
	if user := file.StateAt(last, nil, nil).User; user != a.User {
		t.Errorf("USER %q, wanted %q", user, a.User)
	}
	return r
}

// checkVerdict holds the verdict against what was done, and the wanted reasons against those given.
func (a *app) checkVerdict(t *testing.T, r *transform.Result) {
	t.Helper()
	switch {
	case a.Verdict != "better" && a.Verdict != declined:
		t.Errorf("verdict %q is neither better nor declined", a.Verdict)
	case a.Verdict == declined && (r.After != r.Before || len(a.Declined) == 0):
		t.Error("declined: nothing may change, and the reasons have to be given")
	case a.Verdict == "better" && r.After == r.Before:
		t.Error("better: nothing changed")
	}
	for _, why := range a.Declined {
		if !slices.ContainsFunc(r.Skipped, func(s transform.Skipped) bool { return strings.Contains(s.Why, why) }) {
			t.Errorf("not among the reasons: %q", why)
			for _, s := range r.Skipped {
				t.Logf("line %d: %s %s: %s", s.Line, s.Transform, s.Kind, s.Why)
			}
		}
	}
}

// changedBy lists the transforms that wrote something, in order.
func changedBy(r *transform.Result) []string {
	var did []string
	for _, c := range r.Applied {
		if c.Written && !slices.Contains(did, c.Transform) {
			did = append(did, c.Transform)
		}
	}
	return did
}
