package dockerfile

import (
	"errors"
	"fmt"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Error returns `name:line: what`, or `name: what` where no line can be named.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %v", e.Name, e.Line, e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Name, e.Err)
}

// Unwrap returns the error without its place.
func (e *Error) Unwrap() error { return e.Err }

// placed turns err into an *Error of this file. A line that BuildKit attached
// to err wins over the given one.
func placed(name string, line int, err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var at *parser.LocationError
	if errors.As(err, &at) && len(at.Locations) > 0 && len(at.Locations[0]) > 0 {
		if n := at.Locations[0][0].Start.Line; n > 0 {
			line = n
		}
	}
	return &Error{Name: name, Line: line, Err: err}
}

// guarded runs f, which calls into BuildKit, and makes a panic there an error:
// one hostile file must not end a run over many.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("BuildKit panicked: %v", r)
		}
	}()
	return f()
}
