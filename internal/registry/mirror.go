package registry

import (
	"strings"

	"github.com/distribution/reference"
)

// Mirror says where the images of a registry, or those below a path of it, are
// asked for: From "docker.io" and To "mirror.example/hub" lead from node:20 to
// mirror.example/hub/library/node:20.
type Mirror struct{ From, To string }

// mirrored gives the reference at the mirror mapped for it, the one of the
// longest From; without one, and where ref is not valid, ref itself.
func mirrored(ref string, mirrors []Mirror) string {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return ref
	}
	full, best := named.String(), Mirror{}
	for _, m := range mirrors {
		m.From, m.To = strings.TrimSuffix(m.From, "/"), strings.TrimSuffix(m.To, "/")
		if strings.HasPrefix(full, m.From+"/") && len(m.From) > len(best.From) {
			best = m
		}
	}
	if best.From == "" {
		return ref
	}
	return best.To + strings.TrimPrefix(full, best.From)
}
