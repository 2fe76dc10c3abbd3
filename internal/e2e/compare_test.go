//go:build e2e

package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// trial is one Dockerfile, built and run.
type trial struct {
	image *image
	seen  *seen
	took  time.Duration
}

// trial builds and runs; what goes wrong fails the test.
func (e *engine) trial(ctx context.Context, t *testing.T, dir, text string, port int, requests []request) *trial {
	t.Helper()
	begun := time.Now()
	img, err := e.build(ctx, dir, text)
	if err != nil {
		t.Fatalf("building:\n%s\n%v", text, err)
	}
	s, err := e.run(ctx, dir, text, img, port, requests)
	if err != nil {
		t.Fatalf("running:\n%s\n%v", text, err)
	}
	return &trial{img, s, time.Since(begun)}
}

func (r *trial) log(t *testing.T, name string) {
	t.Helper()
	t.Logf("%s: %d MB, USER %q, uid %d, shell %v, ready in %.2fs, exit %d, stopped %v, took %s\n  answers: %+v\n  failed: %s\n  stdout: %s\n  stderr: %s",
		name, r.image.Size/1e6, r.image.Config.User, r.seen.UID, r.seen.Shell, r.seen.StartedSec, r.seen.Exit, r.seen.Stopped, r.took.Round(100*time.Millisecond),
		r.seen.Answers, r.seen.Failed, tail(r.seen.Stdout, 5), tail(r.seen.Stderr, 5))
}

// compare holds what the image and its program were before against what they are after.
func compare(t *testing.T, before, after *trial) {
	t.Helper()
	if before.seen.Failed != "" {
		t.Errorf("the original does not run: %s\n%s%s", before.seen.Failed, before.seen.Stdout, before.seen.Stderr)
	}
	if after.seen.Failed != "" {
		t.Errorf("the rewritten one does not run: %s\n%s%s", after.seen.Failed, after.seen.Stdout, after.seen.Stderr)
	}
	if d := cmp.Diff(before.seen.Answers, after.seen.Answers, cmp.Comparer(sameAnswer)); d != "" {
		t.Errorf("the answers differ (-before +after):\n%s", d)
	}
	// A server is ended by the probe, and a shell or `go run` before it changes the status.
	if len(before.seen.Answers) == 0 && before.seen.Exit != after.seen.Exit {
		t.Errorf("exit status: %d before, %d after", before.seen.Exit, after.seen.Exit)
	}
	if before.seen.Stopped && !after.seen.Stopped {
		t.Errorf("SIGTERM ended the original and does not end the rewritten one")
	}
	if d := cmp.Diff(before.image.promises(), after.image.promises()); d != "" {
		t.Errorf("the image's configuration differs (-before +after):\n%s", d)
	}
}

// sameAnswer compares what a user sees; how a connection broke differs from run to run.
func sameAnswer(a, b answer) bool {
	if a.Problem != "" || b.Problem != "" {
		return a.Problem != "" && b.Problem != ""
	}
	return a == b
}

// promises are the parts of the configuration that others rely on.
func (i *image) promises() map[string]any {
	c := i.Config
	return map[string]any{
		"ports": c.ExposedPorts, "volumes": c.Volumes, "labels": c.Labels,
		"stop signal": c.StopSignal, "health check": string(c.Healthcheck),
	}
}
