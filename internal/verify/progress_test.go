package verify

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	digest "github.com/opencontainers/go-digest"
)

func step(name, err string) *client.Vertex {
	start := time.Unix(1_700_000_000, 0)
	end := start.Add(time.Second)
	v := &client.Vertex{Digest: digest.FromString(name), Name: name, Started: &start, Error: err}
	if err != "" {
		v.Completed = &end
	}
	return v
}

func printed(name, text string) *client.SolveStatus {
	return &client.SolveStatus{Logs: []*client.VertexLog{{Vertex: digest.FromString(name), Data: []byte(text), Timestamp: time.Unix(1_700_000_000, 0)}}}
}

func begin(name string) *client.SolveStatus {
	return &client.SolveStatus{Vertexes: []*client.Vertex{step(name, "")}}
}

func fail(name, err string) *client.SolveStatus {
	return &client.SolveStatus{Vertexes: []*client.Vertex{step(name, err)}}
}

// feed gives a build's reports to l and ends it.
func feed(l *Log, reports ...*client.SolveStatus) {
	for _, r := range reports {
		l.Status() <- r
	}
	close(l.Status())
	l.Wait()
}

func TestProgressPlain(t *testing.T) {
	var out bytes.Buffer
	l := NewProgress(&out, false, false).Build("app before")
	feed(l, begin("[1/2] RUN make"), printed("[1/2] RUN make", "compiling\nno rule\n"), fail("[1/2] RUN make", "exit code: 2"))
	for _, want := range []string{"app before | #1 [1/2] RUN make\n", " compiling\n", "app before | #1 ERROR: exit code: 2\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	if want := "> [1/2] RUN make\ncompiling\nno rule\nexit code: 2\n"; l.Tail() != want {
		t.Errorf("tail %q", l.Tail())
	}
	if l.Failed() != "[1/2] RUN make" {
		t.Errorf("failed %q", l.Failed())
	}
}

func TestProgressQuietKeepsTheTail(t *testing.T) {
	var out bytes.Buffer
	l := NewProgress(&out, false, true).Build("app")
	feed(l, begin("a"), printed("a", "half a line"), fail("a", "broke"))
	if out.Len() > 0 || l.Tail() != "> a\nhalf a line\nbroke\n" {
		t.Errorf("wrote %q, kept %q", out.String(), l.Tail())
	}
}

// A writer that is no terminal gets plain lines, whatever was said of it.
func TestProgressNoTerminal(t *testing.T) {
	var out bytes.Buffer
	feed(NewProgress(&out, true, false).Build("app"), begin("a"), printed("a", "hello\n"))
	if !strings.Contains(out.String(), "app | #1 a\n") {
		t.Errorf("wrote %q", out.String())
	}
}

func TestProgressOfConcurrentBuilds(t *testing.T) {
	var out bytes.Buffer
	p := NewProgress(&out, false, false)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			reports := []*client.SolveStatus{begin("same step")}
			for n := range 50 {
				reports = append(reports, printed("same step", fmt.Sprintf("%d says %d\n", i, n)))
			}
			feed(p.Build(fmt.Sprintf("build%d", i)), reports...)
		})
	}
	all.Wait()
	for line := range strings.Lines(out.String()) {
		var build, by, n int
		if !strings.Contains(line, "says") {
			continue
		}
		_, text, _ := strings.Cut(line, " | ")
		if _, err := fmt.Sscanf(line, "build%d |", &build); err != nil {
			t.Fatalf("line %q", line)
		}
		if fields := strings.Fields(text); len(fields) != 5 {
			t.Errorf("line %q", line)
		} else if _, err := fmt.Sscanf(strings.Join(fields[2:], " "), "%d says %d", &by, &n); err != nil || by != build {
			t.Errorf("line %q", line)
		}
	}
}

func TestProgressCutsAFlood(t *testing.T) {
	tests := []struct {
		name, text string
		times      int
	}{
		{"lines", strings.Repeat("y\n", 1000), 2000},
		{"one line", strings.Repeat("y", 1<<16), 1000},
		{"carriage returns", strings.Repeat("y\r", 1000), 1000},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			l := NewProgress(&out, false, false).Build("flood")
			l.Status() <- begin("yes")
			for range test.times {
				l.Status() <- printed("yes", test.text)
			}
			feed(l, fail("yes", "stopped"))
			if n := strings.Count(out.String(), "\n"); n > maxShown+20 || out.Len() > 3*maxShownLog {
				t.Errorf("%d lines of %d bytes were shown", n, out.Len())
			}
			if n := strings.Count(out.String(), "log cut"); n != 2 { // the end of a failed step's log is repeated
				t.Errorf("it is said %d times that the log is cut", n)
			}
			if n := strings.Count(l.Tail(), "\n"); n > maxTailLines+2 || len(l.Tail()) > maxTailBytes+maxTailLine {
				t.Errorf("%d lines of %d bytes are kept", n, len(l.Tail()))
			}
			if !strings.Contains(out.String(), "ERROR: stopped") {
				t.Error("the error got lost in the flood")
			}
		})
	}
}

func TestProgressBoundsStepsAndTasks(t *testing.T) {
	f := newFilter("1")
	for i := range 3 * maxSteps {
		name := fmt.Sprint(i)
		s := begin(name)
		for n := range 5 {
			s.Statuses = append(s.Statuses, &client.VertexStatus{Vertex: digest.FromString(name), ID: fmt.Sprint(n)})
		}
		s.Warnings = []*client.VertexWarning{{Vertex: digest.FromString(name)}}
		f.cut(f.clean(s))
	}
	if len(f.steps) != maxSteps || len(f.tasks) != maxTasks || f.warnings != maxWarnings {
		t.Errorf("%d steps, %d tasks, %d warnings", len(f.steps), len(f.tasks), f.warnings)
	}
}

func TestCleanLog(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain\ttext\n", "plain\ttext\n"},
		{"\x1b[31mred\x1b[0m", "red"},
		{"\x1b]0;title\x07after", "after"},
		{"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"},
		{"\x1bcreset", "reset"},
		{"\x1b[2J\x1b[H", ""},
		{"a\rb\r\nc", "a\nb\nc"},
		{"bell\x07 back\x08 c1\u009b31m", "bell back c131m"},
		{"\u202eturned", "turned"},
		{"lone \x1b", "lone "},
	}
	for _, test := range tests {
		if got := cleanLog(test.in); got != test.want {
			t.Errorf("%q became %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzProgress(f *testing.F) {
	f.Add("RUN x", "a\nb\x1b[31m", "error", 2)
	f.Add("\r\n", "\x1b]0;", "\x00", 300)
	f.Fuzz(func(t *testing.T, name, text, fault string, times int) {
		var out bytes.Buffer
		l := NewProgress(&out, false, false).Build("b")
		l.Status() <- begin(name)
		for range min(max(times, 0), 300) {
			l.Status() <- printed(name, text)
		}
		feed(l, fail(name, fault))
		for line := range strings.Lines(out.String()) {
			if !strings.HasPrefix(line, "b | ") || strings.ContainsAny(line, "\x1b\r\x07") {
				t.Errorf("line %q", line)
			}
		}
		if strings.Count(l.Tail(), "\n") > maxTailLines+2 || strings.ContainsAny(l.Tail(), "\x1b\r\x07") {
			t.Errorf("tail %q", l.Tail())
		}
	})
}

// The failed step's lines alone are told, and those of steps at the same time do not mix.
func TestTail(t *testing.T) {
	tail := &Tail{}
	for _, s := range []*client.SolveStatus{
		begin("a"), begin("b"), printed("a", "a1 "), printed("b", "b1\nb2 "), printed("a", "goes on\n"), printed("b", "goes on\n"),
		fail("a", "context canceled"),
	} {
		tail.add(s)
	}
	if want := "b1\na1 goes on\nb2 goes on\n"; tail.String() != want {
		t.Errorf("nothing failed: %q", tail.String())
	}
	tail.add(fail("b", "exit code: 1"))
	tail.add(fail("a", "second"))
	if want := "> b\nb1\nb2 goes on\nexit code: 1\n"; tail.String() != want {
		t.Errorf("b failed: %q", tail.String())
	}
}

func TestPrefixedLongLine(t *testing.T) {
	var out bytes.Buffer
	w := &prefixed{mu: &sync.Mutex{}, w: &out, prefix: "x | "}
	if _, err := io.WriteString(w, strings.Repeat("y", 3*maxLine)+"end"); err != nil {
		t.Fatal(err)
	}
	w.flush()
	if n := strings.Count(out.String(), "x | "); n != 4 || len(w.left) > 0 {
		t.Errorf("%d lines, %d bytes left", n, len(w.left))
	}
}
