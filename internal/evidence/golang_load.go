package evidence

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxGoFiles bounds what is parsed for one program.
const maxGoFiles = 20000

// goLoader follows the imports of a main package.
type goLoader struct {
	c       *Context
	mod     *GoModule // nil without modules
	query   GoQuery
	root    GoLocal // without modules: an import path and the folder it lies in
	tags    goTags
	fset    *token.FileSet
	pkgs    map[string]*goPkg
	own     []*goPkg // in the order they were reached; the main package first
	vendor  []*goPkg
	outside []goImport // imports that are neither own nor vendored, in order
	seen    map[string]bool
	missing []string
	blind   []string // vendored files that could not be read
	files   int
}

// goPkg is one package in the context.
type goPkg struct {
	path, dir, name string
	files           []*goFile
	vendored        bool
}

// goImport is an import of a package that is not in the context.
type goImport struct {
	path string
	at   Place
}

func newGoLoader(c *Context, mod *GoModule, q GoQuery) *goLoader {
	l := &goLoader{c: c, mod: mod, query: q, tags: newGoTags(q.Tags), fset: token.NewFileSet(),
		pkgs: map[string]*goPkg{}, seen: map[string]bool{}}
	if mod == nil && q.ImportPath != "" {
		l.root = goPathRoot(q.Dir, q.ImportPath)
	}
	return l
}

// goPathRoot strips from both what they have in common at the end, so that
// cmd/x as example.com/y/cmd/x gives the root as example.com/y.
func goPathRoot(dir, importPath string) GoLocal {
	for dir != "." && path.Base(dir) == path.Base(importPath) && path.Dir(importPath) != "." {
		dir, importPath = path.Dir(dir), path.Dir(importPath)
	}
	return GoLocal{Path: importPath, Dir: dir}
}

func (l *goLoader) importPath() string {
	if l.mod == nil {
		return l.query.ImportPath
	}
	rest, ok := below(l.query.Dir, l.mod.Dir)
	if l.mod.Dir == "." {
		rest, ok = l.query.Dir, true
	}
	if !ok || l.mod.Path == "" {
		return ""
	}
	return path.Join(l.mod.Path, rest)
}

func (l *goLoader) loadMain() *goPkg {
	p := l.parse(l.importPath(), l.query.Dir, l.query.Files)
	l.pkgs[p.path] = p
	l.own = append(l.own, p)
	return p
}

// parse reads a package of the program's own in full.
func (l *goLoader) parse(importPath, dir string, only []string) *goPkg {
	p := &goPkg{path: importPath, dir: dir}
	p.files = l.c.goDir(l.fset, dir, l.tags, 0, only)
	l.settle(p)
	return p
}

// settle names the package and leaves out files of another package, such as
// a stray `package ignored`.
func (l *goLoader) settle(p *goPkg) {
	l.files += len(p.files)
	for _, f := range p.files {
		switch {
		case f.broken && p.vendored:
			l.blind = append(l.blind, f.name)
		case f.broken:
			l.miss(f.name)
		}
		if name := f.ast.Name.Name; name != "" && name != "documentation" && (p.name == "" || name == "main") {
			p.name = name
		}
	}
	p.files = slices.DeleteFunc(p.files, func(f *goFile) bool { return f.ast.Name.Name != p.name })
}

func (l *goLoader) miss(what string) {
	if !slices.Contains(l.missing, what) && len(l.missing) < 100 {
		l.missing = append(l.missing, what)
	}
}

// loadAll follows the imports of main, breadth first.
func (l *goLoader) loadAll(main *goPkg) {
	queue := []*goPkg{main}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		for _, f := range p.files {
			for _, spec := range f.ast.Imports {
				importPath, err := strconv.Unquote(spec.Path.Value)
				if err != nil || importPath == "C" {
					continue
				}
				if next := l.reach(p, importPath, l.place(f, spec)); next != nil {
					queue = append(queue, next)
				}
			}
		}
	}
}

func (l *goLoader) place(f *goFile, n ast.Node) Place {
	return Place{f.name, l.fset.Position(n.Pos()).Line}
}

// reach resolves one import. It returns a package that was not seen before and
// whose imports have to be followed.
func (l *goLoader) reach(from *goPkg, importPath string, at Place) *goPkg {
	key := importPath
	if strings.HasPrefix(importPath, "./") || strings.HasPrefix(importPath, "../") {
		key = path.Join("/", from.dir, importPath)
	}
	if l.seen[key] || isGoStd(importPath) && !l.isOwn(importPath) {
		return nil
	}
	l.seen[key] = true
	if l.files > maxGoFiles {
		l.miss(importPath)
		return nil
	}
	if dir, own := l.ownDir(from, importPath); own {
		return l.loadOwn(importPath, dir)
	}
	if dir := l.vendorDir(from, importPath); dir != "" {
		return l.loadVendored(importPath, dir)
	}
	l.outside = append(l.outside, goImport{importPath, at})
	return nil
}

func (l *goLoader) isOwn(importPath string) bool {
	_, own := l.ownDir(&goPkg{dir: "."}, importPath)
	return own
}

// ownDir tells whether an import belongs to the program's own code, and the
// folder it lies in; own with "" means that it lies outside of the context.
func (l *goLoader) ownDir(from *goPkg, importPath string) (dir string, own bool) {
	if strings.HasPrefix(importPath, "./") || strings.HasPrefix(importPath, "../") {
		dir, _ := cleanPath(path.Join(from.dir, importPath))
		return dir, true
	}
	if l.mod != nil {
		return l.mod.local(importPath)
	}
	if rest, ok := below(importPath, l.root.Path); ok {
		return path.Join(l.root.Dir, rest), true
	}
	if dir := path.Join("src", importPath); l.c.IsDir(dir) {
		return dir, true // the context is a GOPATH
	}
	return "", false
}

func (l *goLoader) loadOwn(importPath, dir string) *goPkg {
	if dir == "" || !l.c.IsDir(dir) {
		l.miss(importPath)
		return nil
	}
	p := l.parse(importPath, dir, nil)
	if p.name == "" {
		l.miss(importPath)
		return nil
	}
	l.pkgs[importPath] = p
	l.own = append(l.own, p)
	return p
}

// vendorDir finds a package in the nearest vendor folder above the importer, or
// above the main package.
func (l *goLoader) vendorDir(from *goPkg, importPath string) string {
	if at := l.vendorAbove(from.dir, importPath); at != "" || from.dir == l.query.Dir {
		return at
	}
	return l.vendorAbove(l.query.Dir, importPath)
}

func (l *goLoader) vendorAbove(dir, importPath string) string {
	for ; ; dir = path.Dir(dir) {
		if at := path.Join(dir, "vendor", importPath); l.c.IsDir(at) {
			return at
		}
		if dir == "." {
			return ""
		}
	}
}

// loadVendored reads the imports of a vendored package, unless the tables know
// that nothing below it needs cgo.
func (l *goLoader) loadVendored(importPath, dir string) *goPkg {
	p := &goPkg{path: importPath, dir: dir, vendored: true}
	l.vendor = append(l.vendor, p)
	if goPurity(importPath, "") == goIsPure {
		return nil
	}
	p.files = l.c.goDir(l.fset, dir, l.tags, parser.ImportsOnly|parser.SkipObjectResolution, nil)
	l.settle(p)
	return p
}

// program fills in what the loader itself knows.
func (l *goLoader) program(main *goPkg) *GoProgram {
	p := &GoProgram{Dir: l.query.Dir, ImportPath: main.path, Missing: l.missing, Complete: len(l.missing) == 0,
		Vendored: len(l.vendor) > 0}
	if l.mod != nil {
		p.ModuleDir, p.Module, p.GoVersion = l.mod.Dir, l.mod.Path, l.mod.GoVersion
	}
	switch {
	case len(l.query.Files) > 0:
		p.Name = GoBinaryName("", l.query.Files...)
	case l.mod == nil && main.path != "":
		p.Name = path.Base(main.path)
	default:
		p.Name = GoBinaryName(main.path)
	}
	return p
}

// isGoStd follows cmd/go, where the first element of any other import path has
// a dot, but names the elements, so that a missing own package is noticed.
func isGoStd(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return slices.Contains([]string{"archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto",
		"database", "debug", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image",
		"index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect",
		"regexp", "runtime", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text",
		"time", "unicode", "unique", "unsafe", "weak"}, first)
}
