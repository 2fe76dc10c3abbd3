package verify

import (
	"context"
	"fmt"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	digest "github.com/opencontainers/go-digest"
)

// maxLayers bounds the chain that is followed; engines refuse images with more than
// 127 layers.
const maxLayers = 1000

// layers is how many bytes the layers of an image take on the builder. A file that a
// later step changes, be it its owner alone, counts again. Nothing is exported: the
// builder's own records tell it. They do not say which one is whose, so that an
// empty file is laid on the image under a name by which its record is found; the
// image itself is not changed. 0 is an image without files, or with COPY --link,
// whose layers share their bytes.
func layers(ctx context.Context, b *Builder, img *image) (int64, error) {
	if img.ref == nil {
		return 0, nil
	}
	state, err := img.ref.ToState()
	if err != nil {
		return 0, err
	}
	below, err := state.Marshal(ctx)
	if err != nil {
		return 0, err
	}
	id := digest.FromBytes(below.Def[len(below.Def)-1]).Encoded()[:16]
	name := "[bulwark] the layers, " + id
	top, err := state.File(llb.Mkfile("/.bulwark-"+id, 0o600, nil), llb.WithCustomName(name)).Marshal(ctx)
	if err != nil {
		return 0, err
	}
	if _, err := img.gw.Solve(ctx, gateway.SolveRequest{Definition: top.ToPB(), Evaluate: true}); err != nil {
		return 0, err
	}
	records, err := b.Client.DiskUsage(ctx)
	if err != nil {
		return 0, err
	}
	return belowRecord(records, name)
}

// belowRecord adds up the records that the one with a description stands on.
func belowRecord(records []*client.UsageInfo, description string) (int64, error) {
	byID := map[string]*client.UsageInfo{}
	var at *client.UsageInfo
	for _, r := range records {
		byID[r.ID] = r
		if r.Description == description {
			at = r
		}
	}
	if at == nil {
		return 0, fmt.Errorf("the builder has no record of %q", description)
	}
	var sum int64
	for range maxLayers {
		switch len(at.Parents) {
		case 0:
			return sum, nil
		case 1:
		default:
			return 0, nil
		}
		parent := byID[at.Parents[0]]
		if parent == nil {
			return 0, fmt.Errorf("the builder has no record %s", at.Parents[0])
		}
		sum, at = sum+parent.Size, parent
	}
	return 0, fmt.Errorf("more than %d layers", maxLayers)
}
