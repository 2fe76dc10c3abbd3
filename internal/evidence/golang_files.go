package evidence

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

type dirEntry = fs.DirEntry

// goTags are the build tags in force: linux/amd64 with cgo, and the user's.
type goTags map[string]bool

func newGoTags(extra []string) goTags {
	t := goTags{"linux": true, "amd64": true, "unix": true, "cgo": true, "gc": true}
	for _, tag := range extra {
		for _, one := range strings.FieldsFunc(tag, func(r rune) bool { return r == ',' || r == ' ' }) {
			t[one] = true
		}
	}
	return t
}

// has answers a tag of a constraint. All releases count as reached, since the
// version of the builder is not known here.
func (t goTags) has(tag string) bool {
	if minor, ok := strings.CutPrefix(tag, "go1."); ok {
		_, err := strconv.Atoi(minor)
		return err == nil
	}
	return t[tag]
}

// goodName applies the file name rules: tests, hidden files, _GOOS and _GOARCH.
func (t goTags) goodName(name string) bool {
	if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") ||
		strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
		return false
	}
	name = strings.TrimSuffix(name, ".go")
	_, rest, found := strings.Cut(name, "_")
	if !found {
		return true
	}
	parts := strings.Split(rest, "_")
	last := parts[len(parts)-1]
	if n := len(parts); n >= 2 && goOS(parts[n-2]) && goArch(last) {
		return t[last] && t[parts[n-2]]
	}
	if goOS(last) || goArch(last) {
		return t[last]
	}
	return true
}

func goOS(s string) bool {
	return slices.Contains([]string{"aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js",
		"linux", "nacl", "netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos"}, s)
}

func goArch(s string) bool {
	return slices.Contains([]string{"386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips",
		"mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64",
		"s390", "s390x", "sparc", "sparc64", "wasm"}, s)
}

// goodConstraints evaluates the //go:build line, or the // +build lines, above
// the package clause. A constraint that cannot be read excludes nothing, so that
// its file is looked at.
func (t goTags) goodConstraints(f *ast.File) bool {
	plus := true
	for _, group := range f.Comments {
		if group.Pos() >= f.Package {
			break
		}
		for _, c := range group.List {
			expr, err := constraint.Parse(c.Text)
			switch {
			case err != nil:
			case constraint.IsGoBuild(c.Text):
				return expr.Eval(t.has)
			default:
				plus = plus && expr.Eval(t.has)
			}
		}
	}
	return plus
}

// goFile is one file of a package.
type goFile struct {
	name    string // relative to the context
	ast     *ast.File
	imports map[string]string // local name → import path
	broken  bool              // did not parse as a whole
}

// goDir parses the files of a folder that belong to the build. only names files
// as given on the command line, to which the name rules do not apply; nil is all.
func (c *Context) goDir(fset *token.FileSet, dir string, tags goTags, mode parser.Mode, only []string) []*goFile {
	names := only
	if only == nil {
		for _, e := range c.List(dir) {
			if tags.goodName(e.Name()) && !e.IsDir() {
				names = append(names, e.Name())
			}
		}
	}
	var out []*goFile
	for _, name := range names {
		f := c.goFile(fset, path.Join(dir, name), mode)
		if f != nil && (only != nil || tags.goodConstraints(f.ast)) {
			out = append(out, f)
		}
	}
	return out
}

func (c *Context) goFile(fset *token.FileSet, name string, mode parser.Mode) *goFile {
	text, ok := c.readUpTo(name, maxBig)
	if !ok {
		return &goFile{name: name, ast: &ast.File{Name: ast.NewIdent("")}, broken: true}
	}
	// Imports and a package clause are enough where a file has nothing else of interest.
	f, err := parser.ParseFile(fset, name, text, mode|parser.ParseComments)
	if f == nil || f.Name == nil {
		return &goFile{name: name, ast: &ast.File{Name: ast.NewIdent("")}, broken: true}
	}
	return &goFile{name: name, ast: f, imports: goImports(f), broken: err != nil}
}

// goImports maps the names that a file's imports are used by to their paths. The
// name of a package is guessed from its path where the file does not give it.
func goImports(f *ast.File) map[string]string {
	out := map[string]string{}
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := goPackageName(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch name {
		case "_", ".":
			name += p // reached, but not by name
		}
		out[name] = p
	}
	return out
}

func goPackageName(importPath string) string {
	elem := GoBinaryName(importPath)
	if name, version, ok := strings.Cut(elem, ".v"); ok && strings.Trim(version, "0123456789") == "" {
		elem = name
	}
	elem = strings.TrimPrefix(elem, "go-")
	elem = strings.TrimSuffix(strings.TrimSuffix(elem, "-go"), ".go")
	return strings.NewReplacer("-", "", ".", "").Replace(elem)
}

var goMainFunc = regexp.MustCompile(`(?m)^func main\(\)`)

func (c *Context) isGoMain(dir string, tags goTags) bool {
	fset := token.NewFileSet()
	for _, e := range c.List(dir) {
		name := path.Join(dir, e.Name())
		if e.IsDir() || !tags.goodName(e.Name()) {
			continue
		}
		text, ok := c.readUpTo(name, maxBig)
		if !ok || !bytes.Contains(text, []byte("package main")) || !goMainFunc.Match(text) {
			continue
		}
		f, _ := parser.ParseFile(fset, name, text, parser.PackageClauseOnly|parser.ParseComments)
		if f != nil && f.Name != nil && f.Name.Name == "main" && tags.goodConstraints(f) {
			return true
		}
	}
	return false
}
