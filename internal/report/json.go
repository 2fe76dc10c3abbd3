package report

import (
	"encoding/json"
	"io"
)

// document is what JSON writes. Its fields are a promise: names and meanings stay
// for as long as Version does, new fields may come. Fields are always present,
// except error, which stands in place of everything else.
//
//	version   1
//	files     in the order they were worked on
//	  path      as shown to the user
//	  error     line (0: none) and message; the file could not be done
//	  changed   whether the text differs
//	  context   the build context's folder, "" for none, and why it was taken
//	  applied   what was done: transform, line in the input (0: none), title, why,
//	            safety ("safe", "review", "manual"), written (false: shown only),
//	            assumes (what the reader has to check)
//	  skipped   what was declined: transform, line (0: the whole file), kind
//	            ("unsure", "unsupported", "not needed", "ignored", "conflict",
//	            "rejected", "told", "forbidden"), why
//	summary   counts, see Summary
type document struct {
	Version int        `json:"version"`
	Files   []jsonFile `json:"files"`
	Summary Summary    `json:"summary"`
}

type jsonFile struct {
	Path string `json:"path"`
	*jsonResult
	Error *jsonError `json:"error,omitempty"`
}

type jsonError struct {
	Line    int    `json:"line"`
	Message string `json:"message"`
}

type jsonResult struct {
	Changed bool          `json:"changed"`
	Context jsonContext   `json:"context"`
	Applied []jsonApplied `json:"applied"`
	Skipped []jsonSkipped `json:"skipped"`
}

type jsonContext struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

type jsonApplied struct {
	Transform string   `json:"transform"`
	Line      int      `json:"line"`
	Title     string   `json:"title"`
	Why       string   `json:"why"`
	Safety    string   `json:"safety"`
	Written   bool     `json:"written"`
	Assumes   []string `json:"assumes"`
}

type jsonSkipped struct {
	Transform string `json:"transform"`
	Line      int    `json:"line"`
	Kind      string `json:"kind"`
	Why       string `json:"why"`
}

// JSON writes the outcome of all files as one document, whose shape is described
// at document in this package.
func JSON(w io.Writer, files []File) error {
	doc := document{Version: 1, Files: make([]jsonFile, 0, len(files))}
	for _, f := range files {
		doc.Summary.Add(f)
		doc.Files = append(doc.Files, newJSONFile(f))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}

func newJSONFile(f File) jsonFile {
	out := jsonFile{Path: f.Path}
	if f.Err != nil {
		line, message := place(f)
		out.Error = &jsonError{line, message}
		return out
	}
	r := &jsonResult{
		Changed: f.Result.Changed(),
		Context: jsonContext{f.Context, f.ContextWhy},
		Applied: make([]jsonApplied, 0, len(f.Result.Applied)),
		Skipped: make([]jsonSkipped, 0, len(f.Result.Skipped)),
	}
	for _, a := range f.Result.Applied {
		assumes := append([]string{}, a.Assumes...) // never null
		r.Applied = append(r.Applied, jsonApplied{a.Transform, a.Line, a.Title, a.Why, a.Safety.String(), a.Written, assumes})
	}
	for _, s := range f.Result.Skipped {
		r.Skipped = append(r.Skipped, jsonSkipped{s.Transform, s.Line, s.Kind.String(), s.Why})
	}
	out.jsonResult = r
	return out
}
