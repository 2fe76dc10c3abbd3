//go:build linux

package main

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// Of a long output the beginning and the end are kept, of a short one all.
func TestSaid(t *testing.T) {
	long := "begin" + strings.Repeat("x\n", 100_000) + "end"
	for name, tc := range map[string]struct{ said, want string }{
		"nothing":     {"", ""},
		"short":       {"one\ntwo\n", "one\ntwo\n"},
		"just enough": {strings.Repeat("y", keep-len(cutMark)), strings.Repeat("y", keep-len(cutMark))},
		"long":        {long, long[:keep-keepEnd-len(cutMark)] + cutMark + long[len(long)-keepEnd:]},
	} {
		s, err := listen(account{uid: uint32(os.Getuid()), gid: uint32(os.Getgid())})
		put(t, err)
		for rest := []byte(tc.said); len(rest) > 0; {
			n, err := syscall.Write(s.theirs, rest)
			put(t, err)
			rest = rest[n:]
		}
		s.started()
		if got := s.text(); got != tc.want || len(got) > keep {
			t.Errorf("%s: %d bytes, want %d", name, len(got), len(tc.want))
		}
	}
}
