package evidence

import (
	_ "embed"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

//go:embed tables/go-pure.txt
var goPureTable string

// inGoPureTable searches the sorted lines of the table.
func inGoPureTable(importPath string) bool {
	table := goPureTable
	for table != "" {
		start := strings.LastIndexByte(table[:len(table)/2], '\n') + 1
		line, after, _ := strings.Cut(table[start:], "\n")
		switch strings.Compare(importPath, line) {
		case 0:
			return true
		case -1:
			table = table[:start]
		default:
			table = after
		}
	}
	return false
}

type goPure int

const (
	goIsUnknown goPure = iota
	goIsPure
	goNeedsCgo
)

// GoCgoLibraries tells what the tables know of an import path that needs cgo:
// the Debian packages whose shared libraries the program loads, none where the
// C code is compiled in. known is false where the path is not in the table.
func GoCgoLibraries(importPath string) (debian []string, known bool) {
	for p := range goPrefixes(importPath) {
		if i := goCgoIndex(p); i >= 0 {
			return strings.Fields(goCgoTable[i].debian), true
		}
		if inGoPureTable(p) {
			return nil, false
		}
	}
	return nil, false
}

func goCgoIndex(importPath string) int {
	return slices.IndexFunc(goCgoTable, func(e goCgoEntry) bool { return e.path == importPath })
}

// goPurity looks an import path up in the tables; the longest entry counts.
// version is the required version of its module, "" where it is not known.
func goPurity(importPath, version string) goPure {
	for p := range goPrefixes(importPath) {
		if since := slices.IndexFunc(goPureSinceTable, func(e goSinceEntry) bool { return e.path == p }); since >= 0 {
			if semver.Compare(version, goPureSinceTable[since].since) >= 0 {
				return goIsPure
			}
			return goIsUnknown
		}
		if goCgoIndex(p) >= 0 {
			return goNeedsCgo
		}
		if inGoPureTable(p) {
			return goIsPure
		}
	}
	return goIsUnknown
}

// goPrefixes yields p and what it lies below, the longest first. gopkg.in/yaml.v2
// is looked up as gopkg.in/yaml too.
func goPrefixes(p string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for p != "" {
			if !yield(p) {
				return
			}
			if i := strings.LastIndex(p, ".v"); i > strings.LastIndexByte(p, '/') && strings.HasPrefix(p, "gopkg.in/") {
				p = p[:i]
				continue
			}
			p = p[:max(strings.LastIndexByte(p, '/'), 0)]
		}
	}
}

// decideCgo fills Cgo, Pure and UnknownModules.
func (l *goLoader) decideCgo(p *GoProgram) {
	for _, pkg := range l.own {
		l.cgoImports(p, pkg)
	}
	for _, pkg := range l.vendor {
		l.cgoImports(p, pkg)
	}
	required := map[string]GoRequire{}
	if l.mod != nil {
		for _, r := range l.mod.Requires {
			required[r.Path] = r
		}
	}
	for _, imp := range l.outside {
		l.decideImport(p, imp, provider(required, imp.path))
	}
	slices.Sort(p.UnknownModules)
	p.UnknownModules = slices.Compact(p.UnknownModules)
	p.Pure = p.Complete && len(l.blind) == 0 && len(p.Cgo) == 0 && len(p.UnknownModules) == 0
}

// cgoImports looks for `import "C"`, and for plugin, which needs cgo.
func (l *goLoader) cgoImports(p *GoProgram, pkg *goPkg) {
	for _, f := range pkg.files {
		for _, spec := range f.ast.Imports {
			if v := spec.Path.Value; v == `"C"` || v == `"plugin"` || v == `"runtime/cgo"` {
				p.Cgo = append(p.Cgo, GoUse{Place: l.place(f, spec), Call: "import " + v, Value: pkg.path, Known: true})
				break
			}
		}
	}
}

// decideImport decides a package that is not in the context. What a package of
// the pure table imports in its turn is part of what the table claims, so the
// indirect requirements of go.mod need no look.
func (l *goLoader) decideImport(p *GoProgram, imp goImport, by GoRequire) {
	lookup, module, version := imp.path, by.Path, by.Version
	if module == "" {
		module = goModuleGuess(imp.path)
	}
	if l.mod != nil {
		for _, r := range l.mod.Replaced {
			if rest, ok := below(imp.path, r.Path); ok {
				lookup, version = strings.TrimSuffix(r.With+"/"+rest, "/"), ""
			}
		}
	}
	switch goPurity(lookup, version) {
	case goNeedsCgo:
		p.Cgo = append(p.Cgo, GoUse{Place: imp.at, Call: "import", Value: imp.path, Known: true})
	case goIsUnknown:
		p.UnknownModules = append(p.UnknownModules, module)
	}
}

// provider returns the required module that an import path belongs to; the zero
// value where none is.
func provider(required map[string]GoRequire, importPath string) GoRequire {
	for p := importPath; p != ""; p = p[:max(strings.LastIndexByte(p, '/'), 0)] {
		if r, ok := required[p]; ok {
			return r
		}
	}
	return GoRequire{}
}

// goModuleGuess cuts an import path to what is usually the module.
func goModuleGuess(importPath string) string {
	parts := strings.Split(importPath, "/")
	n := 3
	if len(parts) > 0 && parts[0] == "gopkg.in" {
		n = 2
	}
	if len(parts) > 3 && isMajorVersion(parts[3]) {
		n = 4
	}
	return strings.Join(parts[:min(n, len(parts))], "/")
}
