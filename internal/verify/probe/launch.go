//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
)

// enginePath is the PATH that engines give a program whose image has none.
const enginePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// capNetBind is CAP_NET_BIND_SERVICE of capabilities(7).
const capNetBind = 10

// launcher starts programs as one user, in the folder where the probe stands.
type launcher struct {
	reaper *reaper
	who    account
	env    []string
	caps   []uintptr // that programs need beside their user's rights
}

// newLauncher takes the user and the environment as engines do.
func newLauncher(r *reaper, user string, env []string) (*launcher, error) {
	who, err := lookup(user)
	if err != nil {
		return nil, err
	}
	l := &launcher{reaper: r, who: who, env: environment(env, who.home)}
	if who.uid != 0 && !openLowPorts() {
		l.caps = []uintptr{capNetBind} // to the same effect
	}
	return l, nil
}

// environment adds what engines add where the image does not have it.
func environment(env []string, home string) []string {
	out := append([]string{}, env...)
	if _, ok := variable(env, "PATH"); !ok {
		out = append(out, "PATH="+enginePath)
	}
	if _, ok := variable(env, "HOSTNAME"); !ok {
		if name, err := os.Hostname(); err == nil {
			out = append(out, "HOSTNAME="+name)
		}
	}
	if value, _ := variable(env, "HOME"); value == "" {
		out = append(out, "HOME="+home)
	}
	return out
}

// variable returns the last value of a variable.
func variable(env []string, name string) (value string, ok bool) {
	for _, kv := range env {
		if v, found := strings.CutPrefix(kv, name+"="); found {
			value, ok = v, true
		}
	}
	return value, ok
}

// running is a program that was started.
type running struct {
	*child
	stdout, stderr *said
}

// start runs a program. The error says in the words of engines why it cannot.
func (l *launcher) start(argv []string) (*running, error) {
	if len(argv) == 0 || argv[0] == "" {
		return nil, errors.New("no command specified")
	}
	list, _ := variable(l.env, "PATH")
	var file string
	err := asUser(l.who, func() error {
		var err error
		file, err = find(argv[0], list)
		return err
	})
	if err != nil {
		return nil, err
	}
	p := &running{}
	if p.stdout, err = listen(l.who); err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	defer p.stdout.started()
	if p.stderr, err = listen(l.who); err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	defer p.stderr.started()
	stdin, err := noInput()
	if err != nil {
		return nil, fmt.Errorf("opening standard input: %w", err)
	}
	defer func() { _ = syscall.Close(stdin) }()
	files := []uintptr{uintptr(stdin), uintptr(p.stdout.theirs), uintptr(p.stderr.theirs)}
	if p.child, err = l.fork(file, argv, files); err != nil {
		return nil, explain(file, err)
	}
	// Where memory runs out, the kernel shall end the program and not the builder.
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/oom_score_adj", p.pid), []byte("1000"), 0)
	return p, nil
}

// fork starts the file with the user's credentials in a session of its own.
func (l *launcher) fork(file string, argv []string, files []uintptr) (*child, error) {
	attr := &syscall.ProcAttr{Env: l.env, Files: files, Sys: &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: l.who.uid, Gid: l.who.gid, Groups: l.who.groups},
		Setsid:      true,
		AmbientCaps: l.caps,
	}}
	c, err := l.reaper.start(file, argv, attr)
	if errors.Is(err, syscall.EPERM) && len(l.caps) > 0 { // the probe does not have it to give
		attr.Sys.AmbientCaps = nil
		c, err = l.reaper.start(file, argv, attr)
	}
	return c, err
}

// noInput is /dev/null, or where an image has none, a pipe that has ended.
func noInput() (int, error) {
	fd, err := syscall.Open("/dev/null", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err == nil {
		return fd, nil
	}
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return 0, err
	}
	return ends[0], syscall.Close(ends[1])
}

// enter makes the working directory where it is missing, as engines do, and goes
// there. It does so as root: the program's user need not be allowed to.
func enter(dir string) error {
	if dir == "" {
		dir = "/"
	}
	if !path.IsAbs(dir) {
		return fmt.Errorf("the working directory %q is invalid, it needs to be an absolute path", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return fmt.Errorf("chdir to cwd (%s): %w", strconv.Quote(dir), err)
	}
	return nil
}

// find looks a program up in PATH with the rights of the calling thread.
func find(name, list string) (string, error) {
	if strings.Contains(name, "/") {
		if err := executable(name); err != nil {
			return "", fmt.Errorf("exec: %q: %w", name, err)
		}
		return name, nil
	}
	var denied error
	for dir := range strings.SplitSeq(list, ":") {
		if dir == "" {
			dir = "."
		}
		file := dir + "/" + name // path.Join would make ./x to x
		err := executable(file)
		if err == nil {
			return file, nil
		}
		if errors.Is(err, syscall.EACCES) {
			denied = err
		}
	}
	if denied != nil {
		return "", fmt.Errorf("exec: %q: permission denied", name)
	}
	return "", fmt.Errorf("exec: %q: executable file not found in $PATH", name)
}

// executable says why the calling thread cannot execute a file; it does not look
// into it.
func executable(file string) error {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return syscall.EISDIR
	}
	return syscall.Access(file, 1) // X_OK
}
