package proof

import (
	"testing"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// Which folders the rewritten program has to be able to write to, where the
// original wrote, root's home being /root.
func TestFoldersThatMatter(t *testing.T) {
	for _, test := range []struct {
		name     string
		wrote    []string
		writable []wire.Dir
		want     Verdict
	}{
		{"data", []string{"/data"}, []wire.Dir{{Path: "/data", Exists: true}}, Broken},
		{"data that is handed over", []string{"/data"}, []wire.Dir{{Path: "/data", Exists: true, Writable: true}}, Same},
		{"another user's folder in a /tmp that can be written to", []string{"/tmp/hsperfdata_root"},
			[]wire.Dir{{Path: "/tmp", Exists: true, Writable: true}, {Path: "/tmp/hsperfdata_root", Exists: true}}, Same},
		{"a /tmp that cannot be written to", []string{"/tmp/hsperfdata_root"},
			[]wire.Dir{{Path: "/tmp", Exists: true}, {Path: "/tmp/hsperfdata_root", Exists: true}}, Broken},
		{"a cache of a tool", []string{"/root/.cache", "/root/.cache/go-build/ab"}, nil, Same},
		{"settings of a tool, and what was made on the way", []string{"/root/.config", "/root/.config/go", "/root/.config/go/telemetry"}, nil, Same},
		{"state of the program beside them", []string{"/root/.config", "/root/.config/app", "/root/.config/go"}, nil, Broken},
		{"state in the home itself", []string{"/root", "/root/.cache"}, nil, Broken},
	} {
		before := &Side{Inventory: &wire.Inventory{}, Seen: &wire.Seen{Wrote: test.wrote}}
		asked := test.writable
		for _, dir := range test.wrote {
			if _, ok := find(asked, dir); !ok {
				asked = append(asked, wire.Dir{Path: dir})
			}
		}
		after := &Side{Inventory: &wire.Inventory{}, Seen: &wire.Seen{Writable: asked}}
		if p := Compare(before, after, Expect{}); p.Verdict != test.want {
			t.Errorf("%s: %s, want %s: %s", test.name, p.Verdict, test.want, p.Why)
		}
	}
}
