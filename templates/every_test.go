package templates

import (
	"strings"
	"testing"
)

// kinds are all rules that write a reference from a reference, with what else
// than being recorded their results must be.
var kinds = []struct {
	name  string
	of    func(Ref) Counterpart
	least int // of the recorded tags that have one
	check func(was, is tagParts) string
}{
	{"slim", Slim, 2500, func(was, is tagParts) string {
		switch {
		case is.alpine():
			return "stands on Alpine"
		case was.suite() != is.suite():
			return "stands on another release by name"
		}
		return sameVersion(was, is)
	}},
	{"Alpine", Alpine, 2000, func(was, is tagParts) string {
		if !is.alpine() {
			return "does not stand on Alpine"
		}
		return sameVersion(was, is)
	}},
	{"JRE", JRE, 1000, func(_, is tagParts) string {
		if !is.jre() {
			return "is no runtime"
		}
		return ""
	}},
	{"chiseled", Chiseled, 300, sameVersion},
}

func sameVersion(was, is tagParts) string {
	if was.version() != is.version() {
		return "is another version"
	}
	return ""
}

// No rule can write a tag that is not in the record: asked for every recorded
// tag of every image, and for a made-up patch version beside each, whose
// counterpart has to have the recorded tag of its minor version to speak for it.
func TestEveryCounterpartIsRecorded(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			asked, found, patches := 0, 0, 0
			eachTag(func(image, tag, _, _ string) {
				if asked++; testing.Short() && asked%7 != 0 {
					return
				}
				r := refOf(image, tag)
				c := kind.of(r)
				if why := judge(r, c, kind.check); why != "" {
					t.Errorf("%s of %s: %s %s", kind.name, r, c.Ref, why)
				}
				if c.OK {
					found++
				}
				if version := splitTag(tag).version(); strings.Count(version, ".") == 1 {
					p := r.WithTag(version + ".1" + tag[len(version):])
					if c := kind.of(p); c.OK {
						patches++
						if why := judge(p, c, kind.check); why != "" {
							t.Errorf("%s of %s: %s %s", kind.name, p, c.Ref, why)
						}
					}
				}
			})
			t.Logf("%d recorded tags, %d counterparts, %d of patch versions", asked, found, patches)
			if !testing.Short() && found < kind.least {
				t.Errorf("only %d counterparts for %d tags", found, asked)
			}
		})
	}
}

// refOf is a recorded tag as a reference.
func refOf(image, tag string) Ref {
	r := Ref{Registry: "docker.io", Repository: "library/" + image, Tag: tag, written: image}
	if strings.Contains(image, "/") {
		r.Registry, r.Repository, _ = strings.Cut(image, "/")
	}
	return r
}

// judge says what is wrong with an answer, "" for nothing.
func judge(from Ref, c Counterpart, check func(was, is tagParts) string) string {
	was, is := splitTag(from.Tag), splitTag(c.Ref.Tag)
	tags := tagsOf(c.Ref.official())
	_, listed := tags.find(c.Ref.Tag)
	switch {
	case !c.OK && c.Why == "":
		return "has no reason"
	case !c.OK:
		return ""
	case c.Why != "":
		return "has a reason against it"
	case listed:
		return check(was, is)
	case is.patch() && is.version() == was.version() && spoken(tags, is):
		return check(was, is)
	}
	return "was never listed"
}

// spoken reports whether the tag of a patch version has a recorded one that is
// published together with it.
func spoken(tags tagList, t tagParts) bool {
	for _, as := range t.floating() {
		if _, ok := tags.find(as.String()); ok {
			return true
		}
	}
	return false
}
