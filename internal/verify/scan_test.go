//go:build unix

package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

// fakeTrivy writes a program that answers --version and does as the shell script
// says otherwise, and returns a Scanner that runs it.
func fakeTrivy(t *testing.T, script string) *Scanner {
	t.Helper()
	s, err := FindScanner(find(fakeProgram(t, "Version: 0.72.0", script)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func find(path string) func(string) (string, error) {
	return func(string) (string, error) { return path, nil }
}

func fakeProgram(t *testing.T, version, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trivy")
	text := fmt.Sprintf("#!/bin/sh\nif [ \"$1\" = --version ]; then printf '%%s\\n' '%s'; exit; fi\n%s\n", version, script)
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// debian is a report in the format of Trivy: three findings of the system's
// packages, three of the languages', one of them with a severity that is not one.
const debian = `{
  "SchemaVersion": 2,
  "Trivy": {"Version": "0.72.0"},
  "CreatedAt": "2026-11-24T10:00:00Z",
  "ArtifactName": "image.tar",
  "ArtifactType": "container_image",
  "Metadata": {"Size": 1, "OS": {"Family": "debian", "Name": "12.5", "EOSL": true}, "ImageConfig": {"os": "linux"}},
  "Results": [
    {"Target": "image.tar (debian 12.5)", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": [
      {"VulnerabilityID": "CVE-1", "PkgName": "libssl3", "Severity": "CRITICAL", "Title": "made up"},
      {"VulnerabilityID": "CVE-2", "PkgName": "zlib1g", "Severity": "LOW"},
      {"VulnerabilityID": "CVE-6", "PkgName": "zlib1g", "Severity": "MEDIUM"}]},
    {"Target": "Node.js", "Class": "lang-pkgs", "Type": "node-pkg", "Vulnerabilities": [
      {"VulnerabilityID": "CVE-3", "PkgName": "tar", "Severity": "HIGH"},
      {"VulnerabilityID": "CVE-4", "PkgName": "qs", "Severity": "HIGH"},
      {"VulnerabilityID": "CVE-5", "PkgName": "ms", "Severity": "NEGLIGIBLE"}]},
    {"Target": "Java", "Class": "lang-pkgs", "Type": "jar"}
  ]
}`

const scratch = `{"SchemaVersion": 2, "ArtifactType": "container_image", "Metadata": {"ImageConfig": {}}}`

func counts(critical, high, medium, low, unknown int) map[string]int {
	return map[string]int{"CRITICAL": critical, "HIGH": high, "MEDIUM": medium, "LOW": low, "UNKNOWN": unknown}
}

func TestReadReport(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       *proof.Scan
		wrong      string
	}{
		{name: "system and languages", text: debian, want: &proof.Scan{Target: "debian 12.5", BySeverity: counts(1, 2, 1, 1, 1)}},
		{name: "no system", text: scratch, want: &proof.Scan{Target: "none", BySeverity: counts(0, 0, 0, 0, 0)}},
		{
			name: "a system called none",
			text: `{"SchemaVersion":2,"ArtifactType":"container_image","Metadata":{"OS":{"Family":"none","Name":""}}}`,
			want: &proof.Scan{Target: "none", BySeverity: counts(0, 0, 0, 0, 0)},
		},
		{
			name: "a system with a hostile name",
			text: `{"SchemaVersion":2,"ArtifactType":"container_image","Metadata":{"OS":{"Family":"deb\u001b[2Jian","Name":"12\n"}}}`,
			want: &proof.Scan{Target: "debian 12", BySeverity: counts(0, 0, 0, 0, 0)},
		},
		{
			name: "a system with a long name",
			text: `{"SchemaVersion":2,"ArtifactType":"container_image","Metadata":{"OS":{"Family":"` + strings.Repeat("x", 100) + `"}}}`,
			want: &proof.Scan{Target: "unknown", BySeverity: counts(0, 0, 0, 0, 0)},
		},
		{name: "nothing", text: "", wrong: "unexpected end"},
		{name: "cut off", text: debian[:500], wrong: "unexpected end"},
		{name: "other JSON", text: `{}`, wrong: "no report"},
		{name: "null", text: `null`, wrong: "no report"},
		{name: "later format", text: `{"SchemaVersion":3,"ArtifactType":"container_image"}`, wrong: "version 3"},
		{name: "of a folder", text: `{"SchemaVersion":2,"ArtifactType":"filesystem"}`, wrong: `"filesystem"`},
		{name: "trailing text", text: scratch + "{}", wrong: "after top-level"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readReport([]byte(tt.text))
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Fatalf("error %v, want %q", err, tt.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzReadReport(f *testing.F) {
	for _, text := range []string{debian, scratch, "{}", "null", `{"SchemaVersion":2,"ArtifactType":"container_image","Results":[null,{"Vulnerabilities":[null]}]}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		scan, err := readReport(text)
		if err != nil {
			return
		}
		if len(scan.BySeverity) != 5 || scan.Target == "" || len(scan.Target) > maxTarget || scan.Target != oneLine(scan.Target) || scan.Problem != "" {
			t.Errorf("read %+v", scan)
		}
	})
}

func TestArchive(t *testing.T) {
	s := fakeTrivy(t, "cat <<'END'\n"+debian+"\nEND")
	want := &proof.Scan{Target: "debian 12.5", BySeverity: counts(1, 2, 1, 1, 1)}
	if diff := cmp.Diff(want, s.Archive(t.Context(), "image.tar")); diff != "" {
		t.Error(diff)
	}
}

// What Trivy is told, and where: not where the user's own trivy.yaml counts.
func TestArchiveArguments(t *testing.T) {
	record := filepath.Join(t.TempDir(), "record")
	s := fakeTrivy(t, "{ pwd; printf '%s\\n' \"$@\"; } >'"+record+"'\necho '"+scratch+"'")
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, offline := range []bool{false, true} {
		s.Offline = offline
		if scan := s.Archive(t.Context(), "a b/-image.tar"); scan.Problem != "" {
			t.Fatal(scan.Problem)
		}
		text, err := os.ReadFile(record)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		want := []string{
			"image", "--input", filepath.Join(here, "a b/-image.tar"), "--format", "json", "--scanners", "vuln", "--quiet",
			"--timeout", "24h", "--skip-version-check", "--disable-telemetry",
		}
		if offline {
			want = append(want, "--skip-db-update", "--skip-java-db-update", "--offline-scan")
		}
		if diff := cmp.Diff(want, lines[1:]); diff != "" {
			t.Error(diff)
		}
		if lines[0] == here {
			t.Error("it ran where the user stands")
		}
		if _, err := os.Stat(lines[0]); !os.IsNotExist(err) {
			t.Errorf("the folder it ran in is still there: %v", err)
		}
	}
}

func TestArchiveProblems(t *testing.T) {
	for _, tt := range []struct{ name, script, want string }{
		{
			"no database", `printf '2026-11-24T10:00:00Z\tFATAL\tFatal error\trun error: init error: DB error: database error: --skip-db-update cannot be specified on the first run\n' >&2; exit 1`,
			"trivy has no vulnerability database on this machine: run `trivy image --download-db-only`",
		},
		{
			"no Java database", `printf "FATAL\tunable to initialize the Java DB: '--skip-java-db-update' cannot be specified on the first run\n" >&2; exit 1`,
			"trivy has no database of Java archives",
		},
		{
			"old database", `echo 'FATAL --skip-db-update cannot be specified with the old DB schema. Local DB: 1, Expected: 2' >&2; exit 1`,
			"trivy's vulnerability database is not of its own version",
		},
		{
			"no network", `echo 'FATAL init error: DB error: failed to download vulnerability DB: dial tcp: no route to host' >&2; exit 1`,
			"trivy could not download its vulnerability database: FATAL init error",
		},
		{"something else", `printf '\033[31mFATAL\033[0m\tunable to open\a it\n\n' >&2; exit 1`, "trivy failed (exit status 1): FATAL unable to open it"},
		{"nothing said", "exit 7", "trivy failed: exit status 7"},
		{"a crash", "kill -9 $$", "trivy failed: signal: killed"},
		{"many words", `head -c 100000 /dev/zero | tr '\0' x >&2; exit 1`, "trivy failed (exit status 1): " + strings.Repeat("x", maxSaid) + "..."},
		{"no report", "echo all is well", "reading trivy's report: invalid character"},
		{"no output", "exit 0", "reading trivy's report: unexpected end"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			scan := fakeTrivy(t, tt.script).Archive(t.Context(), "image.tar")
			if !strings.HasPrefix(scan.Problem, tt.want) {
				t.Errorf("problem %q, want %q", scan.Problem, tt.want)
			}
			if scan.BySeverity != nil || scan.Target != "" {
				t.Errorf("it counts all the same: %+v", scan)
			}
			if len(scan.Problem) > 500 {
				t.Errorf("the problem has %d bytes", len(scan.Problem))
			}
		})
	}
}

// A hanging Trivy ends with its context, and its children with it.
func TestArchiveHangs(t *testing.T) {
	record := filepath.Join(t.TempDir(), "child")
	s := fakeTrivy(t, "sleep 600 & echo $! >'"+record+".new'; mv '"+record+".new' '"+record+"'; wait")
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan *proof.Scan, 1)
	go func() { done <- s.Archive(ctx, "image.tar") }()
	child := waitForNumber(t, record)
	cancel(errors.New("the user has had enough"))
	if got, want := (<-done).Problem, "trivy was stopped: the user has had enough"; got != want {
		t.Errorf("problem %q, want %q", got, want)
	}
	ended(t, child)
}

// A child that outlives Trivy is ended too.
func TestArchiveLeavesNothing(t *testing.T) {
	record := filepath.Join(t.TempDir(), "child")
	s := fakeTrivy(t, "sleep 600 >/dev/null 2>&1 & echo $! >'"+record+"'; echo '"+scratch+"'")
	if scan := s.Archive(t.Context(), "image.tar"); scan.Problem != "" {
		t.Error(scan.Problem)
	}
	ended(t, waitForNumber(t, record))
}

func waitForNumber(t *testing.T, file string) int {
	t.Helper()
	for range 3000 {
		if text, err := os.ReadFile(file); err == nil {
			n, err := strconv.Atoi(strings.TrimSpace(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s was not written", file)
	return 0
}

// ended waits until a process runs no more: it is gone, or waits to be collected.
func ended(t *testing.T, pid int) {
	t.Helper()
	for range 3000 {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if _, state, ok := strings.Cut(string(stat), ") "); err == nil && ok && state[0] == 'Z' {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d still runs", pid)
}

func TestArchiveFloods(t *testing.T) {
	scan := fakeTrivy(t, "exec yes '{}'").Archive(t.Context(), "image.tar")
	if want := "trivy failed: it printed more than"; !strings.HasPrefix(scan.Problem, want) {
		t.Errorf("problem %q, want %q", scan.Problem, want)
	}
}

func TestFindScanner(t *testing.T) {
	missing := func(string) (string, error) { return "", exec.ErrNotFound }
	if _, err := FindScanner(missing); err == nil || !strings.Contains(err.Error(), "not on the PATH") || !strings.Contains(err.Error(), "--scan") {
		t.Errorf("without trivy: %v", err)
	}
	for _, tt := range []struct{ version, wrong string }{
		{"Version: 0.72.0", ""},
		{"Version: v0.69.3\nVulnerability DB:\n  Version: 2", ""},
		{"Version: 0.69.40", ""},
		{"Version: 0.69.4", "Trivy 0.69.4"},
		{"Version: v0.69.5", "CVE-2026-33634"},
		{"Version: 0.69.6-rc.1", "not run"},
		{"Version: dev", "does not tell its version"},
		{"  Version: 0.72.0", "does not tell its version"},
	} {
		_, err := FindScanner(find(fakeProgram(t, tt.version, "")))
		if tt.wrong == "" && err != nil || tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)) {
			t.Errorf("%q: error %v, want %q", tt.version, err, tt.wrong)
		}
	}
	if _, err := FindScanner(find(filepath.Join(t.TempDir(), "gone"))); err == nil {
		t.Error("a program that is not there was accepted")
	}
}

// A stolen version is not even asked for its version where its path tells it.
func TestStolenIsNotRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "trivy-0.69.5")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ran := filepath.Join(dir, "ran")
	program := filepath.Join(dir, "trivy")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n: >'"+ran+"'\necho Version: 0.72.0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := FindScanner(find(program)); err == nil || !strings.Contains(err.Error(), "Trivy 0.69.5") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("it was run")
	}
}

func TestBuiltVersion(t *testing.T) {
	flags := func(text string) []debug.BuildSetting { return []debug.BuildSetting{{Key: "-ldflags", Value: text}} }
	for _, tt := range []struct {
		name string
		info debug.BuildInfo
		want string
	}{
		{"linker flags", debug.BuildInfo{Settings: flags("-s -w -X github.com/aquasecurity/trivy/pkg/version/app.ver=0.69.4")}, "0.69.4"},
		{"quoted", debug.BuildInfo{Settings: flags(`-X "github.com/aquasecurity/trivy/pkg/version/app.ver=v0.69.5" -s`)}, "0.69.5"},
		{"module", debug.BuildInfo{Main: debug.Module{Version: "v0.72.0+dirty"}}, "0.72.0"},
		{"flags before module", debug.BuildInfo{Main: debug.Module{Version: "v0.1.0"}, Settings: flags("-X x/app.ver=0.69.6")}, "0.69.6"},
		{"none", debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: flags("-s -w")}, ""},
	} {
		if got := builtVersion(&tt.info); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
