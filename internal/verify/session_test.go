package verify

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/docker/cli/cli/config"
)

// useDockerConfig makes dir the folder of Docker's configuration.
func useDockerConfig(t *testing.T, dir string) {
	t.Helper()
	was := config.Dir()
	config.SetDir(dir)
	t.Cleanup(func() { config.SetDir(was) })
}

func TestAttachables(t *testing.T) {
	dir := t.TempDir()
	useDockerConfig(t, dir)
	t.Setenv("TOKEN", "x")
	t.Setenv("SSH_AUTH_SOCK", "")
	file, socket := filepath.Join(dir, "file"), filepath.Join(dir, "agent")
	if err := os.WriteFile(file, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, make([]byte, 600<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tests := []struct {
		name         string
		secrets, ssh []string
		n            int
		err          string // part of the error besides the value
	}{
		{name: "nothing", n: 1},
		{name: "file", secrets: []string{"id=a,src=" + file, "id=b,source=" + file, "type=file,id=c,src=" + file}, n: 2},
		{name: "variable", secrets: []string{"id=a,env=TOKEN", "id=b,type=env,src=TOKEN", "id=TOKEN"}, n: 2},
		{name: "quoted", secrets: []string{`id=a,"src=` + file + `"`}, n: 2},
		{name: "both", secrets: []string{"id=a,env=TOKEN"}, ssh: []string{"default=" + socket, "raw=" + socket + ",raw=true"}, n: 3},
		{name: "no id", secrets: []string{"src=" + file}, err: "no id"},
		{name: "no such file", secrets: []string{"id=a,src=" + dir + "/none"}, err: "no such file"},
		{name: "too large", secrets: []string{"id=a,src=" + large}, err: "too big"},
		{name: "no such variable", secrets: []string{"id=a,env=NOT_THERE"}, err: "NOT_THERE is not set"},
		{name: "file and variable", secrets: []string{"id=a,env=TOKEN,src=" + file}, err: "either"},
		{name: "unknown key", secrets: []string{"id=a,file=x"}, err: `unknown key "file"`},
		{name: "unknown type", secrets: []string{"id=a,type=x,src=" + file}, err: `unknown type "x"`},
		{name: "no value", secrets: []string{"mysecret"}, err: "KEY=VALUE"},
		{name: "empty", secrets: []string{""}, err: "want id=ID"},
		{name: "bad quotes", secrets: []string{`id="a`}, err: "want id=ID"},
		{name: "twice", secrets: []string{"id=a,env=TOKEN", "id=a,src=" + file}, err: "a second secret"},
		{name: "no agent", ssh: []string{"default"}, err: "SSH_AUTH_SOCK"},
		{name: "no socket", ssh: []string{"default=" + dir + "/none"}, err: "no such file"},
		{name: "no key", ssh: []string{"git=" + file}, err: "parse"},
		{name: "no ssh id", ssh: []string{"=" + socket}, err: "no id"},
		{name: "raw what", ssh: []string{"x=" + socket + ",raw=maybe"}, err: "raw=maybe"},
		{name: "raw twice", ssh: []string{"x=" + socket + "," + socket + ",raw=1"}, err: "one socket"},
		{name: "ssh twice", ssh: []string{"x=" + socket, "x=" + socket}, err: "a second agent"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := SessionOptions{Secrets: test.secrets, SSH: test.ssh}.attachables()
			if test.err == "" {
				if err != nil || len(got) != test.n {
					t.Errorf("%d attachables, %v; want %d", len(got), err, test.n)
				}
				return
			}
			last := slices.Concat(test.secrets, test.ssh)
			quoted := strings.NewReplacer(`"`, `\"`).Replace(last[len(last)-1])
			if err == nil || !strings.Contains(err.Error(), test.err) || !strings.Contains(err.Error(), quoted) {
				t.Errorf("error %v, want the value and %q", err, test.err)
			}
		})
	}
}

func TestAttachablesBrokenConfiguration(t *testing.T) {
	dir := t.TempDir()
	useDockerConfig(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (SessionOptions{}).attachables(); err == nil || !strings.Contains(err.Error(), "Docker's configuration") {
		t.Errorf("error %v", err)
	}
}
