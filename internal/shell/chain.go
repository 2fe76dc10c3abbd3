package shell

import (
	"github.com/bulwark-cli/bulwark/internal/edit"
	"mvdan.cc/sh/v3/syntax"
)

// Link is one statement of a script's outermost level. Those that && joins are
// links of their own; whatever else joins commands, such as | and ||, is in one.
type Link struct {
	Span edit.Span // source bytes, redirections and a ! in front with them, a separator behind it left out
	// Op is what joins it to the link before it: "" for the first, "&&", or ";" for both a semicolon
	// and a line end.
	Op     string
	Simple bool // one simple command that runs in the foreground and is not negated
}

// Chain takes the text of v apart into its links, as Parse reads it. ok is false
// where it cannot be read, and where a heredoc feeds one of its commands: the lines
// of it stand between links, and belong to one that need not be next to them.
func Chain(v edit.View, bash bool) (links []Link, ok bool) {
	text, from := viewOrigin(&v)
	tree, _, err := read(text, bash)
	if err != nil || feeds(tree) {
		return nil, false
	}
	c := chainer{w: walker{text: text, from: from}}
	for _, s := range tree.Stmts {
		c.add(s, ";")
	}
	return c.links, true
}

// feeds reports whether a command in the tree reads a heredoc.
func feeds(tree *syntax.File) bool {
	for n := range syntax.Preorder(tree) {
		if r, ok := n.(*syntax.Redirect); ok && r.Hdoc != nil {
			return true
		}
	}
	return false
}

type chainer struct {
	w     walker
	links []Link
}

// add appends the links of s, the first of them joined by op.
func (c *chainer) add(s *syntax.Stmt, op string) {
	if and, ok := s.Cmd.(*syntax.BinaryCmd); ok && and.Op == syntax.AndStmt && !s.Negated && !s.Background && len(s.Redirs) == 0 {
		c.add(and.X, op)
		c.add(and.Y, "&&")
		return
	}
	if len(c.links) == 0 {
		op = ""
	}
	var simple bool
	switch s.Cmd.(type) {
	case *syntax.CallExpr, *syntax.DeclClause:
		simple = !s.Negated && !s.Background && !s.Coprocess
	}
	c.links = append(c.links, Link{Span: c.span(s), Op: op, Simple: simple})
}

// span leaves out the semicolon, which the parser counts to the statement.
func (c *chainer) span(s *syntax.Stmt) edit.Span {
	start, end := int(s.Pos().Offset()), 0
	if s.Cmd != nil {
		end = int(s.Cmd.End().Offset())
	}
	for _, r := range s.Redirs {
		end = max(end, int(r.End().Offset()))
	}
	end = min(max(end, start), len(c.w.text))
	span, _ := c.w.from.span(c.w.text, start, end)
	return span
}
