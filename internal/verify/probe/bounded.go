//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"syscall"
)

// openRegular opens a file for reading if it is a regular one. Opening does not
// wait, as it would for the writer of a fifo.
func openRegular(file string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", file)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// readBounded returns the beginning of a regular file; "" where there is none.
func readBounded(file string, limit int64) string {
	f, err := openRegular(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, _ := io.ReadAll(io.LimitReader(f, limit)) // what could be read
	return string(text)
}

// lines yields the lines of r, without the line break and with no more than 4096
// bytes each, to the end or the first error.
func lines(r io.Reader) func(yield func(string) bool) {
	const longest = 4096
	return func(yield func(string) bool) {
		in := bufio.NewReaderSize(r, longest)
		for {
			line, more, err := in.ReadLine()
			if err != nil {
				return
			}
			text := string(line)
			for more && err == nil {
				_, more, err = in.ReadLine()
			}
			if !yield(text) {
				return
			}
		}
	}
}
