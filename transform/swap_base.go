package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

var swapBase = &Transform{
	Name:   "swap-base",
	Refs:   []string{"CIS Docker 4.1", "CIS Docker 4.3", "NIST SP 800-190 4.1.1"},
	Safety: Review,
	Needs:  []*Precondition{linuxImages, knownShippedStage},
	Run:    runSwap,
	Doc: `# swap-base: ship from the smallest base that does

Moves the shipped stage to the distroless, Alpine or slim image of the same version, in the order
that --prefer sets, and says for each one that was passed why.

    FROM golang:1.23-alpine AS build        FROM golang:1.23-alpine AS build
    WORKDIR /src                            WORKDIR /src
    COPY . .                                COPY . .
    RUN CGO_ENABLED=0 go build -o /app .    RUN CGO_ENABLED=0 go build -o /app .

    FROM alpine:3.20                        FROM gcr.io/distroless/static-debian13:latest
    RUN apk add --no-cache ca-certificates
    COPY --from=build /app /app             COPY --from=build /app /app
    CMD /app                                CMD ["/app"]

A stage that only runs a copied binary goes to the distroless image that has what the binary links
to, when its sources show that it starts no other program. A RUN that installs what distroless has
anyway (certificates, time zones) goes with it; a shell form of one plain command becomes the exec
form. Images of an interpreter go to their slim or Alpine build when nothing shows a use for what the
full one brings on top: compilers, headers, git and others. A Java kit goes to the runtime of the same
vendor, a .NET runtime to the chiseled or Alpine build of the same version, with ICU and time zones
unless the project says that it does without; USER 0 is stated where the stage depends on root. A tag
that is built from an ARG is edited where its text stands.

On the way to Alpine the RUN lines go along, in one change with the base: what apt-get installs by
Alpine's names and for the same purpose (headers where something is compiled, the library alone
otherwise), what only apt needed not at all, accounts in busybox' words. What Debian's image had and
Alpine's has not is added where it is asked for: bash, time zones, certificates, a font.

    FROM python:3.12                                FROM python:3.12-alpine
    RUN apt-get update && \                         RUN apk add --no-cache curl libpq
        apt-get install -y curl libpq-dev && \
        rm -rf /var/lib/apt/lists/*

AlmaLinux and Rocky Linux go to the minimal image of the same release: dnf and yum become microdnf, and
what the full image has and a RUN or a script calls (useradd, find, tar, curl) is installed by name.

    FROM rockylinux:9                               FROM rockylinux:9-minimal
    RUN yum install -y httpd && yum clean all       RUN microdnf install -y httpd && microdnf clean all

## Not done when

- the base is pinned by digest, or names no version: another image would be a weaker pin;
- the base is shared with another stage, or given by a build argument that others use;
- a RUN, the health check or a compose file calls a program that the smaller image lacks;
- for distroless: RUN wants a shell, the sources start another program, the start has a variable, a module
  was compiled or fetched on Alpine, or a manifest of Kubernetes gives the container a command;
- a dependency may have to be compiled, or is in none of the tables;
- for Alpine: a package is pinned, unknown, of a third party, of another release or a file; it is a name
  of several, a language's own runtime or a service with folders of its own; apt-get stands in a condition;
- for Alpine: a program is downloaded or lies compiled in the build context; a lock file has wheels, gems
  or addons for glibc alone; a locale, a path or an option is asked for that only Debian has;
- for a minimal image: microdnf does not know the command, the option or the kind of package; a program
  is called that no package here is known to bring; a source of packages is set up; binaries come along;
- another major or minor version, or another vendor, would come in;
- the distribution has no smaller image of its own.

## Safety

Review. What cannot be seen in the Dockerfile and its context is listed to be checked.

## References

CIS Docker Benchmark 4.3 (no unnecessary packages); NIST SP 800-190 4.1; GoogleContainerTools/distroless;
Docker: building best practices, choose the right base image.
`,
}

func runSwap(p *Pass) error {
	s, skip := newSwap(p)
	if skip == nil {
		skip = s.decide()
	}
	if skip != nil {
		p.skips = append(p.skips, *skip)
	}
	return nil
}

// tryRung asks one family of bases for a candidate; why says what is against it.
type tryRung func() (c *candidate, why string)

// candidate is a base that fits, and what has to change with it.
type candidate struct {
	ref     string
	why     []string
	assumes []string
	edits   []edit.Edit // besides that of the reference
	alters  []Field
}

// familyRank orders the families by size.
func familyRank(family string) int {
	if i := slices.Index(families, family); i >= 0 {
		return i
	}
	if slices.Contains(hardenedFamilies, family) {
		return 0
	}
	return len(families)
}

// ladder goes down the families that the user prefers and takes the first that
// fits. It stops at the one that the image is of already, and never goes up.
func (s *swap) ladder(tries map[string]tryRung) *Skip {
	var refused refusals
	own := s.family()
	for _, family := range s.p.Options.Prefer {
		if family == own {
			break
		}
		if slices.Contains(hardenedFamilies, family) && !s.refused.has(family) && s.tryNamed(family) {
			return nil
		}
		try := tries[family]
		if try == nil || familyRank(family) >= familyRank(own) {
			continue
		}
		c, why := try()
		if why == "" {
			why = s.propose(c, refused.reasons())
		}
		if why == "" {
			return nil
		}
		refused.add(family, why)
	}
	if len(refused) == 0 {
		return &Skip{NotNeeded, s.at, fmt.Sprintf("%s is on the rung that is preferred", s.written())}
	}
	if own != "" {
		return &Skip{NotNeeded, s.at, fmt.Sprintf("%s is a small image already; %s", s.written(), strings.Join(refused.reasons(), "; "))}
	}
	return &Skip{Unsure, s.at, fmt.Sprintf("%s stays; %s", s.written(), strings.Join(refused.reasons(), "; "))}
}

// refusals are the families that were passed, those of one reason together.
type refusals []struct{ families, why string }

func (r *refusals) add(family, why string) {
	if n := len(*r); n > 0 && (*r)[n-1].why == why {
		(*r)[n-1].families += " or " + family
		return
	}
	*r = append(*r, struct{ families, why string }{family, why})
}

// has reports whether a family was passed.
func (r refusals) has(family string) bool {
	return slices.ContainsFunc(r, func(one struct{ families, why string }) bool {
		return slices.Contains(strings.Split(one.families, " or "), family)
	})
}

// reasons are the refusals as a report gives them.
func (r refusals) reasons() []string {
	var out []string
	for _, one := range r {
		out = append(out, "not "+one.families+": "+one.why)
	}
	return out
}

// propose hands in the change. why says what keeps the reference from being edited.
func (s *swap) propose(c *candidate, refused []string) (why string) {
	to, ref, why := s.ofPolicy(c.ref)
	if why != "" {
		return why
	}
	edits, assumes, why := s.rewriteTo(to, ref)
	if why != "" {
		return why
	}
	reasons := slices.Concat(c.why, s.refused.reasons(), refused)
	s.p.Propose(Change{
		Title:   fmt.Sprintf("Ship from %s instead of %s", ref, s.expanded),
		Why:     strings.Join(reasons, "; "),
		Safety:  Review,
		Assumes: append(c.assumes, assumes...),
		Edits:   append(edits, c.edits...),
		Alters:  append([]Field{FieldEnv}, c.alters...),
	})
	return ""
}
