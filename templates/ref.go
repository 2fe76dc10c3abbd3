package templates

import (
	"fmt"
	"strings"

	"github.com/distribution/reference"
)

// Ref is an image reference, taken apart as the container registries' own
// library does it.
type Ref struct {
	Registry   string // "docker.io", "localhost:5000"
	Repository string // within the registry: "library/node", "team/app"
	Tag        string // "" where none is written; the registry then reads "latest"
	Digest     string // "sha256:..."; "" where none is written
	written    string // registry and repository in the author's own spelling
}

// ParseRef reads an image reference as FROM and COPY --from take it. It fails
// where the reference is not valid or still holds a variable.
func ParseRef(s string) (Ref, error) {
	if strings.ContainsAny(s, "$\\ \t") {
		return Ref{}, fmt.Errorf("parsing reference %q: not a plain reference", s)
	}
	named, err := reference.ParseNormalizedNamed(s)
	if err != nil {
		return Ref{}, fmt.Errorf("parsing reference %q: %w", s, err)
	}
	r := Ref{Registry: reference.Domain(named), Repository: reference.Path(named), written: s}
	if d, ok := named.(reference.Digested); ok {
		r.Digest = d.Digest().String()
		r.written = strings.TrimSuffix(r.written, "@"+r.Digest)
	}
	if t, ok := named.(reference.Tagged); ok {
		r.Tag = t.Tag()
		r.written = strings.TrimSuffix(r.written, ":"+r.Tag)
	}
	return r, nil
}

// String gives the reference in the spelling it was parsed from.
func (r Ref) String() string { return r.written + r.suffix() }

// Familiar gives the reference in its shortest spelling: "node:18" for
// docker.io/library/node:18.
func (r Ref) Familiar() string { return r.Name() + r.suffix() }

// Name gives registry and repository in their shortest spelling, without tag
// and digest: "node", "localhost:5000/team/app".
func (r Ref) Name() string {
	if r.Registry != "docker.io" {
		return r.Registry + "/" + r.Repository
	}
	return strings.TrimPrefix(r.Repository, "library/")
}

// Scratch reports whether r is the empty image, which is no image at all.
func (r Ref) Scratch() bool { return r.written == "scratch" && r.suffix() == "" }

// WithTag gives the same image under another tag and without a digest, in the
// author's spelling of its name.
func (r Ref) WithTag(tag string) Ref {
	r.Tag, r.Digest = tag, ""
	return r
}

func (r Ref) suffix() string {
	s := ""
	if r.Tag != "" {
		s = ":" + r.Tag
	}
	if r.Digest != "" {
		s += "@" + r.Digest
	}
	return s
}

// official gives the name under which the tables know the image of r: the
// Docker library's own images by their short name, wherever they come from, the
// others by their full one.
func (r Ref) official() string {
	switch r.Registry {
	case "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com":
		return strings.TrimPrefix(r.Repository, "library/")
	case "public.ecr.aws":
		if name, ok := strings.CutPrefix(r.Repository, "docker/library/"); ok {
			return name
		}
	}
	return r.Name()
}
