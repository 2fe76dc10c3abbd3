// Package proptest holds what must be true of every rewrite, whatever the file.
// The cases of testdata and the corpus runner ask the same questions.
package proptest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/diff"
	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/transform"
)

// Check runs the transforms on one Dockerfile and returns the result with every
// property that does not hold. err is Run's own: the input cannot be worked on.
func Check(ctx context.Context, name, src string, build fs.FS, o transform.Options) (res *transform.Result, broken []error, err error) {
	defer func() {
		if r := recover(); r != nil {
			broken = append(broken, fmt.Errorf("panic: %v", r))
		}
	}()
	res, err = transform.Run(ctx, name, src, build, o)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range properties {
		if e := p.check(ctx, res, build, o); e != nil {
			broken = append(broken, fmt.Errorf("%s: %w", p.name, e))
		}
	}
	return res, broken, nil
}

type property struct {
	name  string
	check func(ctx context.Context, r *transform.Result, build fs.FS, o transform.Options) error
}

var properties = []property{
	{"parses", parses},
	{"BuildKit converts it", converts},
	{"comments kept", comments},
	{"idempotent", idempotent},
	{"deterministic", deterministic},
	{"no change was rejected", unrejected},
}

func parses(_ context.Context, r *transform.Result, _ fs.FS, _ transform.Options) error {
	_, err := dockerfile.Parse(r.Name, r.After)
	return err
}

func converts(ctx context.Context, r *transform.Result, _ fs.FS, _ transform.Options) error {
	if dockerfile.Convert(ctx, r.Before) != nil {
		return nil
	}
	return dockerfile.Convert(ctx, r.After)
}

func comments(_ context.Context, r *transform.Result, _ fs.FS, _ transform.Options) error {
	before, err := dockerfile.Parse(r.Name, r.Before)
	if err != nil {
		return err
	}
	for _, c := range before.Comments {
		if text := c.Of(r.Before); strings.Count(r.After, text) < 1 {
			return fmt.Errorf("%q is lost", text)
		}
	}
	return nil
}

func idempotent(ctx context.Context, r *transform.Result, build fs.FS, o transform.Options) error {
	again, err := transform.Run(ctx, r.Name, r.After, build, o)
	if err != nil {
		return err
	}
	if again.After != r.After {
		return fmt.Errorf("a second run changes it again:\n%s", diff.Unified([]diff.File{{Name: r.Name, Before: r.After, After: again.After}}, 3))
	}
	return nil
}

func deterministic(ctx context.Context, r *transform.Result, build fs.FS, o transform.Options) error {
	again, err := transform.Run(ctx, r.Name, r.Before, build, o)
	if err != nil {
		return err
	}
	if again.After != r.After || fmt.Sprint(again.Applied, again.Skipped) != fmt.Sprint(r.Applied, r.Skipped) {
		return fmt.Errorf("a second run gives another result")
	}
	return nil
}

func unrejected(_ context.Context, r *transform.Result, _ fs.FS, _ transform.Options) error {
	for _, s := range r.Skipped {
		if s.Kind == transform.Rejected {
			return fmt.Errorf("line %d: %s: %s", s.Line, s.Transform, s.Why)
		}
	}
	return nil
}

// Applies reports whether `git apply` and `patch -p1` both take the diff of r
// and give After, byte for byte. dir is an empty folder to work in.
func Applies(r *transform.Result, dir string) error {
	if !r.Changed() {
		return nil
	}
	text := diff.Unified([]diff.File{{Name: "Dockerfile", Before: r.Before, After: r.After}}, 3)
	for _, tool := range [][]string{{"git", "apply", "-"}, {"patch", "-p1", "--binary", "-s"}} {
		if _, err := exec.LookPath(tool[0]); err != nil {
			return fmt.Errorf("%s is needed to check diffs: %w", tool[0], err)
		}
		if err := applied(tool, text, r, dir); err != nil {
			return fmt.Errorf("%s: %w", tool[0], err)
		}
	}
	return nil
}

func applied(tool []string, text string, r *transform.Result, dir string) error {
	file := filepath.Join(dir, "Dockerfile")
	if err := os.WriteFile(file, []byte(r.Before), 0o644); err != nil {
		return err
	}
	cmd := exec.Command(tool[0], tool[1:]...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(text)
	// Outside a repository, whatever lies above the folder.
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "GIT_CONFIG_GLOBAL="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(out))
	}
	got, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if string(got) != r.After {
		return fmt.Errorf("gives other bytes than the rewrite")
	}
	return nil
}
