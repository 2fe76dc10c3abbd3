//go:build e2e

package e2e

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// engine is a BuildKit and the probe to run in its containers.
type engine struct {
	host, buildctl string
	probe          string // folder with the probe's binary, handed to BuildKit as a context of its own
}

// newEngine finds the engine that the environment names, or skips the test.
func newEngine(t *testing.T) *engine {
	t.Helper()
	e := &engine{host: os.Getenv("BUILDKIT_HOST"), buildctl: os.Getenv("BUILDCTL"), probe: t.TempDir()}
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

// image is what an OCI archive says of the image in it.
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
	local, err := writeDockerfile(dir, text)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(local)
	cmd := e.command(ctx, dir, local, "--progress", "plain", "--output", "type=oci,dest=-,compression=uncompressed")
	var log bytes.Buffer
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	img, readErr := readImage(out)
	_, _ = io.Copy(io.Discard, out) // so that buildctl can end; its status tells
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("buildctl: %w\n%s", err, tail(log.String(), 40))
	}
	return img, readErr
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
func writeDockerfile(dir, text string) (string, error) {
	local, err := os.MkdirTemp("", "bulwark-e2e-")
	if err != nil {
		return "", err
	}
	return local, os.WriteFile(filepath.Join(local, "Dockerfile"), []byte(text), 0o644)
}

// readImage reads the image's configuration out of an OCI archive. Blobs come in
// no order that says which is which, so the small ones are kept until the end.
func readImage(r io.Reader) (*image, error) {
	small := map[string][]byte{}
	archive := tar.NewReader(r)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return assemble(small)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the OCI archive: %w", err)
		}
		if h.Size > 1<<20 {
			continue
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			return nil, fmt.Errorf("reading the OCI archive: %w", err)
		}
		small[h.Name] = text
	}
}

type descriptor struct {
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
}

func assemble(files map[string][]byte) (*image, error) {
	blob := func(d descriptor) []byte { return files["blobs/"+strings.Replace(d.Digest, ":", "/", 1)] }
	var index struct{ Manifests []descriptor }
	if err := json.Unmarshal(files["index.json"], &index); err != nil || len(index.Manifests) != 1 {
		return nil, fmt.Errorf("the OCI archive has no index of one image: %w", err)
	}
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	if err := json.Unmarshal(blob(index.Manifests[0]), &manifest); err != nil {
		return nil, fmt.Errorf("reading the manifest: %w", err)
	}
	img := &image{}
	if err := json.Unmarshal(blob(manifest.Config), img); err != nil {
		return nil, fmt.Errorf("reading the image's configuration: %w", err)
	}
	for _, l := range manifest.Layers {
		img.Size += l.Size
	}
	return img, nil
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
