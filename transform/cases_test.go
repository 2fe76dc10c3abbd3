package transform_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/bulwark-cli/bulwark/internal/config"
	"github.com/bulwark-cli/bulwark/internal/diff"
	"github.com/bulwark-cli/bulwark/internal/proptest"
	"github.com/bulwark-cli/bulwark/transform"
)

var update = flag.Bool("update", false, "fill want.diff and want.report of the cases; a person reads them before they are committed")

const casesDir = "../testdata/cases"

// testCase is one txtar archive: a Dockerfile, its build context, and what comes of it.
type testCase struct {
	path    string
	archive *txtar.Archive
	options transform.Options
}

// TestCases runs every archive below testdata/cases: the result must be the
// wanted one, and every property must hold of it and of its variants.
func TestCases(t *testing.T) {
	for _, path := range caseFiles(t) {
		name, _ := filepath.Rel(casesDir, strings.TrimSuffix(path, ".txtar"))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := readCase(t, path)
			r := c.run(t, c.file("Dockerfile"))
			if *update {
				c.fill(t, r)
				return
			}
			if d := cmp.Diff(c.file("want.diff"), c.diff(r)); d != "" {
				t.Errorf("diff (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.file("want.report"), account(r)); d != "" {
				t.Errorf("report (-want +got):\n%s", d)
			}
			if err := proptest.Applies(r, t.TempDir()); err != nil {
				t.Error(err)
			}
			c.variants(t, r)
		})
	}
}

// caseFiles lists the archives in order.
func caseFiles(t testing.TB) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(casesDir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".txtar") {
			out = append(out, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// readCase reads an archive and the options in its leading comment.
func readCase(t testing.TB, path string) *testCase {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &testCase{path: path, archive: a, options: transform.Options{Dockerfile: "Dockerfile"}}
	for line := range strings.SplitSeq(string(a.Comment), "\n") {
		key, value, _ := strings.Cut(line, ":")
		list := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
		switch key {
		case "only":
			c.options.Only = list
		case "skip":
			c.options.Skip = list
		case "prefer":
			c.options.Prefer = list
		case "safety":
			if c.options.Safety, err = transform.ParseSafety(strings.TrimSpace(value)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if list := c.file("digests"); list != "" {
		c.options.Digest = registryOf(list)
	}
	if text := c.file(config.Name); text != "" {
		f, err := config.Parse([]byte(text), config.Name, "/repo")
		if err != nil {
			t.Fatal(err)
		}
		f.Apply(&c.options, config.Flags{Families: c.options.Prefer, Only: c.options.Only}, "/repo/Dockerfile")
	}
	return c
}

// registryOf makes a registry of the case's own: a line "REF" is a tag that it has,
// a line "REF ! TEXT" one whose question fails with the text. It has no others.
func registryOf(list string) func(context.Context, string) (string, error) {
	return func(_ context.Context, ref string) (string, error) {
		for line := range strings.SplitSeq(list, "\n") {
			name, fails, _ := strings.Cut(line, " ! ")
			switch {
			case name != ref:
			case fails != "":
				return "", errors.New(fails)
			default:
				return fakeDigest(ref), nil
			}
		}
		return "", fmt.Errorf("there is no such tag: %s", ref)
	}
}

// fakeDigest is one digest for each reference.
func fakeDigest(ref string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(ref))) }

func (c *testCase) file(name string) string {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// context is the build context: every file that is not a wanted result, and not the
// registry.
func (c *testCase) context(dockerfile string) fs.FS {
	m := fstest.MapFS{}
	for _, f := range c.archive.Files {
		if !strings.HasPrefix(f.Name, "want.") && f.Name != "digests" {
			m[f.Name] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
		}
	}
	m["Dockerfile"] = &fstest.MapFile{Data: []byte(dockerfile), Mode: 0o644}
	return m
}

// run rewrites a variant of the case's Dockerfile and checks the properties.
func (c *testCase) run(t *testing.T, src string) *transform.Result {
	t.Helper()
	r, broken, err := proptest.Check(context.Background(), "Dockerfile", src, c.context(src), c.options)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range broken {
		t.Error(b)
	}
	if r == nil {
		t.FailNow()
	}
	return r
}

// variants derives files that mean the same and must be rewritten in the same way.
func (c *testCase) variants(t *testing.T, r *transform.Result) {
	crlf := func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n") }
	bom := func(s string) string { return "\uFEFF" + s }
	open := func(s string) string { return strings.TrimRight(s, "\r\n") }
	for _, v := range []struct {
		name string
		of   func(string) string
	}{{"CRLF", crlf}, {"BOM", bom}, {"no final newline", open}} {
		src := v.of(r.Before)
		if src == r.Before || strings.HasPrefix(r.Before, "\uFEFF") || strings.Contains(r.Before, "<<") {
			continue
		}
		if got := c.run(t, src).After; got != v.of(r.After) {
			t.Errorf("variant %s (-want +got):\n%s", v.name, cmp.Diff(v.of(r.After), got))
		}
	}
}

func (c *testCase) diff(r *transform.Result) string {
	return diff.Unified([]diff.File{{Name: "Dockerfile", Before: r.Before, After: r.After}}, 3)
}

// fill writes what came out into the archive.
func (c *testCase) fill(t *testing.T, r *transform.Result) {
	t.Helper()
	var files []txtar.File
	for _, f := range c.archive.Files {
		if !strings.HasPrefix(f.Name, "want.") {
			files = append(files, f)
		}
	}
	files = append(files, txtar.File{Name: "want.diff", Data: []byte(c.diff(r))}, txtar.File{Name: "want.report", Data: []byte(account(r))})
	c.archive.Files = files
	if err := os.WriteFile(c.path, txtar.Format(c.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// account prints a result's account in full, so that a case pins every reason.
func account(r *transform.Result) string {
	var b strings.Builder
	for _, a := range r.Applied {
		verb := "did"
		if !a.Written {
			verb = "shows"
		}
		fmt.Fprintf(&b, "%d: %s %s (%s): %s\n    why: %s\n", a.Line, a.Transform, verb, a.Safety, a.Title, a.Why)
		for _, s := range a.Assumes {
			fmt.Fprintf(&b, "    check: %s\n", s)
		}
	}
	for _, s := range r.Skipped {
		what := fmt.Sprintf("%s declined (%s)", s.Transform, s.Kind)
		if s.Kind == transform.Told {
			what = s.Transform
		}
		fmt.Fprintf(&b, "%d: %s: %s\n", s.Line, what, s.Why)
	}
	return b.String()
}
