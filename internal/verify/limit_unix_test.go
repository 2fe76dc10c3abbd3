//go:build unix

package verify

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestContextSizeOfWhatIsNotSent(t *testing.T) {
	dir := lay(t, map[string]int{"a": 5, "sub/b": 5})
	outside := lay(t, map[string]int{"huge": 1 << 20})
	for _, err := range []error{
		os.Symlink(filepath.Join(outside, "huge"), filepath.Join(dir, "link")),
		os.Symlink(outside, filepath.Join(dir, "folder")),
		os.Symlink(".", filepath.Join(dir, "sub", "loop")),
		os.Link(filepath.Join(dir, "a"), filepath.Join(dir, "same")),
		syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got, err := ContextSize(t.Context(), dir, "", 100); err != nil || got != 10 {
		t.Errorf("%d bytes, %v", got, err)
	}
}

// The ignore file may not lead out of the context, nor hold the reader up.
func TestHostileIgnoreFile(t *testing.T) {
	outside := lay(t, map[string]int{"patterns": 1})
	for name, lay := range map[string]func(string) error{
		"link":   func(p string) error { return os.Symlink(filepath.Join(outside, "patterns"), p) },
		"fifo":   func(p string) error { return syscall.Mkfifo(p, 0o644) },
		"folder": func(p string) error { return os.Mkdir(p, 0o755) },
		"large":  func(p string) error { return os.WriteFile(p, make([]byte, maxIgnore+1), 0o644) },
	} {
		dir := t.TempDir()
		if err := lay(filepath.Join(dir, ".dockerignore")); err != nil {
			t.Fatal(err)
		}
		if _, err := ContextSize(t.Context(), dir, "", 10); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
