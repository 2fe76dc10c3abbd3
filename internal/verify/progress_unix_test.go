//go:build unix

package verify

import (
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/containerd/console"
)

// All builds share one display, which is gone when the last has ended.
func TestProgressTerminal(t *testing.T) {
	master, name, err := console.NewPty()
	if err != nil {
		t.Skipf("SKIPPED: no terminal: %v", err)
	}
	defer master.Close()
	tty, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan string)
	go func() {
		text, _ := io.ReadAll(master) // ends with an error when nobody holds the terminal
		seen <- string(text)
	}()
	p := NewProgress(tty, true, false)
	before, after := p.Build("app before"), p.Build("app after")
	var all sync.WaitGroup
	for _, l := range []*Log{before, after} {
		all.Go(func() {
			feed(l, begin("[1/2] RUN make"), printed("[1/2] RUN make", "\x1b]0;evil\x07hello\n"), fail("[1/2] RUN make", "exit code: 2"))
		})
	}
	all.Wait()
	if p.screen.users != 0 {
		t.Errorf("%d builds are shown still", p.screen.users)
	}
	feed(p.Build("app again"), begin("[1/1] FROM scratch"))
	tty.Close()
	text := <-seen
	for _, want := range []string{"[app before] [1/2] RUN make", "[app after] [1/2] RUN make", "[app again] [1/1] FROM scratch", "hello"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	if strings.Contains(text, "evil") {
		t.Errorf("a build set the title: %q", text)
	}
}
