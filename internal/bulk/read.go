package bulk

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// MaxSize is the size in bytes of the largest file that is read.
const MaxSize = 1 << 20

// What is wrong with a file that cannot be a Dockerfile.
var (
	errEmpty   = errors.New("the file is empty")
	errBinary  = errors.New("the file is binary: it holds a NUL byte")
	errLarge   = errors.New("the file is larger than 1 MiB")
	errFolder  = errors.New("this is a folder")
	errSpecial = errors.New("this is not a regular file")
)

// ReadFile returns the text of a regular file of at most MaxSize bytes. An empty
// one and one with a NUL byte are errors, as are folders, devices and pipes,
// which might never end. Errors are *Error.
func ReadFile(path string) (string, error) {
	info, err := os.Stat(path) // before it is opened: a pipe without a writer would block
	switch {
	case err != nil:
		return "", failed(shown(path), err)
	case info.IsDir():
		return "", failed(shown(path), errFolder)
	case !info.Mode().IsRegular():
		return "", failed(shown(path), errSpecial)
	case info.Size() > MaxSize:
		return "", failed(shown(path), errLarge)
	}
	file, err := os.Open(path)
	if err != nil {
		return "", failed(shown(path), err)
	}
	defer file.Close()
	return Read(shown(path), file)
}

// Read returns the text that r holds, under the rules of ReadFile; path is for
// the error.
func Read(path string, r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return "", failed(path, err)
	case len(text) > MaxSize:
		return "", failed(path, errLarge)
	case len(text) == 0:
		return "", failed(path, errEmpty)
	case bytes.IndexByte(text, 0) >= 0:
		return "", failed(path, errBinary)
	}
	return string(text), nil
}
