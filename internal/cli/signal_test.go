//go:build unix

package cli

import (
	"syscall"
	"testing"
	"time"
)

// The same interrupt, sent twice, does not end the process: it would end this test.
func TestInterruptTwice(t *testing.T) {
	ctx, stop := interruptible()
	defer stop()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGTERM, syscall.SIGINT} {
		if err := syscall.Kill(syscall.Getpid(), sig); err != nil {
			t.Fatal(err)
		}
		<-ctx.Done()
		time.Sleep(50 * time.Millisecond) // for the handler, if it were to be taken away
	}
}
