package transform

import (
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/evidence"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// service is a service of a compose file that is built from the Dockerfile at hand.
type service struct {
	evidence.Service
	Target string
}

// servicesOf are the compose services of the build context that start the image which
// this Dockerfile ships: those that build it, but for those of another stage.
func (p *Pass) servicesOf() []service {
	var out []service
	for _, s := range p.buildsOf() {
		if t := p.File.StageNamed(s.Target, len(p.File.Stages)); s.Target == "" || t == nil || t == shipped(p.File) {
			out = append(out, s)
		}
	}
	return out
}

// buildsOf are the compose services that this Dockerfile builds, to whatever stage: of
// the build context, and of other places where the caller has found some.
func (p *Pass) buildsOf() []service {
	own := p.Options.Dockerfile
	if own == "" {
		own = "Dockerfile"
	}
	var out []service
	for _, s := range p.Build.Compose() {
		if s.Build == nil || s.Build.Dockerfile != own {
			continue
		}
		out = append(out, service{Service: s, Target: s.Build.Target})
	}
	for _, s := range p.Options.Services {
		seen := func(o service) bool { return o.File == s.File && o.Line == s.Line }
		if s.Build != nil && !slices.ContainsFunc(out, seen) {
			out = append(out, service{Service: s, Target: s.Build.Target})
		}
	}
	return out
}

// starts are the words of the service's own entrypoint and command, each nil where it has none.
func (s service) starts() [][]string {
	var out [][]string
	for _, list := range [][]evidence.Setting{s.Entrypoint, s.Command} {
		if argv := settingWords(list); len(argv) > 0 {
			out = append(out, argv)
		}
	}
	return out
}

// settingWords splits a command that is written as one string in the way compose does.
func settingWords(list []evidence.Setting) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.Value)
	}
	if len(list) != 1 {
		return out
	}
	script := shell.ParseText(list[0].Value)
	if len(script.Commands) == 0 {
		return nil
	}
	return texts(script.Commands[0].Words)
}

// mountsInto reports whether the service mounts anything at a path or below it.
func (s service) mountsInto(dir string) bool {
	for _, v := range s.Volumes {
		parts := strings.Split(v.Value, ":")
		if _, in := within(dir, path.Clean(parts[min(1, len(parts)-1)])); in {
			return true
		}
	}
	return false
}

// mountsOver reports whether the service mounts something of the host over a folder of the image or one above it.
func (s service) mountsOver(dir string) bool {
	for _, v := range s.Volumes {
		parts := strings.Split(v.Value, ":")
		if len(parts) < 2 || !strings.HasPrefix(parts[0], ".") && !strings.HasPrefix(parts[0], "/") {
			continue
		}
		if _, in := within(path.Clean(parts[1]), dir); in {
			return true
		}
	}
	return false
}
