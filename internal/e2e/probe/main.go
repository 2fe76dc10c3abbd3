//go:build linux

// Command probe starts an image's program inside a container of that image, as a
// container engine would, asks it what a task says, and tells what it saw as one
// line of JSON on standard output. It is a static binary that needs nothing of
// the image. It runs as root and gives the program the image's user.
//
//	probe TASK.json [NONCE]     NONCE keeps BuildKit from answering out of its cache
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Task is what to start and what to ask it.
type Task struct {
	Argv     []string  // entrypoint and command
	Env      []string  // of the image, NAME=value
	Dir      string    // working directory
	User     string    // as the image has it: "", "name", "uid:gid" ...
	Port     int       // to wait for; 0: the program is waited for instead
	Requests []Request // asked in order once Port answers
	Seconds  int       // how long to wait for Port or for the end
}

// Request is one HTTP request.
type Request struct {
	Method, Path, Body string
}

// Seen is what the probe saw.
type Seen struct {
	Failed     string // why the program could not be started or did not answer
	UID, GID   int    // of the running program
	Answers    []Answer
	Exit       int    // exit status; -1 where it ended by a signal or was stopped by the probe
	Stdout     string // the first 16 KiB
	Stderr     string
	Shell      bool // the image has /bin/sh
	Stopped    bool // it ended within the grace period after SIGTERM
	StartedSec float64
}

// Answer is what came back for a Request.
type Answer struct {
	Status  int
	Type    string
	Body    string // the first 16 KiB
	Problem string // where there was no answer
}

func main() {
	seen := Seen{Exit: -1}
	task, err := readTask()
	if err == nil {
		err = run(task, &seen)
	}
	if err != nil {
		seen.Failed = err.Error()
	}
	out, err := json.Marshal(seen)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Printf("PROBE%s\n", out)
}

func readTask() (Task, error) {
	var t Task
	if len(os.Args) < 2 {
		return t, fmt.Errorf("usage: probe TASK.json [NONCE]")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		return t, err
	}
	return t, json.Unmarshal(text, &t)
}

// run starts the program, asks it, and stops it.
func run(t Task, seen *Seen) error {
	_, err := os.Stat("/bin/sh")
	seen.Shell = err == nil
	p, err := start(t)
	if err != nil {
		return err
	}
	defer p.collect(seen)
	limit := time.Duration(t.Seconds) * time.Second
	if t.Port == 0 {
		return p.await(limit, seen)
	}
	begun := time.Now()
	if err := p.listens(t.Port, limit); err != nil {
		return err
	}
	seen.StartedSec = time.Since(begun).Seconds()
	seen.UID, seen.GID = p.owner()
	for _, r := range t.Requests {
		seen.Answers = append(seen.Answers, ask(t.Port, r))
	}
	p.stop(seen)
	return nil
}
