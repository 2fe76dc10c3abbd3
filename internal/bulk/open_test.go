package bulk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestContext(t *testing.T) {
	copyAll := "FROM golang\nCOPY . /src\n"
	tests := []struct {
		name       string
		files      map[string]string
		path, file string // file: the target to look at; "" for path
		context    string
		dockerfile string
		why        string
	}{
		{"its own folder", map[string]string{"Dockerfile": copyAll}, "Dockerfile", "", ".", "Dockerfile", ""},
		{"sources beside it", map[string]string{"x/Dockerfile": "FROM a\nCOPY app.py /\n", "x/app.py": "", "app.py": ""},
			".", "x/Dockerfile", "x", "Dockerfile", ""},
		{"sources above it", map[string]string{"x/y/Dockerfile": "FROM a\nCOPY src/*.py app/ /\n", "src/a.py": "", "app/": ""},
			".", "x/y/Dockerfile", ".", "x/y/Dockerfile", "COPY lines"},
		{"sources above what was given", map[string]string{"x/y/Dockerfile": "FROM a\nCOPY app.py /\n", "app.py": ""},
			"x", "x/y/Dockerfile", "x/y", "Dockerfile", ""},
		{"sources above the repository", map[string]string{"x/y/Dockerfile": "FROM a\nCOPY app.py /\n", "app.py": "", "x/.git/": ""},
			".", "x/y/Dockerfile", "x/y", "Dockerfile", ""},
		{"sources above a file that was given", map[string]string{"x/y/Dockerfile": "FROM a\nCOPY app.py /\n", "app.py": ""},
			"x/y/Dockerfile", "", ".", "x/y/Dockerfile", "COPY lines"},
		{"sources nowhere", map[string]string{"x/Dockerfile": "FROM a\nCOPY app.py /\n"}, ".", "x/Dockerfile", "x", "Dockerfile", ""},
		{"what comes from elsewhere does not count", map[string]string{
			"x/Dockerfile": "FROM a AS b\nFROM a\nCOPY --from=b main.go /\nADD https://x/y /\nCOPY $v /\nCOPY <<main.go /x\nmain.go\n", "main.go": ""},
			".", "x/Dockerfile", "x", "Dockerfile", ""},
		{"everything, from a folder named docker", map[string]string{"docker/Dockerfile": copyAll, "docker/run.sh": "", "go.mod": ""},
			".", "docker/Dockerfile", ".", "docker/Dockerfile", "COPY lines"},
		{"everything, with a manifest of its own", map[string]string{"docker/Dockerfile": copyAll, "docker/go.mod": "", "go.mod": ""},
			".", "docker/Dockerfile", "docker", "Dockerfile", ""},
		{"everything, from another folder", map[string]string{"web/Dockerfile": copyAll, "go.mod": ""}, ".", "web/Dockerfile", "web", "Dockerfile", ""},
		{"a compose file above says so", map[string]string{
			"docker/prod/Dockerfile": copyAll,
			"docker-compose.yml":     "services:\n  a:\n    image: x\n  web:\n    build:\n      context: docker\n      dockerfile: prod/Dockerfile\n"},
			".", "docker/prod/Dockerfile", "docker", "prod/Dockerfile", "docker-compose.yml builds it there"},
		{"a compose file beside says so", map[string]string{
			"deploy/Dockerfile":   copyAll,
			"deploy/compose.yaml": "services:\n  web:\n    build:\n      context: ..\n      dockerfile: deploy/Dockerfile\n"},
			"deploy/Dockerfile", "", ".", "deploy/Dockerfile", "compose.yaml builds it there"},
		{"a compose file in the short form", map[string]string{"web/Dockerfile": copyAll, "compose.yml": "services:\n  web:\n    build: ./web\n"},
			".", "web/Dockerfile", "web", "Dockerfile", ""},
		{"a compose file that leads out", map[string]string{"x/Dockerfile": copyAll, "x/compose.yml": "services:\n  web:\n    build:\n      context: ..\n      dockerfile: x/Dockerfile\n"},
			"x", "x/Dockerfile", "x", "Dockerfile", ""},
		{"a compose file that is none", map[string]string{"x/Dockerfile": copyAll, "compose.yml": "services: [\n"}, ".", "x/Dockerfile", "x", "Dockerfile", ""},
		{"a compose file with variables", map[string]string{"x/Dockerfile": copyAll, "compose.yml": "services:\n  a:\n    build:\n      context: $X\n      dockerfile: x/Dockerfile\n"},
			".", "x/Dockerfile", "x", "Dockerfile", ""},
		{"a file that does not parse", map[string]string{"x/Dockerfile": "FRUM a\n"}, ".", "x/Dockerfile", "x", "Dockerfile", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree(t, tt.files)
			target := one(t, tt.path)
			if tt.file != "" && target.Path != tt.file {
				t.Fatalf("found %s, want %s", target.Path, tt.file)
			}
			in, err := target.Open(nil)
			must(t, err)
			defer in.Close()
			if in.Context != tt.context || in.Dockerfile != tt.dockerfile || !strings.Contains(in.Why, tt.why) || (in.Why == "") != (tt.why == "") {
				t.Errorf("context %q, Dockerfile %q, why %q; want %q, %q, %q", in.Context, in.Dockerfile, in.Why, tt.context, tt.dockerfile, tt.why)
			}
			if text, err := fs.ReadFile(in.Build, in.Dockerfile); err != nil || string(text) != in.Text {
				t.Errorf("the context does not have the Dockerfile: %v", err)
			}
		})
	}
}

func TestContextOption(t *testing.T) {
	tree(t, map[string]string{"d/Dockerfile": simple, "d/sub/": "", "e/x": "y"})
	for _, tt := range []struct{ path, context, dockerfile string }{
		{"d/Dockerfile", ".", "d/Dockerfile"}, {"d/Dockerfile", "d", "Dockerfile"}, {"d/Dockerfile", "e", ""}, {"-", "e", ""},
	} {
		targets, errs := Find([]string{tt.path}, Options{Context: tt.context})
		if len(errs) != 0 || len(targets) != 1 {
			t.Fatalf("Find = %v, %v", targets, errs)
		}
		in, err := targets[0].Open(strings.NewReader(simple))
		must(t, err)
		if in.Context != tt.context || in.Dockerfile != tt.dockerfile || in.Why != "" || in.Text != simple {
			t.Errorf("%s in %s: %+v", tt.path, tt.context, in)
		}
		must(t, in.Close())
	}
}

func TestContextThatIsNone(t *testing.T) {
	tree(t, map[string]string{"Dockerfile": simple})
	for _, context := range []string{"nope", "Dockerfile"} {
		targets, _ := Find([]string{"Dockerfile"}, Options{Context: context})
		_, err := targets[0].Open(nil)
		var e *Error
		if !errors.As(err, &e) || e.Path != "Dockerfile" || !strings.Contains(err.Error(), "its build context "+context) {
			t.Errorf("--context %s: %v", context, err)
		}
	}
}

func TestStdinWithoutContext(t *testing.T) {
	in, err := one(t, "-").Open(strings.NewReader(simple))
	must(t, err)
	if in.Build != nil || in.Context != "" || in.Text != simple {
		t.Errorf("%+v", in)
	}
	must(t, in.Close())
}

// No link in a build context leads out of it.
func TestContextIsClosed(t *testing.T) {
	dir := tree(t, map[string]string{"ctx/Dockerfile": simple, "secret": "x", "ctx/up": "-> ../secret", "ctx/in": "-> Dockerfile"})
	must(t, os.Symlink(filepath.Join(dir, "secret"), filepath.Join(dir, "ctx/abs")))
	in, err := one(t, "ctx").Open(nil)
	must(t, err)
	defer in.Close()
	for _, name := range []string{"up", "abs", "../secret"} {
		if text, err := fs.ReadFile(in.Build, name); err == nil {
			t.Errorf("%s reads %q from outside", name, text)
		}
	}
	if text, err := fs.ReadFile(in.Build, "in"); err != nil || string(text) != simple {
		t.Errorf("in = %q, %v", text, err)
	}
}

func TestReadFails(t *testing.T) {
	tree(t, map[string]string{
		"empty": "", "binary": "FROM a\x00b\n", "utf16": "\xff\xfeF\x00R\x00", "large": strings.Repeat("#\n", MaxSize/2+1),
		"largest": strings.Repeat("#\n", MaxSize/2), "folder/": "",
	})
	for name, want := range map[string]error{
		"empty": errEmpty, "binary": errBinary, "utf16": errBinary, "large": errLarge, "folder": errFolder,
		"/dev/null": errSpecial, "nope": fs.ErrNotExist, "largest": nil,
	} {
		_, err := ReadFile(name)
		if !errors.Is(err, want) {
			t.Errorf("ReadFile(%s): %v, want %v", name, err, want)
		}
		if err != nil && !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("ReadFile(%s): %v does not begin with the name", name, err)
		}
	}
	if _, err := Read("stdin", strings.NewReader(strings.Repeat("x", MaxSize+1))); !errors.Is(err, errLarge) {
		t.Errorf("Read of a large stream: %v", err)
	}
}

func TestOwnIgnoreFile(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"Dockerfile.dockerignore", "node_modules\n", "node_modules\n"},
		{"Dockerfile.dockerignore", "", ""},
		{".dockerignore", "node_modules\n", ""},
	} {
		dir := tree(t, map[string]string{"Dockerfile": "FROM scratch\n", test.name: test.text})
		in, err := one(t, dir+"/Dockerfile").Open(nil)
		must(t, err)
		defer in.Close()
		if in.Ignore != test.want {
			t.Errorf("%s with %q: %q, want %q", test.name, test.text, in.Ignore, test.want)
		}
	}
}
