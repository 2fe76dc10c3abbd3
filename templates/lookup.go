package templates

import (
	"slices"
	"strings"
)

// Lookup gives what is known of the image that a reference names. ok is false
// where the reference is not valid, still holds a variable, or names an image
// that is not in the tables or one for Windows. A tag beside a digest is taken at
// its word; of a digest alone no more than Family is told.
func Lookup(ref string) (Image, bool) {
	r, err := ParseRef(ref)
	if err != nil {
		return Image{}, false
	}
	return r.Image()
}

// Image gives what is known of the image, as Lookup does.
func (r Ref) Image() (Image, bool) {
	if r.Scratch() {
		return Image{Ref: r, Family: "scratch", Distro: "scratch", Libc: "none", PackageManager: "none", ConfigKnown: true}, true
	}
	name := r.factName()
	if len(factsOf(name)) == 0 || splitTag(r.Tag).windows() {
		return Image{}, false
	}
	if other, ok := aliasOf(name); ok {
		name = other
	}
	if r.Tag == "" && r.Digest != "" {
		return Image{Ref: r, Family: name, Distro: "unknown"}, true
	}
	f := &filler{image: Image{Ref: r, Family: name}, tag: splitTag(r.Tag)}
	f.place(name)
	f.apply("@"+f.image.Distro, f.words(), 0)
	f.inImage = true
	f.apply(name, f.words(), 0)
	f.finish()
	return f.image, true
}

// factName gives the name under which the facts know the image. The official
// images for one architecture (arm64v8/python) are like those for all.
func (r Ref) factName() string {
	name := r.official()
	arch, rest, ok := strings.Cut(name, "/")
	switch arch {
	case "amd64", "arm64v8", "arm32v7", "arm32v6", "i386", "ppc64le", "s390x", "riscv64":
		if ok && !strings.Contains(rest, "/") {
			return rest
		}
	}
	return name
}

// filler gathers the facts of one image.
type filler struct {
	image    Image
	tag      tagParts
	accounts []Account // in the order of the table: the image's own last
	shell    string
	inImage  bool // the rows at hand are the image's own, not its distribution's
	ownCmd   bool // Cmd is from the image's own rows
}

// place finds out what the image stands on: by the record, by the words of the
// tag, by the number of a distribution, or by the rows of its family.
func (f *filler) place(name string) {
	f.image.Distro = "unknown"
	f.image.Version = f.tag.version()
	f.image.Variant = strings.TrimPrefix(strings.TrimPrefix(f.image.Ref.Tag, f.image.Version), "-")
	tags := tagsOf(f.image.Ref.official())
	if tags == "" {
		tags = tagsOf(name) // an official image by another name
	}
	if rec, ok := tags.find(f.tag.String()); ok {
		f.image.Suite = rec.suite
		f.image.Listed = rec.last == ""
		if rec.last != "" {
			f.image.Last = day(rec.last)
		}
	}
	// The record comes first: ros calls a release of its own kinetic, as Ubuntu does.
	if s := f.tag.suite(); s != "" && (f.image.Suite == "" || f.image.Suite == "alpine") {
		f.image.Suite = s
	}
	f.base(name, f.tag, 0)
	f.named(tags)
	if f.image.Suite == "alpine" || f.tag.alpine() && f.image.Suite == "" {
		f.image.Distro, f.image.Suite = "alpine", ""
	}
}

// named completes what hangs on the release.
func (f *filler) named(tags tagList) {
	i := &f.image
	if i.Suite == "" {
		i.Suite = numbered(i.Family, i.Version)
	}
	if s, ok := SystemOf(i.Suite); ok {
		i.Suite = s.Name
		if i.Distro != "distroless" {
			i.Distro = s.Distro
		}
		i.Suites = []string{i.Suite}
		return
	}
	if i.Suite == "" && i.Version != "" {
		i.Suites = tags.suites(f.tag)
	}
}

// base takes the distribution, and where a row says so the release, from the
// first rows of the image that apply.
func (f *filler) base(name string, words tagParts, depth int) {
	for _, row := range factsOf(name) {
		if !row.holds(words, f.image.Version) {
			continue
		}
		switch {
		case row.fact == "base" && f.image.Distro == "unknown":
			f.image.Distro = row.value
		case row.fact == "suite" && f.image.Suite == "":
			f.image.Suite = row.value
		case row.fact == "like" && depth < maxLike:
			other, args := likeOf(row.value, words)
			f.base(other, args, depth+1)
		}
	}
	if f.image.Distro == "distroless" && f.image.Suite == "" {
		f.image.Suite = distrolessSuite(name)
	}
}

// distrolessSuite reads the release from the end of a distroless image's name;
// a name without one is at present that of trixie.
func distrolessSuite(name string) string {
	at := strings.LastIndexByte(name, '-')
	if s, ok := SystemOf(name[at+1:]); ok {
		return s.Name
	}
	return DistrolessSuite
}

// words are what conditions look at: the tag's words, the distribution and the
// release, "full" for neither Alpine nor slim, "listed" for a tag that still is.
func (f *filler) words() tagParts {
	words := append(slices.Clone(f.tag), f.image.Distro, f.image.Suite)
	if f.image.Listed {
		words = append(words, "listed")
	}
	if f.image.Distro != "alpine" && !slices.Contains(f.tag, "slim") {
		words = append(words, "full")
	}
	return words
}

// numbered gives the release that the number of a distribution's image means:
// "jammy" for ubuntu and 22.04, "bookworm" for debian and 12.4.
func numbered(family, version string) string {
	if family == "alpine" {
		if major, rest, ok := strings.Cut(version, "."); ok && major == "3" {
			minor, _, _ := strings.Cut(rest, ".")
			return "alpine3." + minor
		}
		return ""
	}
	for v := version; v != ""; {
		if s, ok := systems()[family+":"+v]; ok {
			return s.Name
		}
		at := max(strings.LastIndexByte(v, '.'), 0)
		v = v[:at]
	}
	return ""
}

// suites gives the releases on which the version of a tag was published under
// tags of the same kind, by name: those of its plain tags and of every tag that
// adds a release to it.
func (l tagList) suites(t tagParts) []string {
	var all []string
	for _, as := range append([]tagParts{t}, t.floating()...) {
		for name := range systems() {
			if !strings.Contains(string(l), name) {
				continue // most releases: a cheap look before many
			}
			for _, tag := range as.insertions(name) {
				if rec, ok := l.find(tag.String()); ok && rec.suite == name {
					all = append(all, name)
				}
			}
		}
		if rec, ok := l.find(as.String()); ok && rec.suite != "" {
			all = append(all, rec.suite)
		}
		if len(all) > 0 {
			break
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
