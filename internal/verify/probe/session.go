//go:build linux

package main

import (
	"context"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// session is one run of an image's program.
type session struct {
	task  *wire.Run
	seen  *wire.Seen
	known atomic.Pointer[wire.Seen] // copy of seen after the last phase

	launcher *launcher
	program  *running
	began    time.Time
}

func newSession(task *wire.Run) *session {
	s := &session{task: task, seen: &wire.Seen{}}
	s.known.Store(&wire.Seen{})
	return s
}

// publish makes known what is seen so far.
func (s *session) publish() {
	c := *s.seen
	s.known.Store(&c)
}

// run starts the program, looks at it, and ends it with all that it has started.
func (s *session) run() {
	prepare()
	raiseLoopback()
	var err error
	if s.launcher, err = newLauncher(newReaper(), s.task.User, s.task.Env); err != nil {
		s.seen.Failed = err.Error()
		return
	}
	s.seen.Home, _ = variable(s.launcher.env, "HOME")
	if err := enter(s.task.Dir); err != nil {
		s.seen.Failed = err.Error()
		return
	}
	known, marked := folders(), now()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	g := newGuard(s.task, marked)
	s.began = time.Now()
	if s.program, err = s.launcher.start(s.task.Argv); err != nil {
		s.seen.Failed = err.Error()
		return
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		g.watch(ctx, cancel)
	}()
	s.look(ctx, marked, known)
	if ctx.Err() == nil && !s.program.ended() {
		s.stop(ctx)
	}
	cancel(nil)
	<-watched
	endAll()
	if s.seen.Runaway = g.why(); s.seen.Runaway != "" {
		s.seen.Exit, s.seen.Stopped = nil, false // it was the probe's doing
	}
	s.seen.Stdout, s.seen.Stderr = s.program.stdout.text(), s.program.stderr.text()
}

// look goes through the phases between start and stop.
func (s *session) look(ctx context.Context, marked mark, known map[string]bool) {
	s.await(ctx)
	s.publish()
	if ctx.Err() != nil {
		return
	}
	if !s.checkEnd() {
		s.seen.UIDs, s.seen.Ports = effectiveUIDs(), listening()
		s.publish()
		s.ask(ctx)
		s.publish()
	}
	if ctx.Err() != nil {
		return
	}
	s.seen.Wrote = wroteTo(ctx, marked, known)
	s.publish()
	s.smoke(ctx)
	s.checkEnd()
	s.publish()
	s.seen.Writable = writable(s.task.Writable, s.launcher.who)
	s.publish()
}

// checkEnd notes the end of the program. With it a container ends, and so does
// what the program left behind.
func (s *session) checkEnd() bool {
	if !s.program.ended() {
		return false
	}
	if s.seen.Exit == nil {
		status := s.program.exit()
		s.seen.Exit = &status
		endAll()
	}
	return true
}

// await waits until the program is up, or has ended, or has had its time.
func (s *session) await(ctx context.Context) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	w := waiting{task: s.task}
	for {
		at := time.Since(s.began)
		if at-w.measured >= measured {
			w.measure(at, processorTime())
		}
		if ready, over := w.look(listening(), at); over {
			s.seen.Ready = ready
			return
		}
		select {
		case <-ctx.Done():
		case <-s.program.done:
		case <-tick.C:
			continue
		}
		s.seen.Ready = time.Since(s.began)
		return
	}
}

// settled is how long no new port must come for a program to be up.
const settled = 500 * time.Millisecond

// waiting says when a program is up, by the ports that it listens on.
type waiting struct {
	task    *wire.Run
	ports   []wire.Port   // at the last look
	changed time.Duration // when they were others
	awaited int           // how many of the awaited ones there are
	first   time.Duration // when the first of the awaited ones came

	measured time.Duration // when it was looked at how busy the program is
	used     time.Duration // the processor time that it had had by then
	busy     bool          // in the time before
}

// look takes the ports at a time since the start, and says since when the program
// is ready, and whether that is so or the time is over.
func (w *waiting) look(ports []wire.Port, at time.Duration) (ready time.Duration, over bool) {
	if !slices.Equal(ports, w.ports) {
		w.ports, w.changed = ports, at
	}
	if len(w.task.Ports) > 0 {
		return w.lookForAwaited(at)
	}
	switch {
	case len(ports) > 0 && at-w.changed >= settled:
		return w.changed, true
	case len(ports) == 0 && w.quiet(at), at >= w.task.Start:
		return at, true
	}
	return 0, false
}

// serves is whether a TCP port is open, be it another than was awaited.
func (w *waiting) serves() bool {
	return slices.ContainsFunc(w.ports, func(p wire.Port) bool { return !p.UDP })
}

func (w *waiting) lookForAwaited(at time.Duration) (ready time.Duration, over bool) {
	here := 0
	for _, number := range w.task.Ports {
		if slices.ContainsFunc(w.ports, func(p wire.Port) bool { return !p.UDP && p.Number == number }) {
			here++
		}
	}
	if here > 0 && w.awaited == 0 {
		w.first = at
	}
	if here != w.awaited {
		w.changed = at
	}
	w.awaited = here
	switch {
	case here == len(w.task.Ports):
		return at, true
	case here > 0 && at-w.first >= w.task.Grace:
		return w.changed, true
	case here == 0 && w.serves() && !w.busy && at-w.changed >= patience*w.task.Grace:
		return w.changed, true // it serves elsewhere, and does nothing to come here
	}
	return at, at >= w.task.Start
}

// smoke runs the smoke command beside the program, or after its end if that was a
// good one.
func (s *session) smoke(ctx context.Context) {
	if len(s.task.Smoke) == 0 {
		return
	}
	if s.checkEnd() && *s.seen.Exit != 0 {
		s.seen.Smoke = &wire.Smoke{Failed: "not started: the program had ended with an error"}
		return
	}
	s.seen.Smoke = &wire.Smoke{}
	p, err := s.launcher.start(s.task.Smoke)
	if err != nil {
		s.seen.Smoke.Failed = err.Error()
		return
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		s.seen.Smoke.Failed = "ended together with the program"
	case <-time.After(s.task.SmokeLimit()):
		s.seen.Smoke.Failed = "it did not end within " + s.task.SmokeLimit().String()
	}
	_ = syscall.Kill(-p.pid, syscall.SIGKILL) // its session, as far as it stayed there
	<-p.done
	s.seen.Smoke.Exit = p.exit()
	s.seen.Smoke.Stdout, s.seen.Smoke.Stderr = p.stdout.text(), p.stderr.text()
}

// stop asks the program to end.
func (s *session) stop(ctx context.Context) {
	if p, err := readProcess(s.program.pid); err == nil {
		s.seen.NoTerm = !p.handlesEnd
	}
	s.launcher.reaper.signal(s.program.child, syscall.SIGTERM)
	select {
	case <-s.program.done:
		s.seen.Stopped = true
	case <-ctx.Done():
	case <-time.After(s.task.Grace):
	}
}
