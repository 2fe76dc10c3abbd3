//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	control "github.com/moby/buildkit/api/services/control"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify"
)

// hostile is a job of which both Dockerfiles are the text.
func hostile(t *testing.T, text string) verify.Job {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return verify.Job{Name: t.Name(), Before: text, After: text + "LABEL rewritten=yes\n", Context: dir}
}

// Every one of these ends by itself, with a reason, and leaves nothing behind.
func TestHostile(t *testing.T) {
	builders := connect(t)
	short := verify.Options{Build: verify.BuildOptions{Timeout: 10 * time.Second}, Run: verify.RunOptions{Grace: time.Second, Start: 10 * time.Second}}
	for _, test := range []struct {
		name, text string
		o          verify.Options
		why        string // part of the proof's reason
		leftover   string // argument of a process that must be gone
	}{
		{"a build that hangs", "FROM alpine:3.22\nRUN sleep 98761\n", short, "it has 10s", "98761"},
		{"a build that floods its log", "FROM alpine:3.22\nRUN yes overflowing | head -n 3000000; sleep 98762\n", short, "it has 10s", "98762"},
		{"a program that forks without end", "FROM alpine:3.22\nCMD [\"sh\", \"-c\", \"while :; do sleep 98763 & done\"]\n", verify.Options{}, "processes", "98763"},
		{"a program that floods its output", "FROM alpine:3.22\nCMD [\"sh\", \"-c\", \"yes overflowing; sleep 98764\"]\n", short, "", "98764"},
		{"a program that ignores every signal", "FROM alpine:3.22\nCMD [\"sh\", \"-c\", \"trap '' TERM INT HUP; while :; do sleep 98765; done\"]\n", short, "", "98765"},
		{"no such base image", "FROM alpine-of-nowhere:3.22\nCMD [\"true\"]\n", short, "alpine-of-nowhere", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := verified(t, builders, marked(test.o, test.leftover), hostile(t, test.text))
			if test.why == "" && p.Verdict != proof.Same {
				t.Errorf("%s, wanted same: %s", p.Verdict, p.Why)
			}
			if test.why != "" && (p.Verdict != proof.Inconclusive || !strings.Contains(p.Why, test.why)) {
				t.Errorf("%s, wanted inconclusive because of %q: %s", p.Verdict, test.why, p.Why)
			}
			if len(p.Before.Log) > 64<<10 {
				t.Errorf("%d bytes of log are kept", len(p.Before.Log))
			}
			gone(t, builders[0], test.leftover)
		})
	}
}

// markArg is the build argument by which the test's own builds are told from others
// that the builder may be at.
const markArg = "build-arg:BULWARK_TEST"

// marked are options whose builds have a mark.
func marked(o verify.Options, mark string) verify.Options {
	o.Build.Args = map[string]string{strings.TrimPrefix(markArg, "build-arg:"): mark}
	return o
}

// gone wants that the builder has ended the builds that the argument marks, and that no process on this
// machine has the argument. A process that BuildKit leaves behind of a build that
// it has ended is told of: there is nothing more that could be asked of it.
func gone(t *testing.T, b *verify.Builder, argument string) {
	t.Helper()
	if argument == "" {
		return
	}
	var builds, left []string
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		builds, left = active(t, b, argument), running(t, argument)
		if len(builds)+len(left) == 0 {
			return
		}
	}
	if len(builds) > 0 {
		t.Fatalf("still built: %s; processes: %s", builds, left)
	}
	t.Logf("BUILDKIT LEFT PROCESSES BEHIND:\n%s", strings.Join(left, "\n"))
}

// active lists the builds of a mark that the builder is at.
func active(t *testing.T, b *verify.Builder, mark string) []string {
	t.Helper()
	stream, err := b.Client.ControlClient().ListenBuildHistory(t.Context(), &control.BuildHistoryRequest{ActiveOnly: true, EarlyExit: true})
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for {
		event, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return refs
		}
		if err != nil {
			t.Fatal(err)
		}
		if event.Record.GetFrontendAttrs()[markArg] == mark {
			refs = append(refs, event.Record.GetRef())
		}
	}
}

// running lists the processes that have the argument as a word of their command
// line, each with its state as /proc tells it.
func running(t *testing.T, argument string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	word := regexp.MustCompile(`\b` + argument + `\b`)
	var left []string
	for _, file := range files {
		command, _ := os.ReadFile(file) // gone in between
		if word.Match(command) {
			stat, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "stat"))
			left = append(left, fmt.Sprintf("%q %s", command, stat))
		}
	}
	return left
}

// A rewrite that takes longer than it may is not called broken for it.
func TestRewriteThatHangs(t *testing.T) {
	builders := connect(t)
	job := hostile(t, "FROM alpine:3.22\nCMD [\"true\"]\n")
	job.After = "FROM alpine:3.22\nRUN sleep 98767\nCMD [\"true\"]\n"
	p := verified(t, builders, marked(verify.Options{Build: verify.BuildOptions{Timeout: 10 * time.Second}}, "98767"), job)
	if p.Verdict != proof.Inconclusive || !strings.Contains(p.Why, "it has 10s") {
		t.Errorf("%s, wanted inconclusive: %s", p.Verdict, p.Why)
	}
	gone(t, builders[0], "98767")
}

func TestContextThatIsTooLarge(t *testing.T) {
	builders := connect(t)
	job := hostile(t, "FROM alpine:3.22\nCOPY . /\nCMD [\"true\"]\n")
	if err := os.WriteFile(filepath.Join(job.Context, "data"), make([]byte, 2<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	out := outcomes(t.Context(), builders, verify.Options{Build: verify.BuildOptions{ContextLimit: 1 << 20}}, job)[0]
	var tooLarge *verify.ContextError
	if !errors.As(out.Err, &tooLarge) || tooLarge.Limit != 1<<20 {
		t.Errorf("%v, wanted a *ContextError with a limit of 1 MiB", out.Err)
	}
}

// outcomes verifies without a word.
func outcomes(ctx context.Context, builders []*verify.Builder, o verify.Options, jobs ...verify.Job) []verify.Outcome {
	all := make([]verify.Outcome, len(jobs))
	v := verify.New(builders, o, verify.NewProgress(new(bytes.Buffer), false, true))
	defer v.Close()
	var mu sync.Mutex
	v.Verify(ctx, jobs, func(i int, o verify.Outcome) {
		mu.Lock()
		defer mu.Unlock()
		all[i] = o
	})
	return all
}

func TestInterrupt(t *testing.T) {
	builders := connect(t)
	ctx, cancel := context.WithCancel(t.Context())
	var underway []string
	time.AfterFunc(3*time.Second, func() {
		underway = active(t, builders[0], "98766")
		cancel()
	})
	out := outcomes(ctx, builders, marked(verify.Options{}, "98766"), hostile(t, "FROM alpine:3.22\nRUN sleep 98766\n"))[0]
	if !errors.Is(out.Err, context.Canceled) {
		t.Errorf("%v, wanted that it was cancelled", out.Err)
	}
	if len(underway) == 0 {
		t.Error("the build was not seen while it ran: that it is gone says nothing")
	}
	gone(t, builders[0], "98766")
}

// A builder that dies midway is told of; where there is another, it takes over.
func TestBuilderDies(t *testing.T) {
	job := hostile(t, "FROM alpine:3.22\nRUN sleep 6\nCMD [\"true\"]\n")
	for name, second := range map[string]bool{"alone": false, "with another": true} {
		t.Run(name, func(t *testing.T) {
			dying := newProxy(t)
			addresses := []string{dying.address}
			if second {
				addresses = append(addresses, newProxy(t).address)
			}
			builders := connectTo(t, addresses...)
			time.AfterFunc(3*time.Second, dying.die)
			jobs := []verify.Job{job, job}
			for _, out := range outcomes(t.Context(), builders, verify.Options{Build: verify.BuildOptions{NoCache: true}}, jobs...) {
				switch {
				case second && (out.Err != nil || out.Proof.Verdict != proof.Same):
					t.Errorf("%+v, wanted that the other builder takes over", out)
				case !second && !verify.IsLost(out.Err):
					t.Errorf("%v, wanted that the builder died", out.Err)
				}
			}
		})
	}
}

// Two addresses share the work.
func TestSpread(t *testing.T) {
	builders := connectTo(t, newProxy(t).address, newProxy(t).address)
	var jobs []verify.Job
	for _, name := range []string{"a", "b", "c", "d"} {
		jobs = append(jobs, hostile(t, "FROM alpine:3.22\nRUN echo "+name+" > /name\nCMD [\"true\"]\n"))
	}
	used := map[string]int{}
	for _, out := range outcomes(t.Context(), builders, verify.Options{}, jobs...) {
		if out.Err != nil || out.Proof.Verdict != proof.Same {
			t.Errorf("%+v, wanted same", out)
		}
		used[out.Builder]++
	}
	if len(used) != 2 {
		t.Errorf("done by %v, wanted two builders", used)
	}
	t.Log(used)
}

// Two verifications of the same application at once do not disturb each other,
// though both programs listen on one port.
func TestTwoAtOnce(t *testing.T) {
	builders := connect(t)
	for _, name := range []string{"one", "other"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			job := verify.Job{Name: name, Before: read(t, faultsDir+"/Dockerfile"), After: faultless, Context: faultsDir}
			if p := verified(t, builders, verify.Options{}, job); p.Verdict != proof.Better {
				t.Errorf("%s, wanted better: %s", p.Verdict, p.Why)
			}
		})
	}
}
