package transform

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"sort"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// maxRounds is how often the list is gone through. A second round lets an early
// transform see what a later one made; a third is only there to find nothing.
const maxRounds = 3

// Run rewrites src, the text of the Dockerfile called name, and tells what it did.
//
// build is the build context; nil where there is none, which leaves less to be
// shown and so more to be declined. The errors are those of input that cannot be
// worked on: a Dockerfile that does not parse (*dockerfile.Error, with its line),
// a .dockerignore that cannot be read, a context that was cancelled, an unknown
// transform in o, or transforms that undo each other. What is merely not done is
// in Result.Skipped.
func Run(ctx context.Context, name, src string, build fs.FS, o Options) (*Result, error) {
	list, err := selected(o)
	if err != nil {
		return nil, err
	}
	file, err := dockerfile.Parse(name, src)
	if err != nil {
		return nil, err
	}
	evid, err := evidence.Open(build, o.Dockerfile)
	if err != nil {
		return nil, fmt.Errorf("reading the build context of %s: %w", name, err)
	}
	r := &runner{
		ctx: ctx, list: list, options: o.withDefaults(), build: evid,
		buffer: edit.NewBuffer(src), file: file,
		seen:   map[string]string{src: "the input"},
		guards: newGuards(ctx, file, o.Policy),
		result: &Result{Name: name, Before: src},
	}
	if err := r.rounds(); err != nil {
		return nil, fmt.Errorf("rewriting %s: %w", name, err)
	}
	r.finish()
	return r.result, nil
}

// runner is the state of one Run.
type runner struct {
	ctx     context.Context
	list    []*Transform
	options Options
	build   *evidence.Context
	buffer  *edit.Buffer
	file    *dockerfile.File  // the buffer's text, parsed
	seen    map[string]string // every text so far, and who made it
	guards  *guards
	result  *Result
	skips   map[string][]Skipped // by transform: what its last pass declined
	kept    []Skipped            // conflicts and rejections, which a later pass does not repeat
}

// rounds goes through the list until a whole round changes nothing, then once
// through those that come last.
func (r *runner) rounds() error {
	for range maxRounds {
		r.skips = map[string][]Skipped{}
		changed, err := r.round(false)
		if err != nil {
			return err
		}
		if !changed {
			_, err = r.round(true)
			return err
		}
	}
	return fmt.Errorf("the transforms still change it after %d rounds", maxRounds)
}

// round goes through the list once: through the transforms that come last, or the
// others.
func (r *runner) round(last bool) (changed bool, err error) {
	for _, t := range r.list {
		if t.Last != last {
			continue
		}
		if err := r.ctx.Err(); err != nil {
			return false, err
		}
		did, err := r.step(t)
		if err != nil {
			return false, err
		}
		changed = changed || did
	}
	return changed, nil
}

// step lets one transform look at the text as it is now, and takes what it proposes.
func (r *runner) step(t *Transform) (bool, error) {
	p := &Pass{File: r.file, Build: r.build, Options: r.options, ctx: r.ctx}
	if skip := p.unmet(t); skip != nil {
		p.skips = append(p.skips, *skip)
	} else if err := t.Run(p); err != nil {
		return false, fmt.Errorf("%s: %w", t.Name, err)
	}
	accepted := r.take(t, p)
	for _, s := range p.skips {
		r.skips[t.Name] = append(r.skips[t.Name], r.locate(t, s))
	}
	if len(accepted) == 0 {
		return false, nil
	}
	return true, r.commit(t, accepted)
}

// unmet asks the transform's preconditions in order.
func (p *Pass) unmet(t *Transform) *Skip {
	for _, need := range t.Needs {
		if skip := need.Check(p); skip != nil {
			return skip
		}
	}
	return nil
}

// take decides on each proposal, in order, against those before it: inline
// ignores, safety, overlaps, then the guards on a copy. It returns the edits of
// the accepted ones.
func (r *runner) take(t *Transform, p *Pass) []edit.Edit {
	ignores := ignoresOf(r.file, r.options.Policy)
	var accepted []edit.Edit
	current := r.file
	for _, c := range p.changes {
		if ig := ignores.covering(t.Name, c); ig != nil {
			p.Decline(Ignored, ig.span, fmt.Sprintf("%s: ignored here%s", c.Title, ig.because()))
			continue
		}
		if c.Safety < r.options.Safety {
			r.record(t, c, false)
			continue
		}
		if overlaps(accepted, c.Edits) {
			r.kept = append(r.kept, r.locate(t, Skip{Conflict, c.Edits[0].Span, c.Title + ": overlaps another change of this round"}))
			continue
		}
		together := append(append([]edit.Edit{}, accepted...), c.Edits...)
		next, err := r.guards.check(r.file, current, together, c)
		if err != nil {
			r.kept = append(r.kept, r.locate(t, Skip{Rejected, c.Edits[0].Span, fmt.Sprintf("%s: %v (a fault in bulwark; please report it)", c.Title, err)}))
			continue
		}
		r.record(t, c, true)
		accepted, current = together, next
	}
	return accepted
}

func overlaps(accepted, edits []edit.Edit) bool {
	for _, a := range accepted {
		for _, e := range edits {
			if a.Overlaps(e.Span) {
				return true
			}
		}
	}
	return false
}

// commit makes the accepted edits and parses the outcome for whoever comes next.
func (r *runner) commit(t *Transform, edits []edit.Edit) error {
	if err := r.buffer.Commit(t.Name, edits); err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	text := r.buffer.String()
	if by, ok := r.seen[text]; ok {
		return fmt.Errorf("%s and %s undo each other", by, t.Name)
	}
	r.seen[text] = t.Name
	file, err := dockerfile.Parse(r.result.Name, text)
	if err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	r.file = file
	return nil
}

// record notes a change; one that is shown only is noted once, however many rounds propose it.
func (r *runner) record(t *Transform, c Change, written bool) {
	a := Applied{Transform: t.Name, Change: c, Line: r.originalLine(c.Edits[0].Span), Written: written}
	if !written {
		for _, old := range r.result.Applied {
			if old.Transform == a.Transform && old.Title == a.Title && old.Line == a.Line {
				return
			}
		}
	}
	r.result.Applied = append(r.result.Applied, a)
}

// locate gives a skip its line in the original.
func (r *runner) locate(t *Transform, s Skip) Skipped {
	return Skipped{Transform: t.Name, Skip: s, Line: r.originalLine(s.At)}
}

// originalLine is the 1-based line of the input that the span stands on; 0 where
// bulwark wrote the bytes itself or the span is the zero value.
func (r *runner) originalLine(s edit.Span) int {
	if s == (edit.Span{}) {
		return 0
	}
	at, ok := r.buffer.Original(s.Start)
	if !ok {
		return 0
	}
	return lineOf(r.result.Before, at)
}

// finish puts the account in order.
func (r *runner) finish() {
	r.result.After = r.buffer.String()
	acted := map[string]bool{}
	for _, a := range r.result.Applied {
		acted[a.Transform] = acted[a.Transform] || a.Written
	}
	skipped := slices.Concat(r.kept, unreasoned(r.file, r))
	for _, s := range r.options.Policy.findings(r.file) {
		skipped = append(skipped, Skipped{Transform: PolicyName, Skip: s, Line: r.originalLine(s.At)})
	}
	for _, s := range r.options.Policy.endsOfLife(r.file) {
		skipped = append(skipped, Skipped{Transform: EndOfLifeName, Skip: s, Line: r.originalLine(s.At)})
	}
	skipped = append(skipped, r.options.switchedOff()...)
	for _, t := range r.list {
		for _, s := range r.skips[t.Name] {
			// After its change a transform finds nothing left to do: no news.
			if s.Kind == NotNeeded && acted[t.Name] {
				continue
			}
			skipped = append(skipped, s)
		}
	}
	sort.SliceStable(skipped, func(i, j int) bool { return skipped[i].Line < skipped[j].Line })
	r.result.Skipped = skipped
}
