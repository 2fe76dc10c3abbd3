//go:build unix

package bulk

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives the new file the owner of the old one. Who is not allowed to
// owns the new file, as after any editor.
func keepOwner(file *os.File, old fs.FileInfo) {
	if stat, ok := old.Sys().(*syscall.Stat_t); ok && (int(stat.Uid) != os.Geteuid() || int(stat.Gid) != os.Getegid()) {
		_ = file.Chown(int(stat.Uid), int(stat.Gid))
	}
}
