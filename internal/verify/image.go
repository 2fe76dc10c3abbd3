package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/exporter/containerimage/exptypes"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/util/grpcerrors"
	spec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/tonistiigi/fsutil"
	"google.golang.org/grpc/codes"
)

// image is what a Dockerfile builds, as long as its build lasts.
type image struct {
	gw     gateway.Client
	arch   string            // GOARCH that it is built for
	ref    gateway.Reference // nil: no file in it
	config spec.DockerOCIImage
	base   spec.DockerOCIImage // of the image that its last stage stands on; empty unless based
	based  bool                // the builder told base: there is one, and BuildKit is 0.11 or newer
}

// recipe is one of the two builds of a job.
type recipe struct {
	text    string // the Dockerfile
	archive string // file to export the image to, as an OCI archive; "" for none
}

// dockerfileName is what a Dockerfile is called among the sources of its build.
const dockerfileName = "Dockerfile"

// build builds the recipe on b and hands the image to use while it is there. The
// error is a buildError where the recipe is at fault, else that of use or of the
// way to the builder. What the build printed goes to status,
// which is closed at the end.
func (v *Verifier) build(ctx context.Context, b *Builder, job *Job, r recipe, status chan *client.SolveStatus, use func(context.Context, *image) error) error {
	arch, err := v.arch(b)
	if err != nil {
		close(status)
		return err
	}
	opt, cleanup, err := v.solveOptions(ctx, job, r, arch)
	if err != nil {
		close(status)
		return err
	}
	defer cleanup()
	var failed error
	_, err = b.Client.Build(ctx, *opt, "bulwark", func(ctx context.Context, gw gateway.Client) (*gateway.Result, error) {
		img, res, err := v.solve(ctx, gw, opt.FrontendAttrs)
		if failed = err; err != nil {
			return nil, err
		}
		img.arch = arch
		return res, use(ctx, img)
	}, status)
	// What the client returns has been over the wire. A build that is ended at its
	// time limit may leave a broken stream behind: no reason to begin it again.
	if failed != nil && (errors.Is(failed, errTimeout) || !IsLost(err)) {
		return buildError{failed}
	}
	return err
}

// arch is what the images are built for, as GOARCH names it: what the user asks
// for, else the builder's own.
func (v *Verifier) arch(b *Builder) (string, error) {
	if v.o.Build.Platform != "" {
		p, err := platforms.Parse(v.o.Build.Platform)
		return p.Architecture, err
	}
	if len(b.Platforms) == 0 {
		return "", fmt.Errorf("%s names no platform that it builds for", b.Address)
	}
	return b.Platforms[0].Architecture, nil
}

// buildError is a build that failed, apart from what is done with the image afterwards.
type buildError struct{ error }

// errTimeout is that of a build that took longer than it may.
var errTimeout = errors.New("the build did not end in time")

// outside is whether a build failed for what its Dockerfile has no part in: time, or
// a registry that could not be asked. A tag that does not exist is the Dockerfile's.
func outside(err error) bool {
	if errors.Is(err, errTimeout) {
		return true
	}
	text := err.Error()
	said := func(sign string) bool { return strings.Contains(text, sign) }
	// The second is how the BuildKit in Docker 20.10 says it.
	return slices.ContainsFunc([]string{"failed to resolve source metadata", "failed to create LLB definition"}, said) && slices.ContainsFunc([]string{
		"failed to do request", "failed to copy: httpReadSeeker", "i/o timeout", "TLS handshake", "429 Too Many Requests", "toomanyrequests", "500 Internal", "502 Bad", "503 Service", "504 Gateway",
	}, said)
}

// Unwrap gives BuildKit's own error.
func (e buildError) Unwrap() error { return e.error }

// solve asks the builder's own Dockerfile frontend for the image.
func (v *Verifier) solve(ctx context.Context, gw gateway.Client, attrs map[string]string) (*image, *gateway.Result, error) {
	limited, cancel := context.WithTimeout(ctx, v.o.Build.Timeout)
	defer cancel()
	begun := time.Now()
	res, ref, err := evaluate(limited, gw, attrs)
	if err != nil {
		// The deadline goes along to the builder, which may be the first to end the
		// build; it then says one or the other, by who asks it of the step that ran.
		code := grpcerrors.Code(err)
		late := time.Since(begun) > v.o.Build.Timeout-time.Second && (code == codes.DeadlineExceeded || code == codes.Canceled)
		if ctx.Err() == nil && (late || limited.Err() != nil) {
			err = fmt.Errorf("%w: it has %s", errTimeout, v.o.Build.Timeout)
		}
		return nil, nil, err
	}
	img := &image{gw: gw, ref: ref, based: len(res.Metadata[exptypes.ExporterImageBaseConfigKey]) > 0}
	return img, res, errors.Join(
		decode(res.Metadata[exptypes.ExporterImageConfigKey], &img.config),
		decode(res.Metadata[exptypes.ExporterImageBaseConfigKey], &img.base))
}

// evaluate builds, and returns when the image's files are there; ref is nil where
// it has none. The builder in Docker 20.10 only begins to build when a file is
// asked for, whatever Evaluate says.
func evaluate(ctx context.Context, gw gateway.Client, attrs map[string]string) (res *gateway.Result, ref gateway.Reference, err error) {
	res, err = gw.Solve(ctx, gateway.SolveRequest{Evaluate: true, Frontend: "dockerfile.v0", FrontendOpt: attrs})
	if err != nil {
		return nil, nil, err
	}
	if ref, err = res.SingleRef(); err != nil {
		return nil, nil, fmt.Errorf("one image is wanted, not one for each of several platforms: %w", err)
	}
	if ref != nil {
		_, err = ref.StatFile(ctx, gateway.StatRequest{Path: "."})
	}
	return res, ref, err
}

func decode(text []byte, config *spec.DockerOCIImage) error {
	if len(text) == 0 {
		return nil // from scratch
	}
	if err := json.Unmarshal(text, config); err != nil {
		return fmt.Errorf("reading the image's configuration: %w", err)
	}
	return nil
}

// solveOptions are the sources, arguments and outputs of a build. cleanup removes
// what was laid out for it.
func (v *Verifier) solveOptions(ctx context.Context, job *Job, r recipe, arch string) (opt *client.SolveOpt, cleanup func(), err error) {
	local, err := layOut(job, r.text)
	if err != nil {
		return nil, nil, err
	}
	cleanup = func() { _ = os.RemoveAll(local) }
	folders := map[string]string{"context": job.Context, "dockerfile": local}
	probe, err := v.helpers.folder(ctx, arch)
	if err == nil && probe != "" {
		folders[probeMount] = probe
	}
	opt = &client.SolveOpt{FrontendAttrs: v.o.Build.attributes(), LocalMounts: map[string]fsutil.FS{}}
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		var source fsutil.FS
		if err == nil {
			source, err = fsutil.NewFS(folders[name])
		}
		opt.LocalMounts[name] = source
	}
	if err == nil {
		opt.Session, err = v.o.Build.Session.attachables()
	}
	if err != nil {
		cleanup()
		return nil, nil, err
	}
	if r.archive != "" {
		opt.Exports = []client.ExportEntry{{Type: client.ExporterOCI, Output: func(map[string]string) (io.WriteCloser, error) { return os.Create(r.archive) }}}
	}
	return opt, cleanup, nil
}

// layOut makes the folder with the Dockerfile and, where there is one for it
// alone, its ignore file: the context is the same whichever Dockerfile is built.
func layOut(job *Job, text string) (string, error) {
	dir, err := os.MkdirTemp("", "bulwark-verify-")
	if err != nil {
		return "", err
	}
	err = os.WriteFile(filepath.Join(dir, dockerfileName), []byte(text), 0o644)
	if err == nil && job.Ignore != "" {
		err = os.WriteFile(filepath.Join(dir, dockerfileName+".dockerignore"), []byte(job.Ignore), 0o644)
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, nil
}

// attributes are the options as the Dockerfile frontend takes them.
func (o BuildOptions) attributes() map[string]string {
	attrs := map[string]string{"filename": dockerfileName}
	for name, value := range o.Args {
		attrs["build-arg:"+name] = value
	}
	for name, value := range map[string]string{"target": o.Target, "platform": o.Platform} {
		if value != "" {
			attrs[name] = value
		}
	}
	if o.NoCache {
		attrs["no-cache"] = ""
	}
	return attrs
}
