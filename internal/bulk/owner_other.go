//go:build !unix

package bulk

import (
	"io/fs"
	"os"
)

// keepOwner does nothing: the system has no owners to keep.
func keepOwner(*os.File, fs.FileInfo) {}
