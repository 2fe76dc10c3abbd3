package templates

import (
	"fmt"
	"strings"

	"github.com/distribution/reference"
)

// Mirror says that the images of one place are kept at another, too.
type Mirror struct {
	From string // "docker.io", "docker.io/library", "mcr.microsoft.com"
	To   string // "mirror.example:5000/hub"
}

// Mirrors are asked in their order; nil is none.
type Mirrors []Mirror

// ParseMirror reads FROM=TO, each a registry with or without the start of a
// path: "docker.io=mirror.example/hub". It fails where a side is no valid start
// of a reference with a registry.
func ParseMirror(s string) (Mirror, error) {
	from, to, ok := strings.Cut(s, "=")
	if !ok {
		return Mirror{}, fmt.Errorf("parsing mirror %q: want FROM=TO", s)
	}
	m := Mirror{strings.TrimSuffix(from, "/"), strings.TrimSuffix(to, "/")}
	for _, side := range []string{m.From, m.To} {
		named, err := reference.ParseNormalizedNamed(side + "/x")
		registry, _, _ := strings.Cut(side, "/")
		if err != nil || reference.Domain(named) != registry || !reference.IsNameOnly(named) {
			return Mirror{}, fmt.Errorf("parsing mirror %q: %q is not a registry", s, side)
		}
	}
	return m, nil
}

// Read gives a reference to a mirror as one to what it mirrors, in the spelling
// that the author wrote: the tables then know the image, and WithTag writes
// another tag of it at the mirror. Any other reference is given as it is.
func (m Mirrors) Read(r Ref) Ref {
	full := r.Registry + "/" + r.Repository
	for _, mirror := range m {
		rest, ok := strings.CutPrefix(full, mirror.To+"/")
		if !ok {
			continue
		}
		registry, path, _ := strings.Cut(mirror.From+"/"+rest, "/")
		if registry == "docker.io" && !strings.Contains(path, "/") {
			path = "library/" + path
		}
		r.Registry, r.Repository = registry, path
		return r
	}
	return r
}

// Write gives the reference that an image has at the first mirror that keeps
// it, and the reference itself where none does.
func (m Mirrors) Write(r Ref) Ref {
	full := r.Registry + "/" + r.Repository
	for _, mirror := range m {
		if rest, ok := strings.CutPrefix(full, mirror.From+"/"); ok && !r.Scratch() {
			name := mirror.To + "/" + rest
			r.Registry, r.Repository, _ = strings.Cut(name, "/")
			r.written = name
			return r
		}
	}
	return r
}
