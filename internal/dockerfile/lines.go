package dockerfile

import (
	"bufio"
	"fmt"
	"strings"
	"unicode"
)

// line is one physical line as BuildKit cuts it: the content is [start, end),
// its line end [end, next). Only \n ends a line, and every \r and \n at its end
// belongs to the line end, since that is what BuildKit trims.
type line struct{ start, end, next int }

const bom = "\ufeff"

// splitLines cuts src into its physical lines. A BOM belongs to no line.
func splitLines(src string) []line {
	lines := make([]line, 0, strings.Count(src, "\n")+1)
	at := 0
	if strings.HasPrefix(src, bom) {
		at = len(bom)
	}
	for at < len(src) {
		next := len(src)
		if i := strings.IndexByte(src[at:], '\n'); i >= 0 {
			next = at + i + 1
		}
		end := at + len(strings.TrimRight(src[at:next], "\r\n"))
		lines = append(lines, line{at, end, next})
		at = next
	}
	return lines
}

// checkLength refuses lines that do not fit BuildKit's line buffer.
func checkLength(src string, lines []line) (int, error) {
	for i, l := range lines {
		n := l.next - l.start
		if l.next == len(src) && !strings.HasSuffix(src, "\n") {
			n++ // the buffer needs room to see the end of the file
		}
		if n > bufio.MaxScanTokenSize {
			return i + 1, fmt.Errorf("line is longer than the %d bytes that BuildKit reads", bufio.MaxScanTokenSize-1)
		}
	}
	return 0, nil
}

// mostlyEOL returns the line end that most lines of src have.
func mostlyEOL(src string) string {
	crlf := strings.Count(src, "\r\n")
	if crlf > strings.Count(src, "\n")-crlf {
		return "\r\n"
	}
	return "\n"
}

// trimLeft returns s without leading white space, by BuildKit's notion of it.
func trimLeft(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }

// cutContinuation reports whether text, a line without its line end, goes on in
// the next line, and how many of its bytes come before the continuation
// character. It is BuildKit's regular expression without the expression: the
// escape character is the last one that is no blank, and no escape character
// stands before it.
func cutContinuation(text string, escape byte) (keep int, more bool) {
	last := len(strings.TrimRight(text, " \t")) - 1
	if last < 0 || text[last] != escape {
		return len(text), false
	}
	if last > 0 && text[last-1] == escape {
		return len(text), false
	}
	return last, true
}
