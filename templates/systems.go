package templates

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/systems.tsv
var systemsText string

// System is one release of a distribution.
type System struct {
	Name    string // as tags and tables call it: "bookworm", "noble", "alpine3.19", "ubi9"
	Distro  string // "debian", "ubuntu", "alpine", "rhel", "amazon", "azurelinux", "fedora"
	Version string // "12", "24.04", "3.19"
	Libc    string // "glibc" or "musl"
	// LibcMinor is the N of glibc 2.N; 0 for musl and where it is not known.
	LibcMinor int
}

// SystemOf gives the release that a word of a tag names, such as "bookworm",
// "jammy", "alpine3.19", "al2023" or "ubi9". ok is false for any other word, a
// bare "alpine" among them.
func SystemOf(word string) (s System, ok bool) {
	if _, ok := alpineMinor(word); ok {
		return System{Name: word, Distro: "alpine", Version: strings.TrimPrefix(word, "alpine"), Libc: "musl"}, true
	}
	s, ok = systems()[word]
	return s, ok
}

// systems is the parsed table of releases, by name and by other name.
var systems = sync.OnceValue(func() map[string]System {
	all := map[string]System{}
	for _, row := range rows(systemsText) {
		minor, _ := strconv.Atoi(strings.TrimPrefix(row[4], "2."))
		s := System{Name: row[0], Distro: row[1], Version: row[2], Libc: row[3], LibcMinor: minor}
		for _, name := range append(strings.Fields(row[5]), row[0]) {
			all[name] = s
		}
	}
	return all
})

// GlibcOf gives the version of glibc in a release, as in 2.36. ok is false for
// Alpine and for releases whose version is not recorded.
func GlibcOf(suite string) (major, minor int, ok bool) {
	s, ok := SystemOf(suite)
	if !ok || s.LibcMinor == 0 {
		return 0, 0, false
	}
	return 2, s.LibcMinor, true
}

// RunsOn reports whether a program built on one release finds the C library it
// needs on another: both are known to have glibc, the second none older. known
// is false where the record does not tell.
func RunsOn(built, run string) (ok, known bool) {
	_, b, okB := GlibcOf(built)
	_, r, okR := GlibcOf(run)
	if okB && okR {
		return b <= r, true
	}
	from, knownFrom := SystemOf(built)
	to, knownTo := SystemOf(run)
	return false, knownFrom && knownTo && from.Libc != to.Libc
}

// DebianSlimFor gives the slim image of a Debian release: "debian:bookworm-slim".
func DebianSlimFor(suite string) (ref string, ok bool) {
	if s, known := SystemOf(suite); !known || s.Distro != "debian" {
		return "", false
	}
	tag := suite + "-slim"
	_, ok = tagsOf("debian").find(tag)
	return "debian:" + tag, ok
}
