package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Search looks for the configuration of a Dockerfile in dir, its folder: there, and
// in the folders above up to the root of the repository, which holds .git, else up
// to top, which the user named. The nearest one holds alone; those above it are not
// read. dir and top are absolute. nil without an error means that there is none.
// Errors are *Error.
func Search(dir, top string) (*File, error) {
	limit := limitOf(dir, top)
	for at := dir; ; at = filepath.Dir(at) {
		path := filepath.Join(at, Name)
		_, err := os.Lstat(path)
		switch {
		case err == nil:
			return within(limit, path)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, &Error{File: shown(path), Err: reason(err)}
		}
		if at == limit || at == filepath.Dir(at) {
			return nil, nil
		}
	}
}

// limitOf is the folder above which is not looked.
func limitOf(dir, top string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if inside(top, dir) {
		return top
	}
	return dir
}

// Place gives the absolute path of a Dockerfile that a user names, and the folder
// above which Search is not to look where there is no repository: the current one
// where path lies in it, else the one that is named or that holds the file. A folder
// stands for the file Dockerfile in it. The error is that nothing is there.
func Place(path string) (file, top string, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", "", &Error{File: filepath.ToSlash(path), Err: reason(err)}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", "", &Error{File: filepath.ToSlash(path), Err: err}
	}
	file, top = abs, filepath.Dir(abs)
	if info.IsDir() {
		file, top = filepath.Join(abs, "Dockerfile"), abs
	}
	if cwd, err := os.Getwd(); err == nil && inside(cwd, abs) {
		top = cwd
	}
	return file, top, nil
}

// within reads a file below root. A symbolic link is not followed out of there.
func within(root, path string) (*File, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, &Error{File: shown(path), Err: reason(err)}
	}
	defer dir.Close()
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return nil, &Error{File: shown(path), Err: err}
	}
	f, err := open(dir.Stat, dir.Open, rel)
	if err != nil {
		return nil, &Error{File: shown(path), Err: reason(err)}
	}
	defer f.Close()
	return read(f, path)
}

// inside reports whether path is dir or lies below it. Both are absolute.
func inside(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// shown is an absolute path as people read it: from where the user stands, where
// that is shorter.
func shown(abs string) string {
	if cwd, err := os.Getwd(); err == nil && inside(cwd, abs) {
		if rel, err := filepath.Rel(cwd, abs); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(abs)
}

// reason takes off the path that the operating system's errors repeat.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
