package transform_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bulwark-cli/bulwark/internal/proptest"
	"github.com/bulwark-cli/bulwark/transform"
)

// pinAll answers for every reference.
func pinAll(_ context.Context, ref string) (string, error) { return fakeDigest(ref), nil }

// Whatever the other transforms make of a file, its images can be pinned
// afterwards: every property holds, and the pins change nothing else.
func TestPinsOfAllCases(t *testing.T) {
	for _, path := range caseFiles(t) {
		c := readCase(t, path)
		if c.options.Digest != nil {
			continue
		}
		name, _ := filepath.Rel(casesDir, strings.TrimSuffix(path, ".txtar"))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := c.file("Dockerfile")
			plain, err := transform.Run(context.Background(), "Dockerfile", src, c.context(src), c.options)
			if err != nil {
				t.Fatal(err)
			}
			c.options.Digest = pinAll
			if len(c.options.Only) > 0 {
				c.options.Only = append(c.options.Only, "pin-images")
			}
			pinned := c.run(t, src)
			exact := slices.ContainsFunc(pinned.Applied, func(a transform.Applied) bool { return strings.HasPrefix(a.Title, "Name ") })
			if got := withoutPins(pinned.After); got != withoutPins(plain.After) && !exact {
				t.Errorf("apart from the pins it is\n%s\nwhere without pins it was\n%s", got, plain.After)
			}
		})
	}
}

// withoutPins takes all digests out, and latest, which a distroless image gets with one.
func withoutPins(text string) string {
	for {
		at := strings.Index(text, "@sha256:")
		if at < 0 {
			return strings.ReplaceAll(text, ":latest", "")
		}
		text = text[:at] + text[min(at+len("@sha256:")+64, len(text)):]
	}
}

func pin(t *testing.T, src string, build fstest.MapFS, o transform.Options) *transform.Result {
	t.Helper()
	r, broken, err := proptest.Check(context.Background(), "Dockerfile", src, build, o)
	if err != nil || len(broken) > 0 {
		t.Fatal(err, broken)
	}
	return r
}

// Without a resolver nothing speaks of pins, whatever is asked for by name.
func TestPinsNotAskedFor(t *testing.T) {
	for _, o := range []transform.Options{{}, {Only: []string{"pin-images"}}, {Skip: []string{"non-root"}}} {
		r := pin(t, "FROM node:20\n", nil, o)
		if got := account(r); strings.Contains(got, "pin-images") {
			t.Errorf("%v:\n%s", o, got)
		}
	}
}

// The folder of the Dockerfile states versions as well as the root does.
func TestPinsByFolder(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), Mode: 0o644} }
	o := transform.Options{Digest: pinAll, Only: []string{"pin-images"}, Dockerfile: "web/Dockerfile"}
	r := pin(t, "FROM node\n", fstest.MapFS{"web/.nvmrc": file("20.11.1\n"), "api/.nvmrc": file("18\n")}, o)
	if want := "FROM node:20.11.1@" + fakeDigest("node:20.11.1") + "\n"; r.After != want {
		t.Errorf("%s", r.After)
	}
	r = pin(t, "FROM node\n", fstest.MapFS{"web/.nvmrc": file("20.11.1\n"), ".nvmrc": file("18\n")}, o)
	if got := account(r); r.Changed() || !strings.Contains(got, ".nvmrc:1 says 18 where web/.nvmrc:1 says 20.11.1") {
		t.Errorf("%s%s", r.After, got)
	}
}

// What the resolver answers is not written unless it is a digest.
func TestPinsOfNoDigest(t *testing.T) {
	for _, digest := range []string{"", "sha256:12", "sha512:" + strings.Repeat("0", 64), "sha256:" + strings.Repeat("0", 64) + "\nRUN x", strings.Repeat("0", 64)} {
		o := transform.Options{Only: []string{"pin-images"}, Digest: func(context.Context, string) (string, error) { return digest, nil }}
		if r := pin(t, "FROM node:20\n", nil, o); r.Changed() || !strings.Contains(account(r), "no digest") {
			t.Errorf("%q: %s%s", digest, r.After, account(r))
		}
	}
}

// A file cannot make bulwark ask without end.
func TestPinsOfTooMany(t *testing.T) {
	asked := map[string]int{}
	o := transform.Options{Only: []string{"pin-images"}, Digest: func(_ context.Context, ref string) (string, error) {
		asked[ref]++
		return "", errors.New("the registry cannot be reached")
	}}
	src := ""
	for i := range 150 {
		src += fmt.Sprintf("FROM tool:20.%d\nCOPY --from=tool:20.%d a b\n", i, i)
	}
	r, err := transform.Run(context.Background(), "Dockerfile", src, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	got := account(r)
	if len(asked) != 100 || asked["tool:20.7"] != 1 || strings.Count(got, "\n") != 2 ||
		!strings.Contains(got, "and 195 more stay without a digest: the registry cannot be reached") || !strings.Contains(got, "more than 100 images") {
		t.Errorf("%d asked\n%s", len(asked), got)
	}
}

// An interrupted run is an error, not a file without pins.
func TestPinsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	o := transform.Options{Only: []string{"pin-images"}, Digest: func(ctx context.Context, _ string) (string, error) {
		cancel()
		return "", ctx.Err()
	}}
	if _, err := transform.Run(ctx, "Dockerfile", "FROM node:20\n", nil, o); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func FuzzPins(f *testing.F) {
	for _, path := range caseFiles(f) {
		if strings.Contains(path, "pin-images") {
			c := readCase(f, path)
			f.Add(c.file("Dockerfile"))
		}
	}
	build := fstest.MapFS{".nvmrc": {Data: []byte("20.11.1\n")}, "go.mod": {Data: []byte("module x\n\ngo 1.22\n")}}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 2048 || strings.Count(src, "\n") > 30 {
			t.Skip("long texts find nothing that short ones do not")
		}
		o := transform.Options{Only: []string{"pin-images"}, Digest: pinAll}
		r, broken, err := proptest.Check(context.Background(), "Dockerfile", src, build, o)
		if err != nil {
			t.Skip("not a Dockerfile: ", err)
		}
		for _, b := range broken {
			t.Error(b)
		}
		if got := withoutPins(r.After); len(r.Applied) == 0 && got != withoutPins(r.Before) {
			t.Errorf("changed without a change:\n%s", r.After)
		}
	})
}
