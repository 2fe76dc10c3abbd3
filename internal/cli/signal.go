package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// oneInterrupt is how long further signals count as the same interrupt. timeout(1)
// and others that start programs send it to the process and to its group: the
// second one comes at once, and would end it before it has cleaned up.
const oneInterrupt = time.Second

// interruptible returns a context that the first interrupt cancels; one that comes
// oneInterrupt later or after ends the process as usual. While it is in use a broken pipe is an error of
// the write instead of the end of the process, which might leave a temporary
// file behind.
func interruptible() (ctx context.Context, stop func()) {
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() { time.AfterFunc(oneInterrupt, cancel) })
	return ctx, func() {
		cancel()
		signal.Stop(pipe)
	}
}
