package diff

import (
	"strconv"
	"strings"
)

// Colours of git diff.
const (
	bold  = "\x1b[1m"
	red   = "\x1b[31m"
	green = "\x1b[32m"
	cyan  = "\x1b[36m"
	reset = "\x1b[m"
)

// Colour paints a diff made by Unified for a terminal, in the colours of git.
func Colour(diff string) string {
	var out strings.Builder
	var p painter
	for _, line := range splitLines(diff) {
		text := strings.TrimRight(line, "\r\n")
		if colour := p.colour(text); colour != "" && text != "" {
			out.WriteString(colour + text + reset + line[len(text):])
		} else {
			out.WriteString(line)
		}
	}
	return out.String()
}

// painter counts down the lines of a hunk: "--- x" may be a header, or the
// deletion of "-- x".
type painter struct{ minus, plus int }

func (p *painter) colour(line string) string {
	if p.minus <= 0 && p.plus <= 0 {
		return p.header(line)
	}
	switch {
	case strings.HasPrefix(line, "-"):
		p.minus--
		return red
	case strings.HasPrefix(line, "+"):
		p.plus--
		return green
	case strings.HasPrefix(line, " "):
		p.minus--
		p.plus--
	}
	return ""
}

func (p *painter) header(line string) string {
	switch {
	case strings.HasPrefix(line, "@@ "):
		words := strings.Fields(line)
		if len(words) > 2 {
			p.minus, p.plus = count(words[1]), count(words[2])
		}
		return cyan
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return bold
	}
	return ""
}

// count reads the number of lines off a range such as "-12,3".
func count(lines string) int {
	_, n, ok := strings.Cut(lines, ",")
	if !ok {
		return 1
	}
	number, err := strconv.Atoi(n)
	if err != nil {
		return 0
	}
	return number
}
