package templates

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed data/tags.txt
var tagsText string

// recorded is one tag in the record.
type recorded struct {
	suite       string // what it stood on when last seen, "alpine3.19", "bookworm"; "" unknown
	first, last string // days as YYMMDD on which it was listed; last "" while it still is
}

// TagExists reports whether the image of that name ("golang", "library/golang",
// "mcr.microsoft.com/dotnet/sdk") was ever listed with the tag. known is false
// where the record cannot tell: the image is not in it, or the tag is one that
// is not recorded, such as one with a full patch version, a pre-release, or a
// version newer than the record.
func TagExists(repository, tag string) (exists, known bool) {
	name := strings.TrimPrefix(strings.TrimPrefix(repository, "docker.io/"), "library/")
	tags := tagsOf(name)
	if tags == "" {
		return false, false
	}
	if _, ok := tags.find(tag); ok {
		return true, true
	}
	return false, tags.tellsOf(tag)
}

// tagList is the record of one image: its lines, with a line end before the
// first.
type tagList string

// tagsOf gives the record of one image; "" where there is none.
func tagsOf(image string) tagList { return tagIndex()[image] }

// tagIndex cuts the record where images begin. It parses nothing, which is what
// keeps the first look cheap.
var tagIndex = sync.OnceValue(func() map[string]tagList {
	all := map[string]tagList{}
	for _, block := range strings.Split(tagsText, "\n= ")[1:] {
		image, _, _ := strings.Cut(block, "\n")
		all[image] = tagList(strings.TrimSuffix(block[len(image):], "\n") + "\n")
	}
	return all
})

// find looks a tag up.
func (l tagList) find(tag string) (recorded, bool) {
	version, variant, _ := strings.Cut(tag, "-")
	if version == "" || strings.ContainsAny(tag, " \t\n@") {
		return recorded{}, false
	}
	if variant == "" {
		variant = "-"
	}
	for _, line := range l.lines(variant) {
		suite, versions, _ := strings.Cut(line, "\t")
		if life, ok := findVersion(versions, version); ok {
			return l.complete(version, strings.TrimPrefix(suite, "?"), life), true
		}
	}
	return recorded{}, false
}

// complete makes an entry whole: without days of its own it has those of the
// plain tag of its version.
func (l tagList) complete(version, suite, life string) recorded {
	for _, line := range l.lines("-") {
		if life != "" {
			break
		}
		_, versions, _ := strings.Cut(line, "\t")
		life, _ = findVersion(versions, version)
	}
	first, last, _ := strings.Cut(life, "-")
	return recorded{suite: suite, first: first, last: last}
}

// lines gives the lines of one variant, each from its suite on.
func (l tagList) lines(variant string) []string {
	var lines []string
	for rest := string(l); ; {
		_, after, ok := strings.Cut(rest, "\n"+variant+"\t")
		if !ok {
			return lines
		}
		end := strings.IndexByte(after, '\n')
		lines, rest = append(lines, after[:end]), after[end:]
	}
}

// tellsOf reports whether the absence of a tag means that it never was. It does
// when the record has other tags of the same version.
func (l tagList) tellsOf(tag string) bool {
	t := splitTag(tag)
	if t.patch() || t.unrecorded() {
		return false
	}
	version, _, _ := strings.Cut(tag, "-")
	if !strings.ContainsAny(version, "0123456789") {
		return true
	}
	for _, before := range []string{" ", "\t"} {
		for _, after := range []string{" ", "@", "\n"} {
			if strings.Contains(string(l), before+version+after) {
				return true
			}
		}
	}
	return false
}

// findVersion looks for a version among those of a line; life is what stands
// after its @.
func findVersion(versions, version string) (life string, ok bool) {
	for entry := range strings.SplitSeq(versions, " ") {
		name, life, _ := strings.Cut(entry, "@")
		if name == version {
			return life, true
		}
	}
	return "", false
}
