package transform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// Field is a part of the image configuration. A change names in Alters the
// fields that it changes on purpose; the guards hold it to all others.
type Field string

// The fields that the guards watch in the shipped stage.
const (
	FieldStart       Field = "the start command"
	FieldEnv         Field = "the environment"
	FieldPorts       Field = "the exposed ports"
	FieldVolumes     Field = "the volumes"
	FieldLabels      Field = "the labels"
	FieldHealthcheck Field = "the health check"
	FieldStopSignal  Field = "the stop signal"
	FieldWorkdir     Field = "the working directory"
)

// guards check, on a copy, what every change must leave as it was.
type guards struct {
	ctx       context.Context
	converted bool // BuildKit converts the input
	policy    *Policy
}

func newGuards(ctx context.Context, input *dockerfile.File, policy *Policy) *guards {
	return &guards{ctx: ctx, converted: dockerfile.Convert(ctx, input.Src) == nil, policy: policy}
}

// guard is one condition on a change. before is the text that the change was
// made for, after the text with it.
type guard struct {
	name  string
	check func(o *Policy, before, after *dockerfile.File, c Change) error
}

// check applies edits, which end with those of c, to base and returns the
// outcome parsed, or the first guard that it fails. prior is base with the
// edits that were accepted before c.
func (g *guards) check(base, prior *dockerfile.File, edits []edit.Edit, c Change) (*dockerfile.File, error) {
	text, err := edit.Apply(base.Src, edits)
	if err != nil {
		return nil, err
	}
	after, err := dockerfile.Parse(base.Name, text)
	if err != nil {
		return nil, fmt.Errorf("the result does not parse: %w", err)
	}
	if g.converted {
		if err := dockerfile.Convert(g.ctx, text); err != nil {
			return nil, fmt.Errorf("BuildKit does not convert the result: %w", err)
		}
	}
	for _, guard := range allGuards {
		if err := guard.check(g.policy, prior, after, c); err != nil {
			return nil, fmt.Errorf("%s: %w", guard.name, err)
		}
	}
	return after, nil
}

var allGuards = []guard{
	{"comments", guardComments},
	{"line ends", guardLineEnds},
	{"pins", guardPins},
	{"user", guardUser},
	{"configuration", guardConfig},
}

// guardComments wants every comment to survive unless the change declares its loss.
func guardComments(_ *Policy, before, after *dockerfile.File, c Change) error {
	left := map[string]int{}
	for _, s := range after.Comments {
		left[s.Of(after.Src)]++
	}
	for _, s := range before.Comments {
		if slices.ContainsFunc(c.Drops, func(d edit.Span) bool { return d.Contains(s) }) {
			continue
		}
		text := s.Of(before.Src)
		if left[text]--; left[text] < 0 {
			return fmt.Errorf("the comment %q is lost", text)
		}
	}
	return nil
}

// guardLineEnds wants no kind of line end that the file did not have, and the BOM and the last line end kept.
func guardLineEnds(_ *Policy, before, after *dockerfile.File, _ Change) error {
	crlf := func(s string) int { return strings.Count(s, "\r\n") }
	lf := func(s string) int { return strings.Count(s, "\n") - crlf(s) }
	switch {
	case before.BOM != after.BOM:
		return fmt.Errorf("the byte order mark changed")
	case crlf(before.Src) == 0 && crlf(after.Src) > 0:
		return fmt.Errorf("CRLF came into a file of LF")
	case crlf(before.Src) > 0 && lf(after.Src) > lf(before.Src):
		return fmt.Errorf("LF came into a file of CRLF")
	case strings.HasSuffix(before.Src, "\n") != strings.HasSuffix(after.Src, "\n"):
		return fmt.Errorf("the end of the file changed")
	}
	return nil
}

// guardPins wants no digest and no tag to be lost, by whatever name the base goes afterwards.
func guardPins(o *Policy, before, after *dockerfile.File, _ Change) error {
	if d, e := digests(before), digests(after); e < d {
		return fmt.Errorf("%d of %d digests are left", e, d)
	}
	if d, e := floating(o, before), floating(o, after); e > d {
		return fmt.Errorf("a base without a fixed tag came in")
	}
	return nil
}

func digests(f *dockerfile.File) int { return strings.Count(f.Src, "@sha256:") }

// floating counts the bases that name no version.
func floating(o *Policy, f *dockerfile.File) int {
	n := 0
	for _, s := range f.Stages {
		if s.Parent == nil && isFloating(o, s.Base.Value) {
			n++
		}
	}
	return n
}

// isFloating reports whether a reference has no tag, or latest, where the image has
// tags of versions.
func isFloating(o *Policy, ref string) bool {
	if strings.Contains(ref, "@") || strings.Contains(ref, "$") || ref == "scratch" || o.versionless(ref) {
		return false
	}
	name := ref[strings.LastIndexByte(ref, '/')+1:]
	_, tag, ok := strings.Cut(name, ":")
	return !ok || tag == "latest"
}

// guardUser wants the shipped stage never to end more privileged than it did.
func guardUser(_ *Policy, before, after *dockerfile.File, _ Change) error {
	was, is := endState(before), endState(after)
	if isRoot(is.User) && !isRoot(was.User) {
		return fmt.Errorf("the effective user goes from %q to root", was.User)
	}
	return nil
}

// guardConfig wants the shipped image to mean what it meant, but for what the change alters on purpose.
func guardConfig(o *Policy, before, after *dockerfile.File, c Change) error {
	was, is := endState(before), endState(after)
	for _, f := range []struct {
		field Field
		get   func(*dockerfile.State) string
	}{
		{FieldStart, startMeaning},
		{FieldEnv, func(s *dockerfile.State) string { return varSet(s.Env) }},
		{FieldPorts, func(s *dockerfile.State) string { return itemSet(s.Exposed) }},
		{FieldVolumes, func(s *dockerfile.State) string { return itemSet(s.Volumes) }},
		{FieldLabels, func(s *dockerfile.State) string { return varSet(s.Labels) }},
		{FieldHealthcheck, healthMeaning},
		{FieldStopSignal, stopMeaning},
	} {
		if a, b := f.get(was), f.get(is); a != b && !slices.Contains(c.Alters, f.field) {
			return fmt.Errorf("%s changes from %q to %q", f.field, a, b)
		}
	}
	if a, b := endWorkdir(o, before), endWorkdir(o, after); a != b && !slices.Contains(c.Alters, FieldWorkdir) {
		return fmt.Errorf("%s changes from %q to %q", FieldWorkdir, a, b)
	}
	return nil
}

// endWorkdir is the shipped image's working directory, the base's own where no WORKDIR states one.
func endWorkdir(o *Policy, f *dockerfile.File) string {
	s := f.StateAt(shipped(f), nil, o.baseConfig)
	if s.Workdir == "" && s.WorkdirKnown {
		return "/"
	}
	return s.Workdir
}

func sortedSet(list []string) string {
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}

func itemSet(items []dockerfile.Item) string {
	var list []string
	for _, i := range items {
		list = append(list, i.Value)
	}
	return sortedSet(list)
}

func varSet(vars []dockerfile.Var) string {
	var list []string
	for _, v := range vars {
		list = append(list, v.Name+"="+v.Value)
	}
	return sortedSet(list)
}

func stopMeaning(s *dockerfile.State) string {
	if s.StopSignal == nil {
		return ""
	}
	return s.StopSignal.Body.String()
}
