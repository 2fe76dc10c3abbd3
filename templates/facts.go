package templates

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/images.tsv
var imagesText string

// maxLike bounds how many rows of the kind "as that other image" are followed.
const maxLike = 4

// fact is one row of the table of images: under these conditions, this holds.
type fact struct {
	image string // a name, "@" and a distribution, or with "*" at the end the start of a name
	when  []string
	fact  string
	value string
}

// factTable is the parsed table of images.
type factTable struct {
	named  map[string][]fact
	starts []fact // those whose name ends in "*"
}

var facts = sync.OnceValue(func() factTable {
	t := factTable{named: map[string][]fact{}}
	for _, row := range rows(imagesText) {
		f := fact{image: row[0], fact: row[2], value: row[3]}
		if row[1] != "*" {
			f.when = strings.Fields(row[1])
		}
		if start, ok := strings.CutSuffix(f.image, "*"); ok {
			f.image = start
			t.starts = append(t.starts, f)
			continue
		}
		t.named[f.image] = append(t.named[f.image], f)
	}
	return t
})

// factsOf gives the rows of an image in their order, after those that hold for
// all names that start as its does.
func factsOf(name string) []fact {
	var all []fact
	for _, f := range facts().starts {
		if strings.HasPrefix(name, f.image) {
			all = append(all, f)
		}
	}
	return append(all, facts().named[name]...)
}

// aliasOf gives the image of which another name's only row says that it is the
// same.
func aliasOf(name string) (image string, ok bool) {
	rows := factsOf(name)
	if len(rows) != 1 || rows[0].fact != "like" || rows[0].when != nil {
		return "", false
	}
	return rows[0].value, true
}

// holds reports whether every condition of the row does: a word that has to be
// among the given ones, a word with ! that must not, or a bound on the version.
// A tag without a version counts as newer than any bound.
func (f fact) holds(words tagParts, version string) bool {
	for _, when := range f.when {
		if !holds(when, words, version) {
			return false
		}
	}
	return true
}

func holds(when string, words tagParts, version string) bool {
	if bound, ok := strings.CutPrefix(when, ">="); ok {
		return compareVersions(version, bound) >= 0
	}
	if bound, ok := strings.CutPrefix(when, "<"); ok {
		return compareVersions(version, bound) < 0
	}
	word, not := strings.CutPrefix(when, "!")
	for _, w := range words {
		if w == word || word == "alpine" && strings.HasPrefix(w, "alpine") {
			return !not
		}
	}
	return not
}

// compareVersions compares as far as both go, so that 3 is neither below nor
// above 3.13: a floating tag stands for the newest of its versions. No version
// is above all.
func compareVersions(a, b string) int {
	if a == "" {
		return 1
	}
	as := strings.FieldsFunc(a, notDigit)
	for i, want := range strings.FieldsFunc(b, notDigit) {
		if i == len(as) {
			return 0
		}
		have, errHave := strconv.Atoi(as[i])
		bound, errBound := strconv.Atoi(want)
		if errHave != nil || errBound != nil {
			return 0
		}
		if have != bound {
			return have - bound
		}
	}
	return 0
}

func notDigit(c rune) bool { return c < '0' || c > '9' }

// likeOf reads "IMAGE WORD...": the facts of that image under a tag of those
// words, or of the same words where none are given.
func likeOf(value string, words tagParts) (image string, args tagParts) {
	fields := strings.Fields(value)
	if len(fields) > 1 {
		return fields[0], fields[1:]
	}
	return fields[0], words
}
