package bulk

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	tree(t, map[string]string{"Dockerfile": simple, "link/a/Dockerfile": simple, "link/to": "-> a/Dockerfile"})
	for _, mode := range []fs.FileMode{0o644, 0o600, 0o755, 0o444} {
		must(t, os.Chmod("Dockerfile", mode))
		must(t, one(t, "Dockerfile").Write(simple, "FROM a\n"))
		info, err := os.Stat("Dockerfile")
		must(t, err)
		if content(t, "Dockerfile") != "FROM a\n" || info.Mode() != mode {
			t.Errorf("wrote %q with mode %v, want %v", content(t, "Dockerfile"), info.Mode(), mode)
		}
		must(t, one(t, "Dockerfile").Write("FROM a\n", simple))
	}
	must(t, one(t, "link/to").Write(simple, "FROM b\n"))
	if info, _ := os.Lstat("link/to"); content(t, "link/a/Dockerfile") != "FROM b\n" || info.Mode()&fs.ModeSymlink == 0 {
		t.Error("a link within the path was not written through")
	}
	checkNoLeftovers(t)
}

func TestWriteNothing(t *testing.T) {
	tree(t, map[string]string{"Dockerfile": simple})
	before, err := os.Stat("Dockerfile")
	must(t, err)
	must(t, one(t, "Dockerfile").Write(simple, simple))
	after, err := os.Stat("Dockerfile")
	must(t, err)
	if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Error("an unchanged file was written")
	}
}

func TestWriteRefuses(t *testing.T) {
	dir := tree(t, map[string]string{
		"repo/Dockerfile": "-> ../outside", "outside": simple, "abs/": "", "changed/Dockerfile": "FROM other\n",
	})
	must(t, os.Symlink(filepath.Join(dir, "outside"), "abs/Dockerfile"))
	for path, want := range map[string]string{
		"repo":    "leads out of",
		"abs":     "leads out of",
		"changed": "changed by someone else",
		"-":       "standard input",
	} {
		if err := one(t, path).Write(simple, "FROM evil\n"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Write in %s: %v, want %q", path, err, want)
		}
	}
	if content(t, "outside") != simple || content(t, "changed/Dockerfile") != "FROM other\n" {
		t.Error("a refused write changed a file")
	}
	checkNoLeftovers(t)
}

// A link that is put in the place of a folder between finding and writing does
// not lead out either.
func TestWriteAfterASwap(t *testing.T) {
	tree(t, map[string]string{"repo/sub/Dockerfile": simple, "outside/Dockerfile": simple})
	target := one(t, "repo")
	must(t, os.RemoveAll("repo/sub"))
	must(t, os.Symlink("../outside", "repo/sub"))
	if err := target.Write(simple, "FROM evil\n"); err == nil {
		t.Error("written through a swapped folder")
	}
	if content(t, "outside/Dockerfile") != simple {
		t.Error("the file outside was changed")
	}
}

func TestWriteFile(t *testing.T) {
	tree(t, map[string]string{"old": "x", "folder/": "", "link": "-> ../elsewhere", "hang": "-> nowhere"})
	must(t, os.Chmod("old", 0o640))
	must(t, WriteFile("old", "new"))
	must(t, WriteFile("fresh", "new"))
	info, err := os.Stat("old")
	must(t, err)
	if content(t, "old") != "new" || content(t, "fresh") != "new" || info.Mode() != 0o640 {
		t.Errorf("old is %q with mode %v, fresh is %q", content(t, "old"), info.Mode(), content(t, "fresh"))
	}
	for _, name := range []string{"folder", "link", "hang", "nope/x", "/dev/null"} {
		if err := WriteFile(name, "new"); err == nil || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("WriteFile(%s): %v", name, err)
		}
	}
	checkNoLeftovers(t)
}

// checkNoLeftovers looks for temporary files.
func checkNoLeftovers(t *testing.T) {
	t.Helper()
	must(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if strings.Contains(path, ".bulwark-") {
			t.Errorf("%s was left behind", path)
		}
		return err
	}))
}
