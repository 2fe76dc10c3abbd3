package verify

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gateway "github.com/moby/buildkit/frontend/gateway/client"
	spec "github.com/moby/docker-image-spec/specs-go/v1"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// The second side gets the time that the first one took, to end or to be up.
func TestRunTaskTakesAsLong(t *testing.T) {
	v := &Verifier{o: Options{Run: RunOptions{Grace: 3 * time.Second, Start: time.Minute}}}
	for _, tt := range []struct {
		name         string
		was          *wire.Seen
		grace, start time.Duration
	}{
		{"alone", nil, 3 * time.Second, time.Minute},
		{"it stayed up", &wire.Seen{Ready: 40 * time.Second}, 3 * time.Second, 83 * time.Second},
		{"it ended", &wire.Seen{Ready: 2 * time.Second, Exit: new(0)}, 7 * time.Second, time.Minute},
	} {
		task := v.runTask(&image{}, &proof.Side{Seen: tt.was})
		if task.Grace != tt.grace || task.Start != tt.start {
			t.Errorf("%s: %s and %s, want %s and %s", tt.name, task.Grace, task.Start, tt.grace, tt.start)
		}
	}
}

// The author's own health check is asked for beside /, on both sides the original's.
func TestRequests(t *testing.T) {
	with := func(test ...string) (c spec.DockerOCIImageConfig) {
		c.Healthcheck = &spec.HealthcheckConfig{Test: test}
		return c
	}
	root := wire.Request{Path: "/"}
	for _, tt := range []struct {
		name   string
		check  spec.DockerOCIImageConfig
		wanted []wire.Request
		want   []wire.Request
	}{
		{"none", spec.DockerOCIImageConfig{}, nil, []wire.Request{root}},
		{"curl", with("CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"), nil, []wire.Request{root, {Path: "/health", Port: 8080}}},
		{"wget", with("CMD", "wget", "-q", "--spider", "http://127.0.0.1/up.php?x=1"), nil, []wire.Request{root, {Path: "/up.php", Port: 80}}},
		{"Python", with("CMD", "python", "-c", "import urllib.request as u; u.urlopen('http://localhost:5000/api/v1/ping')"), nil, []wire.Request{root, {Path: "/api/v1/ping", Port: 5000}}},
		{"the root", with("CMD", "curl", "http://localhost:3000/"), nil, []wire.Request{root}},
		{"a variable", with("CMD-SHELL", "curl http://localhost:$PORT/health"), nil, []wire.Request{root}},
		{"another machine", with("CMD", "curl", "http://db:3000/x"), nil, []wire.Request{root}},
		{"no such port", with("CMD", "curl", "http://localhost:99999/x"), nil, []wire.Request{root}},
		{"the user knows better", with("CMD", "curl", "http://localhost/x"), []wire.Request{{Path: "/y"}}, []wire.Request{{Path: "/y"}}},
	} {
		img := &image{}
		img.config.Config = tt.check
		if got := requests(tt.wanted, nil, img); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		if got := requests(tt.wanted, &proof.Side{Config: tt.check}, &image{}); !slices.Equal(got, tt.want) {
			t.Errorf("%s, the rewrite: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestSoon(t *testing.T) {
	up, serves, ended := &wire.Seen{}, &wire.Seen{Ports: []wire.Port{{Number: 80}}}, &wire.Seen{Exit: new(1)}
	for _, tt := range []struct {
		name          string
		before, after *wire.Seen
		want          bool
	}{
		{"alive, then ended", up, ended, true},
		{"served, then ended", serves, ended, false},
		{"both alive", up, up, false},
		{"both ended", ended, ended, false},
		{"not run", nil, nil, false},
		{"not built", up, nil, false},
	} {
		if got := soon(&proof.Side{Seen: tt.before}, &proof.Side{Seen: tt.after}); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

// A broken database of packages is told, and ends nothing.
func TestUnreadable(t *testing.T) {
	if got := unreadable(nil); got != "" {
		t.Errorf("read: %q", got)
	}
	file := filepath.Join(t.TempDir(), "rpmdb.sqlite")
	if err := os.WriteFile(file, []byte("SQLite format 3\x00 and no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readRPM(file); unreadable(err) == "" {
		t.Error("a broken database was read")
	}
}

func TestNotRun(t *testing.T) {
	program := func(cmd ...string) (img *image) {
		img = &image{}
		img.config.Config.Cmd = cmd
		return img
	}
	holds := program("/app")
	holds.ref = struct{ gateway.Reference }{}
	for _, tt := range []struct {
		name string
		img  *image
		skip bool
		want string
	}{
		{"no file", program("/app"), false, "the image holds no file"},
		{"no program", program(), false, "the image has neither ENTRYPOINT nor CMD"},
		{"not wanted", holds, true, "--no-run"},
		{"it runs", holds, false, ""},
	} {
		v := &Verifier{o: Options{Run: RunOptions{Skip: tt.skip}}}
		if got := v.notRun(tt.img); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
