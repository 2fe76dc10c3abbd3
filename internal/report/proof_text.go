package report

import (
	"strings"
	"unicode/utf8"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

const (
	maxCell   = 48 // runes of a value in a table for a terminal
	maxReason = 160
	// logLines is how much of a log is shown; fullLines where all is asked for.
	logLines  = 12
	fullLines = 60
)

// ProofText returns the account of one pair for people: the verdict and what
// decided on the first line, in the form "path: verdict: why", below it a table of
// the differences, what was seen to be the same, and, where something failed, the
// last lines of what it said. Without full, differences that are neither good nor
// bad and what is the same are only counted. Text from images cannot steer a
// terminal.
func ProofText(v Verified, full bool) string {
	if v.Err != nil {
		return Text(File{Path: v.Path, Err: v.Err}, full)
	}
	verdict, why := v.outcome()
	var b strings.Builder
	b.WriteString(entry(v.Path, 0, verdict+": "+why))
	for _, line := range [][2]string{{"rewrite", strings.Join(v.rewrite(), ", ")}, {"builder", v.Builder}, {"note", v.Note}, {"hint", v.hint()}} {
		if line[1] != "" {
			b.WriteString("    " + line[0] + ": " + printable(line[1]) + "\n")
		}
	}
	if v.Proof == nil {
		return b.String()
	}
	rest := findingLines(&b, v.Proof.Findings, full)
	if full {
		for _, same := range v.Proof.Assured {
			b.WriteString("    same: " + printable(same) + "\n")
		}
	} else if text := uncounted(rest, len(v.Proof.Assured)); text != "" {
		b.WriteString("    " + text + "\n")
	}
	most := logLines
	if full {
		most = fullLines
	}
	if whose, lines := v.evidence(most); len(lines) > 0 {
		b.WriteString("    " + whose + ":\n")
		for _, line := range lines {
			b.WriteString("      | " + line + "\n")
		}
	}
	return b.String()
}

// findingLines writes the table, and returns how many findings it left out.
func findingLines(b *strings.Builder, findings []proof.Finding, full bool) (rest int) {
	var rows [][]string
	for _, f := range findings {
		if f.Effect == proof.Neutral && !full {
			rest++
			continue
		}
		rows = append(rows, []string{string(f.Effect), cell(f.Aspect), orDash(cell(f.Before)), "→", orDash(cell(f.After)), difference(f), printable(f.Why)})
	}
	for _, line := range align(rows, 5) {
		b.WriteString("    " + line + "\n")
	}
	return rest
}

func uncounted(neutral, same int) string {
	var parts []string
	if neutral > 0 {
		parts = append(parts, count(neutral, "more difference")+", neither better nor worse")
	}
	if same > 0 {
		parts = append(parts, count(same, "thing")+" seen to be the same")
	}
	return strings.Join(parts, "; ")
}

// ProofTable returns many outcomes as one table, in their order, and a line that
// sums them up.
func ProofTable(vs []Verified) string {
	rows := [][]string{{"FILE", "VERDICT", "SIZE", "USER", "SHELL", "WHY"}}
	for _, v := range vs {
		verdict, why := v.outcome()
		if v.Err == nil && v.Proof != nil {
			why = v.Proof.Rest()
		}
		size, user, shell := v.overview()
		rows = append(rows, []string{printable(v.Path), verdict, orDash(size), orDash(cell(user)), orDash(cell(shell)), orDash(shorten(printable(why), maxReason))})
	}
	var b strings.Builder
	if len(vs) > 0 {
		for _, line := range align(rows, -1) {
			b.WriteString(line + "\n")
		}
		b.WriteByte('\n')
	}
	b.WriteString(summarise(vs).String() + "\n")
	return b.String()
}

// cell is a value as a table has it.
func cell(text string) string { return shorten(printable(text), maxCell) }

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// align pads the cells of each column to the same number of runes, two spaces
// apart. The column right, if there is one, is set flush right. No line ends with
// spaces.
func align(rows [][]string, right int) []string {
	widths := map[int]int{}
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	lines := make([]string, 0, len(rows))
	for _, row := range rows {
		var b strings.Builder
		for i, text := range row {
			if widths[i] == 0 {
				continue
			}
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			if i == right {
				b.WriteString(pad + text + "  ")
			} else {
				b.WriteString(text + pad + "  ")
			}
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	return lines
}
