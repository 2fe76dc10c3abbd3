// Package transform is the engine that hardens Dockerfiles, and its transforms.
// It reads a Dockerfile's text and the build context beside it as an fs.FS, and
// gives back the rewritten text with an account of what was done and why, and of
// what was declined and why. It touches no file system, network or process.
package transform

import (
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// Safety says how far a change may be trusted. The zero value is the most careful.
type Safety int

const (
	Manual Safety = iota // shown, never written
	Review               // builds; the reader checks Assumes
	Safe                 // cannot change what the program does
)

// Transform is one way to harden a Dockerfile. It is a value in the ordered list
// All, not a type with methods.
type Transform struct {
	Name   string          // as in --only and in `# bulwark:ignore=NAME -- reason`
	Doc    string          // Markdown: title; what; example; "Not done when"; "Safety"; references
	Refs   []string        // controls served: "CIS Docker 4.1", "DS-0002", "DL3002"
	Safety Safety          // the least safe change it may propose
	Needs  []*Precondition // asked in order; the first that answers a Skip stops the transform
	// Last: runs once, when the others have nothing left to do, and so that none of them sees what it made.
	Last bool
	Run  func(*Pass) error
}

// Precondition is a condition that several transforms share.
type Precondition struct {
	Name  string
	Check func(*Pass) *Skip // nil when it holds
}

// Change is one atomic proposal: all its edits are made or none.
type Change struct {
	Title   string // one line, imperative
	Why     string // the evidence
	Safety  Safety
	Assumes []string    // what the reader has to check, one sentence each
	Edits   []edit.Edit // against the text the transform was given
	Drops   []edit.Span // comments that the change is allowed to lose
	Alters  []Field     // parts of the shipped image's configuration that it changes on purpose
}

// SkipKind says why something was not done.
type SkipKind int

const (
	Unsure      SkipKind = iota // the evidence does not show it to be right
	Unsupported                 // outside what bulwark knows
	NotNeeded                   // already so, or nothing would be gained
	Ignored                     // an inline ignore asks for it
	Conflict                    // overlaps a change made in this round
	Rejected                    // a guard refused the change: our bug
	Told                        // nothing that bulwark changes: a finding for the author
	Forbidden                   // it is against the policy
)

// Skip is something that a transform declined to do.
type Skip struct {
	Kind SkipKind
	At   edit.Span // where in the given text; the zero value means the whole file
	Why  string    // one sentence
}

// Applied is a change that was made, or with Safety below the asked one only shown.
type Applied struct {
	Transform string
	Change
	Line    int  // first line touched in the original, 1-based
	Written bool // false: shown only, its safety is below the one asked for
}

// Skipped is a decline with its line in the original (0 where the text is bulwark's own).
type Skipped struct {
	Transform string
	Skip
	Line int
}

// Result is what Run did to one Dockerfile.
type Result struct {
	Name          string
	Before, After string
	Applied       []Applied
	Skipped       []Skipped
}

// Changed reports whether the text differs.
func (r *Result) Changed() bool { return r.Before != r.After }
