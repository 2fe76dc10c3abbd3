package transform

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/templates"
)

// image is what the catalogue knows of the image that the stage stands on, through stages between.
func (p *Pass) image(s *dockerfile.Stage) (templates.Image, bool) {
	for s.Parent != nil {
		s = s.Parent
	}
	ref, _, ok := p.File.ExpandRef(s)
	if !ok {
		return templates.Image{}, false
	}
	return p.lookup(ref)
}

// baseConfig gives the knowledge of an image's configuration that the policy and the catalogue have.
func (o *Policy) baseConfig(ref string) dockerfile.BaseImage {
	img, ok := o.image(ref)
	if !ok || !img.ConfigKnown {
		return dockerfile.BaseImage{}
	}
	b := dockerfile.BaseImage{Known: true, Workdir: img.Workdir, User: img.User, Entrypoint: img.Entrypoint, Cmd: img.Cmd}
	for _, kv := range img.Env {
		if kv.Known {
			b.Env = append(b.Env, dockerfile.KV{Key: kv.Name, Value: kv.Value})
		}
	}
	return b
}

// isDistroless reports whether a reference is one of the distroless images.
func isDistroless(ref string) bool { return strings.HasPrefix(ref, "gcr.io/distroless/") }

// isWindows reports whether an image reference or a platform is one of Windows.
func isWindows(s string) bool {
	s = strings.ToLower(s)
	for _, mark := range words("windowsservercore nanoserver windows/servercore windows/nanoserver servercore") {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return strings.HasPrefix(s, "windows") || strings.HasPrefix(s, "mcr.microsoft.com/windows")
}
