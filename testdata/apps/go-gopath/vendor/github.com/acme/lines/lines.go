// Package lines looks at lines.
package lines

import "strings"

// First is the first line.
func First(s string) string { return strings.SplitN(s, "\n", 2)[0] }

// Count is the number of lines.
func Count(s string) int { return strings.Count(s, "\n") }
