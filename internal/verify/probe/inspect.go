//go:build linux

package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// Bounds of an inventory beside wire.MaxFiles.
const (
	maxDirs      = 500_000
	maxNameBytes = 96 << 20 // of all paths and link targets, as JSON
	maxOSRelease = 64 << 10
)

// inspect lists what stands below root, a folder with an image's filesystem in
// which nothing changes. No symbolic link is followed to outside of root.
func inspect(root string) (*wire.Inventory, error) {
	info, err := os.Stat(root)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no folder", root)
	}
	if err != nil {
		return nil, fmt.Errorf("inspecting: %w", err)
	}
	l := lister{inv: &wire.Inventory{}, linked: map[[2]uint64]bool{}}
	if !walk(root, ownMounts(root), l.add) {
		l.inv.Truncated = true
	}
	slices.SortFunc(l.inv.Files, func(a, b wire.File) int { return cmp.Compare(a.Path, b.Path) })
	l.inv.Packages, l.inv.RPM = packages(root), rpmDatabase(root)
	for _, name := range []string{"/etc/os-release", "/usr/lib/os-release"} {
		if l.inv.OSRelease == "" {
			l.inv.OSRelease = readBounded(inside(root, name), maxOSRelease)
		}
	}
	return l.inv, nil
}

// ownMounts are the paths below root that are no part of the image: none where it
// is mounted elsewhere than at the root of the probe's container.
func ownMounts(root string) map[string]bool {
	if filepath.Clean(root) != "/" {
		return nil
	}
	return mountPoints()
}

// mountPoints are the paths that the runtime and the probe mount over an image.
func mountPoints() map[string]bool {
	return map[string]bool{
		"/proc": true, "/sys": true, "/dev": true, "/.bulwark": true,
		"/etc/hosts": true, "/etc/resolv.conf": true, "/etc/hostname": true,
	}
}

// lister makes an inventory.
type lister struct {
	inv    *wire.Inventory
	linked map[[2]uint64]bool // device and inode of files with several names
	names  int                // bytes
}

// add takes a file; false when there are too many. Devices, pipes and sockets are
// left out: an engine lays its own over those of the image.
func (l *lister) add(root, name string, d fs.DirEntry) bool {
	if !d.Type().IsRegular() && d.Type()&fs.ModeSymlink == 0 {
		return true
	}
	info, err := d.Info()
	if err != nil {
		return true // it cannot be read: no file of a sound image
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return true
	}
	f := wire.File{Path: name, Mode: st.Mode & 0o7777, UID: int(st.Uid), GID: int(st.Gid)}
	if d.Type()&fs.ModeSymlink != 0 {
		f.Link, _ = os.Readlink(filepath.Join(root, name))
	}
	l.names += jsonSize(f.Path) + jsonSize(f.Link)
	if len(l.inv.Files) == wire.MaxFiles || l.names > maxNameBytes {
		return false
	}
	if d.Type().IsRegular() {
		f.Size = info.Size()
		l.count(st)
	}
	l.inv.Files = append(l.inv.Files, f)
	return true
}

// count adds a regular file to the size unless it was there by another name.
func (l *lister) count(st *syscall.Stat_t) {
	if st.Nlink > 1 {
		key := [2]uint64{uint64(st.Dev), st.Ino} //nolint:unconvert // 32 bits wide on some architectures
		if l.linked[key] {
			return
		}
		l.linked[key] = true
	}
	l.inv.Size += st.Size
}

// jsonSize is at least the number of bytes that a string takes in JSON.
func jsonSize(s string) int {
	n := len(s)
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\' {
			n += 5
		}
	}
	return n
}

// walk calls visit for everything below root, by its path from root on, in no
// order of account. It follows no symbolic link, leaves out what skip names, and
// reads neither more than maxDirs folders nor a folder as a whole. It is false where
// it did not see all: visit said so, or there are too many folders.
func walk(root string, skip map[string]bool, visit func(root, name string, d fs.DirEntry) bool) bool {
	seen := 0
	for stack := []string{"/"}; len(stack) > 0; {
		if seen++; seen > maxDirs {
			return false
		}
		dir := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		ok := readDir(filepath.Join(root, dir), func(d fs.DirEntry) bool {
			name := path.Join(dir, d.Name())
			if skip[name] {
				return true
			}
			if d.IsDir() {
				stack = append(stack, name)
			}
			return visit(root, name, d) && len(stack) <= maxDirs
		})
		if !ok {
			return false
		}
	}
	return true
}

// readDir calls visit for the entries of a folder until it says no, and says the
// same. A folder that cannot be read is empty.
func readDir(dir string, visit func(fs.DirEntry) bool) bool {
	f, err := os.OpenFile(dir, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return true
	}
	defer f.Close()
	for {
		list, err := f.ReadDir(1024)
		for _, d := range list {
			if !visit(d) {
				return false
			}
		}
		if err != nil || len(list) == 0 {
			return true
		}
	}
}

// inside is the real path of name, which is as the image's own programs have it:
// symbolic links are followed as if root were /. What does not exist keeps its
// name; "" is for links in a circle. Nothing may change below root meanwhile.
func inside(root, name string) string {
	const maxLinks = 40 // as the kernel has it
	done, links := "/", 0
	for rest := strings.Split(name, "/"); len(rest) > 0; {
		part := rest[0]
		rest = rest[1:]
		next := path.Join(done, part) // ".." of / is /
		target, err := os.Readlink(filepath.Join(root, next))
		if err != nil {
			done = next
			continue
		}
		if links++; links > maxLinks {
			return "" // which does not exist either
		}
		if path.IsAbs(target) {
			done = "/"
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return filepath.Join(root, done)
}
