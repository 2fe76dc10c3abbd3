package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptible returns a context that the first interrupt cancels; the second
// one ends the process as usual. While it is in use a broken pipe is an error of
// the write instead of the end of the process, which might leave a temporary
// file behind.
func interruptible() (ctx context.Context, stop func()) {
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, cancel)
	return ctx, func() {
		cancel()
		signal.Stop(pipe)
	}
}
