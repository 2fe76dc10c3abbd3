package templates

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/packages.tsv
var packagesText string

//go:embed data/rpm.tsv
var rpmText string

// Kind says what a package is for.
type Kind int

const (
	Program    Kind = iota // run by name, or read as data; may be wanted at run time
	BuildTool              // compilers and what else makes programs
	DevLibrary             // headers and link libraries; its programs want the library at run time
	Library                // a library at run time
	Needless               // of use only to apt itself or to a desktop; nothing stands in for it
)

// Pkg is a package and what does its work elsewhere.
type Pkg struct {
	Name        string
	Kind        Kind
	AlpineBuild []string // packages that do the same in a build on Alpine
	NoAlpine    bool     // Alpine has nothing for it: a move to Alpine stops here
	BusyBox     bool     // every Alpine image has it without a package
	Note        string   // "" or what is different, one sentence

	alpineRun, bookworm, trixie string
	in                          []string
	firstAlpine, lastAlpine     int  // minor numbers of releases; 0 unbounded
	said                        bool // by an organisation, not by the tables
}

// Package gives what is known of a package by its name in Debian or Ubuntu.
func Package(name string) (Pkg, bool) {
	p, ok := packages()[name]
	return p, ok
}

// RPM gives what is known of a package by its name in Red Hat's distributions.
// Only its Alpine side is recorded.
func RPM(name string) (Pkg, bool) {
	p, ok := rpms()[name]
	return p, ok
}

// AlpineRuntime gives the packages that do its work at run time on Alpine, or
// that programs built with it need there. known is false where that is not
// recorded, or Alpine has nothing.
func (p Pkg) AlpineRuntime() (names []string, known bool) {
	if p.NoAlpine || p.alpineRun == "?" {
		return nil, false
	}
	return nameList(p.alpineRun), true
}

// InAlpine reports whether an Alpine release ("alpine3.19", or "" for the newest)
// has all its packages. Releases before 3.12 are not recorded.
func (p Pkg) InAlpine(release string) bool {
	minor := newestAlpine
	if release != "" {
		m, ok := alpineMinor(release)
		if !ok {
			return false
		}
		minor = m
	}
	return minor >= 12 && minor >= p.firstAlpine && (p.lastAlpine == 0 || minor <= p.lastAlpine)
}

// BuildOnly reports whether nothing of it is needed once the program is built:
// not the package, and no other that the program would run on. A start command
// that names one of its programs is a different matter.
func (p Pkg) BuildOnly() bool {
	if p.Kind == Needless {
		return true
	}
	return (p.Kind == BuildTool || p.Kind == DevLibrary) && p.bookworm == "-" && p.trixie == "-" && (p.alpineRun == "-" || p.NoAlpine)
}

var packages = sync.OnceValue(func() map[string]Pkg {
	all := map[string]Pkg{}
	for _, row := range rows(packagesText) {
		row = append(row, make([]string, 9)...)
		p := newPkg(row[0], row[2], row[3], row[7], row[8])
		p.Kind = kindOf(row[1], p.Name)
		p.bookworm = orSame(row[4], p.Name)
		p.trixie = orSame(row[5], p.bookworm)
		p.in = strings.Fields(row[6])
		all[p.Name] = p
	}
	return all
})

var rpms = sync.OnceValue(func() map[string]Pkg {
	all := map[string]Pkg{}
	for _, row := range rows(rpmText) {
		row = append(row, make([]string, 5)...)
		p := newPkg(row[0], row[1], row[2], row[3], row[4])
		p.bookworm, p.trixie = "?", "?"
		p.Kind = rpmKind(p)
		all[p.Name] = p
	}
	return all
})

// newPkg fills what both tables have.
func newPkg(name, build, run, releases, note string) Pkg {
	p := Pkg{Name: name, Note: note, alpineRun: orSame(run, build)}
	p.NoAlpine = build == "!none"
	p.BusyBox = build == "!busybox" || build == "!baselayout"
	if p.BusyBox {
		p.alpineRun = "-"
	}
	if !p.NoAlpine && !p.BusyBox {
		p.AlpineBuild = nameList(build)
	}
	first, last, _ := strings.Cut(releases, "..")
	p.firstAlpine, p.lastAlpine = alpineNumber(first), alpineNumber(last)
	return p
}

func alpineNumber(release string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(release, "3."))
	return n
}

func orSame(value, as string) string {
	if value == "=" {
		return as
	}
	return value
}

// nameList reads a list of names; "-" is none.
func nameList(list string) []string {
	if list == "-" {
		return nil
	}
	return strings.Fields(list)
}

func kindOf(word, name string) Kind {
	switch word {
	case "tool":
		return BuildTool
	case "dev":
		return DevLibrary
	case "drop":
		return Needless
	}
	if isLibrary(name) {
		return Library
	}
	return Program
}

// isLibrary tells a library from a program by Debian's way of naming them: lib,
// and the number of its interface at the end.
func isLibrary(name string) bool {
	rest, ok := strings.CutPrefix(name, "lib")
	if !ok || !strings.ContainsAny(rest, "0123456789") {
		return false
	}
	for _, end := range []string{"-bin", "-tools", "-utils", "-perl", "-modules", "-dev"} {
		if strings.HasSuffix(rest, end) {
			return false
		}
	}
	return true
}

// rpmKind tells what an rpm is for by the way of naming them.
func rpmKind(p Pkg) Kind {
	switch {
	case strings.HasSuffix(p.Name, "-devel"):
		return DevLibrary
	case p.alpineRun == "-" && len(p.AlpineBuild) > 0:
		return BuildTool
	case strings.HasPrefix(p.Name, "lib") || strings.HasSuffix(p.Name, "-libs"):
		return Library
	}
	return Program
}
