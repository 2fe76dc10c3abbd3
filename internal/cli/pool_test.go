package cli

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
)

func TestOrdered(t *testing.T) {
	const n = 500
	var done atomic.Int64
	next := 0
	for i, v := range ordered(t.Context(), n, func(i int) int { done.Add(1); return i * i }) {
		if i != next || v != i*i {
			t.Fatalf("result %d is %d, want %d", i, v, next*next)
		}
		next++
	}
	if next != n || done.Load() != n {
		t.Errorf("%d results of %d calls, want %d", next, done.Load(), n)
	}
	for range ordered(t.Context(), 0, func(int) int { return 0 }) {
		t.Error("a result of nothing")
	}
}

// A reader that stops or a cancelled context ends the work soon: what runs ahead
// is bounded.
func TestOrderedStops(t *testing.T) {
	const n = 100_000
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for name, stop := range map[string]func(i int) bool{
		"break":  func(i int) bool { return i == 10 },
		"cancel": func(i int) bool { cancel(); return false },
	} {
		var calls atomic.Int64
		read := 0
		for i := range ordered(ctx, n, func(int) int { calls.Add(1); return 0 }) {
			read++
			if stop(i) {
				break
			}
		}
		if read == n || calls.Load() == n {
			t.Errorf("%s: %d results of %d calls", name, read, calls.Load())
		}
	}
}

// A cancelled context frees the reader even while a worker hangs.
func TestOrderedDoesNotWait(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	hang := make(chan struct{})
	defer close(hang)
	for range ordered(ctx, 1, func(int) int { cancel(); <-hang; return 0 }) {
		t.Error("a result of a worker that hangs")
	}
}

func TestGuarded(t *testing.T) {
	err := guarded(func() error { panic("boom") })
	if err == nil || !strings.Contains(err.Error(), "boom") || !strings.Contains(err.Error(), "fault in bulwark") {
		t.Errorf("a panic gives %v", err)
	}
	if err := guarded(func() error { return nil }); err != nil {
		t.Errorf("no panic gives %v", err)
	}
}
