package evidence

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// tree makes a file system of a txtar archive. A file whose content is one line
// "-> target" becomes a symbolic link.
func tree(text string) fstest.MapFS {
	out := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(text)).Files {
		entry := &fstest.MapFile{Data: f.Data, Mode: 0o644}
		if target, ok := strings.CutPrefix(strings.TrimSpace(string(f.Data)), "-> "); ok {
			entry = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
		}
		out[f.Name] = entry
	}
	return out
}

func open(t *testing.T, text string) *Context {
	t.Helper()
	c, err := Open(tree(text), "Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// uses renders a list as "file:line call value", with what is not sure marked.
func uses(list []GoUse) []string {
	var out []string
	for _, u := range list {
		s := u.File + ":" + itoa(u.Line) + " " + u.Call + " " + u.Value
		switch {
		case u.Default:
			s += " default"
		case !u.Known:
			s += " ..."
		}
		if u.Env != "" {
			s += " $" + u.Env
		}
		out = append(out, s)
	}
	return out
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func settings(list []Setting) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.File+":"+itoa(s.Line)+" "+s.Value)
	}
	return out
}
