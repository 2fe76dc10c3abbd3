package cli

import (
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/internal/bulk"
	"github.com/bulwark-cli/bulwark/internal/report"
)

func (s *session) rewriteCommand() *cli.Command {
	return command(cli.Command{
		Name:      "rewrite",
		Usage:     "write the hardened file",
		ArgsUsage: "PATH...",
		Description: "One file goes to standard output or to -o FILE; -w replaces files where they are, each in\n" +
			"one step and with its mode kept. The account goes to standard error.",
		Flags: commonFlags(
			&cli.BoolFlag{Name: "write", Aliases: []string{"w"}, Usage: "replace the files themselves"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the one result to `FILE`"},
		),
		Action: s.rewrite,
	})
}

func (s *session) rewrite(c *cli.Context) error {
	inPlace, to := c.Bool("write"), c.String("output")
	if inPlace && c.IsSet("output") {
		return usagef(c, "-w and -o exclude each other")
	}
	r, err := s.start(c)
	if err != nil {
		return err
	}
	if !inPlace && len(r.targets) > 1 {
		return usagef(c, "%d files were found: -w rewrites them where they are, diff shows all of them", len(r.targets))
	}
	if inPlace && r.readsStdin() {
		return usagef(c, "-w has nowhere to write what comes from standard input")
	}
	defer r.close()
	return r.each(func(t *bulk.Target, f *report.File) {
		if f.Err == nil {
			f.Err = about(t.Path, s.put(t, f, inPlace, to))
		}
		r.account(f)
	})
}

// put writes the result where it belongs.
func (s *session) put(t *bulk.Target, f *report.File, inPlace bool, to string) error {
	switch {
	case inPlace:
		return t.Write(f.Result.Before, f.Result.After)
	case to != "" && to != bulk.Stdin:
		return bulk.WriteFile(to, f.Result.After)
	}
	_, _ = io.WriteString(s.stdout, f.Result.After) // the output remembers
	return nil
}

func (r *run) readsStdin() bool {
	return slices.ContainsFunc(r.targets, bulk.Target.Stdin)
}
