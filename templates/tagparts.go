package templates

import (
	"slices"
	"strings"
)

// newestAlpine is the newest Alpine release in the tag record.
const newestAlpine = 24

// tagParts are the words of a tag: "3.9-slim-bullseye" has three.
type tagParts []string

// splitTag takes a tag apart; no tag is "latest". The build number of Java 8's
// versions, as in 8u442-b06-jdk, stays with the version.
func splitTag(tag string) tagParts {
	if tag == "" {
		return tagParts{"latest"}
	}
	t := strings.Split(tag, "-")
	if len(t) > 1 && strings.HasPrefix(t[0], "8u") && strings.HasPrefix(t[1], "b") {
		return append(tagParts{t[0] + "-" + t[1]}, t[2:]...)
	}
	return t
}

// String puts the words together again.
func (t tagParts) String() string { return strings.Join(t, "-") }

// version gives the word that a tag's version is, "" for a tag such as
// "bookworm-slim", "alpine3.19" or "latest".
func (t tagParts) version() string {
	if c := t[0]; c != "" && c[0] >= '0' && c[0] <= '9' {
		return c
	}
	return ""
}

// patch reports whether the version is one of the full ones, which the record
// leaves out: 18.12.1, 17.0.2_8, 8u212.
func (t tagParts) patch() bool {
	v := t.version()
	return strings.Count(v, ".") > 1 || strings.ContainsAny(v, "_u")
}

// exact reports whether the version is given down to its minor number, so that
// tags with the same one differ in patches only.
func (t tagParts) exact() bool { return strings.Contains(t.version(), ".") || t.patch() }

// floating gives the tags under which the images of a patch version were also
// published, the closest first: 3.9.7-slim gives 3.9-slim and 3-slim.
func (t tagParts) floating() []tagParts {
	var all []tagParts
	for v := t.version(); ; {
		at := strings.LastIndexAny(v, "._u-")
		if at <= 0 {
			return all
		}
		v = v[:at]
		all = append(all, append(tagParts{v}, t[1:]...))
	}
}

// unrecorded reports whether the tag is of a kind that the record leaves out:
// dated builds, pre-releases, Windows, an Alpine release after it was made.
func (t tagParts) unrecorded() bool {
	for i, word := range t {
		if isDate(word) || i > 0 && strings.HasPrefix(word, "rc") {
			return true
		}
		if minor, ok := alpineMinor(word); ok && minor > newestAlpine {
			return true
		}
		if slices.Contains([]string{"preview", "beta", "ea"}, word) {
			return true
		}
	}
	return t.windows()
}

// windows reports whether one of the words says that it is an image for Windows.
func (t tagParts) windows() bool {
	return slices.Contains(t, "windowsservercore") || slices.Contains(t, "nanoserver")
}

// isDate recognises the day in tags such as bookworm-20230522.
func isDate(word string) bool {
	return len(word) == 8 && strings.HasPrefix(word, "20") && strings.Trim(word, "0123456789") == ""
}

// alpineMinor gives the release of a word such as "alpine3.19".
func alpineMinor(word string) (minor int, ok bool) {
	digits, ok := strings.CutPrefix(word, "alpine3.")
	if !ok || digits == "" || len(digits) > 3 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	for _, c := range digits {
		minor = minor*10 + int(c-'0')
	}
	return minor, true
}

// alpine reports whether one of the words says that the image stands on Alpine.
func (t tagParts) alpine() bool {
	return slices.ContainsFunc(t, func(word string) bool { return strings.HasPrefix(word, "alpine") })
}

// suite gives the word that names a release of a distribution, "" for none.
func (t tagParts) suite() string {
	for _, word := range t {
		if _, ok := SystemOf(word); ok {
			return word
		}
	}
	return ""
}

// without drops every word that drop says yes to.
func (t tagParts) without(drop func(string) bool) tagParts {
	return slices.DeleteFunc(slices.Clone(t), drop)
}

// insertions gives the tags that arise from putting words at every place after
// the version. A lone "latest" is not written beside other words.
func (t tagParts) insertions(words ...string) []tagParts {
	if len(t) == 1 && t[0] == "latest" {
		return []tagParts{words}
	}
	first := 0
	if t.version() != "" {
		first = 1
	}
	var all []tagParts
	for at := first; at <= len(t); at++ {
		all = append(all, slices.Insert(slices.Clone(t), at, words...))
	}
	return all
}
