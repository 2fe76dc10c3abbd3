// Package report turns what was done to a set of Dockerfiles into text and data
// for people and programs.
package report

import (
	"errors"
	"path"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/evidence"
	"github.com/bulwark-cli/bulwark/transform"
)

// File is the outcome for one Dockerfile: a result, or the reason why there is none.
type File struct {
	Path       string // as shown
	Result     *transform.Result
	Err        error
	Context    string // the build context's folder; "" where there is none
	Ignore     string // text of NAME.dockerignore beside the Dockerfile; "" where there is none
	ContextWhy string // how the context was found, where that is worth a line
}

// Summary counts outcomes.
type Summary struct {
	Files     int `json:"files"`
	Changed   int `json:"changed"`   // files whose text differs
	Unchanged int `json:"unchanged"` // files whose text is the same
	Failed    int `json:"failed"`    // files without a result
	Changes   int `json:"changes"`   // written changes in all files
	Shown     int `json:"shown"`     // changes that are below the asked safety
	Declined  int `json:"declined"`  // without what was not needed or only told
}

// Add counts one more file.
func (s *Summary) Add(f File) {
	s.Files++
	if f.Err != nil {
		s.Failed++
		return
	}
	if f.Result.Changed() {
		s.Changed++
	} else {
		s.Unchanged++
	}
	for _, a := range f.Result.Applied {
		if a.Written {
			s.Changes++
		} else {
			s.Shown++
		}
	}
	for _, skip := range f.Result.Skipped {
		if skip.Kind != transform.NotNeeded && skip.Kind != transform.Told {
			s.Declined++
		}
	}
}

// place returns the line of an error, 0 where it has none, and the message
// without what is said elsewhere.
func place(f File) (line int, message string) {
	var parse *dockerfile.Error
	if errors.As(f.Err, &parse) && parse.Err != nil {
		return parse.Line, "parsing: " + parse.Err.Error()
	}
	var context *evidence.Error
	if errors.As(f.Err, &context) {
		return 0, strings.Replace(context.Error(), context.File, path.Join(f.Context, context.File), 1)
	}
	return 0, f.Err.Error()
}
