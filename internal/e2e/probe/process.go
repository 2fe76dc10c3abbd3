//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// capNetBind lets the program bind ports below 1024, as Docker's
// net.ipv4.ip_unprivileged_port_start=0 does for every user.
const capNetBind = 10

const grace = 5 * time.Second

// process is the running program.
type process struct {
	cmd         *exec.Cmd
	done        chan struct{}
	stdout, err said
}

// start runs the program as the image's user, in its folder and with its environment alone.
func start(t Task) (*process, error) {
	if len(t.Argv) == 0 {
		return nil, errors.New("the image has neither ENTRYPOINT nor CMD")
	}
	who, err := lookup(t.User)
	if err != nil {
		return nil, err
	}
	env := t.Env
	if !has(env, "HOME") {
		env = append(env, "HOME="+who.home)
	}
	file, err := find(t.Argv[0], t.Dir, env)
	if err != nil {
		return nil, err
	}
	p := &process{done: make(chan struct{})}
	p.cmd = &exec.Cmd{Path: file, Args: t.Argv, Env: env, Dir: t.Dir}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: who.uid, Gid: who.gid, Groups: who.groups},
		AmbientCaps: []uintptr{capNetBind},
		Setpgid:     true,
	}
	if who.uid == 0 {
		p.cmd.SysProcAttr.AmbientCaps = nil
	}
	if p.cmd.Stdout, err = p.stdout.pipe(who); err != nil {
		return nil, err
	}
	if p.cmd.Stderr, err = p.err.pipe(who); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %q as %q: %w", t.Argv, t.User, err)
	}
	go func() {
		_ = p.cmd.Wait() // collect reads the state
		close(p.done)
	}()
	return p, nil
}

func has(env []string, name string) bool {
	for _, kv := range env {
		if strings.HasPrefix(kv, name+"=") {
			return true
		}
	}
	return false
}

// find looks a program up in the image's PATH.
func find(name, dir string, env []string) (string, error) {
	if strings.Contains(name, "/") {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return name, nil
	}
	for _, kv := range env {
		list, ok := strings.CutPrefix(kv, "PATH=")
		for _, d := range filepath.SplitList(list) {
			file := filepath.Join(d, name)
			if info, err := os.Stat(file); ok && err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				return file, nil
			}
		}
	}
	return "", fmt.Errorf("exec: %q: executable file not found in $PATH", name)
}

// listens waits for the port.
func (p *process) listens(port int, limit time.Duration) error {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		c, err := net.DialTimeout("tcp", net.JoinHostPort("localhost", strconv.Itoa(port)), time.Second)
		if err == nil {
			return c.Close()
		}
		select {
		case <-p.done:
			return fmt.Errorf("the program ended before port %d answered", port)
		default:
		}
	}
	return fmt.Errorf("port %d does not answer after %s", port, limit)
}

// await waits for the program's own end.
func (p *process) await(limit time.Duration, seen *Seen) error {
	select {
	case <-p.done:
		return nil
	case <-time.After(limit):
		seen.UID, seen.GID = p.owner()
		p.stop(seen)
		return fmt.Errorf("still running after %s", limit)
	}
}

// owner reads who the program runs as; a program that changed its user shows its new one.
func (p *process) owner() (uid, gid int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return -1, -1
	}
	return effective(text, "Uid:"), effective(text, "Gid:")
}

// effective takes the second of the four ids on a line of /proc/PID/status.
func effective(status []byte, key string) int {
	_, rest, _ := bytes.Cut(status, []byte("\n"+key))
	fields := bytes.Fields(rest)
	if len(fields) < 2 {
		return -1
	}
	id, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		return -1
	}
	return id
}

// stop asks the program to end, and after the grace period makes it.
func (p *process) stop(seen *Seen) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
		seen.Stopped = true
	case <-time.After(grace):
	}
}

// collect ends what is left and keeps what the program said.
func (p *process) collect(seen *Seen) {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // children too: they hold the pipes
	<-p.done
	seen.Stdout, seen.Stderr = p.stdout.text(), p.err.text()
	if p.cmd.ProcessState != nil {
		seen.Exit = p.cmd.ProcessState.ExitCode()
	}
}
