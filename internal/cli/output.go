package cli

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// output is the stream of the product. It remembers the first failure, after
// which nothing more is written.
type output struct {
	w   io.Writer
	err error
}

// Write writes all of p or returns why not.
func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	o.err = err
	return n, err
}

// broken reports whether whoever read the output has gone.
func (o *output) broken() bool { return errors.Is(o.err, syscall.EPIPE) }

// isTerminal reports whether a person reads the output.
func (o *output) isTerminal() bool {
	file, ok := o.w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}
