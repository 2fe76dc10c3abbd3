package diff

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestColour(t *testing.T) {
	diff := Unified([]File{
		{"one", "-- a\nkeep\r\nx\n", "++ b\nkeep\r\nx\r\n"},
		{"two", "a", "b\n"},
	}, 1)
	want := bold + "--- a/one" + reset + "\n" + bold + "+++ b/one" + reset + "\n" +
		cyan + "@@ -1,3 +1,3 @@" + reset + "\n" +
		red + "--- a" + reset + "\n" + green + "+++ b" + reset + "\n keep\r\n" +
		red + "-x" + reset + "\n" + green + "+x" + reset + "\r\n" +
		bold + "--- a/two" + reset + "\n" + bold + "+++ b/two" + reset + "\n" +
		cyan + "@@ -1 +1 @@" + reset + "\n" + red + "-a" + reset + "\n" + "\\ No newline at end of file\n" +
		green + "+b" + reset + "\n"
	if d := cmp.Diff(want, Colour(diff)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if got := Colour(""); got != "" {
		t.Errorf("Colour of nothing = %q", got)
	}
}
