package transform

import (
	"context"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// Pass is one look of one transform at one text. All its changes refer to File.Src.
type Pass struct {
	File    *dockerfile.File
	Build   *evidence.Context // never nil; empty where there is no build context
	Options Options

	ctx     context.Context // of Run
	changes []Change
	skips   []Skip
	glances map[*dockerfile.Stage]*walk     // see glance
	bases   map[string]dockerfile.BaseImage // see baseConfig
}

// Propose hands in a change. It is made whole, or declined whole.
func (p *Pass) Propose(c Change) { p.changes = append(p.changes, c) }

// Decline records that something was not done, at a span of File.Src, and why.
func (p *Pass) Decline(kind SkipKind, at edit.Span, why string) {
	p.skips = append(p.skips, Skip{Kind: kind, At: at, Why: why})
}
