package verify

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/solver/pb"
	digest "github.com/opencontainers/go-digest"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

// What is shown of one build at most. The displays keep all that they are given.
const (
	maxShown    = 2000    // lines of its log
	maxShownLog = 1 << 20 // bytes of its log
	maxSteps    = 5000    // steps
	maxTasks    = 20000   // things that steps report on, such as layers to fetch
	maxWarnings = 200
	maxName     = 2000 // bytes of a name, an error or a warning
	maxLine     = 8192 // bytes of a plain line
)

// filter makes a build's reports fit for a display: no control characters, since
// what a build prints is the input's, not more than the limits, and digests that
// no other build has, so that builds with steps in common share a display.
type filter struct {
	id, label string // label stands before the names of steps
	lines     int    // of the log, shown
	bytes     int
	cutOff    bool
	steps     map[digest.Digest]digest.Digest // as BuildKit has it → as it is shown
	tasks     map[string]bool
	warnings  int
}

func newFilter(id string) *filter {
	return &filter{id: id, steps: map[digest.Digest]digest.Digest{}, tasks: map[string]bool{}}
}

// clean copies a report without control characters and overlong texts.
func (f *filter) clean(s *client.SolveStatus) *client.SolveStatus {
	out := &client.SolveStatus{}
	for _, v := range s.Vertexes {
		c := *v
		c.Name, c.Error = shortened(clean(v.Name)), shortened(clean(v.Error))
		if g := v.ProgressGroup; g != nil {
			c.ProgressGroup = &pb.ProgressGroup{Id: g.Id, Name: shortened(clean(g.Name)), Weak: g.Weak}
		}
		out.Vertexes = append(out.Vertexes, &c)
	}
	for _, t := range s.Statuses {
		c := *t
		c.ID, c.Name = shortened(clean(t.ID)), shortened(clean(t.Name))
		out.Statuses = append(out.Statuses, &c)
	}
	for _, l := range s.Logs {
		c := *l
		c.Data = []byte(cleanLog(string(l.Data)))
		out.Logs = append(out.Logs, &c)
	}
	for _, w := range s.Warnings {
		out.Warnings = append(out.Warnings, &client.VertexWarning{Vertex: w.Vertex, Level: w.Level, Short: []byte(shortened(clean(string(w.Short))))})
	}
	return out
}

// cut keeps a cleaned report within the limits and gives it digests of its own.
func (f *filter) cut(s *client.SolveStatus) *client.SolveStatus {
	out := &client.SolveStatus{}
	for _, v := range s.Vertexes {
		d, ok := f.step(v.Digest, true)
		if !ok {
			continue
		}
		c := *v
		c.Digest, c.Name, c.Inputs = d, f.label+v.Name, nil
		if g := v.ProgressGroup; g != nil {
			c.ProgressGroup = &pb.ProgressGroup{Id: f.id + " " + g.Id, Name: f.label + g.Name, Weak: g.Weak}
		}
		out.Vertexes = append(out.Vertexes, &c)
	}
	for _, t := range s.Statuses {
		d, ok := f.step(t.Vertex, false)
		if !ok || !f.task(string(t.Vertex)+" "+t.ID) {
			continue
		}
		c := *t
		c.Vertex = d
		out.Statuses = append(out.Statuses, &c)
	}
	for _, l := range s.Logs {
		if d, ok := f.step(l.Vertex, false); ok {
			c := *l
			c.Vertex = d
			if c.Data = f.log(l.Data); len(c.Data) > 0 {
				out.Logs = append(out.Logs, &c)
			}
		}
	}
	for _, w := range s.Warnings {
		if d, ok := f.step(w.Vertex, false); ok && f.warnings < maxWarnings {
			f.warnings++
			c := *w
			c.Vertex = d
			out.Warnings = append(out.Warnings, &c)
		}
	}
	return out
}

// step gives a step's digest in the display; false where it is not shown.
func (f *filter) step(d digest.Digest, add bool) (digest.Digest, bool) {
	own, ok := f.steps[d]
	if !ok && add && len(f.steps) < maxSteps {
		own, ok = digest.FromString(f.id+" "+d.String()), true
		f.steps[d] = own
	}
	return own, ok
}

func (f *filter) task(id string) bool {
	if !f.tasks[id] && len(f.tasks) < maxTasks {
		f.tasks[id] = true
	}
	return f.tasks[id]
}

// log returns what may still be shown of the log, and where it ends a line that says so.
func (f *filter) log(data []byte) []byte {
	if f.cutOff {
		return nil
	}
	end := 0
	for end < len(data) && f.lines < maxShown {
		n := bytes.IndexByte(data[end:], '\n') + 1
		if n == 0 {
			n = len(data) - end
		} else {
			f.lines++
		}
		if f.bytes+n > maxShownLog {
			end += maxShownLog - f.bytes
			f.lines = maxShown
			break
		}
		f.bytes, end = f.bytes+n, end+n
	}
	if f.lines < maxShown {
		return data
	}
	if end == len(data) {
		return data // nothing is cut yet; the next line is
	}
	f.cutOff = true
	shown := bytes.Clone(data[:end])
	if end > 0 && data[end-1] != '\n' {
		shown = append(shown, '\n')
	}
	return fmt.Appendf(shown, "… log cut: not more than %d lines or %s of a build are shown\n", maxShown, proof.Size(maxShownLog))
}

// cleanLog takes what a terminal would act on out of a log, but for line ends and tabs.
func cleanLog(text string) string {
	text = strings.ReplaceAll(proof.Plain(text), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r':
			return '\n' // what draws a line anew draws one below
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
}

// clean is cleanLog for what is to be one line.
func clean(text string) string { return strings.ReplaceAll(cleanLog(text), "\n", " ") }

// oneLine is clean with single blanks between the words, and none around them.
func oneLine(text string) string { return strings.Join(strings.Fields(clean(text)), " ") }

// shortened bounds a text, in bytes.
func shortened(text string) string {
	if len(text) <= maxName {
		return text
	}
	return strings.ToValidUTF8(text[:maxName], "") + "…"
}

// prefixed writes whole lines that are not empty, each with a prefix. Several of
// them share a writer and its lock.
type prefixed struct {
	mu     *sync.Mutex
	w      io.Writer
	prefix string
	left   []byte // the beginning of a line
}

// Write never fails: a build does not stop because nobody can read its log.
func (w *prefixed) Write(b []byte) (int, error) {
	w.left = append(w.left, b...)
	for {
		line, rest, ok := bytes.Cut(w.left, []byte("\n"))
		if !ok && len(w.left) < maxLine {
			return len(b), nil
		} else if !ok {
			line, rest = w.left[:maxLine], w.left[maxLine:]
		}
		w.line(line)
		w.left = append(w.left[:0], rest...)
	}
}

// flush writes the line that was begun.
func (w *prefixed) flush() {
	w.line(w.left)
	w.left = nil
}

func (w *prefixed) line(text []byte) {
	if len(bytes.TrimSpace(text)) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = fmt.Fprintf(w.w, "%s%s\n", w.prefix, text)
}
