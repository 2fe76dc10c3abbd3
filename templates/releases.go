package templates

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed data/releases.tsv
var releasesText string

//go:embed data/debian-names.tsv
var namesText string

// releaseLetters are the marks of the releases in the tables.
var releaseLetters = map[string]string{"bullseye": "l", "bookworm": "b", "trixie": "t", "focal": "f", "jammy": "j", "noble": "n"}

// DebianRuntime gives the packages that do its work at run time on a release of
// Debian or Ubuntu, or that programs built with it need there. known is false
// where that is not recorded: recorded are bullseye, bookworm, trixie, focal,
// jammy and noble.
func (p Pkg) DebianRuntime(suite string) (names []string, known bool) {
	list := "?"
	switch suite {
	case "bookworm":
		list = p.bookworm
	case "trixie":
		list = p.trixie
	case "bullseye", "focal", "jammy", "noble":
		list = p.beside(suite)
	}
	if list == "?" || list == "" {
		return nil, false
	}
	return nameList(list), true
}

// beside gives what a package needs on one of the releases of the table of the
// differences from bookworm.
func (p Pkg) beside(suite string) string {
	if row, ok := releases()[p.Name]; ok {
		return orSame(row[slices.Index([]string{"bullseye", "focal", "jammy", "noble"}, suite)], p.bookworm)
	}
	return p.bookworm
}

var releases = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, row := range rows(releasesText) {
		all[row[0]] = row[1:]
	}
	return all
})

// In reports whether a release of Debian or Ubuntu has a package of that name,
// or exactly one that provides it. known is false for releases that are not
// recorded; DebianRuntime says which are.
func (p Pkg) In(suite string) (ok, known bool) {
	if p.said {
		return true, true // the organisation knows its own sources
	}
	letter, known := releaseLetters[suite]
	if !known {
		return false, false
	}
	return inRelease(p.Name, letter), true
}

// inRelease reports whether apt finds one package to install by a name.
func inRelease(name, letter string) bool {
	for _, in := range debianNames()[name] {
		release, providers, virtual := strings.Cut(in, ":")
		if release == letter {
			return !virtual || !strings.Contains(providers, ",")
		}
	}
	return false
}

// debianNames gives by name the releases that have it.
var debianNames = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, row := range rows(namesText) {
		all[row[0]] = strings.Fields(row[1])
	}
	return all
})

// AlpinePackage gives the Debian packages of which the table says that one
// package of Alpine, and no other beside it, stands in for them: the one of the
// same name first, then in the order of the alphabet. ok is false where there
// is none. A library and its headers are told apart: "libpq-dev" leads to
// libpq-dev, "libpq" to libpq5.
func AlpinePackage(name string) (debian []string, ok bool) {
	debian = alpineBack()[name]
	return slices.Clone(debian), len(debian) > 0
}

var alpineBack = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, p := range packages() {
		if len(p.AlpineBuild) == 1 {
			all[p.AlpineBuild[0]] = append(all[p.AlpineBuild[0]], p.Name)
		}
	}
	for name, debian := range all {
		slices.Sort(debian)
		if at := slices.Index(debian, name); at > 0 {
			all[name] = append([]string{name}, slices.Delete(debian, at, at+1)...)
		}
	}
	return all
})
