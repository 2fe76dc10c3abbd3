package bulk

import (
	"os"
	"path/filepath"
)

// Place is where the target lies: its file, its folder and the folder above which
// nothing is looked for, all absolute: the one that the user stands in where the
// target lies in it, else the one that was named. For standard input file is "" and
// the others are the folder that the user stands in.
func (t Target) Place() (file, dir, top string) {
	if t.Stdin() {
		cwd, err := filepath.Abs(".")
		if err != nil {
			return "", "", "" // there is no folder: nothing is found there
		}
		return "", cwd, cwd
	}
	top = t.within
	if cwd, err := os.Getwd(); err == nil && inside(cwd, top) {
		top = cwd
	}
	return t.file, filepath.Dir(t.file), top
}
