package diff

import (
	"fmt"
	"strings"
)

// changes returns what lies between the matches of texts with na and nb lines.
func changes(matches []match, na, nb int) []part {
	var out []part
	a, b := 0, 0
	for _, m := range append(matches, match{na, nb, 0}) {
		if a < m.a || b < m.b {
			out = append(out, part{a, m.a, b, m.b})
		}
		a, b = m.a+m.n, m.b+m.n
	}
	return out
}

// hunks groups changes whose context would touch.
func hunks(changes []part, context int) [][]part {
	var out [][]part
	for i, c := range changes {
		if i > 0 && c.a0-changes[i-1].a1 <= 2*context {
			out[len(out)-1] = append(out[len(out)-1], c)
		} else {
			out = append(out, []part{c})
		}
	}
	return out
}

// writeHunk writes one hunk of changes, with the lines between and around them.
func writeHunk(out *strings.Builder, hunk []part, before, after []string, context int) {
	first, last := hunk[0], hunk[len(hunk)-1]
	lead, tail := min(context, first.a0), min(context, len(before)-last.a1)
	fmt.Fprintf(out, "@@ -%s +%s @@\n",
		lineRange(first.a0-lead, last.a1+tail), lineRange(first.b0-lead, last.b1+tail))
	at := first.a0 - lead
	for _, c := range hunk {
		writeLines(out, ' ', before[at:c.a0])
		writeLines(out, '-', before[c.a0:c.a1])
		writeLines(out, '+', after[c.b0:c.b1])
		at = c.a1
	}
	writeLines(out, ' ', before[at:at+tail])
}

// lineRange states lines [from, to), counted from 0, as a hunk's header does: from
// 1, without a count of one, and without lines by the line before.
func lineRange(from, to int) string {
	switch to - from {
	case 0:
		return fmt.Sprintf("%d,0", from)
	case 1:
		return fmt.Sprintf("%d", from+1)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func writeLines(out *strings.Builder, mark byte, lines []string) {
	for _, line := range lines {
		out.WriteByte(mark)
		out.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}
