package cli

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/internal/bulk"
	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/report"
	"github.com/bulwark-cli/bulwark/internal/verify"
	"github.com/bulwark-cli/bulwark/transform"
)

func (s *session) verifyCommand() *cli.Command {
	return command(cli.Command{
		Name:      "verify",
		Usage:     "build and run the original and the rewritten image on a BuildKit, and compare them",
		ArgsUsage: "PATH...",
		Description: "Both Dockerfiles are built in the same build context; both images are started inside BuildKit,\n" +
			"without a network but their own loopback, and asked the same. The verdict is better, same,\n" +
			"broken, or inconclusive where the original itself does not build or start.\n" +
			"Exits 1 when a rewrite is broken, 3 when something is inconclusive or could not be verified.\n" +
			"Builds run what the Dockerfiles say, on the builder.",
		Flags:  commonFlags(verifyFlags()...),
		Action: s.verify,
	})
}

func (s *session) verify(c *cli.Context) error {
	settings, err := readVerify(c)
	if err != nil {
		return err
	}
	r, err := s.start(c)
	if err != nil {
		return err
	}
	if settings.with != "" && len(r.targets) > 1 {
		return usagef(c, "--with stands for one rewritten file, and %d Dockerfiles were found", len(r.targets))
	}
	v := &verification{run: r, verifySettings: settings}
	if err := v.collect(); err != nil {
		return err
	}
	if err := v.verify(); err != nil {
		return err
	}
	if err := v.tell(); err != nil {
		return err
	}
	return context.Cause(v.ctx) // what was done before an interrupt has been told
}

// verification is one run of the command.
type verification struct {
	*run
	verifySettings
	outcomes []report.Verified // one for each file, in order
	jobs     []verify.Job
	at       []int // of each job's outcome
	done     int   // jobs
}

// collect rewrites the files and lists what there is to verify.
func (v *verification) collect() error {
	return v.each(func(t *bulk.Target, f *report.File) {
		one := report.Verified{Path: f.Path, Result: f.Result, Err: f.Err}
		if f.Err == nil {
			v.add(t, f, &one)
		}
		v.outcomes = append(v.outcomes, one)
	})
}

// add makes the job of one file, or says in the outcome why there is none.
func (v *verification) add(t *bulk.Target, f *report.File, one *report.Verified) {
	after, err := v.rewritten(f.Result)
	if v.with != "" {
		one.Result = nil // it is not bulwark's
	}
	switch {
	case err != nil:
		one.Err = err
	case after == f.Result.Before:
		// The outcome says so without a proof.
	case f.Context == "":
		one.Err = fmt.Errorf("there is no build context to build in: name one with --context")
	default:
		v.at = append(v.at, len(v.outcomes))
		v.jobs = append(v.jobs, verify.Job{
			Name: t.Path, Before: f.Result.Before, After: after, Context: f.Context, Ignore: f.Ignore,
			Dropped: transform.BuildOnlyEnv(),
		})
	}
	if one.Err != nil {
		v.raise(exitFailed)
	}
}

// rewritten is the text to compare with: the file that the user names, else what bulwark makes.
func (v *verification) rewritten(r *transform.Result) (string, error) {
	if v.with == "" {
		return r.After, nil
	}
	return bulk.ReadFile(v.with)
}

// verify does the jobs on the builders.
func (v *verification) verify() error {
	if len(v.jobs) == 0 {
		return nil
	}
	if err := v.scanner(); err != nil {
		return err
	}
	builders, unreached, err := verify.Connect(v.ctx, v.connect)
	if err != nil {
		return err
	}
	defer verify.CloseAll(builders)
	for _, err := range unreached {
		fmt.Fprintf(v.stderr, "bulwark: %v\n", err)
	}
	verifier := verify.New(builders, v.options, verify.NewProgress(v.stderr, isTerminal(v.stderr), v.quiet))
	defer verifier.Close()
	var mu sync.Mutex
	verifier.Verify(v.ctx, v.jobs, func(i int, o verify.Outcome) {
		mu.Lock()
		defer mu.Unlock()
		v.finished(&v.outcomes[v.at[i]], o)
	})
	return nil
}

// finished notes the outcome of one job, and tells of it where there are many.
func (v *verification) finished(one *report.Verified, o verify.Outcome) {
	one.Proof, one.Builder, one.Err = o.Proof, o.Builder, o.Err
	switch {
	case o.Err != nil:
		v.raise(exitFailed)
	case o.Proof.Verdict == proof.Broken:
		v.raise(exitFound)
	case o.Proof.Verdict == proof.Inconclusive:
		v.raise(exitFailed)
	}
	v.done++
	if !v.quiet && !v.single() && v.ctx.Err() == nil {
		fmt.Fprintf(v.stderr, "%d of %d: %s", v.done, len(v.jobs), report.ProofLine(*one))
	}
}

// scanner finds Trivy where a scan is asked for.
func (v *verification) scanner() (err error) {
	if !v.scan {
		return nil
	}
	if v.options.Scan, err = verify.FindScanner(exec.LookPath); err != nil {
		return err
	}
	v.options.Scan.Offline = v.offline
	return nil
}

// tell writes the report.
func (v *verification) tell() error {
	switch v.format {
	case "json":
		return report.ProofJSON(v.stdout, v.outcomes)
	case "markdown":
		return report.ProofMarkdown(v.stdout, v.outcomes)
	}
	text := report.ProofTable(v.outcomes)
	if len(v.outcomes) == 1 {
		text = report.ProofText(v.outcomes[0], !v.quiet)
	}
	_, _ = io.WriteString(v.stdout, text) // the output remembers
	return nil
}
