package bulk

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// said fills in the contexts that the user or a compose file states.
func (f *finder) said(o Options) {
	built := f.built()
	stated := map[string]statement{}
	if o.Context == "" {
		stated = statements(built)
	}
	services := map[string][]composed{}
	for _, b := range built {
		services[b.Dockerfile] = append(services[b.Dockerfile], b.composed)
	}
	for i := range f.found {
		t := &f.found[i]
		t.services = services[t.file]
		if o.Context != "" {
			t.context = o.Context
			if abs, err := filepath.Abs(o.Context); err == nil {
				t.context = abs
			}
			continue
		}
		if s, ok := stated[t.file]; ok && inside(t.within, s.context) {
			t.context = s.context
			if s.context != filepath.Dir(t.file) {
				t.why = filepath.Base(s.by) + " builds it there"
			}
		}
	}
}

// statement is what a compose file says of a Dockerfile. Both are absolute.
type statement struct{ context, by string }

// statements maps Dockerfiles to what compose files say of them. Of several, the
// Dockerfile's own folder counts first, then the first in the order of paths.
func statements(built []build) map[string]statement {
	out := map[string]statement{}
	for _, b := range built {
		old, taken := out[b.Dockerfile]
		own := filepath.Dir(b.Dockerfile)
		if !taken || b.Context == own && old.context != own {
			out[b.Dockerfile] = statement{b.Context, b.file}
		}
	}
	return out
}

// built are the build sections of all compose files, in the order of paths.
func (f *finder) built() []build {
	slices.Sort(f.compose)
	var out []build
	for _, file := range slices.Compact(f.compose) {
		out = append(out, builds(file)...)
	}
	return out
}

// composed names a service of a compose file, which is absolute.
type composed struct{ file, service string }

// composeServices reads what the compose files say of the target's containers. Their
// places are named from the build context, dir.
func (t Target) composeServices(dir string) []evidence.Service {
	var out []evidence.Service
	for _, c := range t.services {
		rel, err := filepath.Rel(dir, c.file)
		if err != nil {
			continue
		}
		text, err := ReadFile(c.file)
		if err != nil {
			continue // it was read to find the service: it is gone now
		}
		for _, s := range evidence.ComposeFile(filepath.ToSlash(rel), []byte(text)) {
			if s.Name == c.service && s.Build != nil {
				out = append(out, s)
			}
		}
	}
	return out
}

// build is the build section of one service.
type build struct {
	composed   `yaml:"-"`
	Context    string `yaml:"context"`
	Dockerfile string `yaml:"dockerfile"`
}

// builds returns the build sections of a compose file with absolute paths, in the
// order of the services. A file that cannot be read as one says nothing.
func builds(file string) []build {
	text, err := ReadFile(file)
	if err != nil {
		return nil
	}
	var doc struct {
		Services map[string]struct {
			Build yaml.Node `yaml:"build"`
		} `yaml:"services"`
	}
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return nil
	}
	var names []string
	for name := range doc.Services {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []build
	for _, name := range names {
		node := doc.Services[name].Build
		if b, ok := readBuild(&node, filepath.Dir(file)); ok {
			b.composed = composed{file, name}
			out = append(out, b)
		}
	}
	return out
}

// readBuild reads both forms of a build section. Paths with variables and
// contexts on other machines are not for us to know.
func readBuild(node *yaml.Node, dir string) (build, bool) {
	var b build
	switch node.Kind {
	case yaml.ScalarNode:
		b.Context = node.Value
	case yaml.MappingNode:
		if node.Decode(&b) != nil {
			return b, false
		}
	default:
		return b, false
	}
	if strings.Contains(b.Context+b.Dockerfile, "$") || strings.Contains(b.Context, "://") || strings.HasPrefix(b.Context, "git@") {
		return b, false
	}
	if b.Dockerfile == "" {
		b.Dockerfile = "Dockerfile"
	}
	b.Context = absolute(dir, b.Context)
	b.Dockerfile = absolute(b.Context, b.Dockerfile)
	if info, err := os.Stat(b.Context); err != nil || !info.IsDir() {
		return b, false
	}
	return b, true
}

// absolute returns path as seen from dir.
func absolute(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
