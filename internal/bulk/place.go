package bulk

import "path/filepath"

// Place is where the target lies: its file, its folder and the folder that must not
// be left, all absolute. For standard input file is "" and the others are the
// folder that the user stands in.
func (t Target) Place() (file, dir, top string) {
	if t.Stdin() {
		cwd, err := filepath.Abs(".")
		if err != nil {
			return "", "", "" // there is no folder: nothing is found there
		}
		return "", cwd, cwd
	}
	return t.file, filepath.Dir(t.file), t.within
}
