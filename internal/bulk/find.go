// Package bulk finds Dockerfiles and their build contexts, reads them within
// bounds and writes them in one step. It is the only package that touches the
// user's files.
package bulk

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Stdin is the argument that stands for standard input.
const Stdin = "-"

// Options say how Find goes about it.
type Options struct {
	Context string // the build context of every file; "" where it is to be found out
}

// Target is one Dockerfile that was found.
type Target struct {
	Path string // as shown: slash separated, from where the user stands; "stdin" for standard input

	file    string // absolute; "" for standard input
	within  string // absolute: the folder that must not be left, neither upwards for a context nor by a link for a write
	context string // absolute: what the user or a compose file says; "" where the file has to tell
	why     string // who says so

	services []composed // that compose files build from it
}

// Stdin reports whether the target is standard input.
func (t Target) Stdin() bool { return t.file == "" }

// Find returns the Dockerfiles that the paths stand for, sorted by Path, each
// once. A path is a file, whatever its name, a folder, which is searched (see
// IsDockerfile), or Stdin. Links to folders are not followed below a path. The
// errors, each an *Error, name the paths that could not be read, folders without
// any Dockerfile, and links that lead in a circle; the others are found all the
// same.
func Find(paths []string, o Options) ([]Target, []error) {
	f := &finder{}
	f.cwd, _ = os.Getwd() // without it, every file is its own folder's business
	for _, path := range paths {
		f.path(path)
	}
	f.said(o)
	return f.sorted(), f.errs
}

type finder struct {
	cwd     string
	found   []Target
	errs    []error
	compose []string // absolute paths of compose files
}

func (f *finder) fail(path string, err error) {
	f.errs = append(f.errs, failed(shown(path), err))
}

// shown is the path as people read it.
func shown(path string) string { return filepath.ToSlash(filepath.Clean(path)) }

func (f *finder) path(path string) {
	if path == Stdin {
		f.found = append(f.found, Target{Path: "stdin"})
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		f.fail(path, err)
		return
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		f.fail(path, err)
		return
	}
	if info.IsDir() {
		f.folder(path, abs)
		return
	}
	within := filepath.Dir(abs)
	if inside(f.cwd, abs) {
		within = f.cwd
	}
	f.found = append(f.found, Target{Path: shown(path), file: abs, within: within})
	f.composeAbove(filepath.Dir(abs), within)
}

// folder searches one folder that the user named.
func (f *finder) folder(path, abs string) {
	before := len(f.found)
	errs := len(f.errs)
	root := path + string(filepath.Separator) // so that a link to a folder is followed when it was named
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(root, p)
		if err = cmp.Or(err, relErr); err != nil {
			f.fail(p, err)
			return nil
		}
		return f.entry(Target{Path: shown(p), file: filepath.Join(abs, rel), within: abs}, d)
	})
	if err != nil {
		f.fail(path, err)
	}
	if len(f.found) == before && len(f.errs) == errs {
		f.fail(path, errors.New("no Dockerfile found in this folder"))
	}
}

// entry looks at one entry of a searched folder.
func (f *finder) entry(t Target, d fs.DirEntry) error {
	switch {
	case d.IsDir():
		if t.file != t.within && isSkipped(d.Name()) {
			return filepath.SkipDir
		}
	case d.Type()&fs.ModeSymlink != 0 && !f.link(t):
	case IsDockerfile(d.Name()):
		f.found = append(f.found, t)
	case isCompose(d.Name()):
		f.compose = append(f.compose, t.file)
	}
	return nil
}

// link reports whether a symbolic link leads to a file. One that leads in a
// circle, or nowhere from the name of a Dockerfile, is an error.
func (f *finder) link(t Target) bool {
	info, err := os.Stat(t.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if IsDockerfile(filepath.Base(t.file)) {
			f.fail(t.Path, errors.New("a symbolic link that leads nowhere"))
		}
		return false
	case err != nil:
		f.fail(t.Path, err)
		return false
	case info.IsDir():
		if real, err := filepath.EvalSymlinks(t.file); err == nil && inside(real, realPath(filepath.Dir(t.file))) {
			f.fail(t.Path, errors.New("a symbolic link to a folder that it lies in: a loop, not followed"))
		}
		return false
	}
	return true
}

// composeAbove notes the compose files in dir and the folders above it, up to top.
func (f *finder) composeAbove(dir, top string) {
	for {
		entries, _ := os.ReadDir(dir) // unreadable: nothing is said about the context
		for _, e := range entries {
			if isCompose(e.Name()) && e.Type().IsRegular() {
				f.compose = append(f.compose, filepath.Join(dir, e.Name()))
			}
		}
		if dir == top || !inside(top, dir) {
			return
		}
		dir = filepath.Dir(dir)
	}
}

// sorted returns what was found in the order of the paths, each file once: a link
// gives way to the file that it leads to.
func (f *finder) sorted() []Target {
	byLink := func(t Target) int {
		if realPath(t.file) == t.file {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(f.found, func(a, b Target) int {
		return cmp.Or(cmp.Compare(byLink(a), byLink(b)), strings.Compare(a.Path, b.Path))
	})
	seen := make(map[string]bool)
	out := slices.DeleteFunc(f.found, func(t Target) bool {
		real := realPath(t.file)
		again := seen[real]
		seen[real] = true
		return again
	})
	slices.SortStableFunc(out, func(a, b Target) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// realPath follows all links in path; where that fails, path is as real as it gets.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// inside reports whether path is dir or lies below it. Both are absolute.
func inside(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}
