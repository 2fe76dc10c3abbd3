package proof

import (
	"regexp"
	"strings"
	"unicode"
)

const aspectRefused = "refusals in its output"

// refusal is what a line holds that says that the system refused something, in the
// words of strerror(3), of Node and of Python, or in Java's.
var refusal = regexp.MustCompile(`(?i)permission denied|\bEACCES\b|\bEPERM\b|\bEROFS\b|operation not permitted|read-only file system|PermissionError|AccessDeniedException`)

// pidFile is what a line holds about a pid file that could not be removed at the
// end. It goes with the container: nginx says so wherever it is not started as root.
var pidFile = regexp.MustCompile(`(?i)(unlink|remov|delet).*\.pid\b`)

// refused tells of a refusal that the rewritten program speaks of and the original
// does not. A server that lost a log file or a cache goes on and answers as before:
// its own words are all that shows it. One may be harmless, so that it breaks nothing.
func (c *comparison) refused() {
	known := map[string]bool{}
	for _, f := range c.findings {
		known[sense(f.Why)] = true // told already
	}
	for _, line := range refusals(c.before.Seen.Stderr + "\n" + c.before.Seen.Stdout) {
		known[sense(line)] = true
	}
	var first string
	more := 0
	for _, line := range refusals(c.after.Seen.Stderr + "\n" + c.after.Seen.Stdout) {
		switch {
		case known[sense(line)]:
			continue
		case first == "":
			first = line
		default:
			more++
		}
		known[sense(line)] = true
	}
	if first == "" {
		return
	}
	why := ""
	if more > 0 {
		why = "and " + plural(more, "other line")
	}
	c.differs(Worsens, aspectRefused, none, first, why)
}

// refusals are the lines of an output that tell of one.
func refusals(output string) []string {
	var out []string
	for line := range strings.Lines(Plain(strings.ToValidUTF8(output, "\ufffd"))) {
		if line = strings.TrimSpace(line); refusal.MatchString(line) && !pidFile.MatchString(line) {
			out = append(out, line)
		}
	}
	return out
}

// sense is a line without its figures: times, process numbers and addresses are
// others in every run.
func sense(line string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, token.ReplaceAllString(line, ""))
}
