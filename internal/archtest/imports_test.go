package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/bulwark-cli/bulwark/"
)

// imported is one import of one file.
type imported struct {
	pkg  string // folder of the importing package, from the root
	file string
	path string // of the package it imports
	test bool   // the file is a test
}

// internal returns the folder of an imported package of this module.
func (i imported) internal() (pkg string, ok bool) { return strings.CutPrefix(i.path, module) }

// imports reads the import clauses of every Go file of the module, whatever its
// build tags.
func imports(t *testing.T) []imported {
	t.Helper()
	var out []imported
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && ignoredByGo(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || path.Ext(p) != ".go":
			return nil
		}
		of, err := importsOf(p)
		out = append(out, of...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ignoredByGo reports whether `./...` leaves a folder out.
func ignoredByGo(name string) bool {
	return name == "testdata" || len(name) > 2 && (name[0] == '.' || name[0] == '_')
}

func importsOf(file string) ([]imported, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(root, file)
	if err != nil {
		return nil, err
	}
	rel = filepath.ToSlash(rel)
	var out []imported
	for _, spec := range parsed.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		out = append(out, imported{pkg: path.Dir(rel), file: rel, path: p, test: strings.HasSuffix(rel, "_test.go")})
	}
	return out, nil
}

// packages returns the folders that import something, sorted.
func packages(all []imported) []string {
	var out []string
	for _, i := range all {
		out = append(out, i.pkg)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
