package bulk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tree makes a folder with the files, and stands in it. A name that ends in "/"
// is a folder, a content "-> x" a symbolic link to x.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := realPath(t.TempDir())
	for name, text := range files {
		path := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		target, link := strings.CutPrefix(text, "-> ")
		switch {
		case strings.HasSuffix(name, "/"):
			must(t, os.MkdirAll(path, 0o755))
		case link:
			must(t, os.Symlink(target, path))
		default:
			must(t, os.WriteFile(path, []byte(text), 0o644))
		}
	}
	t.Chdir(dir)
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// content reads a file of the test.
func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

// one finds the one target of path.
func one(t *testing.T, path string) Target {
	t.Helper()
	targets, errs := Find([]string{path}, Options{})
	if len(targets) != 1 || len(errs) != 0 {
		t.Fatalf("Find(%s) = %v, %v, want one target", path, targets, errs)
	}
	return targets[0]
}
