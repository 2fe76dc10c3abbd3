package verify

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/moby/buildkit/client"
	digest "github.com/opencontainers/go-digest"
)

// What is kept of one build's log.
const (
	maxTailLines = 200
	maxTailBytes = 64 << 10
	maxTailLine  = 4096 // bytes of a line; what is longer goes on in the next
	maxBegun     = 64   // steps whose begun lines are kept apart
)

// Tail keeps the last 200 lines or 64 KiB of a build's log, and the step that
// failed. The zero value is empty; it is for one goroutine.
type Tail struct {
	lines []tailLine
	bytes int
	begun map[digest.Digest][]byte // lines without their end, by the step that prints them

	failed      digest.Digest
	failedName  string
	failedError string
}

type tailLine struct {
	step digest.Digest
	text string
}

// add takes what the steps print, and the first that fails for a reason of its own.
func (t *Tail) add(s *client.SolveStatus) {
	for _, l := range s.Logs {
		t.write(l.Vertex, l.Data)
	}
	for _, v := range s.Vertexes {
		if t.failed == "" && v.Error != "" && !strings.HasSuffix(v.Error, context.Canceled.Error()) {
			t.failed, t.failedName, t.failedError = v.Digest, v.Name, v.Error
		}
	}
}

// write puts data into lines: those of steps that run at the same time shall not mix.
func (t *Tail) write(step digest.Digest, data []byte) {
	if t.begun == nil {
		t.begun = map[digest.Digest][]byte{}
	}
	for len(data) > 0 {
		line, rest, ended := bytes.Cut(data, []byte("\n"))
		room := maxTailLine - len(t.begun[step])
		if len(line) >= room {
			line, rest, ended = data[:room], data[room:], true
		}
		data = rest
		t.begun[step] = append(t.begun[step], line...)
		if ended {
			t.push(step, string(t.begun[step]))
			delete(t.begun, step)
		}
	}
	if len(t.begun) > maxBegun {
		t.push(step, string(t.begun[step]))
		delete(t.begun, step)
	}
}

func (t *Tail) push(step digest.Digest, text string) {
	t.lines = append(t.lines, tailLine{step, text})
	t.bytes += len(text) + 1
	for len(t.lines) > maxTailLines || t.bytes > maxTailBytes {
		t.bytes -= len(t.lines[0].text) + 1
		t.lines = t.lines[1:]
	}
}

// end takes the lines that have no end as whole.
func (t *Tail) end() {
	for _, step := range slices.Sorted(maps.Keys(t.begun)) {
		t.push(step, string(t.begun[step]))
	}
	t.begun = nil
}

// String is the end of the log in whole lines: that of the step that failed,
// where it printed something, under its name, else that of all steps. It ends
// with the error of the step.
func (t *Tail) String() string {
	var b strings.Builder
	step := t.failed
	if !slices.ContainsFunc(t.lines, func(l tailLine) bool { return l.step == step }) {
		step = ""
	}
	if t.failedName != "" {
		b.WriteString("> " + t.failedName + "\n")
	}
	for _, l := range t.lines {
		if step == "" || l.step == step {
			b.WriteString(l.text + "\n")
		}
	}
	if t.failedError != "" {
		b.WriteString(t.failedError + "\n")
	}
	return b.String()
}
