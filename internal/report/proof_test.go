package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify/wire"
	"github.com/bulwark-cli/bulwark/transform"
)

var update = flag.Bool("update", false, "fill testdata; a person reads it before it is committed")

// golden compares a text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// image is a web server as it is before the rewrite.
func image() *proof.Side {
	s := &proof.Side{
		Took: 31*time.Second + 123456*time.Microsecond,
		Inventory: &wire.Inventory{Size: 812_000_000, Files: []wire.File{
			{Path: "/app/main", Size: 9_000_000, Mode: 0o755}, {Path: "/bin/bash", Size: 1_000_000, Mode: 0o755}, {Path: "/bin/sh", Link: "bash", Mode: 0o777},
			{Path: "/usr/bin/apt-get", Size: 50_000, Mode: 0o755}, {Path: "/usr/bin/su", Size: 70_000, Mode: 0o4755}, {Path: "/usr/local/go/bin/go", Size: 700_000_000, Mode: 0o755},
		}},
		Packages: []wire.Package{{Manager: "dpkg", Name: "bash", Version: "5"}, {Manager: "dpkg", Name: "libc6", Version: "2"}},
		Seen: &wire.Seen{
			UIDs: []int{0}, Ports: []wire.Port{{Number: 8080}}, Stopped: true, Ready: 1500 * time.Millisecond,
			Answers: []wire.HTTP{{Request: wire.Request{Path: "/", Port: 8080}, Status: 200, Type: "application/json", Body: `{"up": 1}`}},
		},
		Scan: &proof.Scan{Target: "debian 12.5", BySeverity: map[string]int{"CRITICAL": 3, "HIGH": 20, "MEDIUM": 0, "LOW": 7, "UNKNOWN": 0}},
	}
	s.Config.Env = []string{"PATH=/usr/local/go/bin:/usr/bin", "GOPATH=/go", "MODE=prod"}
	s.Config.ExposedPorts = map[string]struct{}{"8080/tcp": {}}
	s.Config.Cmd = []string{"/app/main"}
	return s
}

// smaller is what a good rewrite makes of it.
func smaller() *proof.Side {
	s := image()
	s.Took = 12 * time.Second
	s.Inventory = &wire.Inventory{Size: 12_000_000, Files: s.Inventory.Files[:1]}
	s.Packages = s.Packages[1:]
	s.Seen.UIDs, s.Seen.Answers[0].Body = []int{65532}, `{"up": 2}`
	s.Scan.BySeverity = map[string]int{"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "LOW": 8, "UNKNOWN": 0}
	s.Config.User, s.Config.Env = "65532:65532", []string{"PATH=/usr/bin", "MODE=prod"}
	return s
}

// hostile says things that would steer a terminal, a browser or a table.
const hostile = "\x1b[2Jerror: | `x` <script>alert(1)</script> **b** @team #1 [a](http://x) www.x.y\u202e\n"

func verified() []Verified {
	expect := proof.Expect{Own: []string{"MODE"}, OwnPorts: []string{"8080/tcp"}}
	dies := smaller()
	dies.Seen = &wire.Seen{Exit: new(1), UIDs: []int{}, Stderr: "starting\n\n" + hostile + "\tat <b>\n"}
	dies.Config.Env = nil
	unbuilt := &proof.Side{Failed: `failed to solve: process "make" did not complete successfully: exit code: 2`, Log: "gcc main.c\nmake: gcc: not found\n"}
	rewritten := &transform.Result{Applied: []transform.Applied{
		{Transform: "split-stages", Written: true}, {Transform: "non-root", Written: true}, {Transform: "split-stages", Written: true}, {Transform: "swap-base"},
	}}
	return []Verified{
		{Path: "api/Dockerfile", Result: rewritten, Proof: proof.Compare(image(), smaller(), expect), Builder: "docker-container://buildkitd"},
		{Path: "a|b`<c>\x1b[2J", Proof: proof.Compare(image(), dies, expect), Note: "Its **platform** is linux/arm64."},
		{Path: "same/Dockerfile", Proof: proof.Compare(image(), image(), expect)},
		{Path: "old/Dockerfile", Proof: proof.Compare(unbuilt, nil, expect)},
		{Path: "new/Dockerfile", Proof: proof.Compare(image(), unbuilt, expect)},
		{Path: "env/Dockerfile", Proof: proof.Compare(&proof.Side{Seen: &wire.Seen{Exit: new(1), Stderr: "KeyError: 'BOT_TOKEN'\n"}}, nil, expect)},
		{Path: "good/Dockerfile", Result: &transform.Result{}},
		{Path: "hard/Dockerfile", Result: &transform.Result{Skipped: []transform.Skipped{{Skip: transform.Skip{Kind: transform.Unsure}}, {Skip: transform.Skip{Kind: transform.NotNeeded}}}}},
		{Path: "odd/Dockerfile", Err: fmt.Errorf("parsing: %w", &dockerfile.Error{Name: "f", Line: 7, Err: errors.New("odd")})},
	}
}

func TestProofText(t *testing.T) {
	var some, full strings.Builder
	for _, v := range verified() {
		some.WriteString(ProofText(v, false) + "\n")
		full.WriteString(ProofText(v, true) + "\n")
	}
	golden(t, "proof.txt", some.String())
	golden(t, "proof_full.txt", full.String())
	golden(t, "proof_table.txt", ProofTable(verified()))
	for _, text := range []string{some.String(), full.String(), ProofTable(verified())} {
		if strings.ContainsAny(text, "\x1b\u202e\t\r") {
			t.Errorf("it can steer a terminal: %q", text)
		}
	}
}

// Progress does not push out what matters.
func TestLastLines(t *testing.T) {
	text := "start\n(Reading database ... 5%\n(Reading database ... 100%\n12 kB\n13 kB\n14 kB\n\n\x1b[31mfailed\x1b[0m\nfailed\n"
	want := []string{"(Reading database ... 100%", "14 kB", "failed", "failed"}
	if diff := cmp.Diff(want, lastLines(text, 4)); diff != "" {
		t.Error(diff)
	}
}

func TestProofJSON(t *testing.T) {
	var out bytes.Buffer
	if err := ProofJSON(&out, verified()); err != nil {
		t.Fatal(err)
	}
	golden(t, "proof.json", out.String())
	for _, vs := range [][]Verified{nil, {{Path: "\xff\x00"}}, {{Proof: &proof.Proof{Before: &proof.Side{}, After: &proof.Side{Failed: "\xff"}}}}} {
		out.Reset()
		if err := ProofJSON(&out, vs); err != nil || !json.Valid(out.Bytes()) {
			t.Errorf("%v: %s", err, out.String())
		}
	}
}

func TestProofMarkdown(t *testing.T) {
	var out strings.Builder
	if err := ProofMarkdown(&out, verified()); err != nil {
		t.Fatal(err)
	}
	golden(t, "proof.md", out.String())
	if strings.Contains(out.String(), "<script") {
		t.Error("<script is not escaped")
	}
	text := regexp.MustCompile("(?s)<pre>.*?</pre>").ReplaceAllString(out.String(), "") // all is shown as it is there
	for _, bad := range []string{"<b>", "<c>", "`", "@team", " #1", "](", "http://", "**b**", "**platform**", "\x1b"} {
		if strings.Contains(text, bad) {
			t.Errorf("%q is not escaped", bad)
		}
	}
	for line := range strings.Lines(out.String()) {
		if n := strings.Count(line, "|"); strings.HasPrefix(line, "|") && n != 7 {
			t.Errorf("a row with %d cells: %s", n-1, line)
		}
	}
}

// A report is bounded, and says what it left out.
func TestProofMarkdownIsBounded(t *testing.T) {
	var many []Verified
	for range 300 {
		many = append(many, verified()...)
	}
	var out strings.Builder
	if err := ProofMarkdown(&out, many); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1800 verified: 300 better, 300 same, 600 broken, 600 inconclusive; 600 unchanged; 300 failed\n", "files more left out of the table", "files more left out of the details"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if out.Len() > 65_536 {
		t.Errorf("it has %d bytes", out.Len())
	}
}

func TestProofSummary(t *testing.T) {
	for want, vs := range map[string][]Verified{
		"0 verified": nil,
		"6 verified: 1 better, 1 same, 2 broken, 2 inconclusive; 2 unchanged; 1 failed": verified(),
		"0 verified; 1 unchanged": {{Path: "f"}},
	} {
		if got := summarise(vs).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Whatever a value holds, it stays in its cell and does nothing there.
func FuzzMarkdown(f *testing.F) {
	f.Add(hostile)
	f.Add("&#124;\r\n\\|<!-- -->` ~~x~~")
	f.Fuzz(func(t *testing.T, text string) {
		got := strings.ReplaceAll(markdown(text), "<!-- -->", "")
		if strings.ContainsAny(got, "<>|`*_[]~\\$\r\n\t\x1b") {
			t.Errorf("%q becomes %q", text, got)
		}
		if want := strings.TrimSpace(printable(text)); html.UnescapeString(got) != want {
			t.Errorf("%q is shown as %q", want, html.UnescapeString(got))
		}
	})
}

type refusing struct{}

func (refusing) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestProofIsNotWritten(t *testing.T) {
	for _, err := range []error{ProofJSON(refusing{}, nil), ProofMarkdown(refusing{}, nil)} {
		if err == nil || err.Error() != "writing the report: full" {
			t.Error(err)
		}
	}
}

// Cells stand below each other, counted in runes.
func TestAlign(t *testing.T) {
	got := align([][]string{{"größe", "1", "", "x"}, {"a", "−22", "", ""}}, 1)
	want := []string{"größe    1  x", "a      −22"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
