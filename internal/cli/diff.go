package cli

import (
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/internal/bulk"
	"github.com/bulwark-cli/bulwark/internal/diff"
	"github.com/bulwark-cli/bulwark/internal/report"
)

func (s *session) diffCommand() *cli.Command {
	return command(cli.Command{
		Name:      "diff",
		Usage:     "show the changes as a unified diff",
		ArgsUsage: "PATH...",
		Description: "The diff goes to standard output, for `git apply` or `patch -p1`; the account of it\n" +
			"to standard error. Exits 0 whether or not something would change.",
		Flags: commonFlags(
			&cli.IntFlag{Name: "unified", Aliases: []string{"U"}, Usage: "`N` unchanged lines around each change (git apply wants --unidiff-zero for 0)", Value: 3},
			&cli.StringFlag{Name: "color", Aliases: []string{"colour"}, Usage: "`WHEN` to colour: auto (on a terminal, without NO_COLOR), always, never", Value: "auto"},
		),
		Action: s.diff,
	})
}

func (s *session) diff(c *cli.Context) error {
	if c.Int("unified") < 0 {
		return usagef(c, "-U wants a number of lines, not %d", c.Int("unified"))
	}
	colour, known := s.colour(c.String("color"))
	if !known {
		return usagef(c, "--color is auto, always or never, not %q", c.String("color"))
	}
	r, err := s.start(c)
	if err != nil {
		return err
	}
	base := bulk.Base(r.targets)
	defer r.close()
	return r.each(func(t *bulk.Target, f *report.File) {
		r.account(f)
		if f.Err != nil {
			return
		}
		text := diff.Unified([]diff.File{{Name: t.Name(base), Before: f.Result.Before, After: f.Result.After}}, c.Int("unified"))
		if colour {
			text = diff.Colour(text)
		}
		_, _ = io.WriteString(s.stdout, text) // the output remembers
	})
}

// colour decides whether the output is coloured.
func (s *session) colour(when string) (yes, known bool) {
	switch when {
	case "always":
		return true, true
	case "never":
		return false, true
	case "auto":
		return os.Getenv("NO_COLOR") == "" && s.stdout.isTerminal(), true
	}
	return false, false
}
