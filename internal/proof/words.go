package proof

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	maxShown = 240 // runes of a value that is shown
	none     = "none"
)

// short bounds a value: it may come from a hostile image.
func short(text string) string {
	if len(text) <= maxShown {
		return text
	}
	n := 0
	for i := range text {
		if n == maxShown {
			return text[:i] + " …"
		}
		n++
	}
	return text
}

var (
	// escapes are the sequences that terminals act on: ECMA-48, and those of xterm that
	// end with a bell.
	escapes = regexp.MustCompile("\x1b(\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^\x07\x1b]*(\x07|\x1b\\\\)?|[ -/]*[0-~])")
	// telling is what a line holds that says why a program ended. Warnings have the
	// same words and are no reason.
	telling = regexp.MustCompile(`(?i)error|exception|panic|fatal|cannot|can't|unable|not found|no such|denied|refused|failed|failure|not permitted|missing|undefined`)
	warning = regexp.MustCompile(`(?i)\bwarn(ing)?\b|deprecat`)
	option  = regexp.MustCompile(`(^|\s)--?\S+`) // -Werror is none
	// npmFrame is what npm prints around what went wrong, the same whatever that is.
	npmFrame = regexp.MustCompile(`^npm (?:error|ERR!) (?:code \d|path |command |errno |A complete log)`)
	// rule is a line drawn between others, as Maven does.
	rule     = regexp.MustCompile(`^(?:\[\w+\] *)?[-=*]*$`)
	location = regexp.MustCompile(`^\s+(at |File "|\.\.\.)`)
)

// Plain is a text without the sequences that colour or steer a terminal. Other
// control characters stay.
func Plain(text string) string {
	if strings.IndexByte(text, 0x1b) < 0 {
		return text
	}
	return escapes.ReplaceAllString(text, "")
}

// decisive is the line of an error message or a log that says what is wrong: the
// last one of a Python traceback, else the first that speaks of an error, else the
// last one. It is "" for an empty text.
func decisive(text string) string {
	first, last := tellingLine(text)
	if first == "" {
		first = last
	}
	return short(first)
}

// tellingLine is the line that speaks of an error, "" where there is none, and the last one.
func tellingLine(text string) (first, last string) {
	_, trace, python := cutLast(text, "Traceback (most recent call last)")
	if python {
		text = trace
	}
	for line := range strings.Lines(Plain(strings.ToValidUTF8(text, "\ufffd"))) {
		bare := strings.TrimSpace(line)
		if bare == "" || location.MatchString(line) || npmFrame.MatchString(bare) {
			continue
		}
		if python && (line[0] == ' ' || line[0] == '\t' || bare == ":") {
			continue
		}
		last = bare
		if strings.HasSuffix(first, ":") && !python && !rule.MatchString(bare) {
			first += " " + bare // what was a heading
		}
		if first == "" && telling.MatchString(option.ReplaceAllString(bare, "$1")) && !warning.MatchString(bare) {
			first = bare
		}
	}
	return first, last
}

func cutLast(text, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(text, sep); i >= 0 {
		return text[:i], text[i+len(sep):], true
	}
	return text, "", false
}

// firstDifference is where two texts part: the first line that differs, of each.
func firstDifference(before, after string) (b, a string) {
	old, now := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range max(len(old), len(now)) {
		b, a = "", ""
		if i < len(old) {
			b = old[i]
		}
		if i < len(now) {
			a = now[i]
		}
		if b != a || i >= len(old) || i >= len(now) {
			return around(b, a)
		}
	}
	return "", ""
}

// around leaves out what long lines have in common before they differ.
func around(b, a string) (string, string) {
	if len(b) <= maxShown && len(a) <= maxShown {
		return b, a
	}
	same := 0
	for same < len(b) && same < len(a) && b[same] == a[same] {
		same++
	}
	if same < 40 {
		return b, a
	}
	from := same - 20
	for from > 0 && !utf8.RuneStart(b[from]) {
		from--
	}
	return "… " + b[from:], "… " + a[from:]
}

// list shows names, the first few of many.
func list(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(names[:most], ", "), Count(int64(len(names)-most)))
}

// plural is a count with its noun: "1 file", "4,212 files".
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Count(int64(n)) + " " + what + "s"
}

// orNone shows that there is nothing.
func orNone(text string) string {
	if text == "" {
		return none
	}
	return text
}
