package transform

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// Options are the user's choices. The zero value runs every transform at safety
// Review and prefers distroless, then Alpine, then slim.
type Options struct {
	Only, Skip []string // names of transforms; Only empty means all
	Safety     Safety   // the least safe change that is written; the zero value stands for Review
	Prefer     []string // families of runtime bases, best first: see AllFamilies
	Dockerfile string   // path of the Dockerfile inside the build context, for NAME.dockerignore; "" where unknown
	// Services are what compose files say of the containers of this Dockerfile. Those in the root of the
	// build context are read from there; these may lie anywhere, and each builds this Dockerfile.
	Services []evidence.Service
	// Digest asks what a reference as FROM names it ("node:20") leads to now: "sha256:" and 64 hexadecimal
	// digits. Its error is one clause for the report; where it says the same of several references, they
	// are reported together. nil: no pins are asked for, and pin-images does not run.
	Digest func(ctx context.Context, ref string) (digest string, err error)
	// Policy is what the user's organisation lays down; nil is nothing.
	Policy *Policy
}

// Families are the runtime families that Options.Prefer may name, in the order
// that holds where the user says nothing.
var families = []string{"distroless", "alpine", "slim"}

// hardenedFamilies are those that are tried where the user names them.
var hardenedFamilies = []string{"chainguard", "dhi"}

// Families returns the families that are tried where the user names none, in
// their order.
func Families() []string { return slices.Clone(families) }

// AllFamilies returns the names that Options.Prefer takes.
func AllFamilies() []string { return slices.Concat(families, hardenedFamilies) }

func (o Options) withDefaults() Options {
	if o.Safety == Manual {
		o.Safety = Review
	}
	if len(o.Prefer) == 0 {
		o.Prefer = Families()
	}
	return o
}

// ParseSafety reads "safe" or "review".
func ParseSafety(s string) (Safety, error) {
	switch s {
	case "safe":
		return Safe, nil
	case "review":
		return Review, nil
	}
	return 0, fmt.Errorf("safety %q is neither safe nor review", s)
}

// String returns "manual", "review" or "safe".
func (s Safety) String() string {
	return [...]string{Manual: "manual", Review: "review", Safe: "safe"}[s]
}

// String returns the kind as reports print it.
func (k SkipKind) String() string {
	return [...]string{
		Unsure: "unsure", Unsupported: "unsupported", NotNeeded: "not needed",
		Ignored: "ignored", Conflict: "conflict", Rejected: "rejected", Told: "told", Forbidden: "forbidden",
	}[k]
}

// selected returns the transforms that o asks for and can be run, in the order of All.
func selected(o Options) ([]*Transform, error) {
	for _, n := range slices.Concat(o.Only, o.Skip) {
		if named(n) == nil {
			return nil, fmt.Errorf("no transform is called %q; there are %s", n, strings.Join(Names(), ", "))
		}
	}
	for _, f := range o.Prefer {
		if !slices.Contains(AllFamilies(), f) {
			return nil, fmt.Errorf("no runtime family is called %q; there are %s", f, strings.Join(AllFamilies(), ", "))
		}
	}
	var out []*Transform
	for _, t := range All() {
		if o.Policy.off(t.Name) != "" || t == pinImages && o.Digest == nil || slices.Contains(o.Skip, t.Name) || (len(o.Only) > 0 && !slices.Contains(o.Only, t.Name)) {
			continue
		}
		out = append(out, t)
	}
	return out, nil
}

// switchedOff tells the transforms that the policy keeps from this file.
func (o Options) switchedOff() []Skipped {
	if o.Policy == nil {
		return nil
	}
	var out []Skipped
	for _, off := range o.Policy.Off {
		out = append(out, Skipped{Transform: off.Transform, Skip: Skip{Kind: Ignored, Why: "it is off for this file by " + off.Where}})
	}
	return out
}

// Names returns the names of all transforms in their order.
func Names() []string {
	var out []string
	for _, t := range All() {
		out = append(out, t.Name)
	}
	return out
}

func named(name string) *Transform {
	for _, t := range All() {
		if t.Name == name {
			return t
		}
	}
	return nil
}
