//go:build e2e

package e2e

import (
	"context"
	"flag"
	"strconv"
	"strings"
	"testing"
	"time"
)

var registry = flag.Bool("registry", true, "build the applications that fetch packages too")

// TestApps rewrites every application, builds both Dockerfiles, runs both images
// and compares what they do, with each other and with what is wanted.
func TestApps(t *testing.T) {
	e := newEngine(t)
	for _, a := range readApps(t) {
		t.Run(a.name, func(t *testing.T) {
			if a.Registry && !*registry {
				t.Skip("SKIPPED: its build fetches packages, and -registry=false")
			}
			t.Parallel() // compiling and fetching overlap
			ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
			defer cancel()
			a.test(ctx, t, e)
		})
	}
}

func (a *app) test(ctx context.Context, t *testing.T, e *engine) {
	r := a.rewrite(ctx, t)
	before := e.trial(ctx, t, a.dir, r.Before, a.Port, a.requests())
	after := e.trial(ctx, t, a.dir, r.After, a.Port, a.requests())
	before.log(t, "before")
	after.log(t, "after")
	compare(t, before, after)
	a.checkRun(t, after)
	if limit := before.image.Size + before.image.Size/100; after.image.Size > limit {
		t.Errorf("the image grew from %d to %d bytes", before.image.Size, after.image.Size)
	}
}

func (a *app) requests() []request {
	var out []request
	for _, q := range a.Requests {
		out = append(out, request{q.Method, q.Path, q.Body})
	}
	return out
}

// checkRun checks what the rewritten image's program did against what is wanted.
func (a *app) checkRun(t *testing.T, got *trial) {
	t.Helper()
	if got.image.Config.User != a.User {
		t.Errorf("USER %q, wanted %q", got.image.Config.User, a.User)
	}
	if got.seen.Shell == a.NoShell {
		t.Errorf("has a shell: %v", got.seen.Shell)
	}
	for i, q := range a.Requests {
		if i < len(got.seen.Answers) {
			q.check(t, got.seen.Answers[i])
		}
	}
	if a.Port == 0 {
		a.checkEnd(t, got.seen)
		return
	}
	if uid, err := strconv.Atoi(strings.Split(a.User, ":")[0]); err == nil && got.seen.UID != uid {
		t.Errorf("runs as uid %d, wanted %d", got.seen.UID, uid)
	}
	if a.User != "" && got.seen.UID == 0 {
		t.Error("runs as root")
	}
}

func (a *app) checkEnd(t *testing.T, s *seen) {
	t.Helper()
	if a.Exit != nil && s.Exit != *a.Exit {
		t.Errorf("exit status %d, wanted %d", s.Exit, *a.Exit)
	}
	if !strings.Contains(s.Stdout, a.Stdout) || !strings.Contains(s.Stderr, a.Stderr) {
		t.Errorf("prints %q and %q, wanted %q and %q in them", s.Stdout, s.Stderr, a.Stdout, a.Stderr)
	}
}

func (q asked) check(t *testing.T, got answer) {
	t.Helper()
	status := q.Status
	if status == 0 {
		status = 200
	}
	if got.Status != status || !strings.Contains(got.Body, q.Holds) {
		t.Errorf("%s %s answers %+v, wanted status %d and %q", q.Method, q.Path, got, status, q.Holds)
	}
}
