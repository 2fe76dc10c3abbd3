package cli

import (
	"io"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/internal/bulk"
	"github.com/bulwark-cli/bulwark/internal/report"
)

func (s *session) checkCommand() *cli.Command {
	return command(cli.Command{
		Name:        "check",
		Usage:       "tell what would change, and what is declined and why",
		ArgsUsage:   "PATH...",
		Description: "Exits 1 when something would change, or is against your organisation's policy.",
		Flags: commonFlags(
			&cli.StringFlag{Name: "format", Usage: "`FORMAT` of the findings: text or json", Value: "text"},
		),
		Action: s.check,
	})
}

func (s *session) check(c *cli.Context) error {
	format := c.String("format")
	if format != "text" && format != "json" {
		return usagef(c, "--format is text or json, not %q", format)
	}
	r, err := s.start(c)
	if err != nil {
		return err
	}
	defer r.close()
	if format == "json" {
		return r.checkJSON()
	}
	return r.each(func(_ *bulk.Target, f *report.File) {
		r.found(f)
		if f.Err != nil {
			r.account(f)
		} else if !r.quiet {
			_, _ = io.WriteString(s.stdout, report.Text(*f, r.single())) // the output remembers
		}
	})
}

// checkJSON writes one document when all files are done.
func (r *run) checkJSON() error {
	var files []report.File
	err := r.each(func(_ *bulk.Target, f *report.File) {
		r.found(f)
		if f.Err != nil {
			r.account(f)
		}
		files = append(files, *f)
	})
	if err != nil {
		return err
	}
	return report.JSON(r.stdout, files)
}

func (r *run) found(f *report.File) {
	if f.Err == nil && (f.Result.Changed() || f.Result.Forbidden()) {
		r.raise(exitFound)
	}
}
