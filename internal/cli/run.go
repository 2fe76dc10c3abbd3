package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/internal/bulk"
	"github.com/bulwark-cli/bulwark/internal/report"
	"github.com/bulwark-cli/bulwark/transform"
)

// run is one command at work on its files.
type run struct {
	*session
	settings
	targets []bulk.Target
	lost    []report.File // paths that led to nothing
	summary report.Summary
}

// start reads the common flags and finds the files.
func (s *session) start(c *cli.Context) (*run, error) {
	set, err := readSettings(c)
	if err != nil {
		return nil, err
	}
	paths := c.Args().Slice()
	if len(paths) == 0 {
		return nil, usagef(c, "no PATH given: name a Dockerfile, a folder such as . or - for standard input")
	}
	if slices.Contains(paths, "") {
		return nil, usagef(c, "a PATH is empty")
	}
	r := &run{session: s, settings: set}
	var errs []error
	r.targets, errs = bulk.Find(paths, bulk.Options{Context: set.context})
	for _, err := range errs {
		r.lost = append(r.lost, lostFile(err))
	}
	return r, nil
}

// lostFile is the outcome of a path that led to nothing.
func lostFile(err error) report.File {
	var at *bulk.Error
	if errors.As(err, &at) {
		return report.File{Path: at.Path, Err: at.Err}
	}
	return report.File{Path: ".", Err: err}
}

// each works on all files and hands them to use in order, the lost ones first.
// use may note an error in the file. It stops when the output fails.
func (r *run) each(use func(t *bulk.Target, f *report.File)) error {
	for i := range r.lost {
		r.count(nil, &r.lost[i], use)
	}
	for i, f := range ordered(r.ctx, len(r.targets), r.work) {
		r.count(&r.targets[i], &f, use)
		if r.stdout.err != nil {
			return nil // finish tells
		}
	}
	if r.ctx.Err() != nil {
		return fmt.Errorf("interrupted after %d of %d files", r.summary.Files, len(r.targets)+len(r.lost))
	}
	return nil
}

func (r *run) count(t *bulk.Target, f *report.File, use func(*bulk.Target, *report.File)) {
	use(t, f)
	r.summary.Add(*f)
	if f.Err != nil || unguaranteed(f.Result) || r.pins.open() {
		r.raise(exitFailed)
	}
}

// unguaranteed reports whether a guard had to stop a change.
func unguaranteed(r *transform.Result) bool {
	return slices.ContainsFunc(r.Skipped, func(s transform.Skipped) bool { return s.Kind == transform.Rejected })
}

// work does one file. Whatever goes wrong is the error of this file alone.
func (r *run) work(i int) report.File {
	t := r.targets[i]
	f := report.File{Path: t.Path}
	f.Err = about(t.Path, guarded(func() error { return r.rewrite(t, &f) }))
	return f
}

// about takes the path off an error that is told of that path anyway.
func about(path string, err error) error {
	var at *bulk.Error
	if errors.As(err, &at) && at.Path == path {
		return at.Err
	}
	return err
}

// guarded makes a panic the error of what was being done.
func guarded(do func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("a fault in bulwark, please report it: %v", fault)
		}
	}()
	return do()
}

func (r *run) rewrite(t bulk.Target, f *report.File) error {
	in, err := t.Open(r.stdin)
	if err != nil {
		return err
	}
	defer in.Close()
	f.Context, f.ContextWhy, f.Ignore = in.Context, in.Why, in.Ignore
	options := r.options
	options.Dockerfile, options.Services = in.Dockerfile, in.Services
	if err := r.policies.apply(t, &options); err != nil {
		return err
	}
	f.Result, err = transform.Run(r.ctx, f.Path, in.Text, in.Build, options)
	return err
}

// account tells on stderr what was done to a file; with quiet, errors alone.
func (r *run) account(f *report.File) {
	if f.Err != nil || !r.quiet {
		fmt.Fprint(r.stderr, report.Text(*f, r.single()))
	}
}

// single reports whether the command is about one file, of which all is told.
func (r *run) single() bool { return len(r.targets)+len(r.lost) == 1 }

// close tells the counts where there is more than one file.
func (r *run) close() {
	if !r.quiet && !r.single() {
		fmt.Fprintln(r.stderr, r.summary)
	}
}
