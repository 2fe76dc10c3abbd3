package transform_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/bulk"
	"github.com/bulwark-cli/bulwark/internal/diff"
	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/proptest"
	"github.com/bulwark-cli/bulwark/templates"
	"github.com/bulwark-cli/bulwark/transform"
)

var (
	corpus    = flag.String("corpus", "", "a folder of repositories to check the properties on")
	corpusOut = flag.String("corpus-out", "", "a folder to write diffs and accounts to")
)

// TestCorpus checks every property on every Dockerfile below -corpus, and prints
// counts. `make corpus DIR=...` calls it.
func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus given; `make corpus DIR=...` runs this")
	}
	targets, faults := bulk.Find([]string{*corpus}, bulk.Options{})
	for _, f := range faults {
		t.Log(f)
	}
	tally := &tally{reasons: map[string]int{}, counts: map[string]int{}, bases: bases{}}
	var wg sync.WaitGroup
	queue := make(chan bulk.Target)
	for range 4 {
		wg.Go(func() {
			dir := t.TempDir()
			for target := range queue {
				tally.check(t, target, dir)
			}
		})
	}
	for _, target := range targets {
		queue <- target
	}
	close(queue)
	wg.Wait()
	tally.print()
	tally.bases.check(t)
}

// tally counts what became of the corpus.
type tally struct {
	sync.Mutex
	counts  map[string]int
	reasons map[string]int
	bases   bases
}

func (c *tally) add(what string) {
	c.Lock()
	defer c.Unlock()
	c.counts[what]++
}

func (c *tally) check(t *testing.T, target bulk.Target, dir string) {
	c.add("files")
	in, err := target.Open(nil)
	if err != nil {
		c.add("not readable as a Dockerfile")
		return
	}
	defer in.Close()
	c.countBases(target, in.Text)
	r, broken, err := proptest.Check(context.Background(), target.Path, in.Text, in.Build, transform.Options{Dockerfile: in.Dockerfile})
	if err != nil {
		c.add("do not parse")
		return
	}
	for _, b := range broken {
		c.add("broken properties")
		t.Errorf("%s: %v", target.Path, b)
	}
	if r == nil {
		return
	}
	if err := proptest.Applies(r, dir); err != nil {
		c.add("broken properties")
		t.Errorf("%s: %v", target.Path, err)
	}
	c.note(r)
	if *corpusOut != "" {
		write(t, target, r)
	}
}

// countBases counts the images that the file's stages stand on, by what the
// catalogue makes of each.
func (c *tally) countBases(target bulk.Target, text string) {
	f, err := dockerfile.Parse(target.Path, text)
	if err != nil {
		return
	}
	c.Lock()
	defer c.Unlock()
	for _, s := range f.Stages {
		if s.Parent == nil {
			ref, _, ok := f.ExpandRef(s)
			c.bases.add(ref, ok)
		}
	}
}

// bases counts occurrences of images by kind of knowledge and name.
type bases map[string]map[string]int

const (
	known      = "described by the catalogue"
	listed     = "known and not described"
	unknown    = "unknown to the catalogue"
	unresolved = "named by a variable without a value"
	enough     = 3 // occurrences from which an image has to be known
)

func (b bases) add(ref string, resolved bool) {
	kind, name := kindOf(ref, resolved)
	if b[kind] == nil {
		b[kind] = map[string]int{}
	}
	b[kind][name]++
}

// kindOf judges one reference; name is what to count it under.
func kindOf(ref string, resolved bool) (kind, name string) {
	if !resolved {
		return unresolved, ref
	}
	r, err := templates.ParseRef(ref)
	if err != nil {
		return unknown, ref
	}
	if _, ok := r.Image(); ok {
		return known, r.Name()
	}
	if why, ok := templates.Undescribed(ref); ok {
		return listed, r.Name() + ": " + why
	}
	return unknown, r.Name()
}

// check prints the bases and fails where a frequent one is neither described nor
// listed with a reason.
func (b bases) check(t *testing.T) {
	for _, kind := range []string{known, listed, unresolved, unknown} {
		total := 0
		for _, n := range b[kind] {
			total += n
		}
		fmt.Printf("%6d  bases (%d names) %s\n", total, len(b[kind]), kind)
	}
	for _, kind := range []string{listed, unknown} {
		fmt.Printf("bases %s:\n", kind)
		for _, name := range byCount(b[kind]) {
			fmt.Printf("%6d  %s\n", b[kind][name], name)
			if kind == unknown && b[kind][name] >= enough {
				t.Errorf("%s occurs %d times, and the catalogue neither describes it nor says why not", name, b[kind][name])
			}
		}
	}
}

func byCount(m map[string]int) []string {
	names := keys(m)
	sort.SliceStable(names, func(i, j int) bool { return m[names[i]] > m[names[j]] })
	return names
}

func (c *tally) note(r *transform.Result) {
	if r.Changed() {
		c.add("changed")
	} else {
		c.add("unchanged")
	}
	for _, a := range r.Applied {
		if a.Written {
			c.add("  by " + a.Transform)
		}
	}
	c.Lock()
	defer c.Unlock()
	for _, s := range r.Skipped {
		if s.Kind == transform.Told {
			continue
		}
		c.reasons[fmt.Sprintf("%s (%s): %s", s.Transform, s.Kind, s.Why)]++
	}
}

func write(t *testing.T, target bulk.Target, r *transform.Result) {
	out := filepath.Join(*corpusOut, strings.ReplaceAll(target.Path, "/", "_"))
	text := diff.Unified([]diff.File{{Name: target.Path, Before: r.Before, After: r.After}}, 100) + "\n" + account(r)
	if err := os.WriteFile(out+".txt", []byte(text), 0o644); err != nil {
		t.Error(err)
	}
}

func (c *tally) print() {
	for _, k := range keys(c.counts) {
		fmt.Printf("%6d  %s\n", c.counts[k], k)
	}
	reasons := byCount(c.reasons)
	fmt.Println("the most frequent reasons not to change:")
	for _, k := range reasons[:min(40, len(reasons))] {
		fmt.Printf("%6d  %s\n", c.reasons[k], k)
	}
}

func keys(m map[string]int) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
