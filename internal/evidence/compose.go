package evidence

import (
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Setting is one word of a configuration file with its place.
type Setting struct {
	Place
	Value string
}

// Service is one service of a compose file.
type Service struct {
	Place      // of its name
	Name       string
	Image      Setting
	Build      *ServiceBuild // nil where it is not built
	Command    []Setting     // one setting where it is written as a string
	Entrypoint []Setting
	Exec       bool // the command, or else the entrypoint, is written as a list
	User       Setting
	Ports      []Setting // as written; the long form as published:target/protocol
	Volumes    []Setting // as written; the long form as source:target[:ro]
	Env        []Setting // the names of the environment variables
	Health     []Setting // healthcheck.test
	CapAdd     []Setting
	CapDrop    []Setting
	Tmpfs      []Setting
	ReadOnly   bool
	Privileged bool
	Network    Setting // network_mode
}

// ServiceBuild is what a service is built of.
type ServiceBuild struct {
	Place
	Context    string // relative to the root of the build context; "" where it lies outside or is a URL
	Dockerfile string // relative to the root as well; "" where it lies outside, or is inline
	Target     string
	Args       []Setting // names
}

// Compose returns the services of the compose files in the root of the context,
// in the order of the files' names and of their place in them. A file that is
// not YAML is left out.
func (c *Context) Compose() []Service {
	var out []Service
	for _, e := range c.List(".") {
		name := e.Name()
		base := strings.HasPrefix(name, "docker-compose") || strings.HasPrefix(name, "compose")
		if ext := path.Ext(name); base && !e.IsDir() && (ext == ".yml" || ext == ".yaml") {
			out = append(out, c.composeFile(name)...)
		}
	}
	return out
}

func (c *Context) composeFile(name string) []Service {
	text, ok := c.Read(name)
	if !ok {
		return nil
	}
	return ComposeFile(name, text)
}

// ComposeFile returns the services of one compose file in the order of their place
// in it; none where it is not YAML. name is what their places are called, and the
// paths of their builds are relative to the folder that the file lies in.
func ComposeFile(name string, text []byte) []Service {
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) != 1 {
		return nil
	}
	y := yamlFile{name}
	services := y.get(doc.Content[0], "services")
	if services == nil {
		services = doc.Content[0] // version 1 has the services at the top
	}
	var out []Service
	y.each(services, func(key, value *yaml.Node) {
		if value.Kind == yaml.MappingNode {
			out = append(out, y.service(key, value))
		}
	})
	return out
}

// yamlFile reads settings from the nodes of one file. It follows an alias where
// it meets one and never expands a document, so that alias bombs stay harmless.
type yamlFile struct{ name string }

func (y yamlFile) place(n *yaml.Node) Place { return Place{y.name, n.Line} }

func (y yamlFile) setting(n *yaml.Node) Setting {
	n = followAlias(n)
	if n == nil || n.Kind != yaml.ScalarNode {
		return Setting{}
	}
	return Setting{y.place(n), n.Value}
}

func followAlias(n *yaml.Node) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.AliasNode && i < 10; i++ {
		n = n.Alias
	}
	return n
}

// each calls f for the entries of a mapping, those merged with << after its own.
func (y yamlFile) each(n *yaml.Node, f func(key, value *yaml.Node)) {
	y.eachMerged(n, f, 0)
}

func (y yamlFile) eachMerged(n *yaml.Node, f func(key, value *yaml.Node), depth int) {
	n = followAlias(n)
	if n == nil || depth > 3 {
		return
	}
	if n.Kind == yaml.SequenceNode && depth > 0 { // <<: [*a, *b]
		for _, one := range n.Content[:min(len(n.Content), 20)] {
			y.eachMerged(one, f, depth+1)
		}
		return
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != "<<" {
			f(n.Content[i], followAlias(n.Content[i+1]))
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "<<" {
			y.eachMerged(n.Content[i+1], f, depth+1)
		}
	}
}

// get returns the value of a key, nil where it is not there.
func (y yamlFile) get(n *yaml.Node, key string) *yaml.Node {
	var found *yaml.Node
	y.each(n, func(k, v *yaml.Node) {
		if found == nil && k.Value == key {
			found = v
		}
	})
	return found
}

// list reads a sequence of scalars, or one scalar, or the keys of a mapping.
func (y yamlFile) list(n *yaml.Node) []Setting {
	if n = followAlias(n); n == nil {
		return nil
	}
	var out []Setting
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			out = append(out, y.setting(n))
		}
	case yaml.SequenceNode:
		for _, one := range n.Content {
			if s := y.setting(one); s.File != "" {
				out = append(out, s)
			}
		}
	case yaml.MappingNode:
		y.each(n, func(k, _ *yaml.Node) { out = append(out, y.setting(k)) })
	}
	return out
}

// names is list with what follows "=" left out.
func (y yamlFile) names(n *yaml.Node) []Setting {
	out := y.list(n)
	for i := range out {
		out[i].Value, _, _ = strings.Cut(out[i].Value, "=")
	}
	return out
}

func (y yamlFile) service(key, n *yaml.Node) Service {
	s := Service{Place: y.place(key), Name: key.Value}
	get := func(key string) *yaml.Node { return y.get(n, key) }
	s.Image, s.User, s.Network = y.setting(get("image")), y.setting(get("user")), y.setting(get("network_mode"))
	s.Command, s.Entrypoint = y.list(get("command")), y.list(get("entrypoint"))
	s.Exec = isSequence(get("command")) || len(s.Command) == 0 && isSequence(get("entrypoint"))
	s.Env = y.names(get("environment"))
	s.Health = y.list(y.get(get("healthcheck"), "test"))
	s.CapAdd, s.CapDrop, s.Tmpfs = y.list(get("cap_add")), y.list(get("cap_drop")), y.list(get("tmpfs"))
	s.ReadOnly = y.setting(get("read_only")).Value == "true"
	s.Privileged = y.setting(get("privileged")).Value == "true"
	s.Ports = y.long(get("ports"), y.port)
	s.Volumes = y.long(get("volumes"), y.volume)
	if b := get("build"); b != nil {
		s.Build = y.build(b)
	}
	return s
}

func isSequence(n *yaml.Node) bool { return n != nil && n.Kind == yaml.SequenceNode }

// long reads a list whose entries may be scalars or mappings.
func (y yamlFile) long(n *yaml.Node, text func(*yaml.Node) string) []Setting {
	if !isSequence(n) {
		return nil
	}
	var out []Setting
	for _, one := range n.Content {
		one = followAlias(one)
		switch one.Kind {
		case yaml.ScalarNode:
			out = append(out, y.setting(one))
		case yaml.MappingNode:
			out = append(out, Setting{y.place(one), text(one)})
		}
	}
	return out
}

func (y yamlFile) port(n *yaml.Node) string {
	text := y.setting(y.get(n, "target")).Value
	if p := y.setting(y.get(n, "published")).Value; p != "" {
		text = p + ":" + text
	}
	if p := y.setting(y.get(n, "protocol")).Value; p != "" {
		text += "/" + p
	}
	return text
}

func (y yamlFile) volume(n *yaml.Node) string {
	text := y.setting(y.get(n, "target")).Value
	if s := y.setting(y.get(n, "source")).Value; s != "" {
		text = s + ":" + text
	}
	if y.setting(y.get(n, "read_only")).Value == "true" {
		text += ":ro"
	}
	return text
}

func (y yamlFile) build(n *yaml.Node) *ServiceBuild {
	b := &ServiceBuild{Place: y.place(n)}
	dir, file := y.setting(n).Value, "Dockerfile"
	if n.Kind == yaml.MappingNode {
		dir = y.setting(y.get(n, "context")).Value
		b.Target = y.setting(y.get(n, "target")).Value
		b.Args = y.names(y.get(n, "args"))
		if d := y.setting(y.get(n, "dockerfile")).Value; d != "" {
			file = d
		}
		if y.get(n, "dockerfile_inline") != nil {
			file = ""
		}
	}
	if clean, ok := composePath(".", dir); ok {
		b.Context = clean
		if clean, ok := composePath(clean, file); ok && file != "" {
			b.Dockerfile = clean
		}
	}
	return b
}

// composePath joins paths that are relative in a compose file; false for what
// leads out of the context, is absolute, or is no path.
func composePath(dir, p string) (string, bool) {
	if path.IsAbs(p) || strings.Contains(p, "://") || strings.HasPrefix(p, "git@") || strings.Contains(p, "$") {
		return "", false
	}
	return cleanPath(path.Join(dir, p))
}
