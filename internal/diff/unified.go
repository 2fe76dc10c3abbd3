// Package diff writes unified diffs that git apply and patch -p1 take and turn
// into the same bytes. It knows nothing of Dockerfiles.
package diff

import (
	"fmt"
	"strings"
)

// File is one file with its two texts.
type File struct {
	Name          string // slash separated and relative; becomes a/Name and b/Name
	Before, After string
}

// Unified returns the unified diff of all files in their order, with the given
// number of unchanged lines around each change (less than none counts as none).
// A file whose texts are equal leaves no trace. Lines end at "\n" and are kept
// byte for byte, carriage returns included. There is no "diff --git" line: with
// one, git apply would take the names as relative to the top of the work tree,
// and in a folder below it apply nothing, without a word.
//
// git apply wants --unidiff-zero for a diff without context.
func Unified(files []File, context int) string {
	var out strings.Builder
	for _, f := range files {
		f.write(&out, max(context, 0))
	}
	return out.String()
}

func (f File) write(out *strings.Builder, context int) {
	if f.Before == f.After {
		return
	}
	before, after := splitLines(f.Before), splitLines(f.After)
	a, b := number(before, after)
	fmt.Fprintf(out, "--- %s\n+++ %s\n", headerName("a/"+f.Name), headerName("b/"+f.Name))
	for _, h := range hunks(changes(matchLines(a, b), len(a), len(b)), context) {
		writeHunk(out, h, before, after, context)
	}
}

// splitLines cuts a text behind each "\n"; only the last line may lack it.
func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// number gives equal lines of the two texts equal numbers.
func number(before, after []string) (a, b []int) {
	numbers := make(map[string]int, len(before))
	each := func(lines []string) []int {
		out := make([]int, len(lines))
		for i, line := range lines {
			n, ok := numbers[line]
			if !ok {
				n = len(numbers)
				numbers[line] = n
			}
			out[i] = n
		}
		return out
	}
	return each(before), each(after)
}
