package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/moby/buildkit/solver/errdefs"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

var errLost = status.Error(codes.Unavailable, "error reading from server: EOF")

// fakeBuilder answers until its death.
func fakeBuilder(address string) (*Builder, *atomic.Bool) {
	dead := &atomic.Bool{}
	return &Builder{Address: address, ping: func(context.Context) error {
		if dead.Load() {
			return errLost
		}
		return nil
	}}, dead
}

func TestIsLost(t *testing.T) {
	tests := []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errors.New("process \"/bin/sh -c make\" did not complete successfully: exit code: 2"), false},
		{status.Error(codes.Unknown, "failed to resolve: Head \"https://x\": EOF"), false},
		{status.Error(codes.DeadlineExceeded, "x"), false},
		{context.DeadlineExceeded, false},
		{context.Canceled, false},
		{errLost, true},
		{fmt.Errorf("before: %w", errLost), true},
		{fmt.Errorf("step: %w", &errdefs.VertexError{Vertex: &errdefs.Vertex{}}), false},
		{&errdefs.SolveError{Err: errLost, Solve: &errdefs.Solve{}}, false},
		{io.EOF, true},
		{fmt.Errorf("read: %w", io.ErrUnexpectedEOF), true},
		{fmt.Errorf("dial: %w", syscall.ECONNREFUSED), true},
		{errors.New("rpc error: transport is closing"), true},
		{&LostError{Address: "x", Err: io.EOF}, true},
	}
	for _, test := range tests {
		if got := IsLost(test.err); got != test.want {
			t.Errorf("IsLost(%v) = %v", test.err, got)
		}
	}
}

func TestSpreadKeepsOrderAndLimits(t *testing.T) {
	a, _ := fakeBuilder("a")
	b, _ := fakeBuilder("b")
	var mu sync.Mutex
	running, most, worked := map[string]int{}, map[string]int{}, map[string]int{}
	errs := Spread(t.Context(), []*Builder{a, b}, 2, 9, func(_ context.Context, b *Builder, i int) error {
		mu.Lock()
		running[b.Address]++
		worked[b.Address]++
		most[b.Address] = max(most[b.Address], running[b.Address])
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		running[b.Address]--
		mu.Unlock()
		if i%3 == 0 {
			return fmt.Errorf("job %d", i)
		}
		return nil
	})
	for i, err := range errs {
		if want := i%3 == 0; (err != nil) != want || want && err.Error() != fmt.Sprintf("job %d", i) {
			t.Errorf("job %d: %v", i, err)
		}
	}
	for _, name := range []string{"a", "b"} {
		if most[name] > 2 || worked[name] == 0 {
			t.Errorf("%s did %d jobs, %d at a time", name, worked[name], most[name])
		}
	}
}

func TestSpreadUsesBothBuildersForTwoJobs(t *testing.T) {
	for _, per := range []int{1, 4} {
		a, _ := fakeBuilder("a")
		b, _ := fakeBuilder("b")
		both := make(chan string, 2)
		Spread(t.Context(), []*Builder{a, b}, per, 2, func(_ context.Context, b *Builder, _ int) error {
			both <- b.Address
			return nil
		})
		if got := []string{<-both, <-both}; got[0] == got[1] {
			t.Errorf("with %d at a time %s got both jobs", per, got[0])
		}
	}
}

func TestSpreadMovesWorkFromADyingBuilder(t *testing.T) {
	a, aDead := fakeBuilder("a")
	b, _ := fakeBuilder("b")
	var after, cancelled atomic.Int32
	errs := Spread(t.Context(), []*Builder{a, b}, 2, 12, func(ctx context.Context, on *Builder, i int) error {
		if on != a {
			return nil
		}
		if aDead.Swap(true) {
			if i > 3 {
				after.Add(1)
			}
			<-ctx.Done() // as a connection that hangs: the death has to end it
			cancelled.Add(1)
			return ctx.Err()
		}
		return errLost
	})
	for i, err := range errs {
		if err != nil {
			t.Errorf("job %d: %v", i, err)
		}
	}
	if after.Load() > 0 {
		t.Errorf("the dead builder got %d jobs more", after.Load())
	}
}

func TestSpreadAllDie(t *testing.T) {
	a, aDead := fakeBuilder("unix:///a")
	b, bDead := fakeBuilder("unix:///b")
	var tries atomic.Int32
	errs := Spread(t.Context(), []*Builder{a, b}, 1, 5, func(_ context.Context, on *Builder, _ int) error {
		aDead.Store(true)
		bDead.Store(true)
		tries.Add(1)
		return errLost
	})
	if n := tries.Load(); n > 3 { // both at first, and one of their jobs again if the other was still thought alive
		t.Errorf("%d tries on two builders that died at once", n)
	}
	for i, err := range errs {
		var lost *LostError
		if !errors.As(err, &lost) || lost.Alive || !strings.Contains(err.Error(), "unix:///") || !strings.Contains(err.Error(), "died midway") {
			t.Errorf("job %d: %v", i, err)
		}
	}
}

// A job that kills builders takes down three, not all.
func TestSpreadStopsAPoisonedJob(t *testing.T) {
	var builders []*Builder
	dead := map[*Builder]*atomic.Bool{}
	for i := range 5 {
		b, d := fakeBuilder(fmt.Sprint(i))
		builders = append(builders, b)
		dead[b] = d
	}
	errs := Spread(t.Context(), builders, 1, 20, func(_ context.Context, b *Builder, i int) error {
		if i == 0 {
			dead[b].Store(true)
			return errLost
		}
		return nil
	})
	for i, err := range errs {
		if (err != nil) != (i == 0) {
			t.Errorf("job %d: %v", i, err)
		}
	}
}

func TestSpreadKeepsABuilderThatAnswers(t *testing.T) {
	a, _ := fakeBuilder("a")
	var tries atomic.Int32
	errs := Spread(t.Context(), []*Builder{a}, 1, 2, func(_ context.Context, _ *Builder, i int) error {
		switch {
		case i == 1:
			return nil
		case tries.Add(1) == 1:
			return io.EOF
		}
		return nil
	})
	if errs[0] != nil || errs[1] != nil || tries.Load() != 2 {
		t.Errorf("%v after %d tries", errs, tries.Load())
	}
	always := Spread(t.Context(), []*Builder{a}, 1, 1, func(context.Context, *Builder, int) error { return io.EOF })
	var lost *LostError
	if !errors.As(always[0], &lost) || !lost.Alive || !errors.Is(always[0], io.EOF) {
		t.Errorf("a connection that always breaks: %v", always[0])
	}
}

// A BuildKit that is stopped cancels its builds before it is gone.
func TestSpreadCancelledByTheBuilder(t *testing.T) {
	a, aDead := fakeBuilder("a")
	b, _ := fakeBuilder("b")
	errs := Spread(t.Context(), []*Builder{a, b}, 1, 4, func(_ context.Context, on *Builder, _ int) error {
		if on == a {
			aDead.Store(true)
			return status.Error(codes.Canceled, "context canceled")
		}
		return nil
	})
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		t.Errorf("job %d: %v", i, errs[i])
	}
}

func TestSpreadEndsWithItsContext(t *testing.T) {
	before := runtime.NumGoroutine()
	a, _ := fakeBuilder("a")
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	errs := Spread(ctx, []*Builder{a}, 2, 6, func(ctx context.Context, _ *Builder, i int) error {
		cancel(cause)
		<-ctx.Done()
		return context.Cause(ctx)
	})
	for i, err := range errs {
		if !errors.Is(err, cause) {
			t.Errorf("job %d: %v", i, err)
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

func TestSpreadWithoutBuildersOrJobs(t *testing.T) {
	if errs := Spread(t.Context(), nil, 1, 1, nil); len(errs) != 1 || errs[0] == nil {
		t.Errorf("without builders: %v", errs)
	}
	a, _ := fakeBuilder("a")
	if errs := Spread(t.Context(), []*Builder{a}, 1, 0, nil); len(errs) != 0 {
		t.Errorf("without jobs: %v", errs)
	}
}
