package bulk

import (
	"os"
	"path/filepath"
)

// Base returns the folder that a diff of the targets is to be applied in, and
// that its names are relative to: the one where the user stands, if all of them
// lie in it, else the deepest one that holds all paths that were given.
func Base(targets []Target) string {
	if cwd, err := os.Getwd(); err == nil && all(targets, cwd) {
		return cwd
	}
	base := ""
	for _, t := range targets {
		switch {
		case t.Stdin():
		case base == "":
			base = t.within
		default:
			for !inside(base, t.within) && base != filepath.Dir(base) {
				base = filepath.Dir(base)
			}
		}
	}
	return base
}

func all(targets []Target, dir string) bool {
	for _, t := range targets {
		if !t.Stdin() && !inside(dir, t.file) {
			return false
		}
	}
	return true
}

// Name returns the target's name in a diff, slash separated and relative to base.
// Where the path is a link, which no tool patches, it is the file that the link
// leads to, if that lies below base too.
func (t Target) Name(base string) string {
	if t.Stdin() {
		return "Dockerfile"
	}
	if isLink(t.file) {
		if rel, err := filepath.Rel(realPath(base), realPath(t.file)); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	rel, err := filepath.Rel(base, t.file)
	if err != nil {
		return t.Path
	}
	return filepath.ToSlash(rel)
}
