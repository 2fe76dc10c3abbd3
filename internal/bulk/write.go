package bulk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Write replaces the target's text, before, by after: in one step, with the mode
// and the owner of the file kept. A symbolic link is followed within the path
// that was given to Find and refused where it leads out of it. It is an error
// when the file is no longer what it was. Where the texts are equal nothing is
// touched. Errors are *Error.
func (t Target) Write(before, after string) error {
	if before == after {
		return nil
	}
	if t.Stdin() {
		return failed(t.Path, errors.New("standard input cannot be written to"))
	}
	if now, err := ReadFile(t.file); err != nil {
		return failed(t.Path, errors.Unwrap(err))
	} else if now != before {
		return failed(t.Path, errors.New("the file was changed by someone else meanwhile; it is left as it is"))
	}
	if err := replace(t.file, t.within, after); err != nil {
		return failed(t.Path, err)
	}
	return nil
}

// WriteFile writes text to path in one step. The mode of a file that is there is
// kept; a symbolic link is refused where it leads out of its folder. Errors are
// *Error.
func WriteFile(path, text string) error {
	abs, err := filepath.Abs(path)
	if err == nil {
		err = replace(abs, filepath.Dir(abs), text)
	}
	if err != nil {
		return failed(shown(path), err)
	}
	return nil
}

// replace writes text to file, which must lie in the folder within once links
// are followed. Everything happens through an os.Root of that folder, so that a
// link put in the way meanwhile cannot lead out of it.
func replace(file, within, text string) error {
	real, err := filepath.EvalSymlinks(file)
	if errors.Is(err, fs.ErrNotExist) && !isLink(file) {
		real, err = filepath.Join(realPath(filepath.Dir(file)), filepath.Base(file)), nil
	}
	if err != nil {
		return err
	}
	bound := realPath(within)
	rel, err := filepath.Rel(bound, real)
	if err != nil || !filepath.IsLocal(rel) {
		return fmt.Errorf("a symbolic link that leads out of %s is not written to", shown(within))
	}
	root, err := os.OpenRoot(bound)
	if err != nil {
		return err
	}
	defer root.Close()
	return replaceIn(root, rel, text)
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// replaceIn writes beside the file and moves the result over it. Whatever goes
// wrong, the file is either the old one or the new one.
func replaceIn(root *os.Root, rel, text string) error {
	old, err := root.Stat(rel)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if old != nil && !old.Mode().IsRegular() {
		return errSpecial
	}
	temp := filepath.Join(filepath.Dir(rel), "."+filepath.Base(rel)+".bulwark-"+rand.Text())
	if err := writeNew(root, temp, text, old); err != nil {
		return errors.Join(err, ignoreMissing(root.Remove(temp)))
	}
	if err := root.Rename(temp, rel); err != nil {
		return errors.Join(err, ignoreMissing(root.Remove(temp)))
	}
	return syncFolder(root, filepath.Dir(rel))
}

// writeNew writes a file that is not there yet, down to the disk, with the mode
// and as far as possible the owner of the old one.
func writeNew(root *os.Root, name, text string, old fs.FileInfo) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if old != nil {
		keepOwner(file, old)
		err = errors.Join(err, file.Chmod(old.Mode().Perm()))
	}
	return errors.Join(err, file.Sync(), file.Close())
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// syncFolder makes the move last. Some file systems cannot; the file is whole
// either way.
func syncFolder(root *os.Root, dir string) error {
	d, err := root.Open(dir)
	if err != nil {
		return nil
	}
	_ = d.Sync()
	return d.Close()
}
