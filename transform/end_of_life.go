package transform

import (
	"fmt"
	"path"
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
		out = append(out, Skip{Told, s.From.Span, ended + "; no transform changes the version"})
	}
	return out
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
