package templates

import (
	"fmt"
	"slices"
	"strings"
)

// Counterpart is the same image and version in another build, or the reason why
// there is none to be relied on.
type Counterpart struct {
	OK  bool
	Ref Ref    // where OK
	Why string // where not OK: one sentence
	// Moves is true when it stands on another release or distribution than the
	// image asked for, or when it is not known to stand on the same: installed
	// packages and programs built for the one need not fit the other.
	Moves bool
	// From and To are the releases that the two stand on, "" where unknown.
	From, To string
	Notes    []string // what a reader has to know, one sentence each
}

// Slim gives the slim build of the same image, version and release.
func Slim(r Ref) Counterpart {
	s, c := look(r)
	switch {
	case s == nil:
		return c
	case s.tag.alpine():
		return s.none("%s stands on Alpine, which has no slim build", r)
	case s.has("slim"):
		return s.none("%s is a slim build already", r)
	}
	return s.first("slim", s.tag.insertions("slim"))
}

// Minimal gives the minimal build of the same image and version, which those of
// Red Hat's relatives have that the official library publishes one for.
func Minimal(r Ref) Counterpart {
	s, c := look(r)
	switch {
	case s == nil:
		return c
	case s.has("minimal"):
		return s.none("%s is a minimal build already", r)
	}
	return s.first("minimal", s.tag.insertions("minimal"))
}

// Alpine gives the Alpine build of the same image and version. Where the tag
// names a release of its distribution, the newest Alpine release on which that
// version was published is named too, so that the pin is no weaker.
func Alpine(r Ref) Counterpart {
	s, c := look(r)
	switch {
	case s == nil:
		return c
	case s.tag.alpine():
		return s.none("%s stands on Alpine already", r)
	}
	bare := s.tag.without(func(word string) bool {
		_, release := SystemOf(word)
		return release || word == "slim"
	})
	if len(bare) == 0 {
		bare = tagParts{"latest"}
	}
	var tags []tagParts
	if s.tag.suite() != "" {
		tags = alpineReleases(s.tags, bare)
	}
	c = s.first("Alpine", append(tags, bare.insertions("alpine")...))
	if c.OK && s.tag.suite() != "" && splitTag(c.Ref.Tag).suite() == "" && !strings.Contains(c.Ref.Tag, "alpine-3.") {
		c.Notes = append(c.Notes, fmt.Sprintf("the tag %s names no Alpine release, %s names the release it stands on", c.Ref.Tag, r.Tag))
	}
	return s.withArchitectures(c)
}

// alpineReleases gives the tags with the Alpine release named, newest first, in
// those of the two spellings that the image uses.
func alpineReleases(l tagList, bare tagParts) []tagParts {
	var tags []tagParts
	for minor := newestAlpine; minor > 3; minor-- {
		release := fmt.Sprintf("3.%d", minor)
		for _, words := range [][]string{{"alpine" + release}, {"alpine", release}} {
			if strings.Contains(string(l), tagParts(words).String()) {
				tags = append(tags, bare.insertions(words...)...)
			}
		}
	}
	return tags
}

// search is one look for a counterpart of a recorded image.
type search struct {
	ref  Ref
	tags tagList
	tag  tagParts
	// as are the recorded tags that speak for the tag: itself, or for a full
	// patch version those under which it was published too, the closest first.
	as []tagParts
}

// look begins a search, or says why there is nothing to look for.
func look(r Ref) (*search, Counterpart) {
	s := &search{ref: r, tags: tagsOf(r.official()), tag: splitTag(r.Tag)}
	if r.Digest != "" {
		return nil, s.none("%s is pinned by digest, and the digest of another build is not recorded", r)
	}
	if s.tags == "" {
		return nil, s.none("the tags of %s are not recorded", r.Name())
	}
	s.as = []tagParts{s.tag}
	if s.tag.patch() && !s.recorded(s.tag) {
		s.as = s.tag.floating()
	}
	for len(s.as) > 0 && !s.recorded(s.as[0]) {
		s.as = s.as[1:]
	}
	if len(s.as) == 0 {
		return nil, s.none("the tag %s is not recorded, so neither are builds beside it", s.tag)
	}
	return s, Counterpart{}
}

func (s *search) recorded(t tagParts) bool {
	_, ok := s.tags.find(t.String())
	return ok
}

func (s *search) has(word string) bool {
	return slices.Contains(s.tag, word)
}

func (s *search) none(format string, args ...any) Counterpart {
	return Counterpart{Why: fmt.Sprintf(format, args...)}
}

// first gives the first of the tags that is recorded and was kept up as long as
// the one asked for; what names their kind in the reason.
func (s *search) first(what string, tags []tagParts) Counterpart {
	why := fmt.Sprintf("no %s build of %s was ever listed", what, s.ref)
	for _, t := range tags {
		c := s.try(t)
		if c.OK {
			return c
		}
		if c.Why != "" {
			why = c.Why
		}
	}
	return Counterpart{Why: why}
}

// try judges one tag. Why is empty where the tag is not recorded.
//
// The tags of all builds of a version are published together from one line of
// the library's manifest, so a full patch version has a build exactly if the
// tag X.Y of that build was listed from the first day of X.Y to the last: a
// build that came in midway may lack the early patches. And a build that was
// dropped before the version was is frozen at an older patch, which is a
// downgrade. The other way round, a tag that was dropped first must name the
// version down to its minor number, or the build that lived on has moved past it.
func (s *search) try(t tagParts) Counterpart {
	from, _ := s.tags.find(s.as[0].String())
	to, ok := s.tags.find(s.published(t).String())
	switch {
	case !ok:
		return Counterpart{}
	case to.before(from):
		return s.none("%s was dropped on %s, before %s was: it is an older patch", s.ref.WithTag(t.String()), day(to.last), s.ref)
	case to.last != from.last && !s.tag.exact():
		return s.none("%s was dropped on %s and %s lived on, so they need not hold the same version", s.ref, day(from.last), s.ref.WithTag(t.String()))
	case s.isPatch() && to.first > from.first:
		return s.none("that build of %s came in on %s only, so %s may not have it", s.as[0], day(to.first), s.ref)
	}
	return Counterpart{
		OK: true, Ref: s.ref.WithTag(t.String()), Moves: from.suite != to.suite || from.suite == "",
		From: from.suite, To: to.suite,
	}
}

// isPatch reports whether another tag has to speak for the one asked for.
func (s *search) isPatch() bool { return s.as[0].String() != s.tag.String() }

// published gives the recorded tag that speaks for t.
func (s *search) published(t tagParts) tagParts {
	if !s.isPatch() || t.version() != s.tag.version() {
		return t
	}
	return append(tagParts{s.as[0].version()}, t[1:]...)
}

// before reports whether one tag was dropped before another.
func (r recorded) before(other recorded) bool {
	return r.last != "" && (other.last == "" || r.last < other.last)
}

// day writes YYMMDD as a date.
func day(d string) string {
	if len(d) != 6 {
		return "an unknown day"
	}
	return "20" + d[:2] + "-" + d[2:4] + "-" + d[4:]
}
