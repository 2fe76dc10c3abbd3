//go:build linux

package main

import (
	"bytes"
	"io"
	"os"
	"syscall"
	"time"
)

// keep is how much of any output or answer is kept, in bytes.
const keep = 16 << 10

// said is what a program writes to one of its outputs.
type said struct {
	ours   *os.File
	theirs int          // file descriptor; it blocks, as programs expect it
	buf    bytes.Buffer // its beginning
	end    []byte       // its last bytes, behind the beginning
	missed bool         // there was something in between
	done   chan struct{}
}

// keepEnd is how much of the end of an output is kept, in bytes: there stands why a
// program ended.
const keepEnd = keep / 4

// Write keeps the last bytes of what is written.
func (s *said) Write(p []byte) (int, error) {
	s.end = append(s.end, p...)
	if n := len(s.end) - keepEnd; n > 0 {
		s.end, s.missed = append(s.end[:0], s.end[n:]...), true
	}
	return len(p), nil
}

// listen makes the pipe. Its end belongs to the program's user, as the pipes of
// container engines do: nginx and others open /dev/stdout again by its name.
func listen(who account) (*said, error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return nil, err
	}
	_ = syscall.SetNonblock(ends[0], true) // so that reading it can be ended
	s := &said{ours: os.NewFile(uintptr(ends[0]), "pipe"), theirs: ends[1], done: make(chan struct{})}
	err := syscall.Fchown(s.theirs, int(who.uid), int(who.gid))
	go s.read()
	return s, err
}

// read keeps the beginning and the end, and reads all, so that the program never waits.
func (s *said) read() {
	defer close(s.done)
	_, _ = io.CopyN(&s.buf, s.ours, keep-keepEnd-int64(len(cutMark)))
	_, _ = io.Copy(s, s.ours)
}

// started closes the probe's copy of the program's end.
func (s *said) started() { _ = syscall.Close(s.theirs) }

// cutMark stands where an output is left out.
const cutMark = "\n[...]\n"

// text is what was written, once the program and its children are gone. Whoever
// holds the pipe still is not waited for.
func (s *said) text() string {
	select {
	case <-s.done:
	case <-time.After(time.Second):
		_ = s.ours.SetReadDeadline(time.Now())
		<-s.done
	}
	_ = s.ours.Close()
	if s.missed {
		s.buf.WriteString(cutMark)
	}
	s.buf.Write(s.end)
	return s.buf.String()
}
