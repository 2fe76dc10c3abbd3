package report

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/transform"
)

// Verified is the outcome of verify for one Dockerfile: a proof, or the reason why
// there is none.
type Verified struct {
	Path    string            // as shown
	Result  *transform.Result // what the rewrite was; nil where the other file was given
	Proof   *proof.Proof      // nil with an error, or where the rewrite changes nothing
	Err     error
	Builder string // what built it, as shown: "docker-container://buildkitd"
	Note    string // a sentence that the reader needs beside the proof; "" where there is none
}

// ProofSummary counts the outcomes of verify.
type ProofSummary struct {
	Verified     int `json:"verified"` // files with a proof
	Better       int `json:"better"`
	Same         int `json:"same"`
	Broken       int `json:"broken"`
	Inconclusive int `json:"inconclusive"`
	Unchanged    int `json:"unchanged"` // files that the rewrite leaves as they are: nothing to verify
	Failed       int `json:"failed"`    // files without a proof for another reason
}

// Add counts one more file.
func (s *ProofSummary) Add(v Verified) {
	switch {
	case v.Err != nil:
		s.Failed++
		return
	case v.Proof == nil:
		s.Unchanged++
		return
	}
	s.Verified++
	switch v.Proof.Verdict {
	case proof.Better:
		s.Better++
	case proof.Same:
		s.Same++
	case proof.Broken:
		s.Broken++
	case proof.Inconclusive:
		s.Inconclusive++
	}
}

func summarise(vs []Verified) ProofSummary {
	var s ProofSummary
	for _, v := range vs {
		s.Add(v)
	}
	return s
}

// String returns the summary as one line, without what did not occur.
func (s ProofSummary) String() string {
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{s.Better, "better"}, {s.Same, "same"}, {s.Broken, "broken"}, {s.Inconclusive, "inconclusive"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	text := fmt.Sprintf("%d verified", s.Verified)
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if s.Unchanged > 0 {
		text += fmt.Sprintf("; %d unchanged", s.Unchanged)
	}
	if s.Failed > 0 {
		text += fmt.Sprintf("; %d failed", s.Failed)
	}
	return text
}

// outcome is the verdict and its reason in one word and one sentence.
func (v Verified) outcome() (verdict, why string) {
	switch {
	case v.Err != nil:
		line, message := place(File{Path: v.Path, Err: v.Err})
		if line > 0 {
			message = fmt.Sprintf("line %d: %s", line, message)
		}
		return "error", message
	case v.Proof == nil:
		return unchanged, v.unchanged()
	}
	return string(v.Proof.Verdict), v.Proof.Why
}

// unchanged is what stands in place of a verdict where nothing was done.
const unchanged = "unchanged"

// unchanged is why there is nothing to verify.
func (v Verified) unchanged() string {
	if v.Result == nil {
		return "both files are the same"
	}
	const nothing = "the rewrite changes nothing"
	var s Summary
	s.Add(File{Path: v.Path, Result: v.Result})
	if s.Declined == 0 {
		return nothing
	}
	return fmt.Sprintf("%s; bulwark check tells what was declined (%d) and why", nothing, s.Declined)
}

// rewrite names the transforms whose changes were made, each once, in their order.
func (v Verified) rewrite() []string {
	names := []string{}
	if v.Result == nil {
		return names
	}
	seen := map[string]bool{}
	for _, a := range v.Result.Applied {
		if a.Written && !seen[a.Transform] {
			seen[a.Transform] = true
			names = append(names, a.Transform)
		}
	}
	return names
}

// hint is what the user could try; "" for nothing.
func (v Verified) hint() string {
	if v.Proof == nil {
		return ""
	}
	return v.Proof.Hint
}

// sides returns both images where both were built.
func (v Verified) sides() (before, after *proof.Side, ok bool) {
	if v.Err != nil || v.Proof == nil {
		return nil, nil, false
	}
	before, after = v.Proof.Before, v.Proof.After
	return before, after, before != nil && after != nil && before.Failed == "" && after.Failed == ""
}

// overview is what a line of many shows of one pair: its size, user and shells,
// each "" where it is not known.
func (v Verified) overview() (size, user, shell string) {
	before, after, ok := v.sides()
	if !ok {
		return "", "", ""
	}
	if b, a := before.Inventory, after.Inventory; b != nil && a != nil {
		size = arrow(proof.Size(b.Size), proof.Size(a.Size))
		if percent := proof.Percent(b.Size, a.Size); percent != "" && size != proof.Size(a.Size) {
			size += " (" + percent + ")"
		}
		shell = arrow(proof.Shells(before), proof.Shells(after))
	}
	return size, arrow(proof.Users(before, after)), shell
}

func arrow(before, after string) string {
	if before == after {
		return after
	}
	return before + " → " + after
}

// difference shows a finding's number with its sign; "" where it has none.
func difference(f proof.Finding) string {
	switch {
	case f.Delta == nil:
		return ""
	case f.Bytes:
		return proof.SignedSize(*f.Delta)
	}
	return proof.Signed(*f.Delta)
}

// evidence is what a program or a build said at its end, where that decided: whose
// words they are and the last lines of them.
func (v Verified) evidence(most int) (whose string, lines []string) {
	if v.Proof == nil {
		return "", nil
	}
	side, name := v.Proof.After, "the rewrite"
	if v.Proof.Verdict == proof.Inconclusive {
		side, name = v.Proof.Before, "the original"
	} else if v.Proof.Verdict != proof.Broken {
		return "", nil
	}
	switch {
	case side == nil:
		return "", nil
	case side.Failed != "":
		return "build of " + name, lastLines(side.Failed+"\n"+strings.ReplaceAll(side.Log, side.Failed, ""), most)
	case side.Seen == nil:
		return "", nil
	case strings.TrimSpace(side.Seen.Stderr) != "":
		return "standard error of " + name, lastLines(side.Seen.Stderr, most)
	}
	return "output of " + name, lastLines(side.Seen.Stdout, most)
}

// maxLine bounds a line of a log, in runes.
const maxLine = 200

// again is whether a line says what the one before said with other figures, as those
// do that count up: progress drawn on one line of a terminal.
func again(before, line string) bool {
	without := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return -1
			}
			return r
		}, text)
	}
	return before != line && without(before) == without(line)
}

// lastLines returns the last lines that are not empty, harmless and bounded. Of lines
// that count up the last is left.
func lastLines(text string, most int) []string {
	var out []string
	for line := range strings.Lines(proof.Plain(text)) {
		switch line = strings.TrimRight(line, "\r\n\t "); {
		case line == "":
		case len(out) > 0 && again(out[len(out)-1], line):
			out[len(out)-1] = line
		default:
			out = append(out, line)
		}
	}
	out = out[max(len(out)-most, 0):]
	for i, line := range out {
		out[i] = shorten(printable(strings.ReplaceAll(line, "\t", "    ")), maxLine)
	}
	return out
}

// shorten cuts a text to a number of runes, the last of which tells so.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}
