package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/internal/bulk"
	"github.com/bulwark-cli/bulwark/internal/config"
	"github.com/bulwark-cli/bulwark/templates"
	"github.com/bulwark-cli/bulwark/transform"
)

// policyFlags are the flags that speak of what a configuration speaks of.
func policyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "only", Usage: "apply these transforms alone (`NAME`, repeatable, or with commas)"},
		&cli.StringSliceFlag{Name: "prefer", Usage: "runtime bases (`FAMILY`,...), best first: " + strings.Join(transform.Families(), ",") +
			"; chainguard and dhi where they are named"},
		&cli.StringFlag{Name: "config", Usage: "`FILE` with what your organisation lays down; without it the nearest " + config.Name + " of the repository, see docs/config.md"},
		&cli.StringSliceFlag{Name: "registry-map", Usage: "`FROM=TO`: images of a registry that are written are taken from a mirror (repeatable): docker.io=mirror.example/hub"},
	}
}

// policies find what holds for each file of a run.
type policies struct {
	flags config.Flags
	file  string // --config; "" to search

	mu   sync.Mutex
	seen map[[2]string]found
}

// found is the outcome of one search.
type found struct {
	file *config.File
	err  error
}

// readPolicies reads the flags, or returns a usageError.
func readPolicies(c *cli.Context) (*policies, error) {
	p := &policies{file: c.String("config"), seen: map[[2]string]found{}}
	p.flags = config.Flags{Families: words(c, "prefer"), Only: words(c, "only")}
	if c.IsSet("config") && p.file == "" {
		return nil, usagef(c, "--config wants a file")
	}
	for _, name := range p.flags.Only {
		if names := transform.Names(); !slices.Contains(names, name) {
			return nil, usagef(c, "no transform is called %q%s", name, orList(name, names))
		}
	}
	for _, name := range p.flags.Families {
		if families := transform.AllFamilies(); !slices.Contains(families, name) {
			return nil, usagef(c, "no runtime family is called %q%s", name, orList(name, families))
		}
	}
	for _, text := range words(c, "registry-map") {
		m, err := templates.ParseMirror(text)
		if err != nil {
			return nil, usagef(c, "--registry-map: %v", err)
		}
		p.flags.Mirrors = append(p.flags.Mirrors, m)
	}
	return p, nil
}

// of is the configuration for a target; nil where there is none. Each is read once.
func (p *policies) of(t bulk.Target) (*config.File, error) {
	_, dir, top := t.Place()
	return p.in(dir, top)
}

// in is the configuration that holds in a folder.
func (p *policies) in(dir, top string) (*config.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := [2]string{dir, top}
	if p.file != "" {
		key = [2]string{p.file}
	}
	if f, ok := p.seen[key]; ok {
		return f.file, f.err
	}
	var f found
	switch {
	case p.file != "":
		f.file, f.err = config.Load(p.file)
	case dir != "":
		f.file, f.err = config.Search(dir, top)
	}
	p.seen[key] = f
	return f.file, f.err
}

// apply puts what holds for a target into its options.
func (p *policies) apply(t bulk.Target, o *transform.Options) error {
	f, err := p.of(t)
	if err != nil {
		return err
	}
	file, _, _ := t.Place()
	f.Apply(o, p.flags, file)
	return nil
}

func (s *session) configCommand() *cli.Command {
	return command(cli.Command{
		Name:      "config",
		Usage:     "print what holds for a Dockerfile, and where each value comes from",
		ArgsUsage: "[PATH]",
		Description: "PATH is a Dockerfile, or a folder for the file Dockerfile in it; the current folder without it.\n" +
			"The nearest " + config.Name + " holds: in the Dockerfile's folder or one above it, up to the root of\n" +
			"the repository. Files do not add up. Flags go before the file. docs/config.md tells the keys.",
		Flags:  policyFlags(),
		Action: s.config,
	})
}

func (s *session) config(c *cli.Context) error {
	if c.Args().Len() > 1 {
		return usagef(c, "config is for one PATH")
	}
	p, err := readPolicies(c)
	if err != nil {
		return err
	}
	path := c.Args().First()
	if path == "" {
		path = "."
	}
	file, top, err := config.Place(path)
	if err != nil {
		return err
	}
	f, err := p.in(filepath.Dir(file), top)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(s.stdout, 0, 0, 3, ' ', 0)
	for _, one := range f.Settings(p.flags, file) {
		fmt.Fprintf(out, "%s\t%s\t%s\n", one.Key, one.Value, one.From)
	}
	return out.Flush()
}
