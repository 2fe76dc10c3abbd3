package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/bulwark-cli/bulwark/transform"
)

// Text returns the account of one file for people: a line "path:line: what" for
// each thing done, shown or declined, and below it why and what to check. What
// was not needed is told only where all is asked for, as it is for a single file.
// Text that came from the input cannot steer a terminal: control characters are
// escaped.
func Text(f File, all bool) string {
	if f.Err != nil {
		line, message := place(f)
		return entry(f.Path, line, "error: "+message)
	}
	var b strings.Builder
	if f.ContextWhy != "" {
		b.WriteString(entry(f.Path, 0, fmt.Sprintf("build context is %s: %s", f.Context, f.ContextWhy)))
	}
	for _, a := range f.Result.Applied {
		b.WriteString(applied(f.Path, a))
	}
	for _, s := range f.Result.Skipped {
		switch {
		case s.Kind == transform.Told:
			b.WriteString(entry(f.Path, s.Line, s.Transform+": "+s.Why))
		case s.Kind != transform.NotNeeded:
			b.WriteString(entry(f.Path, s.Line, fmt.Sprintf("%s declined (%s): %s", s.Transform, s.Kind, s.Why)))
		case all:
			b.WriteString(entry(f.Path, s.Line, fmt.Sprintf("%s not needed: %s", s.Transform, s.Why)))
		}
	}
	if all && b.Len() == 0 {
		return entry(f.Path, 0, "nothing to do")
	}
	return b.String()
}

func applied(path string, a transform.Applied) string {
	title := a.Transform + ": " + a.Title
	if !a.Written {
		title += fmt.Sprintf(" (shown only: its safety is %q)", a.Safety)
	}
	var b strings.Builder
	b.WriteString(entry(path, a.Line, title))
	if a.Why != "" {
		b.WriteString(detail("why", a.Why))
	}
	for _, assumed := range a.Assumes {
		b.WriteString(detail("check", assumed))
	}
	return b.String()
}

// entry is one line that editors and terminals can jump from.
func entry(path string, line int, text string) string {
	where := printable(path)
	if line > 0 {
		where += ":" + strconv.Itoa(line)
	}
	return where + ": " + printable(text) + "\n"
}

func detail(label, text string) string {
	return fmt.Sprintf("    %-6s %s\n", label+":", printable(text))
}

// String returns the summary as one line.
func (s Summary) String() string {
	parts := []string{fmt.Sprintf("%s: %d changed (%s), %d unchanged", count(s.Files, "file"), s.Changed, count(s.Changes, "change"), s.Unchanged)}
	if s.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", s.Failed))
	}
	if s.Shown > 0 {
		parts = append(parts, fmt.Sprintf("%d only shown", s.Shown))
	}
	if s.Declined > 0 {
		parts = append(parts, fmt.Sprintf("%d declined", s.Declined))
	}
	return strings.Join(parts, ", ")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// printable escapes what a terminal would act on instead of showing it; a line
// break becomes a space.
func printable(text string) string {
	if strings.IndexFunc(text, unprintable) < 0 && strings.ToValidUTF8(text, "") == text {
		return text
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\ufffd") {
		switch {
		case r == '\n':
			b.WriteByte(' ')
		case unprintable(r):
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unprintable is true for controls and for invisible signs that turn the order
// of what follows.
func unprintable(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
