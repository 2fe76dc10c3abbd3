//go:build linux

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	// measured is how often it is looked at how busy a program is.
	measured = 500 * time.Millisecond
	// busyShare is the part of a processor, one in so many, that a program takes
	// that is still starting. One that waits takes next to nothing; one that starts
	// on a crowded machine may get no more.
	busyShare = 20
	// patience is how many times Grace a program without ports may be busy until it
	// counts as started all the same.
	patience = 5
	// ticks are the units of processor time in /proc, in a second (USER_HZ, proc(5)).
	ticks = 100
)

// measure takes the processor time that the program has had, at a time since the start.
func (w *waiting) measure(at, used time.Duration) {
	w.busy = used-w.used >= (at-w.measured)/busyShare
	w.measured, w.used = at, used
}

// quiet says whether a program without ports has done what it had to for its start:
// what fails to start does so while it is busy.
func (w *waiting) quiet(at time.Duration) bool {
	return at >= w.task.Grace && (!w.busy || at >= patience*w.task.Grace)
}

// processorTime is what the living processes of the container and those that they
// have waited for took.
func processorTime() time.Duration {
	var sum time.Duration
	for pid := range living() {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err == nil {
			sum += parseTimes(string(text))
		}
	}
	return sum
}

// parseTimes reads utime, stime, cutime and cstime of the text of /proc/PID/stat,
// fields 14 to 17 in proc(5). The second field, a name in parentheses, may hold anything.
func parseTimes(text string) time.Duration {
	f := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(f) < 15 {
		return 0
	}
	var sum time.Duration
	for _, field := range f[11:15] {
		n, err := strconv.ParseInt(field, 10, 32)
		if err == nil && n > 0 {
			sum += time.Duration(n) * time.Second / ticks
		}
	}
	return sum
}
