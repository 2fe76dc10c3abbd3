package verify

import (
	"slices"
	"testing"

	"github.com/moby/buildkit/client"
)

func TestBelowRecord(t *testing.T) {
	record := func(id, description string, size int64, parents ...string) *client.UsageInfo {
		return &client.UsageInfo{ID: id, Description: description, Size: size, Parents: parents}
	}
	records := []*client.UsageInfo{
		record("top", "mine", 1, "b"), record("b", "", 20, "a"), record("a", "", 300), record("x", "another's", 1, "y"), record("y", "", 4000),
		record("linked", "merged", 1, "m"), record("m", "", 5, "a", "b"), record("torn", "torn", 1, "gone"), record("ring", "ring", 1, "ring"),
	}
	for description, want := range map[string][]int64{
		"mine": {20, 300}, "another's": {4000}, "merged": nil, "nobody's": nil, "torn": nil, "ring": nil,
	} {
		got, err := belowRecord(records, description)
		if failed := description == "nobody's" || description == "torn" || description == "ring"; !slices.Equal(got, want) || (err != nil) != failed {
			t.Errorf("%s: %d (%v), want %d", description, got, err, want)
		}
	}
}
