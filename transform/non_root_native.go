package transform

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// compiled notes the file that a compiler of C, C++ or Rust is told to make, and
// those that install copies.
func (w *walk) compiled(c *command) {
	switch c.name {
	case "gcc", "g++", "cc", "c++", "clang", "clang++", "rustc":
		for i, word := range c.words[:max(0, len(c.words)-1)] {
			if word.Text != "-o" {
				continue
			}
			if p, ok := c.abs(c.words[i+1]); ok {
				w.made = append(w.made, made{path: p, at: c.at, by: c.name, step: w.step})
			}
		}
	case "install":
		w.installs(c)
	}
}

// installs is install FILE... DEST, which copies, and install -d, which makes folders.
func (w *walk) installs(c *command) {
	var paths []string
	folders := false
	for i := 1; i < len(c.words); i++ {
		text := c.words[i].Text
		switch {
		case slices.Contains([]string{"-m", "-o", "-g", "--mode", "--owner", "--group"}, text):
			i++
		case strings.HasPrefix(text, "-"):
			folders = folders || text == "-d" || text == "--directory"
		default:
			p, ok := c.abs(c.words[i])
			if !ok {
				return
			}
			paths = append(paths, p)
		}
	}
	if folders {
		for _, p := range paths {
			w.made = append(w.made, made{path: p, dir: true, at: c.at, by: "mkdir", step: w.step})
		}
		return
	}
	for i := 0; i+1 < len(paths); i++ {
		dest := paths[len(paths)-1]
		if w.isDir(dest) || isSystemDir(dest) || len(paths) > 2 || strings.HasSuffix(c.words[len(c.words)-1].Text, "/") {
			dest = path.Join(dest, path.Base(paths[i]))
		}
		w.made = append(w.made, made{path: dest, at: c.at, by: "install " + paths[i], step: w.step})
	}
}

// installedByMake reports whether a RUN of the file calls make install with a
// makefile of the context whose text names the program as a file of a bin folder.
func (u *userPlan) installedByMake(name string) bool {
	re := regexp.MustCompile(`(?m)^\t.*/s?bin(?:dir)?[)}]?/` + regexp.QuoteMeta(path.Base(name)) + `\s*$|^\t.*\s` + regexp.QuoteMeta(path.Base(name)) + `\s.*/s?bin/?\s*$`)
	return slices.ContainsFunc(u.cmds, func(c *command) bool {
		if c.name != "make" || !slices.Contains(literals(c), "install") || !c.dirOK {
			return false
		}
		return slices.ContainsFunc([]string{"GNUmakefile", "makefile", "Makefile"}, func(file string) bool {
			ctx, _, ok := u.contextOf(path.Join(c.dir, file))
			if !ok {
				return false
			}
			text, read := u.p.Build.Read(ctx)
			return read && re.Match(text)
		})
	})
}

// nativeSources reports whether sources of C or C++ reach the image.
func (u *userPlan) nativeSources() bool {
	found := false
	for _, root := range u.sourceRoots() {
		if hasEnding(root, sourceEndings("C")) {
			return true
		}
		u.p.Build.Walk(root, func(p string, _ fs.DirEntry) { found = found || hasEnding(p, sourceEndings("C")) })
	}
	return found
}
