// Package cli is the command line of bulwark: flags, exit codes and streams. It
// knows nothing of Dockerfiles.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"
)

// Exit codes. Where two apply, the larger one is given.
const (
	exitDone   = 0
	exitFound  = 1 // check: something would change
	exitUsage  = 2
	exitFailed = 3 // some input could not be read, parsed or guaranteed; the others are done
)

// session is one run of the program.
type session struct {
	ctx    context.Context
	stdin  io.Reader
	stdout *output
	stderr io.Writer
	code   int
}

// raise makes code the exit code unless a larger one is set.
func (s *session) raise(code int) { s.code = max(s.code, code) }

// Main runs the program with its arguments, args[0] being its name, and returns
// the exit code. stdout receives the product alone, stderr the account of it.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := interruptible()
	defer stop()
	s := &session{ctx: ctx, stdin: stdin, stdout: &output{w: stdout}, stderr: stderr}
	app := s.app()
	args, err := arrange(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	s.finish(err)
	return s.code
}

// finish reports what ended the run, if it was not its end.
func (s *session) finish(err error) {
	var usage *usageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintf(s.stderr, "bulwark: %v\n%s\n", usage, usage.hint())
		s.raise(exitUsage)
	case s.stdout.broken():
		// The reader has seen enough, as `head` does: not worth a word.
	case s.stdout.err != nil:
		fmt.Fprintf(s.stderr, "bulwark: writing the output: %v\n", s.stdout.err)
		s.raise(exitFailed)
	case err != nil:
		fmt.Fprintf(s.stderr, "bulwark: %v\n", err)
		s.raise(exitFailed)
	}
}

func (s *session) app() *cli.App {
	return &cli.App{
		Name:        "bulwark",
		Usage:       "rewrite legacy Dockerfiles into hardened ones",
		UsageText:   "bulwark COMMAND [flags] PATH...",
		Description: description,
		Version:     version(),
		HideVersion: true, // version is a command
		Commands: []*cli.Command{
			s.diffCommand(), s.rewriteCommand(), s.checkCommand(), s.verifyCommand(), s.explainCommand(), s.ciCommand(), s.configCommand(), s.versionCommand(),
		},
		// Values hold commas, as in --secret id=x,src=y.
		DisableSliceFlagSeparator: true,
		Action:                    func(*cli.Context) error { return &usageError{text: "no command given"} },
		Writer:                    s.stdout,
		ErrWriter:                 s.stderr,
		ExitErrHandler:            func(*cli.Context, error) {}, // exit codes are Main's
		OnUsageError:              usage,
	}
}

const description = `PATH is a file, a folder (searched for Dockerfiles), or - for standard input.
Flags may stand before or after paths; -- ends them.

Exit codes: 0 done, 1 check found something, 2 wrong usage, 3 some input could
not be read, parsed or guaranteed (the others are done).`

// command fills in what all commands have in common.
func command(c cli.Command) *cli.Command {
	c.HideHelpCommand = true // `bulwark diff help` is about a file named help
	c.OnUsageError = usage
	return &c
}
