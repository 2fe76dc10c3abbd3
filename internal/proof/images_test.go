package proof

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// What is told of an original that builds and does not run, beside that.
func TestImagesOfAnOriginalThatDoesNotRun(t *testing.T) {
	dies := func(said string) *Side {
		s := server()
		s.Seen = &wire.Seen{Exit: new(1), Stderr: said}
		return s
	}
	smaller := func(s *Side) *Side {
		s.Config.User, s.Inventory.Size = "65532", 12_000_000
		return s
	}
	lost := smaller(dies("KeyError: 'URL'\n"))
	lost.Config.Env = lost.Config.Env[:1]
	missing := server()
	missing.Seen = &wire.Seen{Failed: "exec: \"/tini\": no such file"}
	ran := server()
	ran.Seen = &wire.Seen{Runaway: "too many processes"}
	better := []string{"better user: root > 65532", "better size: 200 MB > 12.0 MB (−94.0 %)"}
	for _, tt := range []struct {
		name          string
		before, after *Side
		verdict       Verdict
		want          []string
		assured       string // "" for nothing about the end
	}{
		{"the same way", dies("12:03 KeyError: 'URL'\n"), smaller(dies("12:04 KeyError: 'URL'\n")), Inconclusive, better, "fails in the same way: ends with 1: 12:04 KeyError: 'URL'"},
		{"another way", dies("KeyError: 'URL'\n"), smaller(dies("PermissionError: /x\n")), Inconclusive,
			append([]string{"worse start: ends with 1: KeyError: 'URL' > ends with 1: PermissionError: /x (both fail, but not in the same way)"}, better...), ""},
		{"no program", missing, missing, Inconclusive, nil, "fails in the same way: does not start: exec: \"/tini\": no such file"},
		{"the rewrite runs", dies("KeyError: 'URL'\n"), server(), Inconclusive,
			[]string{"differs start: ends with 1: KeyError: 'URL' > stays up (the original does not start here, and the rewrite does)"}, ""},
		{"it does not build", dies("KeyError: 'URL'\n"), &Side{Failed: "\"/x\": not found"}, Broken, []string{`broken build: builds > does not build ("/x": not found)`}, ""},
		{"it could not be built", dies("KeyError: 'URL'\n"), &Side{Failed: "no time", Outside: true}, Inconclusive, nil, ""},
		{"lost environment", dies("KeyError: 'URL'\n"), lost, Broken,
			append([]string{"broken ENV MODE: prod > lost (the author set it)"}, append(better, "differs other ENV: 3 variables > 1 variable (gone: GOLANG_VERSION)")...), "fails in the same way: ends with 1: KeyError: 'URL'"},
		{"it had to be ended", ran, smaller(server()), Inconclusive, nil, ""},
		{"the original does not build", &Side{Failed: "x"}, server(), Inconclusive, nil, ""},
	} {
		p := Compare(tt.before, tt.after, own)
		if diff := cmp.Diff(tt.want, found(p.Findings)); diff != "" || p.Verdict != tt.verdict {
			t.Errorf("%s: %s: %s (-want +got)\n%s", tt.name, p.Verdict, p.Why, diff)
		}
		i := slices.IndexFunc(p.Assured, func(s string) bool { return strings.HasPrefix(s, "fails") })
		if got := i >= 0; got != (tt.assured != "") || got && p.Assured[i] != tt.assured {
			t.Errorf("%s: assured %q", tt.name, p.Assured)
		}
	}
}
