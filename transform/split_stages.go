package transform

import (
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

var splitStages = &Transform{
	Name:   "split-stages",
	Refs:   []string{"CIS Docker 4.3", "DS-0026"},
	Safety: Review,
	Needs:  []*Precondition{linuxImages, knownShippedStage},
	Run:    runSplit,
	Doc: `# split-stages: leave the toolchain behind

Splits a stage that both builds and ships into a builder, which keeps the author's bytes, and a
runtime stage that holds the program and what it needs to run: the files it reads, the environment,
ports, volumes, labels and health check, and the packages it calls on.

    FROM golang:1.23                        FROM golang:1.23 AS build
    WORKDIR /app                            WORKDIR /app
    COPY . .                                COPY . .
    RUN go build -o main .                  ENV CGO_ENABLED=0
    CMD ["./main"]                          RUN go build -o main .

                                            FROM gcr.io/distroless/static-debian13
                                            WORKDIR /app
                                            COPY --from=build /app/main /app/main
                                            CMD ["./main"]

Today it splits Go. What the build makes is read from the commands (go build and go install with
their flags, make and scripts where the context has them); what the program reads at run time is
read from its sources. Where the sources do not tell, the files that are no sources go along; where
they are not in the context, the whole working directory does.

## Not done when

- the start command does not lead to what the build makes, or starts a development server;
- a binary's name or place depends on a build argument, a condition or a loop;
- another ecosystem builds in the same stage, or a RUN leaves something behind that the program may
  need and that cannot be told;
- the sources start another program that no runtime base has;
- a compose file ships another stage.

## Safety

Review. Each split says what it assumes.

## References

CIS Docker Benchmark 4.3 (no unnecessary packages); Docker: building best practices, multi-stage builds.
`,
}

// ecosystem plans the split of a stage that builds in its way.
type ecosystem struct {
	name   string
	builds func(p *Pass, s *dockerfile.Stage) bool
	plan   func(p *Pass, s *dockerfile.Stage) (*splitPlan, *Skip)
}

func ecosystems() []ecosystem {
	return []ecosystem{
		{"Go", buildsGo, planGo},
	}
}

func runSplit(p *Pass) error {
	stage := shipped(p.File)
	for _, eco := range ecosystems() {
		if !eco.builds(p, stage) {
			continue
		}
		plan, skip := eco.plan(p, stage)
		if skip != nil {
			p.skips = append(p.skips, *skip)
			return nil
		}
		p.Propose(plan.change())
		return nil
	}
	p.Decline(NotNeeded, edit.Span{}, "the shipped stage builds nothing that bulwark knows how to leave behind")
	return nil
}

// linuxImages holds where no stage stands on Windows and the escape is the usual one.
var linuxImages = &Precondition{Name: "linux images", Check: func(p *Pass) *Skip {
	if p.File.Escape == '`' {
		return &Skip{Unsupported, p.File.Directives[0].Span, "the escape directive is a backtick: a Windows image"}
	}
	for _, s := range p.File.Stages {
		if isWindows(s.Base.Value) || isWindows(s.Platform) {
			return &Skip{Unsupported, s.From.Span, s.Base.Value + " is a Windows image"}
		}
	}
	return nil
}}

// isWorkshop reports whether a stage is by its name one for the work on the program, beside the
// last one, which does not stand on it: what a compose file does with it ships nothing.
func isWorkshop(s, last *dockerfile.Stage) bool {
	for below := last; below != nil; below = below.Parent {
		if below == s {
			return false
		}
	}
	return slices.ContainsFunc(words("dev test debug local lint"), func(start string) bool { return strings.HasPrefix(s.Name, start) })
}

// knownShippedStage holds where nothing in the context ships another stage than the last.
var knownShippedStage = &Precondition{Name: "known shipped stage", Check: func(p *Pass) *Skip {
	last := shipped(p.File)
	for _, service := range p.buildsOf() {
		target := service.Target
		if target == "" {
			continue
		}
		if s := p.File.StageNamed(target, len(p.File.Stages)); s != nil && s != last && !isWorkshop(s, last) {
			return &Skip{Unsure, s.From.Span, service.Where() + " ships the stage " + target + ", not the last one"}
		}
	}
	return nil
}}
