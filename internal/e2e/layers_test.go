//go:build e2e

package e2e

import (
	"slices"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify"
)

// A file that a later step hands over is in two layers: the filesystem does not
// show it, and whoever pulls the image pays for it.
func TestLayers(t *testing.T) {
	builders := connect(t)
	job := hostile(t, "FROM alpine:3.22\nRUN head -c 30000000 /dev/urandom > /data\nCMD [\"true\"]\n")
	job.After = "FROM alpine:3.22\nRUN head -c 30000000 /dev/urandom > /data\nRUN chown 10001:10001 /data\nCMD [\"true\"]\n"
	p := verified(t, builders, verify.Options{}, job)
	if p.Before.Layers < 30_000_000 || p.Before.Layers > 31_000_000 || p.After.Layers < p.Before.Layers+30_000_000 || p.After.Layers > p.Before.Layers+31_000_000 {
		t.Errorf("layers of %d and %d bytes", p.Before.Layers, p.After.Layers)
	}
	if p.Verdict != proof.Same || !slices.ContainsFunc(p.Findings, func(f proof.Finding) bool { return f.Aspect == "layers above the base" && f.Effect == proof.Worsens }) {
		t.Errorf("%s: %s", p.Verdict, p.Why)
	}
}
