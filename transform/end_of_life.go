package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/templates"
)

// EndOfLifeName is the Transform of the Skips that tell of bases without fixes.
const EndOfLifeName = "end-of-life"

// recordDay is the day of the catalogue: an end of life before it has passed.
const recordDay = "2026-11-24"

// endsOfLife tells of the bases of a file that get no fixes any more, each kind
// once. Another version is the author's to choose: no transform writes one.
func (o *Policy) endsOfLife(f *dockerfile.File) []Skip {
	var out []Skip
	var told []string
	ignores := ignoresOf(f, o)
	for _, s := range f.Stages {
		ref, _, ok := f.ExpandRef(s)
		if s.Parent != nil || !ok {
			continue
		}
		img, _ := o.image(ref)
		ended := withoutFixes(img)
		if ended == "" || slices.Contains(told, ended) {
			continue
		}
		told = append(told, ended)
		if ig := ignores.covering(EndOfLifeName, Change{Edits: []edit.Edit{{Span: s.From.Span}}}); ig != nil {
			out = append(out, Skip{Ignored, ig.span, ended + ": ignored here" + ig.because()})
			continue
		}
		out = append(out, Skip{Told, s.From.Span, ended + cannotInstall(f, s, img.Suite) + "; no transform changes the version"})
	}
	return out
}

// cannotInstall tells of a RUN on the base that installs packages of a release
// which the distribution's mirrors do not have any more; "" for none.
func cannotInstall(f *dockerfile.File, base *dockerfile.Stage, suite string) string {
	for _, other := range words("sources.list archive.debian.org snapshot.debian.org old-releases.ubuntu.com") {
		if strings.Contains(f.Src, other) {
			return ""
		}
	}
	for _, in := range f.Instrs {
		if in.Name == "run" && archived(suite) && in.Stage != nil && root(in.Stage) == base && aptUpdate.MatchString(in.Body.String()) {
			return fmt.Sprintf("; the packages of %s have left the mirrors for the archive, so that %s fails", suite, line(in))
		}
	}
	return ""
}

var aptUpdate = regexp.MustCompile(`\bapt(-get)?( -\S+)* update\b`)

// archived reports whether a release of Debian or Ubuntu is only in the archive.
//
// Source: deb.debian.org and archive.ubuntu.com had no dists/RELEASE/Release of them on 2026-11-24.
func archived(suite string) bool {
	return slices.Contains(words("wheezy jessie stretch buster wily artful cosmic disco eoan groovy hirsute impish kinetic lunar mantic oracular"), suite)
}

// withoutFixes says which parts of an image get no fixes any more; "" for none.
func withoutFixes(img templates.Image) string {
	var ended []string
	if img.EOL != "" && img.EOL < recordDay {
		product := path.Base(img.Family)
		if strings.HasPrefix(img.Family, "mcr.microsoft.com/dotnet/") {
			product = ".NET"
		}
		ended = append(ended, fmt.Sprintf("%s %s has had no fixes since %s", product, img.Version, img.EOL))
	}
	// Where both end on one day the image is the system itself.
	if img.SystemEOL != "" && img.SystemEOL < recordDay && img.SystemEOL != img.EOL {
		ended = append(ended, fmt.Sprintf("%s has had none since %s", img.Suite, img.SystemEOL))
	}
	if len(ended) == 1 {
		return strings.Replace(ended[0], "had none", "had no fixes", 1)
	}
	return strings.Join(ended, ", and ")
}
