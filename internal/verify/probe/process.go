//go:build linux

package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is what /proc says of one.
type process struct {
	zombie     bool
	parent     int
	uid        int  // effective
	handlesEnd bool // it has a handler for SIGTERM
}

// readProcess reads /proc/PID/status; an error where the process is gone.
func readProcess(pid int) (process, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return process{}, err
	}
	return parseStatus(string(text)), nil
}

// parseStatus reads the text of /proc/PID/status, which is described in proc(5).
func parseStatus(text string) process {
	p := process{parent: -1, uid: -1}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		f := strings.Fields(value)
		if len(f) == 0 {
			continue
		}
		switch key {
		case "State":
			p.zombie = f[0] == "Z" || f[0] == "X"
		case "PPid":
			p.parent = atoi(f[0])
		case "Uid":
			if len(f) > 1 {
				p.uid = atoi(f[1])
			}
		case "SigCgt":
			mask, _ := strconv.ParseUint(f[0], 16, 64)
			p.handlesEnd = mask&(1<<(syscall.SIGTERM-1)) != 0
		}
	}
	return p
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// alone says whether all processes that the probe sees are the container's: it is
// the first process there. It is not in tests, nor where the builder runs without
// a process sandbox.
func alone() bool { return os.Getpid() == 1 }

// others are the processes of the container beside the probe, zombies too.
func others() []int {
	f, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer f.Close()
	names, _ := f.Readdirnames(-1) // those that could be read
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil && pid != os.Getpid() {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	if alone() {
		return pids
	}
	return descendants(pids)
}

// descendants are those of the pids that the probe or its children started.
func descendants(pids []int) []int {
	parents := map[int]int{}
	for _, pid := range pids {
		if p, err := readProcess(pid); err == nil {
			parents[pid] = p.parent
		}
	}
	return slices.DeleteFunc(pids, func(pid int) bool {
		for range len(parents) + 1 { // what is read while it changes may go in a circle
			parent, ok := parents[pid]
			if !ok {
				return true
			}
			if parent == os.Getpid() {
				return false
			}
			pid = parent
		}
		return true
	})
}

// living are the processes of the container beside the probe that have not ended.
func living() map[int]process {
	out := map[int]process{}
	for _, pid := range others() {
		if p, err := readProcess(pid); err == nil && !p.zombie {
			out[pid] = p
		}
	}
	return out
}

// effectiveUIDs are those of the living processes, sorted.
func effectiveUIDs() []int {
	uids := []int{}
	for _, p := range living() {
		uids = append(uids, p.uid)
	}
	slices.Sort(uids)
	return slices.Compact(uids)
}

// endAll ends every process of the container but the probe. It gives up on those
// that the kernel cannot end, which hang in a device or network filesystem.
func endAll() {
	for range 500 {
		if alone() {
			_ = syscall.Kill(-1, syscall.SIGKILL) // all at once: none of them can start another meanwhile
		}
		list := living()
		if len(list) == 0 {
			return
		}
		if !alone() {
			for pid := range list {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
}
