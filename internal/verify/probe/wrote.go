//go:build linux

package main

import (
	"context"
	"io/fs"
	"maps"
	"path"
	"slices"
	"syscall"
	"time"
	"unsafe"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// maxWrote bounds the list of directories.
const maxWrote = 1000

// mark is a time on the clock by which filesystems date changes, in nanoseconds.
type mark int64

// clockRealtimeCoarse is CLOCK_REALTIME_COARSE of clock_gettime(2), the clock of
// ctime; it is up to 10 ms behind the other.
const clockRealtimeCoarse = 5

// now makes a mark that is after all changes before the call.
func now() mark {
	time.Sleep(20 * time.Millisecond)
	var ts syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockRealtimeCoarse, uintptr(unsafe.Pointer(&ts)), 0); errno != 0 {
		return mark(time.Now().Add(-10 * time.Millisecond).UnixNano())
	}
	return mark(ts.Nano())
}

// before says whether a file was changed since the mark. Its ctime counts, which
// programs cannot set.
func (m mark) before(st *syscall.Stat_t) bool { return st.Ctim.Nano() >= int64(m) }

// statOf is what lstat(2) says of a file; nil where it is gone.
func statOf(d fs.DirEntry) *syscall.Stat_t {
	info, err := d.Info()
	if err != nil {
		return nil
	}
	st, _ := info.Sys().(*syscall.Stat_t)
	return st
}

// folders are the directories before the start, by which new ones are told: the
// time of a directory's own making is not kept, and that of a change is also that
// of a change below it. nil where there are too many.
func folders() map[string]bool {
	seen := map[string]bool{}
	ctx, cancel := context.WithTimeout(context.Background(), wire.WalkLimit)
	defer cancel()
	complete := walk("/", mountPoints(), func(_, name string, d fs.DirEntry) bool {
		if d.IsDir() {
			seen[name] = true
		}
		return ctx.Err() == nil
	})
	if !complete {
		return nil
	}
	return seen
}

// byteCode is where Python keeps what it compiled: a cache that it does without in
// silence, so that it tells of nothing that a program needs.
const byteCode = "__pycache__"

// wroteTo lists the directories in which files were changed since the mark, and
// those that are not in known, which were made since.
func wroteTo(ctx context.Context, marked mark, known map[string]bool) []string {
	ctx, cancel := context.WithTimeout(ctx, wire.WalkLimit)
	defer cancel()
	dirs := map[string]bool{}
	walk("/", mountPoints(), func(_, name string, d fs.DirEntry) bool {
		if path.Base(name) == byteCode || path.Base(path.Dir(name)) == byteCode {
			return true
		}
		if d.IsDir() {
			if known != nil && !known[name] {
				dirs[name] = true
			}
		} else if parent := path.Dir(name); !dirs[parent] {
			if st := statOf(d); st != nil && marked.before(st) {
				dirs[parent] = true
			}
		}
		return ctx.Err() == nil && len(dirs) < 100*maxWrote
	})
	list := slices.Sorted(maps.Keys(dirs))
	return list[:min(len(list), maxWrote)]
}
