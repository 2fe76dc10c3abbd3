// Package config reads what an organisation lays down for its Dockerfiles in
// .bulwark.yaml, and settles it with the flags of a run.
package config

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/bulwark-cli/bulwark/templates"
	"github.com/bulwark-cli/bulwark/transform"
)

// Name is what the file is called, wherever it lies.
const Name = ".bulwark.yaml"

// maxSize bounds the file in bytes; one of a large organisation has a few thousand.
const maxSize = 128 << 10

// File is a configuration that was read. It is not changed afterwards and may be
// shared.
type File struct {
	Name string // as shown: slash separated, from where the user stands

	dir        string // absolute: what paths in it are relative to
	settings   []Setting
	families   []string
	chainguard string
	mirrors    templates.Mirrors
	registries []string
	images     []templates.ImageOverride
	packages   []templates.PackageOverride
	overrides  *templates.Overrides
	uids       transform.IDRange
	switches   []toggle
	noReasons  bool
	reason     *regexp.Regexp
}

// toggle turns transforms on or off for the files that one of its globs matches;
// without globs for all.
type toggle struct {
	globs   []string
	on, off []string
	where   string
}

// Setting is one value that holds, as people read it.
type Setting struct {
	Key   string // "families", "mirrors.docker.io", "packages.curl"
	Value string
	From  string // "default", ".bulwark.yaml:3", "--prefer"
}

// Error is what is wrong with a configuration.
type Error struct {
	File string // as shown
	Line int    // 1-based; 0 where the file as a whole is meant
	Err  error
}

// Error returns the place and what is wrong.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%s:%d: %v", e.File, e.Line, e.Err)
}

// Unwrap returns what is wrong, without the place.
func (e *Error) Unwrap() error { return e.Err }

// Load reads the file that the user names. Errors are *Error.
func Load(path string) (*File, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, &Error{File: filepath.ToSlash(path), Err: err}
	}
	f, err := open(os.Stat, os.Open, abs)
	if err != nil {
		return nil, &Error{File: shown(abs), Err: reason(err)}
	}
	defer f.Close()
	return read(f, abs)
}

// open opens a regular file: a pipe or a device would be waited for.
func open(stat func(string) (fs.FileInfo, error), open func(string) (*os.File, error), path string) (*os.File, error) {
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is no regular file")
	}
	return open(path)
}

// read reads and parses the file that lies at abs.
func read(r io.Reader, abs string) (*File, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, &Error{File: shown(abs), Err: reason(err)}
	}
	if len(data) > maxSize {
		return nil, &Error{File: shown(abs), Err: fmt.Errorf("it has more than %d KiB", maxSize>>10)}
	}
	return Parse(data, shown(abs), filepath.Dir(abs))
}

// Parse reads the text of a configuration. name is shown in errors and reports, dir
// is the folder that the globs in it are relative to. Errors are *Error.
func Parse(data []byte, name, dir string) (*File, error) {
	d := &decoder{file: &File{Name: name, dir: dir}}
	if err := d.document(data); err != nil {
		return nil, err
	}
	var err error
	if d.file.overrides, err = templates.NewOverrides(d.file.images, d.file.packages); err != nil {
		return nil, &Error{File: name, Err: err}
	}
	return d.file, nil
}
