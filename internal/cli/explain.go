package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/transform"
)

func (s *session) explainCommand() *cli.Command {
	return command(cli.Command{
		Name:        "explain",
		Usage:       "tell what a transform does, when not, and why",
		ArgsUsage:   "[NAME...]",
		Description: "Without a NAME it lists the transforms in the order they run.",
		Action:      s.explain,
	})
}

func (s *session) explain(c *cli.Context) error {
	if !c.Args().Present() {
		for _, t := range transform.All() {
			fmt.Fprintf(s.stdout, "%-14s %s\n", t.Name, title(t))
		}
		return nil
	}
	var docs []string
	for _, name := range c.Args().Slice() {
		i := slices.Index(transform.Names(), name)
		if i < 0 {
			return usagef(c, "no transform is called %q%s", name, orList(name, transform.Names()))
		}
		docs = append(docs, strings.TrimSpace(transform.All()[i].Doc)+"\n")
	}
	fmt.Fprint(s.stdout, strings.Join(docs, "\n"))
	return nil
}

// title is the first line of a transform's documentation, which is Markdown.
func title(t *transform.Transform) string {
	line, _, _ := strings.Cut(strings.TrimSpace(t.Doc), "\n")
	return strings.TrimSpace(strings.TrimLeft(line, "#"))
}
