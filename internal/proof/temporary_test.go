package proof

import (
	"testing"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

func TestTemporaryFolders(t *testing.T) {
	for _, test := range []struct {
		name string
		tmp  bool
		want Verdict
	}{
		{"another user's folder in a /tmp that can be written to", true, Same},
		{"a /tmp that cannot be written to", false, Broken},
	} {
		before, after := &Side{Inventory: &wire.Inventory{}, Seen: &wire.Seen{Wrote: []string{"/tmp/hsperfdata_root"}}}, &Side{Inventory: &wire.Inventory{}, Seen: &wire.Seen{
			Writable: []wire.Dir{{Path: "/tmp", Exists: true, Writable: test.tmp}, {Path: "/tmp/hsperfdata_root", Exists: true}},
		}}
		if p := Compare(before, after, Expect{}); p.Verdict != test.want {
			t.Errorf("%s: %s, want %s: %s", test.name, p.Verdict, test.want, p.Why)
		}
	}
}
