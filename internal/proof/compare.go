package proof

import (
	"cmp"
	"slices"
)

// Compare judges after by before. It changes neither. after may be nil where the
// original is inconclusive; where it is not, a missing after is inconclusive too. An
// original that builds and does not run still tells whether the rewrite builds, and
// what the images differ in.
func Compare(before, after *Side, expect Expect) *Proof {
	p := &Proof{Before: before, After: after}
	if why := inconclusive(before, expect); why != "" {
		p.Verdict, p.Why, p.Hint = Inconclusive, why, hint(before)
		if after != nil && Worthwhile(before) && !after.Outside {
			p.images(expect)
		}
		return p
	}
	if why := unmatched(before, after); why != "" {
		p.Verdict, p.Why = Inconclusive, why
		return p
	}
	c := &comparison{before: before, after: after, expect: expect}
	c.all()
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return cmp.Compare(rank(a.Effect), rank(b.Effect)) })
	p.Findings, p.Assured = c.findings, c.assured
	p.Verdict = verdict(c.findings)
	p.Why = c.why(p.Verdict)
	return p
}

// comparison collects what is found. The order in which its parts are asked is
// the order of aspects in a Proof.
type comparison struct {
	before, after *Side
	expect        Expect
	findings      []Finding
	assured       []string
}

func (c *comparison) all() {
	if c.after.Failed != "" {
		c.add(Finding{Aspect: "build", Before: "builds", After: "does not build", Effect: Breaks, Why: buildError(c.after)})
		return // there is nothing else to look at
	}
	if c.ran() && c.started() {
		c.user()
		c.ports()
		c.answers()
		c.smoke()
		c.directories()
		c.wrote()
		c.stopping()
		c.refused()
		c.output()
	} else if !c.ran() {
		c.configuredUser()
	}
	c.content()
	c.scans()
	c.config()
	c.tree()
}

// ran is true where both programs were run: unmatched sees to it that it is both or none.
func (c *comparison) ran() bool { return c.before.Seen != nil }

func (c *comparison) add(f Finding) {
	f.Before, f.After, f.Why = short(f.Before), short(f.After), short(f.Why)
	c.findings = append(c.findings, f)
}

// differs adds a finding without a number.
func (c *comparison) differs(effect Effect, aspect, before, after, why string) {
	c.add(Finding{Aspect: aspect, Before: before, After: after, Effect: effect, Why: why})
}

func (c *comparison) assure(what string) { c.assured = append(c.assured, short(what)) }

func rank(e Effect) int { return slices.Index([]Effect{Breaks, Worsens, Improves, Neutral}, e) }

// verdict reads findings that are sorted by rank.
func verdict(findings []Finding) Verdict {
	switch {
	case has(findings, Breaks):
		return Broken
	case has(findings, Improves):
		return Better
	}
	return Same
}

func has(findings []Finding, e Effect) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Effect == e })
}
