package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/solver/pb"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// maxAnswer bounds what a probe may say, in bytes: the file list of a large image is tens of megabytes.
const maxAnswer = 256 << 20

// probeTask runs the probe with a task in a container of its own, without a network,
// and returns the answer. limit bounds the whole, in case that the probe hangs; when it returns,
// nothing of the container is left.
func probeTask(ctx context.Context, gw gateway.Client, c gateway.NewContainerRequest, probe string, task wire.Task, limit time.Duration) (*wire.Answer, error) {
	input, err := json.Marshal(task)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the container did not end within %s", limit))
	defer cancel()
	c.NetMode = pb.NetMode_NONE
	ctr, err := gw.NewContainer(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("making a container: %w", err)
	}
	defer release(ctx, ctr)
	stdout, stderr := &bounded{limit: maxAnswer}, &bounded{limit: 64 << 10}
	process, err := ctr.Start(ctx, gateway.StartRequest{
		Args: []string{probe, "-"}, User: "0:0", Cwd: "/",
		Stdin: io.NopCloser(bytes.NewReader(input)), Stdout: stdout, Stderr: stderr,
	})
	if err != nil {
		return nil, fmt.Errorf("starting the probe: %w", err)
	}
	if err := process.Wait(); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, fmt.Errorf("running the probe: %w\n%s", err, stderr.buf.Bytes())
	}
	return readAnswer(stdout)
}

// release ends the container, also where ctx is over.
func release(ctx context.Context, ctr gateway.Container) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	_ = ctr.Release(ctx) // the builder ends it with the session, if not now
}

// readAnswer finds the line that holds the answer.
func readAnswer(out *bounded) (*wire.Answer, error) {
	_, text, ok := bytes.Cut(out.buf.Bytes(), []byte(wire.Mark))
	switch {
	case out.over:
		return nil, fmt.Errorf("the probe's answer is larger than %d bytes", out.limit)
	case !ok:
		return nil, errors.New("the probe said nothing")
	}
	a := &wire.Answer{}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(a); err != nil {
		return nil, fmt.Errorf("reading the probe's answer: %w", err)
	}
	if a.Failed != "" {
		return nil, errors.New("the probe: " + a.Failed)
	}
	return a, nil
}

// bounded keeps what is written to it up to a limit in bytes, and drops the rest.
type bounded struct {
	buf   bytes.Buffer
	limit int
	over  bool
}

// Write never fails: whoever writes shall not stop.
func (b *bounded) Write(p []byte) (int, error) {
	room := b.limit - b.buf.Len()
	if len(p) > room {
		b.over = true
		b.buf.Write(p[:room])
		return len(p), nil
	}
	return b.buf.Write(p)
}

// Close makes it an io.WriteCloser.
func (b *bounded) Close() error { return nil }
