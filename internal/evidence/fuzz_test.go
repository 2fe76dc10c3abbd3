package evidence

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func FuzzMakefile(f *testing.F) {
	f.Add("all: a b\n\tx $(V) $@\nV := $(shell y)\na b:\n\t@-z\n", "all")
	f.Add("ifdef X\ninclude m\ndefine D\n$(eval x)\nendef\n", "")
	f.Add("A=$(B)\nB=$(A)\nx: y ; $${A} $(\ny:x\n\t$", "x")
	f.Fuzz(func(t *testing.T, text, target string) {
		c := must(Open(fstest.MapFS{"Makefile": {Data: []byte(text)}}, ""))
		list, ok := c.MakeTarget("", target)
		if !ok && len(list) > 0 {
			t.Error("commands of a target that cannot be told")
		}
		for _, cmd := range list {
			if cmd.Line < 1 || cmd.Text == "" {
				t.Errorf("%+v", cmd)
			}
		}
	})
}

func FuzzContext(f *testing.F) {
	f.Add("*\n!main.go\n", "package main\n\nimport \"os\"\n\nfunc main() { os.Open(\"x\") }\n", "module m\n")
	f.Add("[\n", "package main\nvar a = a\nfunc f(x string) { f(x+x); g(f) }\nfunc main() {}\n", "")
	f.Add("**/x\n!**/y", "//go:build x && (\n//go:embed \"\npackage main\nfunc main() { for _, a := range []string{} { os.Open(a) } }", "module \"m\nreplace x => ../y\n")
	f.Fuzz(func(t *testing.T, ignore, source, mod string) {
		fsys := fstest.MapFS{".dockerignore": {Data: []byte(ignore)}, "main.go": {Data: []byte(source)}}
		if mod != "" {
			fsys["go.mod"] = &fstest.MapFile{Data: []byte(mod)}
		}
		c, err := Open(fsys, "")
		if err != nil {
			return
		}
		seen := false
		c.Walk(".", func(p string, _ fs.DirEntry) { seen = seen || p == "main.go" })
		if _, ok := c.Read("main.go"); ok != seen {
			t.Errorf("read: %v, walked: %v", ok, seen)
		}
		mains := c.GoMains(".")
		p, err := c.GoProgramAt(".", "x/y")
		if err == nil && p.Pure && (len(p.Cgo) > 0 || len(p.Missing) > 0) {
			t.Errorf("pure: %+v", p)
		}
		if len(mains) > 0 && !seen {
			t.Error("a main package of ignored files")
		}
	})
}

func FuzzConfigs(f *testing.F) {
	f.Add("server { listen 80; }\n")
	f.Add("services:\n  a: &a\n    <<: *a\n    build: {context: .}\n    ports: [{target: 1}]\n")
	f.Add("{\"dependencies\": {}, \"engines\": []}")
	f.Add("-r x\nflask==1\\\n--hash=x\n[[package]]\nname = \"a\ndeps = [\n\"b\"]\n")
	f.Fuzz(func(t *testing.T, text string) {
		data := &fstest.MapFile{Data: []byte(text)}
		c := must(Open(fstest.MapFS{"n.conf": data, "compose.yml": data, "package.json": data, "package-lock.json": data,
			"requirements.txt": data, "pyproject.toml": data, "poetry.lock": data, "Pipfile": data}, ""))
		for _, l := range c.NginxListens("n.conf") {
			if port := ListenPort(l.Value); len(port) > len(l.Value)+len("80") {
				t.Errorf("port %q of %q", port, l.Value)
			}
		}
		for _, s := range c.Compose() {
			if s.Build != nil && s.Build.Dockerfile != "" && !fs.ValidPath(s.Build.Dockerfile) {
				t.Errorf("Dockerfile %q", s.Build.Dockerfile)
			}
		}
		if p, err := c.NodePackage("."); err == nil && p == nil {
			t.Error("no package and no error")
		}
		for _, r := range c.PythonRequirements(".").Requirements {
			if r.Name == "" || r.Name != pythonName(r.Name) {
				t.Errorf("%+v", r)
			}
		}
	})
}
