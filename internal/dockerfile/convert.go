package dockerfile

import (
	"context"
	"errors"
	"strings"

	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	digest "github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

// Convert has BuildKit turn a Dockerfile into its build graph, without a build,
// a network or a build context: base images are taken for plain linux/amd64
// ones. It finds what the parser does not: references to stages that do not
// exist, values that no instruction accepts, variables that are refused. With
// stages it converts the graph of each of them, by name; without, of all stages.
//
// ARGs without a default are left unset and, where that does not convert, given
// a placeholder. Panics inside BuildKit are returned as errors. A src that Parse
// refuses is refused here too.
func Convert(ctx context.Context, src string, stages ...string) error {
	f, err := Parse("", src)
	if err != nil {
		return err
	}
	if err := f.checkGrowth(); err != nil {
		return placed(f.Name, 0, err)
	}
	// BuildKit's lexer prints to stderr on invalid UTF-8.
	src = strings.ToValidUTF8(src, "\ufffd")
	if len(stages) == 0 {
		stages = []string{""}
	}
	for _, target := range stages {
		err := convert(ctx, src, target, nil)
		if placeholders := f.unsetArgs(); err != nil && len(placeholders) > 0 {
			if convert(ctx, src, target, placeholders) == nil {
				err = nil
			}
		}
		if err != nil {
			return placed(f.Name, 0, err)
		}
	}
	return nil
}

// unsetArgs gives each ARG without default a placeholder.
func (f *File) unsetArgs() map[string]string {
	out := map[string]string{}
	for _, in := range f.Instrs {
		for _, p := range in.Pairs {
			if in.Name == "arg" && !p.HasValue && !isPlatformArg(p.Key) {
				out[p.Key] = placeholder
			}
		}
	}
	return out
}

func convert(ctx context.Context, src, target string, args map[string]string) error {
	caps := pb.Caps.CapSet(pb.Caps.All())
	opt := dockerfile2llb.ConvertOpt{
		Config:         dockerui.Config{Target: target, BuildArgs: args},
		TargetPlatform: &ocispecs.Platform{OS: "linux", Architecture: "amd64"},
		MetaResolver:   plainImages{},
		LLBCaps:        &caps,
		AllStages:      target == "",
	}
	return guarded(func() error {
		_, err := dockerfile2llb.Dockerfile2LLB(ctx, []byte(src), opt)
		return err
	})
}

// plainImages answers for every base image with the same small configuration.
type plainImages struct{}

// plainConfig names one layer: BuildKit takes an image without layers for scratch.
const plainConfig = `{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":` +
	`["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]}}`

func (plainImages) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	return ref, "", []byte(plainConfig), nil
}

func (plainImages) ResolveSourceMetadata(context.Context, *pb.SourceOp, sourceresolver.Opt) (*sourceresolver.MetaResponse, error) {
	return nil, errors.New("no network while converting")
}
