//go:build linux

package main

import (
	"context"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// ask makes the requests. A server that listens and gives no answer may still be
// starting, as one whose workers load the application, or be about to fail at that:
// it gets time, and is asked once more.
func (s *session) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, wire.AskLimit)
	defer cancel()
	a := newAsker()
	s.seen.Answers = a.all(ctx, s.task.Requests, s.seen.Ports)
	if !a.unanswered() {
		return
	}
	if s.settle(ctx) {
		a = newAsker() // it has just begun to listen to us
	}
	if s.program.ended() || ctx.Err() != nil {
		return
	}
	s.seen.UIDs, s.seen.Ports = effectiveUIDs(), listening()
	again := a.all(ctx, s.task.Requests, s.seen.Ports)
	if ctx.Err() == nil {
		s.seen.Answers = again
	}
}

// settle waits until the program has ended, or lives as long as Grace and is no
// longer busy, but no longer than one without ports may be so. It says whether the
// program was busy meanwhile.
func (s *session) settle(ctx context.Context) (busy bool) {
	tick := time.NewTicker(measured)
	defer tick.Stop()
	begun := time.Now()
	w := waiting{task: s.task, used: processorTime()}
	for {
		select {
		case <-ctx.Done():
			return busy
		case <-s.program.done:
			return busy
		case <-tick.C:
		}
		at := time.Since(begun)
		w.measure(at, processorTime())
		busy = busy || w.busy
		if w.quiet(at) {
			return busy
		}
	}
}

// unanswered is whether a server is there that neither answered nor speaks another protocol.
func (a *asker) unanswered() bool {
	for _, s := range a.servers {
		if !s.answered && s.problem == "" && !s.absent {
			return true
		}
	}
	return false
}
