package proof

import (
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// A rewrite that could not be built for reasons outside of it is not called broken.
func TestRewriteNotBuiltForOtherReasons(t *testing.T) {
	before := &Side{Inventory: &wire.Inventory{}}
	for outside, want := range map[bool]Verdict{true: Inconclusive, false: Broken} {
		p := Compare(before, &Side{Failed: "the build did not end in time: it has 3s", Outside: outside}, Expect{})
		if p.Verdict != want || !strings.Contains(p.Why, "it has 3s") {
			t.Errorf("outside %t: %s, want %s: %s", outside, p.Verdict, want, p.Why)
		}
	}
}
