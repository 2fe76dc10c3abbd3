package transform

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/templates"
)

const pinName = "pin-images"

var pinImages = &Transform{
	Name:   pinName,
	Refs:   []string{"CIS Docker 4.2", "SLSA: dependencies are pinned", "OpenSSF Scorecard: Pinned-Dependencies", "DL3006", "DL3007"},
	Safety: Review,
	Last:   true,
	Run:    runPin,
	Doc: `# pin-images: name every image by its digest

Runs with --pin alone, after all others. Writes the digest that a tag leads to now behind the tag, for
each image that FROM, COPY --from and RUN --mount name. The registry is asked with your own login.

    FROM node:20-alpine       FROM node:20-alpine@sha256:1a2b...

A tag can be moved to another image at any time; a digest cannot. The tag stays, for people and for the
tools that keep pins up to date. For an image of several platforms the digest is that of their list, so
that FROM --platform and builds for other machines work as before.

An image without a version (node, node:latest, python:slim) gets the one that the build context states:
.nvmrc, .node-version, engines in package.json, .python-version, runtime.txt, pyproject.toml, Pipfile,
go.mod, pom.xml, build.gradle, .ruby-version, Gemfile, rust-toolchain.toml, composer.json, global.json,
.tool-versions and others. What comes behind the version in the tag is kept: node:alpine with .nvmrc
20.11.1 becomes node:20.11.1-alpine@sha256:1a2b...

An image that is all the value of an ARG before the first FROM is pinned there.

## Not done when

- the reference has a digest already, whether or not its tag leads to that now;
- the reference is put together of arguments: a digest would hold whatever they say;
- the ARG that holds it is used for something else, too;
- it names no version and the context states none: a range such as >=18, an alias such as lts/*, the go
  line of a go.mod below 1.21 are none; or two places state different ones;
- the registry, or the mirror that stands for it, does not know the tag, cannot be reached, or wants a login;
- the reference is broken over lines, or stands behind ONBUILD.

The line # syntax= is left alone.

## Safety

Safe for a tag that names a version: the image is the one that a build takes today. Review for one that
is made exact. A pinned image gets fixes only when somebody moves the pin; Renovate and Dependabot do.

## References

CIS Docker Benchmark 4.2 (trusted base images); SLSA; OpenSSF Scorecard, Pinned-Dependencies; hadolint
DL3006 and DL3007; Docker: building best practices, pin base image versions.
`,
}

// maxPins bounds how many images of one file are asked for.
const maxPins = 100

var pinnedDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// pinner pins the images of one file.
type pinner struct {
	p        *Pass
	asked    map[string]pinAnswer
	failures []pinFailure // in the order they were met
	told     bool         // that pins have to be kept up to date
}

// pinAnswer is what the registry said of one reference.
type pinAnswer struct {
	digest string
	err    error
}

// pinFailure is one reason that holds for one or more references.
type pinFailure struct {
	why  string
	at   edit.Span // of the first
	refs []string
}

func runPin(p *Pass) error {
	n := &pinner{p: p, asked: map[string]pinAnswer{}}
	images, ignores := n.images(), ignoresOf(p.File, p.Options.Policy)
	for _, image := range images {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		// What is ignored is not asked for either.
		if ig := ignores.covering(pinName, Change{Edits: []edit.Edit{{Span: image.at}}}); ig != nil {
			p.Decline(Ignored, ig.span, fmt.Sprintf("%s is not pinned: ignored here%s", image.ref, ig.because()))
		} else if skip := n.pin(image); skip != nil {
			p.skips = append(p.skips, *skip)
		}
	}
	n.tellFailures()
	if len(images) == 0 && len(p.skips) == 0 {
		p.Decline(NotNeeded, edit.Span{}, "no image is named")
	}
	return p.ctx.Err()
}

// pin decides on one image. A failed question is noted for the end.
func (n *pinner) pin(image pinnable) *Skip {
	ref, err := templates.ParseRef(image.ref)
	if err != nil {
		return &Skip{Unsupported, image.at, fmt.Sprintf("%q is not a reference that can be read", image.ref)}
	}
	if ref.Digest != "" {
		return &Skip{NotNeeded, image.at, ref.WithTag(ref.Tag).String() + " has a digest already"}
	}
	exact, found := ref, pinVersion{}
	if ref.Tag == "" {
		exact = ref.WithTag("latest") // a digest alone says to nobody what it is of
	}
	if n.p.floats(ref) {
		var skip *Skip
		if exact, found, skip = n.exact(image, ref); skip != nil {
			return skip
		}
	}
	digest, err := n.digest(exact.String())
	if err != nil {
		n.fail(image, exact.String(), found, err)
		return nil
	}
	n.propose(image, ref, exact, digest, found)
	return nil
}

// digest asks for a reference, once.
func (n *pinner) digest(ref string) (string, error) {
	if a, ok := n.asked[ref]; ok {
		return a.digest, a.err
	}
	var a pinAnswer
	if len(n.asked) >= maxPins {
		a.err = fmt.Errorf("the file names more than %d images", maxPins)
	} else if a.digest, a.err = n.p.Options.Digest(n.p.ctx, n.p.Options.Policy.askedAs(ref)); a.err == nil && !pinnedDigest.MatchString(a.digest) {
		a.err = fmt.Errorf("the registry answered with something that is no digest")
	}
	n.asked[ref] = a
	return a.digest, a.err
}

// fail notes a question without an answer; those that fail for the same reason are
// told together.
func (n *pinner) fail(image pinnable, ref string, found pinVersion, err error) {
	why := err.Error()
	if found.by != "" {
		why += "; " + found.by
	}
	for i := range n.failures {
		if n.failures[i].why == why {
			n.failures[i].refs = append(n.failures[i].refs, fmt.Sprintf("%s (line %d)", ref, n.p.File.Line(image.at.Start)))
			return
		}
	}
	n.failures = append(n.failures, pinFailure{why: why, at: image.at, refs: []string{ref}})
}

// tellFailures declines what was asked for without an answer.
func (n *pinner) tellFailures() {
	for _, f := range n.failures {
		stay := "stays"
		if len(f.refs) > 1 {
			stay = "stay"
		}
		n.p.Decline(Unsure, f.at, fmt.Sprintf("%s %s without a digest: %s", someOf(f.refs), stay, f.why))
	}
}

// someOf names references, all where they are few.
func someOf(refs []string) string {
	const most = 5
	if len(refs) > most {
		refs = append(refs[:most:most], fmt.Sprintf("%d more", len(refs)-most))
	}
	if len(refs) < 2 {
		return strings.Join(refs, "")
	}
	return strings.Join(refs[:len(refs)-1], ", ") + " and " + refs[len(refs)-1]
}

// propose hands in the pin of one image.
func (n *pinner) propose(image pinnable, ref, exact templates.Ref, digest string, found pinVersion) {
	pinned := exact
	pinned.Digest = digest
	c := Change{
		Title:  fmt.Sprintf("Pin %s by its digest", ref),
		Why:    fmt.Sprintf("a tag can be moved to another image; this is what %s leads to now", exact),
		Safety: Safe,
		Edits:  []edit.Edit{{Span: image.at, New: pinned.String()}},
	}
	if found.by != "" {
		c.Title = fmt.Sprintf("Name %s, with its digest, instead of %s", exact, ref)
		c.Why = found.by + "; " + c.Why
		c.Safety = Review
		c.Assumes = append(c.Assumes, fmt.Sprintf("%s is to be %s, where a build took the newest until now", ref.Name(), found.value))
	}
	if image.arg != "" {
		c.Assumes = append(c.Assumes, fmt.Sprintf("a build that gives %s another value pins its image itself", image.arg))
	}
	if !n.told {
		n.told = true
		c.Assumes = append(c.Assumes, "something moves the pins when the images get fixes, such as Renovate or Dependabot")
	}
	n.p.Propose(c)
}
