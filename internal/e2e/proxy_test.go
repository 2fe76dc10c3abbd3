//go:build e2e

package e2e

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// engines are the addresses that BUILDKIT_HOST names.
func engines() []string {
	return strings.FieldsFunc(os.Getenv("BUILDKIT_HOST"), func(r rune) bool { return r == ',' })
}

// proxy is a second address of an engine, one that can die.
type proxy struct {
	address  string
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	dialled  int
}

// newProxy stands before the first engine, which has to be on a unix socket.
func newProxy(t *testing.T) *proxy {
	t.Helper()
	all := engines()
	if len(all) == 0 || !strings.HasPrefix(all[0], "unix://") {
		t.Skip("SKIPPED: BUILDKIT_HOST does not name a BuildKit on a unix socket")
	}
	socket := filepath.Join(t.TempDir(), "buildkit.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{address: "unix://" + socket, listener: l}
	t.Cleanup(p.die)
	go p.serve(strings.TrimPrefix(all[0], "unix://"))
	return p
}

func (p *proxy) serve(engine string) {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("unix", engine)
		if err != nil {
			_ = near.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, near, far)
		p.dialled++
		p.mu.Unlock()
		go pump(far, near)
		go pump(near, far)
	}
}

func pump(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
}

// die ends every connection and takes no more.
func (p *proxy) die() {
	_ = p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
}

// read is the text of a file.
func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
