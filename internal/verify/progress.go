package verify

import (
	"context"
	"io"
	"strconv"
	"sync"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/util/progress/progressui"
)

// Progress shows what builds do: on a terminal all of them in one display of
// BuildKit's own, elsewhere plain lines, each with the name of its build. It may
// be used by several builds at the same time.
type Progress struct {
	w     io.Writer
	quiet bool
	term  bool

	lines  sync.Mutex // one plain line at a time
	mu     sync.Mutex // guards the following
	builds int        // followed so far
	screen screen
}

// NewProgress writes to w, which with terminal is the *os.File of one. With quiet
// nothing is written, and the ends of the logs are kept all the same.
func NewProgress(w io.Writer, terminal, quiet bool) *Progress {
	return &Progress{w: w, term: terminal, quiet: quiet}
}

// Log follows one build.
type Log struct {
	status chan *client.SolveStatus
	done   chan struct{}
	tail   Tail
}

// Build starts to follow a build called name. Its Status channel has to be
// closed, as BuildKit's client does however a build ends; nothing is left
// running once Wait has returned.
func (p *Progress) Build(name string) *Log {
	p.mu.Lock()
	p.builds++
	id := strconv.Itoa(p.builds)
	p.mu.Unlock()
	l := &Log{status: make(chan *client.SolveStatus), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		p.follow(clean(name), id, l)
	}()
	return l
}

// Status is where the build tells what it does.
func (l *Log) Status() chan *client.SolveStatus { return l.status }

// Wait returns when Status is closed and all is shown.
func (l *Log) Wait() { <-l.done }

// Tail is the end of what the build printed, see Tail.String; call it after Wait.
func (l *Log) Tail() string { return l.tail.String() }

// Failed is the name of the step that failed, such as "[2/3] RUN make", "" where
// none did; call it after Wait.
func (l *Log) Failed() string { return l.tail.failedName }

// follow shows and keeps until the channel is closed.
func (p *Progress) follow(name, id string, l *Log) {
	show, end, terminal := p.open(name)
	defer end()
	f := newFilter(id)
	if terminal {
		f.label = "[" + name + "] "
	}
	for s := range l.status {
		s = f.clean(s)
		l.tail.add(s)
		if show != nil {
			show <- f.cut(s)
		}
	}
	l.tail.end()
}

// open gives a build what shows it, nil where nothing does, and how to leave it.
func (p *Progress) open(name string) (show chan<- *client.SolveStatus, end func(), terminal bool) {
	if p.quiet {
		return nil, func() {}, false
	}
	if p.term {
		if show := p.join(); show != nil {
			return show, p.leave, true
		}
	}
	w := &prefixed{mu: &p.lines, w: p.w, prefix: name + " | "}
	ch, stop := start(w, progressui.PlainMode)
	return ch, func() { stop(); w.flush() }, false
}

// screen is the display that the builds on a terminal share.
type screen struct {
	users int
	ch    chan *client.SolveStatus
	stop  func()
}

// join opens the display for the first build and hands it to the others; nil
// where the terminal is none.
func (p *Progress) join() chan<- *client.SolveStatus {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.screen.users == 0 {
		ch, stop := start(p.w, progressui.TtyMode)
		if ch == nil {
			return nil
		}
		p.screen = screen{ch: ch, stop: stop}
	}
	p.screen.users++
	return p.screen.ch
}

// leave closes the display behind the last build: between builds the terminal
// is the caller's.
func (p *Progress) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.screen.users--; p.screen.users == 0 {
		p.screen.stop()
	}
}

// start runs a display until stop, which returns when all is written. The
// channel is nil where the mode and the writer do not go together.
func start(w io.Writer, mode progressui.DisplayMode) (ch chan *client.SolveStatus, stop func()) {
	display, err := progressui.NewDisplay(w, mode)
	if err != nil {
		return nil, func() {}
	}
	ch = make(chan *client.SolveStatus)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = display.UpdateFrom(context.Background(), ch) // ends with the channel alone
	}()
	return ch, func() { close(ch); <-done }
}
