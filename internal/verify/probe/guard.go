//go:build linux

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// guard ends a program that takes too much of the machine. Memory is not its
// part: the program is the first that the kernel ends where that runs out.
type guard struct {
	processes int
	disk      int64
	free      uint64 // bytes free on the disk at the start
	marked    mark
	reason    atomic.Pointer[string]
}

func newGuard(task *wire.Run, marked mark) *guard {
	return &guard{
		processes: cmp.Or(task.Processes, wire.DefaultProcesses),
		disk:      cmp.Or(task.Disk, int64(wire.DefaultDisk)),
		free:      freeBytes(), marked: marked,
	}
}

// watch looks on until ctx is over, and ends both when there is too much.
func (g *guard) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	every := 20 * time.Millisecond
	if !alone() {
		every *= 5 // it has to look at the processes of the whole machine
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	var looked time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if n := len(others()); n > g.processes {
			g.end(cancel, fmt.Sprintf("it had %d processes at once; %d are allowed", n, g.processes))
			return
		}
		if time.Since(looked) < 2*time.Second {
			continue
		}
		looked = time.Now()
		if free := freeBytes(); free < g.free && g.free-free > uint64(g.disk) && g.written(ctx) > g.disk {
			g.end(cancel, fmt.Sprintf("it wrote more than %d bytes", g.disk))
			return
		}
	}
}

func (g *guard) end(cancel context.CancelCauseFunc, why string) {
	g.reason.Store(&why)
	cancel(errors.New(why))
	endAll()
}

// why is the reason for which the program was ended; "" where it was not.
func (g *guard) why() string {
	if p := g.reason.Load(); p != nil {
		return *p
	}
	return ""
}

// freeBytes is what the disk below / has left, which others write to as well.
func freeBytes() uint64 {
	var st syscall.Statfs_t
	if err := syscall.Statfs("/", &st); err != nil {
		return 0
	}
	return st.Bfree * uint64(st.Bsize)
}

// written is how many bytes the files take that were changed since the start.
func (g *guard) written(ctx context.Context) int64 {
	var sum int64
	walk("/", mountPoints(), func(_, _ string, d fs.DirEntry) bool {
		if st := statOf(d); st != nil && d.Type().IsRegular() && g.marked.before(st) {
			sum += st.Blocks * 512
		}
		return ctx.Err() == nil
	})
	return sum
}
