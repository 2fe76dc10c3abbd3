package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// writeTags writes the tags by image, variant and suite, versions in order.
func writeTags(w io.Writer, tags []tag) {
	plain := map[[2]string]string{}
	lines := map[[3]string][]tag{}
	for _, t := range tags {
		if t.variant == "" {
			plain[[2]string{t.image, t.version}] = t.life
		}
		key := [3]string{t.image, t.variant, t.suite}
		lines[key] = append(lines[key], t)
	}
	keys := slices.SortedFunc(maps.Keys(lines), func(a, b [3]string) int { return slices.Compare(a[:], b[:]) })
	image := ""
	for _, key := range keys {
		if key[0] != image {
			image = key[0]
			fmt.Fprintf(w, "= %s\n", image)
		}
		writeLine(w, lines[key], plain)
	}
}

// writeLine writes the versions of one image, variant and suite.
func writeLine(w io.Writer, tags []tag, plain map[[2]string]string) {
	slices.SortFunc(tags, byVersion)
	fmt.Fprintf(w, "%s\t%s\t", cmp.Or(tags[0].variant, "-"), cmp.Or(tags[0].suite, "?"))
	for i, t := range tags {
		if i > 0 {
			fmt.Fprint(w, " ")
		}
		fmt.Fprint(w, t.version)
		if t.variant == "" || plain[[2]string{t.image, t.version}] != t.life {
			fmt.Fprint(w, "@", t.life)
		}
	}
	fmt.Fprintln(w)
}

// byVersion orders numbers by value, so that a new version is added at the end
// of its line and a review shows one insertion.
func byVersion(a, b tag) int {
	as, bs := strings.Split(a.version, "."), strings.Split(b.version, ".")
	for i := range min(len(as), len(bs)) {
		if c := cmp.Or(cmp.Compare(len(as[i]), len(bs[i])), cmp.Compare(as[i], bs[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(as), len(bs))
}
