//go:build linux

package main

import (
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// reaper waits for all processes that are or become children of the probe, as the
// first process of a container has to. It is the only one that waits, so that
// nobody takes the end of a child from another.
type reaper struct {
	mu       sync.Mutex
	children map[int]*child // those that are started and not ended, by pid
}

// child is a process that the probe started.
type child struct {
	pid    int
	done   chan struct{} // closed at the end
	status syscall.WaitStatus
}

// newReaper starts to wait. From then on signals do nothing to the probe: a
// program that runs as root may send them, and Go has handlers that end a process.
func newReaper() *reaper {
	r := &reaper{children: map[int]*child{}}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		for {
			r.reap()
			select {
			case <-signals:
			case <-tick.C: // a signal may get lost in the crowd
			}
		}
	}()
	return r
}

// reap takes the ends that there are.
func (r *reaper) reap() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG|syscall.WALL, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		if c := r.children[pid]; c != nil {
			delete(r.children, pid)
			c.status = status
			close(c.done)
		}
	}
}

// start runs a program. The lock holds reap back until the child is known, also
// where it has ended by then, and from the child of which the exec failed.
func (r *reaper) start(file string, argv []string, attr *syscall.ProcAttr) (*child, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := &child{done: make(chan struct{})}
	err := onThread(func() error {
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, niceness) // of this thread; the child inherits it
		var err error
		c.pid, err = syscall.ForkExec(file, argv, attr)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.children[c.pid] = c
	return c, nil
}

// signal sends a signal to a child, unless it has ended: its number may be another's then.
func (r *reaper) signal(c *child, sig syscall.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.children[c.pid] == c {
		_ = syscall.Kill(c.pid, sig) // where it has ended just now, reap has not taken it yet
	}
}

// ended says whether the child has ended.
func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// exit is the exit status of an ended child; 128+n after signal n.
func (c *child) exit() int {
	if c.status.Signaled() {
		return 128 + int(c.status.Signal())
	}
	return c.status.ExitStatus()
}
