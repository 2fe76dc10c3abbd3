package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

const (
	maxReport  = 128 << 20 // bytes of a report: an image with thousands of findings makes 20 MB
	maxScanLog = 64 << 10  // bytes of what Trivy tells on standard error
	maxSaid    = 300       // bytes of its own words in a Problem
	// versionLimit bounds `trivy --version`, which reads a few small files.
	versionLimit = 20 * time.Second
)

// Scanner runs Trivy.
type Scanner struct {
	// Offline leaves the databases as they are on this machine and looks nothing up.
	Offline bool

	path string // of the program
}

// FindScanner finds Trivy with lookPath, which is exec.LookPath but in tests. The
// error says what is missing, or why the Trivy that is there is not run.
func FindScanner(lookPath func(string) (string, error)) (*Scanner, error) {
	path, err := lookPath("trivy")
	if err != nil {
		return nil, errors.New("trivy is not on the PATH: install it as its documentation says (not 0.69.4 to 0.69.6), or leave out --scan")
	}
	// It runs in another folder than this process.
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("finding trivy: %w", err)
	}
	if err := trusted(path); err != nil {
		return nil, err
	}
	return &Scanner{path: path}, nil
}

// Archive scans an image archive on disk, an OCI layout in a tar or what `docker
// save` writes, and counts its known vulnerabilities, those of the system's
// packages and those of the languages'. Whatever goes wrong is the Scan's Problem.
func (s *Scanner) Archive(ctx context.Context, file string) *proof.Scan {
	file, err := filepath.Abs(file)
	if err != nil {
		return &proof.Scan{Problem: "scanning with trivy: " + err.Error()}
	}
	// A trivy.yaml or .trivyignore where the user stands, which may be the
	// repository in question, would hide findings.
	dir, err := os.MkdirTemp("", "bulwark-scan-")
	if err != nil {
		return &proof.Scan{Problem: "scanning with trivy: " + err.Error()}
	}
	defer func() { _ = os.RemoveAll(dir) }()
	report, said, err := capture(ctx, dir, s.path, s.args(file)...)
	switch {
	case ctx.Err() != nil:
		return &proof.Scan{Problem: "trivy was stopped: " + context.Cause(ctx).Error()}
	case err != nil:
		return &proof.Scan{Problem: problem(err, said)}
	}
	scan, err := readReport(report)
	if err != nil {
		return &proof.Scan{Problem: "reading trivy's report: " + err.Error()}
	}
	return scan
}

func (s *Scanner) args(file string) []string {
	args := []string{
		"image", "--input", file, "--format", "json", "--scanners", "vuln", "--quiet",
		// Its own limit of five minutes is short for a large image; ctx holds.
		"--timeout", "24h",
		"--skip-version-check", "--disable-telemetry",
	}
	if s.Offline {
		args = append(args, "--skip-db-update", "--skip-java-db-update", "--offline-scan")
	}
	return args
}

// capture runs a program in dir until it ends, says too much or ctx is over, and
// returns what it printed. Nothing that it started is left behind.
func capture(ctx context.Context, dir, program string, args ...string) (stdout, stderr []byte, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out := &limited{max: maxReport, full: func() { cancel(fmt.Errorf("it printed more than %d bytes", maxReport)) }}
	said := &limited{max: maxScanLog, full: func() {}} // a chatty one may go on
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, said
	cmd.WaitDelay = 2 * time.Second // a child that keeps the pipes open shall not hold us
	grouped(cmd)
	err = cmd.Run()
	endGroup(cmd) // it has ended; what it started may not have
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return out.buf.Bytes(), said.buf.Bytes(), err
}

// limited keeps the first max bytes that are written to it and drops the rest;
// full is called for each write that does not fit.
type limited struct {
	buf  bytes.Buffer
	max  int
	full func()
}

// Write takes all of p, whatever it keeps.
func (l *limited) Write(p []byte) (int, error) {
	room := l.max - l.buf.Len()
	l.buf.Write(p[:min(room, len(p))])
	if len(p) > room {
		l.full()
	}
	return len(p), nil
}

// problem tells why there is no report from what Trivy said. The phrases are those
// of its pkg/db/db.go and pkg/commands/artifact/run.go, v0.20 to v0.74.
func problem(err error, said []byte) string {
	text := string(said)
	has := func(phrase string) bool { return strings.Contains(text, phrase) }
	switch {
	case has("cannot be specified on the first run") && has("java-db"):
		return "trivy has no database of Java archives on this machine: run `trivy image --download-java-db-only` where there is a network"
	case has("cannot be specified on the first run"), has("first run cannot skip downloading"):
		return "trivy has no vulnerability database on this machine: run `trivy image --download-db-only` where there is a network"
	case has("cannot be specified with the old DB schema"), has("version of DB schema doesn't match"):
		return "trivy's vulnerability database is not of its own version: update both"
	case has("failed to download vulnerability DB"), has("failed to download Java DB"):
		return "trivy could not download its vulnerability database: " + lastWords(text)
	}
	if words := lastWords(text); words != "" {
		return fmt.Sprintf("trivy failed (%v): %s", err, words)
	}
	return fmt.Sprintf("trivy failed: %v", err)
}

// lastWords is the last line of a log that says something, on one line and no
// longer than maxSaid bytes. It may quote the image, which is not trusted.
func lastWords(log string) string {
	last := ""
	for line := range strings.Lines(log) {
		if line = oneLine(line); line != "" {
			last = line
		}
	}
	if len(last) > maxSaid {
		last = strings.ToValidUTF8(last[:maxSaid], "") + "..."
	}
	return last
}
