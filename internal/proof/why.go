package proof

import (
	"fmt"
	"slices"
	"strings"
)

// maxPhrases bounds what a sentence tells of a better image.
const maxPhrases = 4

// weight is the order in which a sentence tells what is better; what is not
// listed is told by the table of findings alone.
var weight = []string{aspectUser, aspectSize, aspectShell, aspectVulns, aspectManagers, aspectCompilers, aspectNetwork, aspectSetuid, aspectPackages, aspectWritable, aspectStop}

// Rest is Why without what a table tells in columns of its own: what is better in
// size, user and shell. "" where that is all there is to tell.
func (p *Proof) Rest() string {
	if p.Verdict != Better {
		return p.Why
	}
	c := &comparison{before: p.Before, after: p.After, findings: p.Findings}
	return strings.TrimPrefix(c.why(Better, aspectSize, aspectUser, aspectShell), "; ")
}

// why is the sentence that says what decided; what is better in the aspects of
// apart is left to others.
func (c *comparison) why(v Verdict, apart ...string) string {
	var text string
	switch v {
	case Broken:
		text = c.whyBroken()
	case Better:
		text = strings.Join(c.phrases(apart), ", ") + c.drawbacks()
	default:
		text = c.whySame()
	}
	if !c.ran() && c.after.Failed == "" {
		text += "; not run"
		if c.before.NotRun != "" {
			text += ": " + decisive(c.before.NotRun)
		}
	}
	return text
}

func (c *comparison) whyBroken() string { return c.worst(Breaks) }

// drawbacks ends the sentence about a better image: what is worse decides nothing,
// but whoever reads the sentence alone has to know of it.
func (c *comparison) drawbacks() string {
	if !has(c.findings, Worsens) {
		return ""
	}
	return "; a drawback: " + c.worst(Worsens)
}

// worst tells the first finding of the effect that findings begin with, and how many there are.
func (c *comparison) worst(e Effect) string {
	text := phrase(c.findings[0])
	n := 0
	for _, f := range c.findings {
		if f.Effect == e {
			n++
		}
	}
	if n > 1 {
		text += fmt.Sprintf(" (and %d more)", n-1)
	}
	return text
}

// whySame names the drawbacks, where there are some and nothing stands against them.
func (c *comparison) whySame() string {
	if has(c.findings, Worsens) {
		return "nothing is better, and there is a drawback: " + phrase(c.findings[0])
	}
	if len(c.findings) == 0 {
		return "no difference was seen"
	}
	return "no difference that makes it better or worse"
}

// phrases are what is better, the weightiest first, without the aspects of apart.
func (c *comparison) phrases(apart []string) []string {
	var better []Finding
	for _, f := range c.findings {
		if f.Effect == Improves && !slices.Contains(apart, f.Aspect) {
			better = append(better, f)
		}
	}
	slices.SortStableFunc(better, func(a, b Finding) int { return weigh(a) - weigh(b) })
	var out []string
	for _, f := range better[:min(len(better), maxPhrases)] {
		out = append(out, phrase(f))
	}
	return out
}

func weigh(f Finding) int {
	aspect := f.Aspect
	if strings.HasSuffix(aspect, aspectVulns) {
		aspect = aspectVulns
	}
	if i := slices.Index(weight, aspect); i >= 0 {
		return i
	}
	return len(weight)
}

// phrase is a finding as a part of a sentence.
func phrase(f Finding) string {
	switch {
	case f.Effect == Breaks || f.Effect == Worsens:
		return phraseBad(f)
	case f.Aspect == aspectUser:
		return fmt.Sprintf("runs as %s instead of %s", f.After, f.Before)
	case f.Aspect == aspectSize:
		return fmt.Sprintf("%s → %s (%s)", f.Before, f.After, f.Why)
	case f.After == none || f.After == "0":
		return "no " + f.Aspect
	}
	return fmt.Sprintf("%s: %s → %s", f.Aspect, f.Before, f.After)
}

// phraseBad gives the reason too: it is what the reader has to act on.
func phraseBad(f Finding) string {
	text := f.Aspect
	switch {
	case f.Aspect == aspectRefused:
		text += ": " + f.After
	case f.Before != "" && f.After != "":
		text += ": " + f.Before + " → " + f.After
	case f.Before != "":
		text += ": lost, was " + f.Before
	case f.After != "":
		text += ": " + f.After
	}
	if f.Why != "" {
		text += " (" + f.Why + ")"
	}
	return text
}
