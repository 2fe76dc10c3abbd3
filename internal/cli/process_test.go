//go:build unix

package cli

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// bulwark is the program as a process of its own, in a folder with one file.
func bulwark(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	dir := t.TempDir()
	text := "FROM scratch\nCOPY a /a\nUSER 1:1\nCMD [\"/a\"]\n"
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bulwark", args...)
	cmd.Dir = dir
	stderr := new(bytes.Buffer)
	cmd.Stderr = stderr
	return cmd, stderr
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

// A reader that has gone ends the program without a word and without a signal.
func TestBrokenPipe(t *testing.T) {
	for _, args := range [][]string{{"rewrite", "-q", "."}, {"explain"}, {"version"}, {"check", "--format=json", "."}} {
		cmd, stderr := bulwark(t, args...)
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		cmd.Stdout = w
		code := exitCode(t, cmd.Run())
		w.Close()
		if code != exitDone || stderr.Len() > 0 {
			t.Errorf("%v: exit code %d, %q", args, code, stderr)
		}
	}
}

// Any other failure of the output is one.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	defer full.Close()
	cmd, stderr := bulwark(t, "rewrite", "-q", ".")
	cmd.Stdout = full
	if code := exitCode(t, cmd.Run()); code != exitFailed || !strings.Contains(stderr.String(), "writing the output") {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}

// The first interrupt ends the program even while it waits for its input.
func TestInterrupt(t *testing.T) {
	cmd, _ := bulwark(t, "diff", "missing", "-")
	cmd.Stderr = nil
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	lines.Scan() // the missing file is told; now standard input is waited for
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var rest []string
	for lines.Scan() {
		rest = append(rest, lines.Text())
	}
	code := exitCode(t, cmd.Wait())
	if code != exitFailed || !strings.Contains(strings.Join(rest, "\n"), "interrupted after 1 of 2 files") {
		t.Errorf("exit code %d, %q", code, rest)
	}
}

// What may not be read is an error with its name; the others are done.
func TestUnreadable(t *testing.T) {
	cmd, stderr := bulwark(t, "check", ".")
	for _, dir := range []string{"closed", "open"} {
		path := filepath.Join(cmd.Dir, dir)
		must(t, os.Mkdir(path, 0o755))
		must(t, os.WriteFile(filepath.Join(path, "Dockerfile"), []byte("FROM scratch\n"), 0o644))
	}
	must(t, os.Chmod(filepath.Join(cmd.Dir, "closed"), 0))
	must(t, os.Chmod(filepath.Join(cmd.Dir, "open/Dockerfile"), 0))
	asNobody(t, cmd)
	code := exitCode(t, cmd.Run())
	for _, want := range []string{"closed: error: permission denied\n", "open/Dockerfile: error: permission denied\n", "\n3 files: 0 changed"} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("%q lacks %q", stderr, want)
		}
	}
	if code != exitFailed {
		t.Errorf("exit code %d", code)
	}
}

// A folder that may not be written to: the file stays as it is.
func TestUnwritable(t *testing.T) {
	cmd, stderr := bulwark(t, "rewrite", "-w", ".")
	path := filepath.Join(cmd.Dir, "Dockerfile")
	text := "FROM golang:1.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /hello .\nCMD [\"/hello\"]\n"
	must(t, os.WriteFile(path, []byte(text), 0o644))
	must(t, os.WriteFile(filepath.Join(cmd.Dir, "go.mod"), []byte("module example.com/hello\n\ngo 1.22\n"), 0o644))
	must(t, os.WriteFile(filepath.Join(cmd.Dir, "main.go"), []byte("package main\n\nfunc main() { println(1) }\n"), 0o644))
	must(t, os.Chmod(cmd.Dir, 0o555))
	asNobody(t, cmd)
	code := exitCode(t, cmd.Run())
	if code != exitFailed || !strings.Contains(stderr.String(), "Dockerfile: error: permission denied") {
		t.Errorf("exit code %d, %q", code, stderr)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != text {
		t.Errorf("the file is %q, %v", now, err)
	}
	must(t, os.Chmod(cmd.Dir, 0o755))
}

// asNobody takes root's rights off the command; others run it as they are.
func asNobody(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	program, err := os.Executable()
	must(t, err)
	linked, err := exec.LookPath(cmd.Path)
	must(t, err)
	for _, file := range []string{program, linked, cmd.Dir} {
		for dir := filepath.Dir(file); dir != "/" && dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
			must(t, os.Chmod(dir, 0o755))
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
