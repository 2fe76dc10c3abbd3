package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/moby/buildkit/solver/errdefs"
	"github.com/moby/buildkit/util/grpcerrors"
	"google.golang.org/grpc/codes"
)

// maxLost is how many times a job may lose its builder. One that brings builders
// down shall not bring down all.
const maxLost = 3

// LostError says that a builder died while it worked on a job, or where it still
// answers, that the connection of the job broke.
type LostError struct {
	Address string
	Alive   bool
	Err     error // what the connection said
}

func (e *LostError) Error() string {
	if e.Alive {
		return fmt.Sprintf("the connection to the builder at %s broke midway: %v", e.Address, e.Err)
	}
	return fmt.Sprintf("the builder at %s died midway: %v", e.Address, e.Err)
}

// Unwrap gives what the connection said.
func (e *LostError) Unwrap() error { return e.Err }

// IsLost reports whether an error is that of a connection to a builder that broke,
// not of a build that failed: what a builder could still tell is no such error.
// It is not certain: a builder passes on the errors of others, so that Spread asks
// it whether it lives.
func IsLost(err error) bool {
	var lost *LostError
	var step *errdefs.VertexError
	var solve *errdefs.SolveError
	switch {
	case err == nil:
		return false
	case errors.As(err, &lost):
		return true
	case errors.As(err, &step), errors.As(err, &solve):
		return false
	case grpcerrors.Code(err) == codes.Unavailable:
		return true
	}
	for _, broken := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.ECONNREFUSED, syscall.EPIPE} {
		if errors.Is(err, broken) {
			return true
		}
	}
	text := err.Error()
	for _, sign := range []string{
		"transport is closing", "error reading from server: ", "client connection is closing", "connection error: desc = ",
		"no active session", "session healthcheck failed", "use of closed network connection",
	} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// Spread runs job for 0 to n-1, at most perBuilder at a time on each builder, the
// least busy first. A job whose builder died is tried again on another one, and
// the dead one gets no more work; what else it had ends with it. A builder that
// lost a connection, but answers, stays. The errors are in the order of the jobs:
// the job's own, a *LostError where no builder was left or the job lost three, or
// the cause of ctx's end. When Spread returns, no goroutine of it is left.
func Spread(ctx context.Context, builders []*Builder, perBuilder, n int, job func(ctx context.Context, b *Builder, i int) error) []error {
	s := &spread{ctx: ctx, job: job, ended: make(chan ending), errs: make([]error, n), lost: make([]int, n)}
	for _, b := range builders {
		slot := &slot{b: b, free: max(perBuilder, 1)}
		slot.ctx, slot.cancel = context.WithCancelCause(ctx)
		defer slot.cancel(nil)
		s.slots = append(s.slots, slot)
	}
	for i := range n {
		s.todo = append(s.todo, i)
	}
	for s.assign(); s.running > 0; s.assign() {
		s.take(<-s.ended)
	}
	for _, i := range s.todo { // no builder was left, or ctx is over
		switch {
		case ctx.Err() != nil:
			s.errs[i] = context.Cause(ctx)
		case s.errs[i] == nil:
			s.errs[i] = s.nobody()
		}
	}
	return s.errs
}

// spread is the state of a Spread; its own goroutine alone touches it.
type spread struct {
	ctx     context.Context
	job     func(ctx context.Context, b *Builder, i int) error
	slots   []*slot
	todo    []int
	running int
	ended   chan ending
	errs    []error
	lost    []int      // by job: builders that died under it
	last    *LostError // of the builder that died last
}

// slot is the room for work on one builder.
type slot struct {
	b       *Builder
	free    int
	running int
	done    int
	dead    bool
	ctx     context.Context // of the jobs on it
	cancel  context.CancelCauseFunc
}

// ending is how a job ended.
type ending struct {
	job  int
	on   *slot
	err  error
	lost bool // the connection broke
	dead bool // and the builder does not answer any more
}

// assign gives out what there is room for.
func (s *spread) assign() {
	for len(s.todo) > 0 && s.ctx.Err() == nil {
		on := s.idlest()
		if on == nil {
			return
		}
		i := s.todo[0]
		s.todo = s.todo[1:]
		on.free--
		on.running++
		s.running++
		go func() { s.ended <- s.run(on, i) }()
	}
}

// idlest is the living builder with room that does the least, nil where there is none.
func (s *spread) idlest() *slot {
	var best *slot
	for _, c := range s.slots {
		if c.dead || c.free == 0 {
			continue
		}
		if best == nil || c.running < best.running || c.running == best.running && c.done < best.done {
			best = c
		}
	}
	return best
}

// run does a job, and where its connection broke asks whether the builder lives.
func (s *spread) run(on *slot, i int) ending {
	e := ending{job: i, on: on, err: s.job(on.ctx, on.b, i)}
	switch {
	case e.err == nil || s.ctx.Err() != nil:
	case on.ctx.Err() != nil: // another job found the builder dead
		e.lost, e.dead = true, true
	case IsLost(e.err), grpcerrors.Code(e.err) == codes.Canceled: // a BuildKit that is stopped cancels its builds
		e.dead = !on.b.alive(s.ctx)
		e.lost = IsLost(e.err) || e.dead
	}
	return e
}

// take notes how a job ended and puts it back where it deserves another try.
func (s *spread) take(e ending) {
	s.running--
	e.on.running--
	e.on.free++
	e.on.done++
	if !e.lost || s.ctx.Err() != nil {
		s.errs[e.job] = e.err
		return
	}
	err := &LostError{e.on.b.Address, !e.dead, e.err}
	if cause := context.Cause(e.on.ctx); cause != nil {
		errors.As(cause, &err) // what was said when it died, not that the job was ended
	}
	s.errs[e.job] = err
	if e.dead && !e.on.dead {
		e.on.dead, s.last = true, err
		e.on.cancel(err)
	}
	if s.lost[e.job]++; s.lost[e.job] < maxLost {
		s.todo = slices.Insert(s.todo, 0, e.job)
	}
}

// nobody is the error of a job that was never begun.
func (s *spread) nobody() error {
	if s.last == nil {
		return errors.New("there is no builder")
	}
	return fmt.Errorf("no builder is left: %w", s.last)
}
