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

// layers is how many bytes the layers above the base image take on the builder. A
// file that a later step changes, be it its owner alone, counts again. Nothing is
// exported: the builder's own records tell it. They do not say which one is whose, so
// that an empty file is laid on the image under a name by which its record is found;
// the image itself is not changed. The base image's layers are left out: what is
// counted of one depends on how it came there. 0 is an image without layers of its
// own, or with COPY --link, whose layers share their bytes.
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
	chain, err := belowRecord(records, name)
	if err != nil || len(chain) < len(img.base.RootFS.DiffIDs) {
		return 0, err
	}
	var sum int64
	for _, size := range chain[:len(chain)-len(img.base.RootFS.DiffIDs)] {
		sum += size
	}
	return sum, nil
}

// belowRecord lists the sizes of the records that the one with a description stands
// on, the topmost first; none where layers were merged.
func belowRecord(records []*client.UsageInfo, description string) ([]int64, error) {
	byID := map[string]*client.UsageInfo{}
	var at *client.UsageInfo
	for _, r := range records {
		byID[r.ID] = r
		if r.Description == description {
			at = r
		}
	}
	if at == nil {
		return nil, fmt.Errorf("the builder has no record of %q", description)
	}
	var sizes []int64
	for range maxLayers {
		switch len(at.Parents) {
		case 0:
			return sizes, nil
		case 1:
		default:
			return nil, nil
		}
		parent := byID[at.Parents[0]]
		if parent == nil {
			return nil, fmt.Errorf("the builder has no record %s", at.Parents[0])
		}
		sizes, at = append(sizes, parent.Size), parent
	}
	return nil, fmt.Errorf("more than %d layers", maxLayers)
}
