//go:build linux

package main

import (
	"bytes"
	"io"
	"os"
)

// keep is how much of any output or answer is kept.
const keep = 16 << 10

// said is what the program writes to one of its outputs.
type said struct {
	ours, theirs *os.File
	buf          bytes.Buffer
	done         chan struct{}
}

// pipe is the program's end. It belongs to the program's user, as the pipes of
// container engines do: nginx and others open /dev/stdout again by its name.
func (s *said) pipe(who account) (*os.File, error) {
	var err error
	if s.ours, s.theirs, err = os.Pipe(); err != nil {
		return nil, err
	}
	if err := s.theirs.Chown(int(who.uid), int(who.gid)); err != nil {
		return nil, err
	}
	s.done = make(chan struct{})
	go s.read()
	return s.theirs, nil
}

// read keeps the beginning and reads on, so that the program never waits.
func (s *said) read() {
	defer close(s.done)
	_, _ = io.CopyN(&s.buf, s.ours, keep)
	_, _ = io.Copy(io.Discard, s.ours)
}

// text is what was written, once the program and its children are gone.
func (s *said) text() string {
	_ = s.theirs.Close()
	<-s.done
	return s.buf.String()
}
