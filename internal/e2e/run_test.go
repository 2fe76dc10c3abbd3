//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
)

// task, request, seen and answer are the probe's types of the same names.
type task struct {
	Argv, Env []string
	Dir, User string
	Port      int
	Requests  []request
	Seconds   int
}

type request struct{ Method, Path, Body string }

type seen struct {
	Failed         string
	UID, GID       int
	Answers        []answer
	Exit           int
	Stdout, Stderr string
	Shell, Stopped bool
	StartedSec     float64
}

type answer struct {
	Status              int
	Type, Body, Problem string
}

// lastStage is the name that the shipped stage gets where it has none.
const lastStage = "bulwark-e2e-last"

// probeStage runs the probe in a container of the built image. The network is
// the container's own loopback, so that ports are free whatever runs beside it.
const probeStage = `
FROM %s AS bulwark-e2e-probe
USER 0:0
RUN --network=none --mount=type=bind,from=bulwark-e2e-tools,target=/.bulwark-e2e ["/.bulwark-e2e/probe", "/.bulwark-e2e/task.json", "%d"]
`

// run starts the image that the Dockerfile text builds, and asks it.
func (e *engine) run(ctx context.Context, dir, text string, img *image, port int, requests []request) (*seen, error) {
	text, err := withProbe(text)
	if err != nil {
		return nil, err
	}
	tools, err := e.tools(img, port, requests)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tools)
	local, err := writeDockerfile(text)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(local)
	cmd := e.command(ctx, dir, local, "--progress", "rawjson", "--opt", "target=bulwark-e2e-probe",
		"--local", "tools="+tools, "--opt", "context:bulwark-e2e-tools=local:tools")
	line, err := output(cmd, "PROBE")
	if err != nil {
		return nil, err
	}
	s := &seen{}
	return s, json.Unmarshal([]byte(line), s)
}

// withProbe gives the last stage a name and adds the probe's stage.
func withProbe(text string) (string, error) {
	file, err := dockerfile.Parse("Dockerfile", text)
	if err != nil {
		return "", err
	}
	last := file.Stages[len(file.Stages)-1]
	name := last.Name
	if name == "" {
		name = lastStage
		at := last.From.Span.End
		text = text[:at] + " AS " + name + text[at:]
	}
	return text + fmt.Sprintf(probeStage, name, time.Now().UnixNano()), nil
}

// startSeconds is how long a program may take until it answers. `go run` compiles
// the standard library first, on a machine that others build on too.
const startSeconds = 300

// tools makes the folder that holds the probe and its task.
func (e *engine) tools(img *image, port int, requests []request) (string, error) {
	c := img.Config
	t := task{Argv: append(append([]string{}, c.Entrypoint...), c.Cmd...), Env: c.Env, Dir: c.WorkingDir, User: c.User, Port: port, Requests: requests, Seconds: startSeconds}
	text, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "bulwark-e2e-")
	if err != nil {
		return "", err
	}
	if err := os.Link(filepath.Join(e.probe, "probe"), filepath.Join(dir, "probe")); err != nil {
		return "", err
	}
	return dir, os.WriteFile(filepath.Join(dir, "task.json"), text, 0o644)
}
