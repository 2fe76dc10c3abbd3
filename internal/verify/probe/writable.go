//go:build linux

package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"syscall"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// writable tries for each directory whether a user can create a file in it.
func writable(dirs []string, who account) []wire.Dir {
	if len(dirs) == 0 {
		return nil
	}
	out := make([]wire.Dir, len(dirs))
	for i, dir := range dirs {
		out[i].Path = dir
		info, err := os.Stat(dir)
		out[i].Exists = err == nil && info.IsDir()
	}
	// An error leaves them as not writable: this user can do nothing at all.
	_ = asUser(who, func() error {
		for i := range out {
			out[i].Writable = out[i].Exists && create(out[i].Path) == nil
		}
		return nil
	})
	return out
}

// create makes a file in a directory and removes it again.
func create(dir string) error {
	name := path.Join(dir, fmt.Sprintf(".bulwark-%016x", rand.Uint64()))
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(name))
}
