package evidence

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// GoQuery names a main package and how it is built.
type GoQuery struct {
	Dir string // of the main package, relative to the context
	// ImportPath is the import path of Dir where no go.mod tells it, as after
	// `COPY . /go/src/github.com/x/y`. It is not used where there is a go.mod.
	ImportPath string
	Files      []string // for `go build a.go b.go`: the file names; nil for the folder
	Tags       []string // as given with -tags
}

// GoProgram reads the Go main package in dir and what it imports of its own
// module. An error says that there is no main package, or that its go.mod cannot
// be read.
func (c *Context) GoProgram(dir string) (*GoProgram, error) {
	return c.GoLoad(GoQuery{Dir: dir})
}

// GoProgramAt is GoProgram for a folder that lies in GOPATH as importPath.
func (c *Context) GoProgramAt(dir, importPath string) (*GoProgram, error) {
	return c.GoLoad(GoQuery{Dir: dir, ImportPath: importPath})
}

type goRead struct {
	program *GoProgram
	err     error
}

// GoLoad is GoProgram with all that a build command may say. The answer is kept
// and handed out again: it is read only.
func (c *Context) GoLoad(q GoQuery) (*GoProgram, error) {
	key := fmt.Sprintf("%q", []any{q.Dir, q.ImportPath, q.Files, q.Tags})
	if r, done := c.goRead[key]; done {
		return r.program, r.err
	}
	p, err := c.goLoad(q)
	if c.goRead != nil {
		c.goRead[key] = goRead{p, err}
	}
	return p, err
}

func (c *Context) goLoad(q GoQuery) (*GoProgram, error) {
	dir, ok := cleanPath(q.Dir)
	if !ok || !c.IsDir(dir) {
		return nil, errors.New("no folder " + q.Dir + " in the context")
	}
	q.Dir = dir
	mod, err := c.GoModule(dir)
	if err != nil {
		return nil, err
	}
	l := newGoLoader(c, mod, q)
	main := l.loadMain()
	if main.name != "main" {
		return nil, errors.New("no main package in " + dir)
	}
	l.loadAll(main)
	p := l.program(main)
	l.decideCgo(p)
	newGoScan(l).program(p)
	return p, nil
}

// GoMains returns the folders below dir, dir among them, that hold a main
// package which `go build` would build for linux/amd64, by name.
func (c *Context) GoMains(dir string) []string {
	var out []string
	tags := newGoTags(nil)
	try := func(d string) {
		if c.isGoMain(d, tags) {
			out = append(out, d)
		}
	}
	if clean, ok := cleanPath(dir); ok && c.IsDir(clean) {
		try(clean)
	}
	c.walk(dir, func(p string, e dirEntry) bool {
		if !e.IsDir() || skipGoDir(e.Name()) {
			return false
		}
		try(p)
		return true
	})
	return out
}

func skipGoDir(name string) bool {
	return name == "vendor" || name == "testdata" || name == "node_modules" ||
		strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

// GoBinaryName returns the file name that go build and go install give the
// program: the first file's name where files are named, else the last element of
// the import path that is not a major version. It is "" where neither is given.
func GoBinaryName(importPath string, files ...string) string {
	if len(files) > 0 {
		return strings.TrimSuffix(path.Base(files[0]), ".go")
	}
	if importPath == "" || importPath == "." {
		return ""
	}
	elem := path.Base(importPath)
	if elem != importPath && isMajorVersion(elem) {
		elem = path.Base(path.Dir(importPath))
	}
	return elem
}

// isMajorVersion follows cmd/go: v2 and up, "v1" and "v01" are names.
func isMajorVersion(elem string) bool {
	if len(elem) < 2 || elem[0] != 'v' || elem[1] == '0' || elem == "v1" {
		return false
	}
	return strings.Trim(elem[1:], "0123456789") == ""
}
