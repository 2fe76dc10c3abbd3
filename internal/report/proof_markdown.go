package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

// maxMarkdown bounds the report, in bytes: a comment on a pull request holds 65,536
// characters, and is refused as a whole if it is longer. Source: GitHub's answer
// to a longer one, "body is too long (maximum is 65536 characters)".
const maxMarkdown = 60_000

// ProofMarkdown writes the outcome of all files for a pull request: the summary, a
// table, and the details of each pair folded. Whatever comes from images or
// Dockerfiles is shown as it is: it can neither format, link, mention anybody nor
// end a table. Details that do not fit into a comment are left out, and told so.
func ProofMarkdown(w io.Writer, vs []Verified) error {
	var b strings.Builder
	b.WriteString("## bulwark verify\n\n" + summarise(vs).String() + "\n")
	if len(vs) > 0 {
		b.WriteString("\n| File | Verdict | Size | User | Shell | Why |\n| --- | --- | --- | --- | --- | --- |\n")
		left := appendWhile(&b, maxMarkdown/2, vs, markdownRow)
		b.WriteString(leftOut(left, "file", "the table"))
		left = appendWhile(&b, maxMarkdown, vs, markdownDetails)
		b.WriteString(leftOut(left, "file", "the details"))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// appendWhile appends a piece for each file as long as they fit, and returns how
// many did not.
func appendWhile(b *strings.Builder, most int, vs []Verified, piece func(Verified) string) (left int) {
	for i, v := range vs {
		text := piece(v)
		if b.Len()+len(text) > most {
			return len(vs) - i
		}
		b.WriteString(text)
	}
	return 0
}

func leftOut(n int, what, where string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("\n%s more left out of %s, which would be too long for a comment.\n", count(n, what), where)
}

func markdownRow(v Verified) string {
	verdict, why := v.outcome()
	size, user, shell := v.overview()
	return markdownCells(code(v.Path), bold(verdict), markdown(size), markdown(user), markdown(shell), markdown(why))
}

// bold makes the verdicts stand out that somebody has to look at.
func bold(verdict string) string {
	switch verdict {
	case string(proof.Better), string(proof.Same), unchanged:
		return verdict
	}
	return "**" + verdict + "**"
}

func markdownCells(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

func markdownDetails(v Verified) string {
	verdict, why := v.outcome()
	var b strings.Builder
	fmt.Fprintf(&b, "\n<details><summary>%s: %s</summary>\n\n%s\n", code(v.Path), verdict, markdown(why))
	for _, line := range [][2]string{{"Rewrite", strings.Join(v.rewrite(), ", ")}, {"Builder", v.Builder}, {"Note", v.Note}, {"Hint", v.hint()}} {
		if line[1] != "" {
			fmt.Fprintf(&b, "\n%s: %s\n", line[0], markdown(line[1]))
		}
	}
	if v.Proof != nil {
		markdownProof(&b, v)
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func markdownProof(b *strings.Builder, v Verified) {
	if len(v.Proof.Findings) > 0 {
		b.WriteString("\n| Effect | What | Before | After | Difference | Why |\n| --- | --- | --- | --- | ---: | --- |\n")
	}
	for _, f := range v.Proof.Findings {
		b.WriteString(markdownCells(bolder(f.Effect), markdown(f.Aspect), code(f.Before), code(f.After), difference(f), markdown(f.Why)))
	}
	if len(v.Proof.Assured) > 0 {
		b.WriteString("\nSeen to be the same:\n\n")
	}
	for _, same := range v.Proof.Assured {
		b.WriteString("- " + markdown(same) + "\n")
	}
	if whose, lines := v.evidence(logLines); len(lines) > 0 {
		b.WriteString("\nThe last lines of the " + whose + ":\n\n<pre>\n")
		for _, line := range lines {
			b.WriteString(html.EscapeString(line) + "\n")
		}
		b.WriteString("</pre>\n")
	}
}

func bolder(e proof.Effect) string {
	if e == proof.Breaks {
		return "**" + string(e) + "**"
	}
	return string(e)
}

// code shows a value in a fixed-width font; "" is shown as nothing.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "<code>" + markdown(text) + "</code>"
}

// markdownEscapes turns what Markdown acts on into what it shows. Mentions and
// references are looked for in the text as it is shown, so that entities do not
// stop them; an empty comment in their middle does.
var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "`", "&#96;", "*", "&#42;", "_", "&#95;",
	"[", "&#91;", "]", "&#93;", "~", "&#126;", `\`, "&#92;", "$", "&#36;",
	"@", "@<!-- -->", "#", "#<!-- -->", "://", ":<!-- -->//", "www.", "www<!-- -->.",
)

// markdown escapes a value. It stays on its line: a break has become a space.
func markdown(text string) string {
	return markdownEscapes.Replace(strings.TrimSpace(printable(text)))
}
