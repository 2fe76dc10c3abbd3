package proof

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

const (
	aspectSize     = "size"
	aspectLayers   = "layers above the base"
	aspectSetuid   = "setuid files"
	aspectWritable = "world-writable files"
)

const (
	// leastSaving is what an image has to be smaller by, in bytes, to be better.
	leastSaving = 100_000
	// leastGrowth is what the layers have to grow by, in bytes, to be worse.
	leastGrowth = 1_000_000
	// leastShare is the part of the size, one in so many, that counts.
	leastShare = 100
)

const (
	setuidBits    = 0o6000
	worldWritable = 0o002
)

// content compares what the images hold.
func (c *comparison) content() {
	if b, a := c.before.Inventory, c.after.Inventory; b != nil && a != nil {
		c.files(b, a)
	}
	c.packages()
}

func (c *comparison) files(b, a *wire.Inventory) {
	c.size(b, a)
	c.layers()
	before, after := newFolder(b), newFolder(a)
	for _, kind := range toolKinds {
		c.tools(kind, before.tools(kind), after.tools(kind))
	}
	c.special(aspectSetuid, before.having(setuidBits), after.having(setuidBits))
	c.special(aspectWritable, before.having(worldWritable), after.having(worldWritable))
}

func (c *comparison) size(b, a *wire.Inventory) {
	f := Finding{Aspect: aspectSize, Before: Size(b.Size), After: Size(a.Size), Bytes: true, Effect: Neutral}
	d := a.Size - b.Size
	f.Delta, f.Effect, f.Why = &d, sizeEffect(b.Size, a.Size), Percent(b.Size, a.Size)
	switch {
	case d == 0:
		c.assure("size " + f.Before)
	case f.Before == f.After: // an account and a folder more: no news
		c.assure("size " + f.Before + " (" + SignedSize(d) + ")")
	default:
		c.add(f)
	}
	if len(b.Files) != len(a.Files) {
		why := ""
		if b.Truncated || a.Truncated {
			why = fmt.Sprintf("only the first %s are counted", Count(wire.MaxFiles))
		}
		c.add(Finding{Aspect: "files", Before: Count(int64(len(b.Files))), After: Count(int64(len(a.Files))), Delta: delta(len(b.Files), len(a.Files)), Effect: Neutral, Why: why})
	}
}

// sizeEffect is what a change from before to after bytes means.
func sizeEffect(before, after int64) Effect {
	switch d := after - before; {
	case d <= -leastSaving && -d >= before/leastShare:
		return Improves
	case d > 0 && d >= before/leastShare:
		return Worsens
	}
	return Neutral
}

// tools compares the programs of a kind. An image is better with fewer, and only
// where none came that was not there.
func (c *comparison) tools(kind toolKind, b, a []string) {
	gone, came := without(b, a), without(a, b)
	effect := Neutral
	switch {
	case len(gone) == 0 && len(came) == 0:
		if len(b) > 0 {
			c.assure(kind.aspect + ": " + list(b, maxNames))
		}
		return
	case len(came) == 0:
		effect = Improves
	case len(gone) == 0:
		effect = Worsens
	}
	c.add(Finding{
		Aspect: kind.aspect, Before: orNone(list(b, maxNames)), After: orNone(list(a, maxNames)),
		Delta: delta(len(b), len(a)), Effect: effect,
	})
}

// maxNames bounds how many names are shown of each side.
// layers compares what the layers above the base image take together. They hold more
// than the files that are seen in the end: a file that a later step removes or hands
// over is still there. It decides nothing that the size does not: another base is
// another beginning.
func (c *comparison) layers() {
	b, a := c.before.Layers, c.after.Layers
	if b == 0 || a == 0 {
		return
	}
	before, after, d := Size(b), Size(a), a-b
	sizes := sizeEffect(c.before.Inventory.Size, c.after.Inventory.Size)
	switch {
	case before == after:
		c.assure(aspectLayers + " " + before)
	case max(d, -d) < leastSaving: // an account
		c.assure(aspectLayers + " " + before + " (" + SignedSize(d) + ")")
	case sizes != Improves && d >= leastGrowth && d >= c.before.Inventory.Size/leastShare:
		c.add(Finding{Aspect: aspectLayers, Before: before, After: after, Delta: &d, Bytes: true, Effect: Worsens, Why: Percent(b, a) + "; a file that a later step hands over or changes is in two layers"})
	default:
		c.add(Finding{Aspect: aspectLayers, Before: before, After: after, Delta: &d, Bytes: true, Effect: Neutral, Why: Percent(b, a)})
	}
}

const maxNames = 8

// special compares files that have rights they should not need.
func (c *comparison) special(aspect string, b, a []string) {
	gone, came := exchanged(b, a)
	if len(gone) == 0 && len(came) == 0 {
		if len(b) > 0 {
			c.assure(plural(len(b), strings.TrimSuffix(aspect, "s")))
		}
		return
	}
	c.add(Finding{
		Aspect: aspect, Before: counted(len(b)), After: counted(len(a)), Delta: delta(len(b), len(a)),
		Effect: fewer(len(b), len(a)), Why: exchange(gone, came),
	})
}

func counted(n int) string {
	if n == 0 {
		return none
	}
	return Count(int64(n))
}

// fewer is the effect where less is better.
func fewer(before, after int) Effect {
	switch {
	case after < before:
		return Improves
	case after > before:
		return Worsens
	}
	return Neutral
}

// exchange names what went and what came.
func exchange(gone, came []string) string {
	var parts []string
	if len(gone) > 0 {
		parts = append(parts, "gone: "+list(gone, maxNames))
	}
	if len(came) > 0 {
		parts = append(parts, "new: "+list(came, maxNames))
	}
	return strings.Join(parts, "; ")
}

const aspectPackages = "packages"

// packages compares what the package managers have installed.
func (c *comparison) packages() {
	b, a := c.before.Packages, c.after.Packages
	if c.unread() || len(b) == 0 && len(a) == 0 {
		return
	}
	before, after := names(b), names(a)
	gone, came := exchanged(before, after)
	why := exchange(gone, came)
	if n := changed(b, a); n > 0 {
		why = join(why, fmt.Sprintf("%s with another version", plural(n, "package")))
	}
	if why == "" {
		c.assure(plural(len(b), "package"))
		return
	}
	c.add(Finding{
		Aspect: aspectPackages, Before: byManager(b), After: byManager(a), Delta: delta(len(b), len(a)),
		Effect: fewer(len(b), len(a)), Why: why,
	})
}

// unread tells of a package database that could not be read: then what is known of
// the packages is not all, and neither more nor fewer of them says anything.
func (c *comparison) unread() bool {
	b, a := c.before.Unread, c.after.Unread
	if b == "" && a == "" {
		return false
	}
	state := func(why string) string {
		if why == "" {
			return "read"
		}
		return "not read"
	}
	why := b
	if a != "" && a != b {
		why = join(why, a)
	}
	c.add(Finding{Aspect: "package database", Before: state(b), After: state(a), Effect: Neutral, Why: why})
	return true
}

// names are the packages, sorted, each once.
func names(packages []wire.Package) []string {
	var out []string
	for _, p := range packages {
		out = append(out, p.Name)
	}
	return slices.Compact(slices.Sorted(slices.Values(out)))
}

// exchanged is what went and what came, of sorted lists without repeats.
func exchanged(b, a []string) (gone, came []string) {
	for len(b) > 0 || len(a) > 0 {
		switch {
		case len(a) == 0 || len(b) > 0 && b[0] < a[0]:
			gone, b = append(gone, b[0]), b[1:]
		case len(b) == 0 || a[0] < b[0]:
			came, a = append(came, a[0]), a[1:]
		default:
			b, a = b[1:], a[1:]
		}
	}
	return gone, came
}

// changed counts the packages of the same manager that have another version.
func changed(b, a []wire.Package) int {
	type key struct{ manager, name string }
	versions := map[key]string{}
	for _, p := range b {
		versions[key{p.Manager, p.Name}] = p.Version
	}
	n := 0
	for _, p := range a {
		if v, ok := versions[key{p.Manager, p.Name}]; ok && v != p.Version {
			n++
		}
	}
	return n
}

// byManager counts packages: "88 dpkg", "none".
func byManager(packages []wire.Package) string {
	counts := map[string]int{}
	for _, p := range packages {
		counts[p.Manager]++
	}
	var parts []string
	for _, manager := range sortedKeys(counts) {
		parts = append(parts, Count(int64(counts[manager]))+" "+manager)
	}
	return orNone(strings.Join(parts, ", "))
}
