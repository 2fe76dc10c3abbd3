package bulk

import (
	"errors"
	"io/fs"
)

// Error is what is wrong with one path.
type Error struct {
	Path string // as shown
	Err  error
}

// Error returns the path and what is wrong with it.
func (e *Error) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns what is wrong, without the path.
func (e *Error) Unwrap() error { return e.Err }

// failed makes an *Error of err.
func failed(path string, err error) *Error { return &Error{Path: path, Err: reason(err)} }

// reason takes off the path that the operating system's errors repeat.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
