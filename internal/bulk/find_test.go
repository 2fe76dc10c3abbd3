package bulk

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const simple = "FROM scratch\n"

func TestFind(t *testing.T) {
	tree(t, map[string]string{
		"Dockerfile": simple, "b/Dockerfile.prod": simple, "b/Dockerfile": simple, "b/README.md": "x",
		"a/web.Dockerfile": simple, "a/vendor/Dockerfile": simple, "a/node_modules/x/Dockerfile": simple, ".git/Dockerfile": simple,
		"c/Containerfile": simple, "c/Dockerfile.dockerignore": "x", "c/Dockerfile.j2": "x", "d/Dockerfile/inner/Dockerfile": simple,
		"odd/name": simple, "empty/": "",
	})
	tests := []struct {
		name  string
		paths []string
		want  []string
		errs  []string
	}{
		{"everything", []string{"."},
			[]string{"Dockerfile", "a/web.Dockerfile", "b/Dockerfile", "b/Dockerfile.prod", "c/Containerfile", "d/Dockerfile/inner/Dockerfile"}, nil},
		{"each once", []string{"b/Dockerfile", "./b", "b/../b/Dockerfile"}, []string{"b/Dockerfile", "b/Dockerfile.prod"}, nil},
		{"sorted", []string{"c", "a"}, []string{"a/web.Dockerfile", "c/Containerfile"}, nil},
		{"any name when named", []string{"odd/name"}, []string{"odd/name"}, nil},
		{"a skipped folder when named", []string{"a/vendor"}, []string{"a/vendor/Dockerfile"}, nil},
		{"standard input", []string{"-", "-"}, []string{"stdin"}, nil},
		{"none in a folder", []string{"empty"}, nil, []string{"empty: no Dockerfile found in this folder"}},
		{"missing, the others are found", []string{"nope", "c"}, []string{"c/Containerfile"}, []string{"nope: no such file or directory"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkFind(t, tt.paths, tt.want, tt.errs) })
	}
}

func TestFindLinks(t *testing.T) {
	tree(t, map[string]string{
		"real/Dockerfile":    simple,
		"twice/a/Dockerfile": simple, "twice/Dockerfile": "-> a/Dockerfile",
		"other/Dockerfile":     "-> image.txt",
		"other/image.txt":      simple,
		"outside/Dockerfile":   "-> ../real/Dockerfile",
		"loop/sub/Dockerfile":  simple,
		"loop/sub/up":          "-> ..",
		"self/Dockerfile":      simple,
		"self/a":               "-> b",
		"self/b":               "-> a",
		"dangling/Dockerfile":  "-> nowhere",
		"dangling/else":        "-> nowhere",
		"folderlink/to":        "-> ../real",
		"folderlink/x/y.txt":   "x",
		"named":                "-> real",
		"circle":               "-> circle",
		"folderlink/z/a/b/c/d": "x",
	})
	tests := []struct {
		name string
		path string
		want []string
		errs []string
	}{
		{"a link to a file that is found anyway", "twice", []string{"twice/a/Dockerfile"}, nil},
		{"a link to a file that is not", "other", []string{"other/Dockerfile"}, nil},
		{"a link that leads out", "outside", []string{"outside/Dockerfile"}, nil},
		{"a folder that lies in itself", "loop", []string{"loop/sub/Dockerfile"},
			[]string{"loop/sub/up: a symbolic link to a folder that it lies in: a loop, not followed"}},
		{"links to each other", "self", []string{"self/Dockerfile"},
			[]string{"self/a: too many levels of symbolic links", "self/b: too many levels of symbolic links"}},
		{"a link to nothing", "dangling", nil, []string{"dangling/Dockerfile: a symbolic link that leads nowhere"}},
		{"links to folders are not followed", "folderlink", nil, []string{"folderlink: no Dockerfile found in this folder"}},
		{"but those that are named", "named", []string{"named/Dockerfile"}, nil},
		{"a link to itself", "circle", nil, []string{"circle: too many levels of symbolic links"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkFind(t, []string{tt.path}, tt.want, tt.errs) })
	}
}

func checkFind(t *testing.T, paths, want, wantErrs []string) {
	t.Helper()
	targets, errs := Find(paths, Options{})
	var got, gotErrs []string
	for _, target := range targets {
		got = append(got, target.Path)
	}
	for _, err := range errs {
		gotErrs = append(gotErrs, err.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(wantErrs, gotErrs); diff != "" {
		t.Errorf("errors (-want +got)\n%s", diff)
	}
}

func TestDiffNames(t *testing.T) {
	tree(t, map[string]string{"in/Dockerfile": simple, "in/sub/Dockerfile": simple, "in/link": "-> sub/Dockerfile", "out/Dockerfile": simple, "out/x/": ""})
	tests := []struct {
		cwd   string
		paths []string
		want  []string
	}{
		{".", []string{"in"}, []string{"in/Dockerfile", "in/sub/Dockerfile"}},
		{"in", []string{"."}, []string{"Dockerfile", "sub/Dockerfile"}},
		{"in", []string{"link"}, []string{"sub/Dockerfile"}},
		{"in", []string{"-"}, []string{"Dockerfile"}},
		{"out/x", []string{"../../in"}, []string{"Dockerfile", "sub/Dockerfile"}},
		{"out/x", []string{"../Dockerfile"}, []string{"Dockerfile"}},
		{"out", []string{"../in/sub", "."}, []string{"in/sub/Dockerfile", "out/Dockerfile"}},
	}
	for _, tt := range tests {
		t.Chdir(tt.cwd)
		targets, _ := Find(tt.paths, Options{})
		var got []string
		for _, target := range targets {
			got = append(got, target.Name(Base(targets)))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("in %s, %v (-want +got)\n%s", tt.cwd, tt.paths, diff)
		}
		back(t, tt.cwd)
	}
}

// back leaves the folder that a row of a test stands in.
func back(t *testing.T, cwd string) {
	switch cwd {
	case "in", "out":
		t.Chdir("..")
	case "out/x":
		t.Chdir("../..")
	}
}
