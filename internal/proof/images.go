package proof

import (
	"cmp"
	"slices"
)

// images compares an original that does not run with its rewrite, as far as that
// goes: a rewrite that does not build is broken all the same; else the verdict stays,
// with what the images differ in and whether the rewrite fails in the same way.
func (p *Proof) images(expect Expect) {
	before, after := *p.Before, *p.After
	before.Seen, after.Seen = nil, nil
	c := &comparison{before: &before, after: &after, expect: expect}
	if p.Before.Seen != nil && p.After.Seen != nil {
		c.failing(p.Before.Seen, p.After.Seen)
	}
	c.all()
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return cmp.Compare(rank(a.Effect), rank(b.Effect)) })
	p.Findings, p.Assured = c.findings, c.assured
	if has(c.findings, Breaks) {
		p.Verdict, p.Why, p.Hint = Broken, c.whyBroken(), ""
	}
}
