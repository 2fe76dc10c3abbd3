//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// rootVariable makes the test binary enter a container of namespaces with this
// root folder, and become the probe there.
const rootVariable = "BULWARK_TEST_ROOT"

// tools compiles the probe and the actor once, for those tests that run them.
var tools = sync.OnceValues(compileTools)

// compiled is the folder that TestMain removes.
var compiled string

func TestMain(m *testing.M) {
	if root := os.Getenv(rootVariable); root != "" {
		fmt.Fprintln(os.Stderr, becomeProbe(root)) // it returns an error or not at all
		return
	}
	m.Run()
	if compiled != "" {
		_ = os.RemoveAll(compiled)
	}
}

func compileTools() (string, error) {
	dir, err := os.MkdirTemp("", "bulwark-probe-test-")
	if err != nil {
		return "", err
	}
	compiled = dir
	for name, pkg := range map[string]string{"probe": ".", "actor": "./testdata/actor"} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, name), pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("compiling %s: %w\n%s", name, err, out)
		}
	}
	return dir, nil
}

func becomeProbe(root string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := syscall.Mount("proc", filepath.Join(root, "proc"), "proc", 0, ""); err != nil {
		return err
	}
	if err := syscall.Chroot(root); err != nil {
		return err
	}
	if err := syscall.Chdir("/"); err != nil {
		return err
	}
	return syscall.Exec("/.bulwark/probe", []string{"probe", "-"}, nil)
}

const (
	testPasswd = "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n"
	testGroup  = "root:x:0:\napp:x:1001:\nextra:x:2000:app,other\n"
)

// image makes a root filesystem with the actor as its program.
func image(t *testing.T) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("NOT TESTED: making namespaces takes root")
	}
	tools, err := tools()
	put(t, err)
	root := t.TempDir()
	for dir, mode := range map[string]os.FileMode{
		"proc": 0o755, "dev": 0o755, "etc": 0o755, "bin": 0o755, ".bulwark": 0o755,
		"data": 0o755, "secret": 0o700, "tmp": 0o777 | os.ModeSticky,
	} {
		put(t, os.Mkdir(filepath.Join(root, dir), 0o755))
		put(t, os.Chmod(filepath.Join(root, dir), mode))
	}
	put(t, os.WriteFile(filepath.Join(root, "etc/passwd"), []byte(testPasswd), 0o644))
	put(t, os.WriteFile(filepath.Join(root, "etc/group"), []byte(testGroup), 0o644))
	put(t, os.Chown(filepath.Join(root, "data"), 1000, 1001))
	put(t, os.Link(filepath.Join(tools, "actor"), filepath.Join(root, "bin/actor")))
	put(t, os.Link(filepath.Join(tools, "probe"), filepath.Join(root, ".bulwark/probe")))
	put(t, syscall.Mknod(filepath.Join(root, "dev/null"), syscall.S_IFCHR|0o666, 1<<8|3))
	put(t, os.Chmod(filepath.Join(root, "dev/null"), 0o666))
	put(t, os.Symlink("/data", filepath.Join(root, "link")))
	return root
}

func put(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// task is one that is over soon where the program does what is expected.
func task(argv ...string) *wire.Run {
	return &wire.Run{Argv: append([]string{"actor"}, argv...), Env: []string{"PATH=/bin"}, Grace: time.Second, Start: 20 * time.Second}
}

// probe runs the probe as the first process of a container.
func probe(t *testing.T, root string, run *wire.Run) *wire.Seen {
	t.Helper()
	input, err := json.Marshal(wire.Task{Run: run})
	put(t, err)
	ctx := t.Context()
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Env = []string{rootVariable + "=" + root}
	cmd.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS,
		Pdeathsig:  syscall.SIGKILL,
	}
	out, err := cmd.Output()
	if err != nil && strings.Contains(err.Error(), "operation not permitted") {
		t.Skip("NOT TESTED: making namespaces is not permitted")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	_, line, ok := strings.Cut(string(out), wire.Mark)
	if !ok {
		t.Fatalf("no answer in %q; %s", out, stderr.Bytes())
	}
	var a wire.Answer
	put(t, json.Unmarshal([]byte(line), &a))
	if a.Seen == nil {
		t.Fatalf("nothing seen: %s", a.Failed)
	}
	return a.Seen
}
