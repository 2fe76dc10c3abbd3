// Package verify builds an original and a rewritten Dockerfile in the same build
// context on a real BuildKit, starts both images inside it, and hands what it saw
// to package proof, which judges. Nothing of the input runs on this machine: builds
// and programs run on the builder, without a network of their own.
package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

// Job is a pair of Dockerfiles over one build context.
type Job struct {
	Name          string   // as shown
	Before, After string   // texts of the Dockerfiles
	Context       string   // folder of the build context
	Ignore        string   // text of the Dockerfile's own ignore file, NAME.dockerignore; "" where there is none
	Dropped       []string // environment variables that the rewrite leaves behind on purpose
}

// Outcome is what came of a Job: a proof, or the reason why there is none.
type Outcome struct {
	Proof   *proof.Proof
	Builder string // address of the builder that did it
	Err     error
}

// Verifier verifies on one or more builders. Close it.
type Verifier struct {
	builders []*Builder
	o        Options
	helpers  *helpers
	progress *Progress
}

// New prepares to verify on builders, which stay the caller's to close. What the
// builds print goes to progress.
func New(builders []*Builder, o Options, progress *Progress) *Verifier {
	o = o.withDefaults()
	return &Verifier{builders: builders, o: o, helpers: newHelpers(), progress: progress}
}

// Close removes what was laid out on this machine.
func (v *Verifier) Close() error { return v.helpers.close() }

// Verify does the jobs, spread over the builders, and calls done with each
// outcome as soon as it is there, from several goroutines. A failure is the outcome of its job alone.
func (v *Verifier) Verify(ctx context.Context, jobs []Job, done func(i int, o Outcome)) {
	outcomes := make([]Outcome, len(jobs))
	errs := Spread(ctx, v.builders, v.o.PerBuilder, len(jobs), func(ctx context.Context, b *Builder, i int) error {
		p, err := v.verify(ctx, b, &jobs[i])
		if err != nil {
			return err // perhaps another builder can
		}
		outcomes[i] = Outcome{Proof: p, Builder: b.Address}
		done(i, outcomes[i])
		return nil
	})
	for i, err := range errs {
		if err != nil {
			done(i, Outcome{Err: err})
		}
	}
}

// verify does one job on one builder. The error is this machine's or the
// connection's: what the builds and programs do wrong is part of the proof.
func (v *Verifier) verify(ctx context.Context, b *Builder, job *Job) (*proof.Proof, error) {
	if _, err := ContextSize(ctx, job.Context, job.Ignore, v.o.Build.ContextLimit); err != nil {
		return nil, err
	}
	expect := proof.Expect{}
	before, err := v.side(ctx, b, job, recipe{text: job.Before}, "before", nil, &expect)
	if err != nil {
		return nil, err
	}
	expect.Exit, expect.Dropped = v.o.Run.Exit, job.Dropped
	if !proof.Conclusive(before, expect) && !proof.Worthwhile(before) {
		return proof.Compare(before, nil, expect), nil
	}
	after, err := v.side(ctx, b, job, recipe{text: job.After}, "after", before, nil)
	if err != nil {
		return nil, err
	}
	if soon(before, after) {
		if before, err = v.side(ctx, b, job, recipe{text: job.Before}, "before again", after, nil); err != nil {
			return nil, err
		}
	}
	return proof.Compare(before, after, expect), nil
}

// soon is whether the original may only have been left too soon: it was alive, did
// nothing that shows that it was up, and the rewrite ended. One that fails after as
// long as Grace does so on one side by chance.
func soon(before, after *proof.Side) bool {
	b, a := before.Seen, after.Seen
	return b != nil && a != nil && b.Exit == nil && len(b.Ports) == 0 && a.Exit != nil
}

// side builds one of the two Dockerfiles and looks at what it makes. was is the
// other side, where it is there already; own receives what the author set.
func (v *Verifier) side(ctx context.Context, b *Builder, job *Job, r recipe, name string, was *proof.Side, own *proof.Expect) (*proof.Side, error) {
	if v.o.Scan != nil {
		dir, err := os.MkdirTemp("", "bulwark-scan-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		r.archive = filepath.Join(dir, "image.tar")
	}
	s := &proof.Side{}
	log := v.progress.Build(job.Name + " " + name)
	begun := time.Now()
	err := v.build(ctx, b, job, r, log.Status(), func(ctx context.Context, img *image) error {
		s.Took, s.Config = time.Since(begun), img.config.Config
		if own != nil {
			*own = img.own(r.text, v.o.Build.Target)
		}
		return v.examine(ctx, b, img, s, was)
	})
	log.Wait()
	var failed buildError
	switch {
	case err == nil:
		if v.o.Scan != nil {
			s.Scan = v.o.Scan.Archive(ctx, r.archive)
		}
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case !errors.As(err, &failed) || IsLost(err) && !errors.Is(err, errTimeout):
		return nil, fmt.Errorf("%s: %w", name, err)
	default:
		s.Failed, s.Outside, s.Log = failed.Error(), outside(failed), log.Tail()
	}
	return s, nil
}
