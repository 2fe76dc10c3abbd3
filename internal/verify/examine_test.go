package verify

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	gateway "github.com/moby/buildkit/frontend/gateway/client"

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
