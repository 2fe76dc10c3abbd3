package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-cli/bulwark/templates"
	"github.com/bulwark-cli/bulwark/transform"
)

// every has all keys.
const every = `version: 1
families: [chainguard, distroless]
chainguard: {organization: acme}
mirrors:
  docker.io: mirror.example/hub
  gcr.io: mirror.example/gcr
registries: [mirror.example, docker.io/library]
images:
  - match: "python:3.*"
    runtime: registry.example/python:{version}
    like: python:{version}-slim
    user: 20001:20001
  - match: node
    runtime: registry.example/node:{tag}
    shell: true
packages:
  libacme-dev: {build: [acme-dev, acme-tools], runtime: acme}
  curl:
    none: not wanted
  acmetool: {build: acmetool, kind: tool}
uid: {min: 20000, max: 29999}
transforms:
  - off: split-stages
  - path: [legacy/**, "*/Dockerfile.old"]
    off: [swap-base, non-root]
  - path: legacy/api
    on: [non-root]
ignores:
  reason: optional
  pattern: ^SEC-[0-9]+
`

func TestEveryKey(t *testing.T) {
	f, err := Parse([]byte(every), "c.yaml", "/r")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range f.Settings(Flags{}, "/r/legacy/web/Dockerfile") {
		got = append(got, s.Key+" = "+s.Value+" ("+s.From+")")
	}
	want := []string{
		"families = chainguard, distroless (c.yaml:2)",
		"chainguard.organization = acme (c.yaml:3)",
		"mirrors.docker.io = mirror.example/hub (c.yaml:5)",
		"mirrors.gcr.io = mirror.example/gcr (c.yaml:6)",
		"registries = mirror.example, docker.io/library (c.yaml:7)",
		"images.python:3.* = runtime registry.example/python:{version}, like python:{version}-slim, user 20001:20001 (c.yaml:9)",
		"images.node = runtime registry.example/node:{tag}, with a shell (c.yaml:13)",
		"packages.libacme-dev = build acme-dev acme-tools, runtime acme (c.yaml:17)",
		"packages.curl = none on Alpine: not wanted (c.yaml:18)",
		"packages.acmetool = build acmetool (c.yaml:20)",
		"uid = 20000-29999 (c.yaml:21)",
		"transforms.split-stages = off (c.yaml:23)",
		"transforms.swap-base = off (c.yaml:24)",
		"transforms.non-root = off (c.yaml:24)",
		"transforms.pin-images = on (default)",
		"ignores.reason = optional (c.yaml:29)",
		"ignores.pattern = ^SEC-[0-9]+ (c.yaml:30)",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if k := f.packages[0].Kind; k != templates.DevLibrary {
		t.Errorf("libacme-dev is of the kind %d", k)
	}
	if k := f.packages[2].Kind; k != templates.BuildTool {
		t.Errorf("acmetool is of the kind %d", k)
	}
}

func TestWhatIsRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"famlies: [slim]\n", `c.yaml:1: no key is called "famlies"; there are chainguard, families,`},
		{"version: 1\nuid:\n  min: 2000\n  mox: 3\n", `c.yaml:4: no key is called "mox" in uid; there are max, min`},
		{"version: 2\n", "c.yaml:1: version is to be a number from 1 to 1, not 2"},
		{"version: one\n", `c.yaml:1: version is to be a number, not "one"`},
		{"\nfamilies: [slim, tiny]\n", `c.yaml:2: no family is called "tiny"`},
		{"families:\n  - slim\n  - slim\n", "c.yaml:3: slim stands here twice"},
		{"families: []\n", "c.yaml:1: families is empty"},
		{"families: {a: b}\n", "c.yaml:1: families is to be a list, not a mapping"},
		{"families: [[slim]]\n", "c.yaml:1: families is to be a text, not a list"},
		{"families:\n", "c.yaml:1: families is to be a list, not nothing"},
		{"- families\n", "c.yaml:1: the file is to be a mapping"},
		{"text\n", "c.yaml:1: the file is to be a mapping"},
		{"version: 1\nversion: 1\n", "twice"},
		{"mirrors: [docker.io]\n", "c.yaml:1: mirrors is to be a mapping"},
		{"mirrors:\n  docker.io: 5\n", "c.yaml:2: docker.io is to be a text, not the number 5: put 5 in quotes"},
		{"mirrors:\n  docker: mirror.example\n", `c.yaml:2: parsing mirror "docker=mirror.example": "docker" is not a registry`},
		{"registries: [hub]\n", `c.yaml:1: "hub" is not a registry`},
		{"registries: []\n", "registries is empty"},
		{"chainguard: {organization: A/B}\n", `c.yaml:1: "A/B" is no name`},
		{"images: {match: a}\n", "c.yaml:1: images is to be a list"},
		{"images:\n  - runtime: a\n", "c.yaml:2: an image wants the key match"},
		{"images:\n  - match: a\n", "c.yaml:2: a says nothing"},
		{"images:\n  - match: a\n    runtime: A B\n", "c.yaml:2: image"},
		{"images:\n  - match: a\n    runtime: b\n    user: root\n", "c.yaml:4: user is to be UID:GID"},
		{"images:\n  - match: a\n    runtime: b\n    user: 0:0\n", "c.yaml:4: user is to be UID:GID"},
		{"images:\n  - match: a\n    runtime: b\n    shell: nope\n", `c.yaml:4: shell is to be true or false, not "nope"`},
		{"images:\n  - match: a\n    like: b\n    shell: true\n", "c.yaml:2: shell is for a runtime"},
		{"packages:\n  a b: {build: c}\n", `c.yaml:2: package "a b"`},
		{"packages:\n  a: {}\n", "c.yaml:2: a says nothing"},
		{"packages:\n  a: {build: 'c; rm'}\n", "is no name of a package"},
		{"packages:\n  a: {none: x, build: c}\n", "c.yaml:2: package"},
		{"packages:\n  a: {build: c, kind: big}\n", `c.yaml:2: no kind is called "big"`},
		{"uid: {min: 2000}\n", "c.yaml:1: uid wants both"},
		{"uid: {min: 3000, max: 2000}\n", "c.yaml:1: uid.min is more"},
		{"uid: {min: 10, max: 2000}\n", "from 1000 to 65533, not 10"},
		{"uid: {min: 0x7d0, max: 2001}\n", "c.yaml:1: min is to be a number from"},
		{"transforms: {off: x}\n", "c.yaml:1: transforms is to be a list"},
		{"transforms:\n  - off: swap\n", `c.yaml:2: no transform is called "swap"`},
		{"transforms:\n  - path: a\n", "c.yaml:2: an entry of transforms wants the key off or on"},
		{"transforms:\n  - path: ../x\n    off: swap-base\n", `c.yaml:2: "../x" is no path`},
		{"transforms:\n  - path: \"[\"\n    off: swap-base\n", "is no path"},
		{"ignores: {reason: maybe}\n", `c.yaml:1: ignores.reason is required or optional, not "maybe"`},
		{"ignores: {pattern: \"(\"}\n", "c.yaml:1: ignores.pattern: error parsing regexp"},
		{"a: &x [1]\nb: *x\n", "c.yaml:1: anchors and aliases are not taken"},
		{"families: !!set {slim}\n", "tags such as"},
		{"version: 1\n---\nversion: 1\n", "more than one document"},
		{"version: 1\n  bad: [\n", "it is not YAML"},
		{"chainguard: {organization: \"a\\u001b\"}\n", "characters that cannot be seen"},
		{"chainguard: {organization: " + strings.Repeat("a", 2000) + "}\n", "longer than 1000 bytes"},
		{"? [a]\n: b\n", "c.yaml:1: a key is to be a word, not a list"},
	} {
		_, err := Parse([]byte(c.text), "c.yaml", "/r")
		var at *Error
		if !errors.As(err, &at) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}

func TestNothingLaidDown(t *testing.T) {
	for _, text := range []string{"", "\n# a comment\n", "---\n", "version: 1\n"} {
		f, err := Parse([]byte(text), "c.yaml", "/r")
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		for _, s := range f.Settings(Flags{}, "/r/Dockerfile") {
			if s.From != "default" {
				t.Errorf("%q sets %+v", text, s)
			}
		}
	}
}

func TestFlagsGoFirst(t *testing.T) {
	f, err := Parse([]byte(every), "c.yaml", "/r")
	if err != nil {
		t.Fatal(err)
	}
	flags := Flags{Families: []string{"slim"}, Only: []string{"swap-base"}, Mirrors: templates.Mirrors{{From: "docker.io", To: "other.example"}}}
	o := transform.Options{Prefer: flags.Families, Only: flags.Only}
	f.Apply(&o, flags, "/r/legacy/Dockerfile")
	if !slices.Equal(o.Prefer, []string{"slim"}) {
		t.Errorf("families are %v", o.Prefer)
	}
	if want := (templates.Mirrors{{From: "docker.io", To: "other.example"}, {From: "gcr.io", To: "mirror.example/gcr"}}); !slices.Equal(o.Policy.Mirrors, want) {
		t.Errorf("mirrors are %v", o.Policy.Mirrors)
	}
	for _, off := range o.Policy.Off {
		if off.Transform == "swap-base" {
			t.Errorf("--only does not turn on %+v", off)
		}
	}
	var none *File
	o = transform.Options{}
	none.Apply(&o, Flags{Mirrors: flags.Mirrors}, "/r/Dockerfile")
	if o.Policy == nil || len(o.Policy.Mirrors) != 1 {
		t.Errorf("without a file the policy is %+v", o.Policy)
	}
	o = transform.Options{}
	if none.Apply(&o, Flags{}, "/r/Dockerfile"); o.Policy != nil {
		t.Errorf("without anything the policy is %+v", o.Policy)
	}
}

func TestTogglesByPath(t *testing.T) {
	f, err := Parse([]byte(every), "c.yaml", "/r")
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"/r/Dockerfile":              "split-stages",
		"/r/legacy/web/Dockerfile":   "split-stages swap-base non-root",
		"/r/legacy/api/Dockerfile":   "split-stages swap-base",
		"/r/x/Dockerfile.old":        "split-stages swap-base non-root",
		"/r/x/y/Dockerfile.old":      "split-stages",
		"/elsewhere/legacy/web/File": "split-stages",
		"":                           "split-stages",
	} {
		var got []string
		for _, off := range f.off(Flags{}, file) {
			got = append(got, off.Transform)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: off are %v, want %s", file, got, want)
		}
	}
}

func TestGlobs(t *testing.T) {
	for _, c := range []struct {
		glob, name string
		want       bool
	}{
		{"a", "a", true}, {"a", "a/b", true}, {"a/", "a/b/c", true}, {"a", "b/a", false}, {"*", "a/b", true}, {"*.x", "a/b.x", false},
		{"**", "a/b/c", true}, {"**/b", "a/b", true}, {"**/b", "b", true}, {"a/**/c", "a/c", true}, {"a/**/c", "a/b/b/c", true},
		{"a/**/c", "a/b", false}, {"a/*/c", "a/b/c", true}, {"a/*/c", "a/c", false}, {"a/b?", "a/b1", true}, {"[ab]/x", "b/x", true},
		{strings.Repeat("**/", 40) + "z", strings.Repeat("a/", 200) + "y", false},
	} {
		if got := matches(c.glob, c.name); got != c.want {
			t.Errorf("%s matches %s: %v", c.glob, c.name, got)
		}
	}
}

// put writes files below a new folder and returns it.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSearch(t *testing.T) {
	dir := put(t, map[string]string{
		".bulwark.yaml": "uid: {min: 1000, max: 1001}\n", "r/.git/HEAD": "", "r/.bulwark.yaml": "uid: {min: 2000, max: 2001}\n",
		"r/a/b/Dockerfile": "", "r/a/.bulwark.yaml": "version: 1\n", "r/c/Dockerfile": "", "plain/x/y/Dockerfile": "", "plain/.bulwark.yaml": "version: 1\n",
		"module/.git": "gitdir: x", "module/d/Dockerfile": "",
	})
	for _, c := range []struct{ at, top, want string }{
		{"r/a/b", "r/a/b", "r/a/.bulwark.yaml"},
		{"r/a", "r", "r/a/.bulwark.yaml"},
		{"r/c", "r/c", "r/.bulwark.yaml"},
		{"plain/x/y", "plain", "plain/.bulwark.yaml"},
		{"plain/x/y", "plain/x", ""},
		{"plain/x/y", "r", ""},
		{"module/d", "", ""},
	} {
		f, err := Search(filepath.Join(dir, c.at), filepath.Join(dir, c.top))
		got := ""
		if f != nil {
			got, _ = filepath.Rel(dir, f.Name)
		}
		if err != nil || got != c.want {
			t.Errorf("from %s up to %s: %q, %v, want %q", c.at, c.top, got, err, c.want)
		}
	}
}

func TestLinksStayInside(t *testing.T) {
	dir := put(t, map[string]string{"secret": "version: 1\n", "r/.git/HEAD": "", "r/shared.yaml": "version: 1\n", "r/out/x": "", "r/in/x": "", "r/dir/.bulwark.yaml/x": ""})
	link := func(to, at string) {
		if err := os.Symlink(to, filepath.Join(dir, at, Name)); err != nil {
			t.Skip(err)
		}
	}
	link("../../secret", "r/out")
	link("../shared.yaml", "r/in")
	if _, err := Search(filepath.Join(dir, "r/in"), dir); err != nil {
		t.Errorf("a link within the repository: %v", err)
	}
	for _, at := range []string{"r/out", "r/dir"} {
		var e *Error
		if f, err := Search(filepath.Join(dir, at), dir); !errors.As(err, &e) || f != nil {
			t.Errorf("%s: %v, %v", at, f, err)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := put(t, map[string]string{"ok.yaml": "version: 1\n", "big.yaml": strings.Repeat("#", maxSize+1)})
	if _, err := Load(filepath.Join(dir, "ok.yaml")); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"big.yaml", "none.yaml", "."} {
		var e *Error
		if _, err := Load(filepath.Join(dir, name)); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(every))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("? {x: y}\n: !!binary z\n---\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > maxSize {
			return
		}
		file, err := Parse(data, "c.yaml", "/r")
		if err != nil {
			var at *Error
			if !errors.As(err, &at) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		file.Settings(Flags{}, "/r/a/Dockerfile")
		var o transform.Options
		file.Apply(&o, Flags{}, "/r/a/Dockerfile")
	})
}
