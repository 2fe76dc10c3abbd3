//go:build linux

// Command probe is the helper that verify runs inside BuildKit, as the first
// process of a container. It does one task, given as JSON in a file or on
// standard input, and answers with one line on standard output: wire.Mark and
// JSON. It is a static binary that needs nothing of the image.
//
//	probe TASK.json|-
//
// The image and its program are hostile: whatever is read is bounded, and the
// probe answers within wire.Run.Limit whatever the program does.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

func main() {
	// Other goroutines change the credentials of their threads; this keeps them
	// from doing so to the first one, by which the kernel names the process.
	runtime.LockOSThread()
	if err := write(os.Stdout, answer(os.Args)); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// write puts the answer on a line of its own. Names are kept as they are: no HTML is made of them.
func write(w io.Writer, a wire.Answer) error {
	buffered := bufio.NewWriter(w)
	if _, err := buffered.WriteString("\n" + wire.Mark); err != nil {
		return err
	}
	enc := json.NewEncoder(buffered)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		return err
	}
	return buffered.Flush()
}

// answer does the task that the arguments name.
func answer(args []string) wire.Answer {
	task, err := readTask(args)
	if err != nil {
		return wire.Answer{Failed: err.Error()}
	}
	switch {
	case task.Inspect != "" && task.Run == nil:
		list, err := inspect(task.Inspect)
		if err != nil {
			return wire.Answer{Failed: err.Error()}
		}
		return wire.Answer{Inventory: list}
	case task.Run != nil && task.Inspect == "":
		return wire.Answer{Seen: runWithin(task.Run, task.Run.Limit())}
	}
	return wire.Answer{Failed: "the task is neither to inspect nor to run"}
}

// maxTask bounds the task, in bytes.
const maxTask = 16 << 20

func readTask(args []string) (*wire.Task, error) {
	if len(args) != 2 {
		return nil, errors.New("usage: probe TASK.json|-")
	}
	in := os.Stdin
	if args[1] != "-" {
		f, err := os.Open(args[1])
		if err != nil {
			return nil, fmt.Errorf("reading the task: %w", err)
		}
		defer f.Close()
		in = f
	}
	task := &wire.Task{}
	if err := json.NewDecoder(io.LimitReader(in, maxTask)).Decode(task); err != nil {
		return nil, fmt.Errorf("reading the task: %w", err)
	}
	return task, nil
}

// runWithin runs the task, and after the limit answers with what is known by then.
func runWithin(task *wire.Run, limit time.Duration) *wire.Seen {
	s := newSession(task)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.run()
	}()
	select {
	case <-done:
		return s.seen
	case <-time.After(limit):
		late := *s.known.Load()
		late.Runaway = fmt.Sprintf("the probe did not come to an end within %s", limit)
		return &late
	}
}
