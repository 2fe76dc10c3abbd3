package evidence

import (
	"fmt"
	"strings"
)

// Error is a file of the context that cannot be used, with its place.
type Error struct {
	Place
	Err error
}

// Error names the file and, where there is one, the line.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("parsing %s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("parsing %s: %v", e.File, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func lineAt(text string, offset int) int {
	return 1 + strings.Count(text[:min(max(offset, 0), len(text))], "\n")
}
