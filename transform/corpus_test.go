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
	"github.com/bulwark-cli/bulwark/internal/proptest"
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
	tally := &tally{reasons: map[string]int{}, counts: map[string]int{}}
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
}

// tally counts what became of the corpus.
type tally struct {
	sync.Mutex
	counts  map[string]int
	reasons map[string]int
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
	reasons := keys(c.reasons)
	sort.SliceStable(reasons, func(i, j int) bool { return c.reasons[reasons[i]] > c.reasons[reasons[j]] })
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
