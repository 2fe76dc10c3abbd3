package evidence

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
)

func TestIgnored(t *testing.T) {
	const files = `
-- a/b.txt --
-- a/c/d.txt --
-- node_modules/x/index.js --
-- docs/x.md --
-- docs/keep/y.md --
-- README.md --
`
	tests := []struct {
		name, rules   string
		there, absent []string
	}{
		{"none", "", []string{"a/b.txt", "README.md", "a"}, []string{"nothing", "a/nothing", "README.md/x"}},
		{"folder", "node_modules\n", []string{"a"}, []string{"node_modules", "node_modules/x", "node_modules/x/index.js"}},
		{"leading slash and comment", "# x\n/a/c\n", []string{"a/b.txt"}, []string{"a/c", "a/c/d.txt"}},
		{"star", "*.md\n", []string{"docs/x.md"}, []string{"README.md"}},
		{"double star", "**/*.md\n", []string{"docs/keep", "docs"}, []string{"README.md", "docs/keep/y.md"}},
		{"all but", "*\n!a/c\n", []string{"a", "a/c", "a/c/d.txt"}, []string{"a/b.txt", "README.md", "docs"}},
		{"last one wins", "!docs/keep\ndocs\n", nil, []string{"docs/keep/y.md", "docs"}},
		{"brought back below", "docs\n!docs/keep\n", []string{"docs", "docs/keep/y.md"}, []string{"docs/x.md"}},
		{"crlf and bom", "\xef\xbb\xbfdocs\r\n", []string{"a"}, []string{"docs"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := open(t, files+"-- .dockerignore --\n"+test.rules)
			for _, p := range test.there {
				if !c.Exists(p) {
					t.Errorf("%s is not there", p)
				}
			}
			for _, p := range test.absent {
				if _, ok := c.Read(p); c.Exists(p) || c.IsDir(p) || ok {
					t.Errorf("%s is there", p)
				}
			}
		})
	}
}

func TestIgnoreFileBesideDockerfile(t *testing.T) {
	fsys := tree(`
-- .dockerignore --
a
-- build/Dockerfile.dockerignore --
b
-- a --
-- b --
`)
	for dockerfile, want := range map[string]string{"build/Dockerfile": "build/Dockerfile.dockerignore", "Dockerfile": ".dockerignore",
		"": ".dockerignore", "../Dockerfile": ".dockerignore", "./build/Dockerfile": "build/Dockerfile.dockerignore"} {
		c, err := Open(fsys, dockerfile)
		if err != nil {
			t.Fatal(err)
		}
		if c.IgnoreFile() != want {
			t.Errorf("%q: %s, want %s", dockerfile, c.IgnoreFile(), want)
		}
		if c.Exists("a") == c.Exists("b") {
			t.Errorf("%q: a and b are both there or both not", dockerfile)
		}
	}
}

func TestBrokenIgnoreFile(t *testing.T) {
	tests := []struct {
		text string
		line int
	}{
		{"a\n\n[\n", 3},
		{"a\n!\n", 2},
		{"# [\nb\n  [a-\n", 3},
		{"ok\n" + strings.Repeat("x", 100<<10), 0}, // a line that is too long
		{"ok\n" + strings.Repeat("*a", 3000), 2},
		{strings.Repeat("a\n", maxPatterns+1), 0},
	}
	for _, test := range tests {
		_, err := Open(fstest.MapFS{".dockerignore": {Data: []byte(test.text)}}, "")
		var e *Error
		if !errors.As(err, &e) || e.File != ".dockerignore" || e.Line != test.line {
			t.Errorf("%.20q: %v, want line %d", test.text, err, test.line)
		}
	}
	if _, err := Open(fstest.MapFS{".dockerignore/x": {}}, ""); err == nil {
		t.Error("a folder as .dockerignore is accepted")
	}
}

func TestEmptyContext(t *testing.T) {
	for _, c := range []*Context{{}, must(Open(nil, "Dockerfile"))} {
		if !c.Empty() || c.Exists(".") || c.IsDir("") || c.List(".") != nil || c.GoMains(".") != nil || c.Compose() != nil {
			t.Error("an empty context holds something")
		}
		if _, ok := c.Read("x"); ok {
			t.Error("an empty context has a file")
		}
		if _, err := c.GoProgram("."); err == nil {
			t.Error("an empty context has a program")
		}
		if _, ok := c.MakeTarget("", ""); ok {
			t.Error("an empty context has a Makefile")
		}
	}
}

func must(c *Context, err error) *Context {
	if err != nil {
		panic(err)
	}
	return c
}

func TestPaths(t *testing.T) {
	c := open(t, "-- a/b --\nx\n")
	for _, p := range []string{"a/b", "./a/b", "/a/b", "a//b", "a/../a/b"} {
		if _, ok := c.Read(p); !ok {
			t.Errorf("%q is not read", p)
		}
	}
	for _, p := range []string{"../a/b", "a/b/..", "", ".", "/", strings.Repeat("a/", 5000), "a/b\x00"} {
		if _, ok := c.Read(p); ok {
			t.Errorf("%q is read", p)
		}
	}
	if !c.IsDir("") || !c.IsDir("/") || !c.Exists(".") {
		t.Error("the root is no folder")
	}
}

func TestReadBound(t *testing.T) {
	c := must(Open(fstest.MapFS{"fits": {Data: make([]byte, maxFile)}, "long": {Data: make([]byte, maxFile+1)}}, ""))
	if data, ok := c.Read("fits"); !ok || len(data) != maxFile {
		t.Error("a file of 1 MiB is not read")
	}
	for range 2 {
		if _, ok := c.Read("long"); ok {
			t.Error("a longer file is read")
		}
		if _, ok := c.readUpTo("long", maxBig); !ok {
			t.Error("a longer file is not read with a higher bound")
		}
	}
}

func TestLinks(t *testing.T) {
	outside := t.TempDir()
	write(t, filepath.Join(outside, "secret"), "x")
	root := t.TempDir()
	write(t, filepath.Join(root, "real/file"), "inside")
	for name, target := range map[string]string{
		"abs": filepath.Join(outside, "secret"), "up": "../" + filepath.Base(outside) + "/secret", "out": outside,
		"in": "real/file", "dir": "real", "real/back": "../real/file", "loop": "loop", "loop1": "loop2", "loop2": "loop1",
		"absin": filepath.Join(root, "real/file"), "twice": "dir",
	} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	c := must(Open(os.DirFS(root), ""))
	for _, p := range []string{"in", "dir/file", "dir/back", "real/back", "twice/file"} {
		if data, ok := c.Read(p); !ok || string(data) != "inside" {
			t.Errorf("%s is not read", p)
		}
	}
	for _, p := range []string{"abs", "up", "out/secret", "loop", "loop1", "absin"} {
		if _, ok := c.Read(p); ok {
			t.Errorf("%s is read", p)
		}
	}
	for _, p := range []string{"abs", "up", "out", "loop"} {
		if !c.Exists(p) || c.IsDir(p) || len(c.List(p)) > 0 {
			t.Errorf("%s: want a link that is not followed", p)
		}
	}
	if c.Exists("out/secret") {
		t.Error("a file behind a link is there")
	}
	if !c.IsDir("dir") {
		t.Error("a link to a folder of the context is none")
	}
}

// A file system that cannot tell links, so that opening one would follow it.
type plainFS struct{ fs.FS }

func TestLinksWithoutReadLink(t *testing.T) {
	c := must(Open(plainFS{tree("-- real --\nx\n-- link --\n-> real\n-- d/f --\n-- e --\n-> d\n")}, ""))
	if _, ok := c.Read("link"); ok {
		t.Error("a link is followed")
	}
	if _, ok := c.Read("e/f"); ok {
		t.Error("a link to a folder is followed")
	}
	if _, ok := c.Read("real"); !ok {
		t.Error("a file is not read")
	}
}

func TestLinkToIgnored(t *testing.T) {
	c := open(t, "-- .dockerignore --\nsecret\n-- secret --\nx\n-- link --\n-> secret\n")
	if _, ok := c.Read("link"); ok {
		t.Error("an ignored file is read through a link")
	}
	if !c.Exists("link") {
		t.Error("the link itself is not there")
	}
}

func TestPipeIsNotRead(t *testing.T) {
	root := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(root, "pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	if _, ok := must(Open(os.DirFS(root), "")).Read("pipe"); ok {
		t.Error("a pipe is read")
	}
}

func TestListAndWalk(t *testing.T) {
	c := open(t, `
-- .dockerignore --
b
-- c --
-- a/z --
-- a/y --
-- b --
-- node_modules/x/y --
-- .git/HEAD --
`)
	var list, walked []string
	for _, e := range c.List(".") {
		list = append(list, e.Name())
	}
	same(t, "List", list, []string{".dockerignore", ".git", "a", "c", "node_modules"})
	if !c.Walk("", func(p string, _ fs.DirEntry) { walked = append(walked, p) }) {
		t.Error("the walk was cut short")
	}
	same(t, "Walk", walked, []string{".dockerignore", ".git", "a", "a/y", "a/z", "c", "node_modules"})
}

func TestWalkIsBounded(t *testing.T) {
	fsys := fstest.MapFS{}
	for i := range maxWalk + 10 {
		fsys["d"+itoa(i/1000)+"/f"+itoa(i)] = &fstest.MapFile{}
	}
	n := 0
	if must(Open(fsys, "")).Walk(".", func(string, fs.DirEntry) { n++ }) || n != maxWalk {
		t.Errorf("visited %d", n)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
