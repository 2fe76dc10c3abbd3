//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// engine is a BuildKit and the probe to run in its containers.
type engine struct {
	host, buildctl string
	probe          string // folder with the probe's binary, handed to BuildKit as a context of its own
	store          string // OCI layout that images are exported to
	storing        sync.Mutex
}

// newEngine finds the engine that the environment names, or skips the test.
func newEngine(t *testing.T) *engine {
	t.Helper()
	e := &engine{host: os.Getenv("BUILDKIT_HOST"), buildctl: os.Getenv("BUILDCTL"), probe: t.TempDir(), store: t.TempDir()}
	if e.host == "" || e.buildctl == "" {
		t.Skip("SKIPPED, NOTHING WAS BUILT: BUILDKIT_HOST and BUILDCTL do not name an engine")
	}
	cmd := exec.Command("go", "build", "-o", filepath.Join(e.probe, "probe"), "./probe")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the probe: %v\n%s", err, out)
	}
	return e
}

// image is what its manifest and configuration say of an image.
type image struct {
	Config struct {
		User            string
		Env             []string
		Entrypoint, Cmd []string
		WorkingDir      string
		ExposedPorts    map[string]struct{}
		Volumes         map[string]struct{}
		Labels          map[string]string
		StopSignal      string
		Healthcheck     json.RawMessage
	} `json:"config"`
	Size int64 `json:"-"` // of its layers, as they are stored
}

// build builds the Dockerfile text over the context dir and returns the image.
func (e *engine) build(ctx context.Context, dir, text string) (*image, error) {
	local, err := writeDockerfile(text)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(local)
	if err := quiet(e.command(ctx, dir, local, "--progress", "plain")); err != nil {
		return nil, err
	}
	return e.export(ctx, dir, local)
}

// export asks for the image that was just built. All images share one store, so
// that the layers of a base come over once; BuildKit's client does not expect
// another one in the same store, hence the lock.
func (e *engine) export(ctx context.Context, dir, local string) (*image, error) {
	e.storing.Lock()
	defer e.storing.Unlock()
	told := filepath.Join(local, "metadata.json")
	cmd := e.command(ctx, dir, local, "--progress", "plain", "--metadata-file", told, "--output", "type=oci,tar=false,compression=uncompressed,dest="+e.store)
	if err := quiet(cmd); err != nil {
		return nil, err
	}
	var metadata struct {
		Digest string `json:"containerimage.digest"`
	}
	if err := readJSON(told, &metadata); err != nil {
		return nil, err
	}
	return e.readImage(metadata.Digest)
}

// quiet runs a command of which only the failure is of interest.
func quiet(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("buildctl: %w\n%s", err, tail(string(out), 40))
	}
	return nil
}

// command is a build of the Dockerfile in the folder local over the context dir.
func (e *engine) command(ctx context.Context, dir, local string, more ...string) *exec.Cmd {
	args := []string{"--addr", e.host, "build", "--frontend", "dockerfile.v0", "--local", "context=" + dir, "--local", "dockerfile=" + local}
	cmd := exec.CommandContext(ctx, e.buildctl, append(args, more...)...)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// writeDockerfile puts the text where BuildKit can read it, outside the context:
// the context is the same, whichever Dockerfile is built.
func writeDockerfile(text string) (string, error) {
	local, err := os.MkdirTemp("", "bulwark-e2e-")
	if err != nil {
		return "", err
	}
	return local, os.WriteFile(filepath.Join(local, "Dockerfile"), []byte(text), 0o644)
}

type descriptor struct {
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
}

// readImage reads the configuration of the image in the store.
func (e *engine) readImage(digest string) (*image, error) {
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	if err := readJSON(e.blob(digest), &manifest); err != nil {
		return nil, err
	}
	img := &image{}
	if err := readJSON(e.blob(manifest.Config.Digest), img); err != nil {
		return nil, err
	}
	for _, l := range manifest.Layers {
		img.Size += l.Size
	}
	return img, nil
}

func (e *engine) blob(digest string) string {
	return filepath.Join(e.store, "blobs", strings.Replace(digest, ":", "/", 1))
}

func readJSON(file string, v any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// output runs a build for what one of its steps prints: the line that starts with mark.
func output(cmd *exec.Cmd, mark string) (string, error) {
	pipe, err := cmd.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	var said, log strings.Builder
	lines := bufio.NewScanner(pipe)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		text := progress(lines.Bytes())
		log.WriteString(text)
		said.WriteString(text)
	}
	if err := errors.Join(lines.Err(), cmd.Wait()); err != nil {
		return "", fmt.Errorf("buildctl: %w\n%s", err, tail(log.String(), 40))
	}
	_, after, ok := strings.Cut(said.String(), mark)
	if !ok {
		return "", fmt.Errorf("the step printed no %s line:\n%s", mark, tail(log.String(), 40))
	}
	line, _, _ := strings.Cut(after, "\n")
	return line, nil
}

// progress takes what the steps printed and the errors out of a line of --progress=rawjson.
func progress(line []byte) string {
	var status struct {
		Vertexes []struct{ Name, Error string }
		Logs     []struct{ Data []byte }
	}
	if json.Unmarshal(line, &status) != nil {
		return string(line) + "\n" // buildctl's own error
	}
	var b strings.Builder
	for _, l := range status.Logs {
		b.Write(l.Data)
	}
	for _, v := range status.Vertexes {
		if v.Error != "" {
			fmt.Fprintf(&b, "%s: %s\n", v.Name, v.Error)
		}
	}
	return b.String()
}

// tail is the last n lines.
func tail(s string, n int) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
