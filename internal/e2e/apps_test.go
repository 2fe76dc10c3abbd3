//go:build e2e

package e2e

import (
	"context"
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/report"
	"github.com/bulwark-cli/bulwark/internal/verify"
	"github.com/bulwark-cli/bulwark/internal/verify/wire"
	"github.com/bulwark-cli/bulwark/transform"
)

var registry = flag.Bool("registry", false, "build the applications that fetch packages from a registry too")

// TestApps rewrites every application, verifies the rewrite, and demands the
// verdict that its JSON file states.
func TestApps(t *testing.T) {
	builders := connect(t)
	for _, a := range readApps(t) {
		t.Run(a.name, func(t *testing.T) {
			if a.Registry && !*registry {
				t.Skip("SKIPPED: its build fetches packages; make e2e-all builds it")
			}
			t.Parallel() // compiling and fetching overlap
			r := a.rewrite(t.Context(), t)
			if a.Verdict == declined {
				return // rewrite has seen that nothing changes, and why
			}
			a.check(t, verified(t, builders, a.options(), a.job(r)))
		})
	}
}

// job is the application's original and what bulwark makes of it.
func (a *app) job(r *transform.Result) verify.Job {
	return verify.Job{Name: a.name, Before: r.Before, After: r.After, Context: a.dir, Dropped: transform.BuildOnlyEnv()}
}

func (a *app) options() verify.Options {
	o := verify.Options{Run: verify.RunOptions{Exit: a.Exit, Start: start}}
	for _, q := range a.Requests {
		o.Run.Requests = append(o.Run.Requests, wire.Request{Method: q.Method, Path: q.Path, Body: q.Body, Port: a.Port})
	}
	return o
}

// start is how long a program may take. `go run` compiles the standard library
// first, on a machine that others build on too.
const start = 5 * time.Minute

// verified is the proof of one job.
func verified(t *testing.T, builders []*verify.Builder, o verify.Options, job verify.Job) *proof.Proof {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	var out verify.Outcome
	v := verify.New(builders, o, verify.NewProgress(t.Output(), false, true))
	defer v.Close()
	v.Verify(ctx, []verify.Job{job}, func(_ int, o verify.Outcome) { out = o })
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	t.Log("\n" + report.ProofText(report.Verified{Path: job.Name, Proof: out.Proof, Builder: out.Builder}, true))
	return out.Proof
}

// check holds the proof against what is wanted of the application.
func (a *app) check(t *testing.T, p *proof.Proof) {
	t.Helper()
	if string(p.Verdict) != a.Verdict {
		t.Fatalf("%s, wanted %s: %s", p.Verdict, a.Verdict, p.Why)
	}
	if user := p.After.Config.User; user != a.User {
		t.Errorf("USER %q, wanted %q", user, a.User)
	}
	if shell := hasFile(p.After, "/bin/sh"); shell == a.NoShell {
		t.Errorf("has a shell: %v", shell)
	}
	if a.User != "" && slices.Contains(p.After.Seen.UIDs, 0) {
		t.Error("runs as root")
	}
	a.checkAnswers(t, p.After.Seen)
	if a.Port == 0 {
		a.checkEnd(t, p.After.Seen)
	}
}

func hasFile(s *proof.Side, path string) bool {
	return slices.ContainsFunc(s.Inventory.Files, func(f wire.File) bool { return f.Path == path || "/usr"+path == f.Path })
}

func (a *app) checkAnswers(t *testing.T, s *wire.Seen) {
	t.Helper()
	if len(a.Requests) != len(s.Answers) && a.Port != 0 {
		t.Fatalf("%d answers to %d requests", len(s.Answers), len(a.Requests))
	}
	for i, q := range a.Requests {
		got, status := s.Answers[i], q.Status
		if status == 0 {
			status = 200
		}
		if got.Status != status || !strings.Contains(got.Body, q.Holds) {
			t.Errorf("%s %s answers %+v, wanted status %d and %q", q.Method, q.Path, got, status, q.Holds)
		}
	}
}

func (a *app) checkEnd(t *testing.T, s *wire.Seen) {
	t.Helper()
	switch {
	case a.Exit == nil:
	case s.Exit == nil:
		t.Errorf("does not end, wanted status %d", *a.Exit)
	case *s.Exit != *a.Exit:
		t.Errorf("exit status %d, wanted %d", *s.Exit, *a.Exit)
	}
	if !strings.Contains(s.Stdout, a.Stdout) || !strings.Contains(s.Stderr, a.Stderr) {
		t.Errorf("prints %q and %q, wanted %q and %q in them", s.Stdout, s.Stderr, a.Stdout, a.Stderr)
	}
}

// connect reaches the builders that BUILDKIT_HOST names, or skips the test.
func connect(t *testing.T) []*verify.Builder {
	t.Helper()
	addresses := engines()
	if len(addresses) == 0 {
		t.Skip("SKIPPED, NOTHING WAS BUILT: BUILDKIT_HOST does not name a BuildKit")
	}
	return connectTo(t, addresses...)
}

func connectTo(t *testing.T, addresses ...string) []*verify.Builder {
	t.Helper()
	builders, unreached, err := verify.Connect(t.Context(), verify.ConnectOptions{Addresses: addresses})
	for _, problem := range unreached {
		t.Error(problem)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { verify.CloseAll(builders) })
	return builders
}
