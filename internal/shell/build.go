package shell

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"mvdan.cc/sh/v3/syntax"
)

// call handles a simple command.
func (w *walker) call(s *syntax.Stmt, call *syntax.CallExpr, c context) {
	cmd := &Command{Assigns: w.assigns(call.Assigns)}
	for _, arg := range call.Args {
		cmd.Words = append(cmd.Words, w.word(arg))
	}
	if declares(cmd.Name()) {
		cmd.Assigns = append(cmd.Assigns, assignsIn(cmd.Words[1:])...)
	}
	cmd.Span, cmd.Exact = w.span(call, call)
	w.finish(cmd, s, c, len(call.Args) == 0)
	w.inner(cmd, c)
}

// declaration handles export, local and the like where they are read as bash.
func (w *walker) declaration(s *syntax.Stmt, d *syntax.DeclClause, c context) {
	cmd := &Command{Words: []Word{w.litWord(d.Variant)}}
	for _, a := range d.Args {
		cmd.Words = append(cmd.Words, w.declared(a))
		if a.Name != nil && !a.Naked {
			cmd.Assigns = append(cmd.Assigns, w.assigns([]*syntax.Assign{a})...)
		}
	}
	cmd.Span, cmd.Exact = w.span(d, d)
	w.finish(cmd, s, c, false)
}

// special handles [[ ]], (( )) and let, whose insides are not words of a command.
func (w *walker) special(s *syntax.Stmt, c context) {
	cmd := &Command{}
	cmd.Span, cmd.Exact = w.span(s.Cmd, s.Cmd)
	name := "[["
	switch s.Cmd.(type) {
	case *syntax.ArithmCmd:
		name = "(("
	case *syntax.LetClause:
		name = "let"
	}
	start, _ := w.offsets(s.Cmd, s.Cmd)
	program := literalWord(name)
	program.Span, program.Exact = w.from.span(w.text, start, min(start+len(name), len(w.text)))
	cmd.Words = []Word{program}
	w.finish(cmd, s, c, false)
	if name != "[[" {
		w.state.vars = w.state.vars.forget()
	}
}

// redirects makes a command of redirections that belong to no simple command.
func (w *walker) redirects(s *syntax.Stmt, c context) {
	if len(s.Redirs) == 0 {
		return
	}
	cmd := &Command{}
	cmd.Span, cmd.Exact = w.span(s.Redirs[0], s.Redirs[len(s.Redirs)-1].Word)
	w.finish(cmd, &syntax.Stmt{Redirs: s.Redirs}, c, false)
}

// finish adds what all commands have in common, and the command to the script,
// followed by those of its substitutions.
func (w *walker) finish(cmd *Command, s *syntax.Stmt, c context, onlyAssigns bool) {
	cmd.Dir, cmd.DirKnown = w.state.dir.path, w.state.dir.known
	for _, r := range s.Redirs {
		cmd.Redirects = append(cmd.Redirects, w.redirect(r))
	}
	before := w.state
	w.effects(cmd)
	cmd.Flow = c.flow
	if !w.required(c) {
		cmd.Flow |= MayFail
	}
	w.script.Commands = append(w.script.Commands, cmd)
	after := w.state
	w.state = before
	inside := context{flow: c.flow | Substitution}
	if call, ok := s.Cmd.(*syntax.CallExpr); ok && onlyAssigns && soleSubstitution(call) {
		inside.status = w.required(c)
	}
	w.substitutionsOf(s, inside)
	w.state = after
}

// soleSubstitution reports whether the status of an assignment is that of the one $( ) in it.
func soleSubstitution(call *syntax.CallExpr) bool {
	if len(call.Assigns) != 1 || call.Assigns[0].Value == nil {
		return false
	}
	parts := call.Assigns[0].Value.Parts
	if len(parts) == 1 {
		if q, ok := parts[0].(*syntax.DblQuoted); ok {
			parts = q.Parts
		}
	}
	if len(parts) != 1 {
		return false
	}
	_, ok := parts[0].(*syntax.CmdSubst)
	return ok
}

// substitutionsOf walks the commands inside $( ), backquotes and <( ) of a statement without
// statements of its own.
func (w *walker) substitutionsOf(s *syntax.Stmt, c context) {
	if s.Cmd != nil {
		w.substitutions(c, s.Cmd)
	}
	for _, r := range s.Redirs {
		w.substitutions(c, r)
	}
}

func (w *walker) substitutions(c context, in syntax.Node) {
	c = context{flow: c.flow | Substitution, status: c.status && c.flow.Has(Substitution)}
	syntax.Walk(in, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CmdSubst:
			w.substitution(n.Stmts, c)
			return false
		case *syntax.ProcSubst:
			w.substitution(n.Stmts, context{flow: c.flow})
			return false
		}
		return true
	})
}

func (w *walker) substitution(stmts []*syntax.Stmt, c context) {
	defer w.restore(w.state)
	w.list(stmts, c)
}

func (w *walker) word(node *syntax.Word) Word {
	out := Word{parts: node}
	start, end := w.offsets(node, node)
	out.Text = w.text[start:end]
	out.Span, out.Exact = w.from.span(w.text, start, end)
	return out
}

func (w *walker) litWord(lit *syntax.Lit) Word {
	return w.word(&syntax.Word{Parts: []syntax.WordPart{lit}})
}

// declared makes one word of an argument of export and the like.
func (w *walker) declared(a *syntax.Assign) Word {
	switch {
	case a.Naked && a.Name == nil && a.Value != nil:
		return w.word(a.Value)
	case a.Naked && a.Name != nil && a.Index == nil:
		return w.litWord(a.Name)
	}
	out := Word{}
	start, end := w.offsets(a, a)
	out.Text = w.text[start:end]
	out.Span, out.Exact = w.from.span(w.text, start, end)
	if a.Name != nil && a.Index == nil && a.Array == nil && !a.Append {
		parts := []syntax.WordPart{&syntax.Lit{Value: a.Name.Value + "="}}
		if a.Value != nil {
			parts = append(parts, a.Value.Parts...)
		}
		out.parts = &syntax.Word{Parts: parts}
	}
	return out
}

func (w *walker) assigns(list []*syntax.Assign) []Assign {
	var out []Assign
	for _, a := range list {
		if a.Name == nil {
			continue
		}
		out = append(out, Assign{Name: a.Name.Value, Value: w.assigned(a), Append: a.Append})
	}
	return out
}

// assigned is the value of an assignment; for an array, or one element of it, a word whose value
// is not known.
func (w *walker) assigned(a *syntax.Assign) Word {
	var out Word
	switch {
	case a.Array != nil:
		start, end := w.offsets(a.Array, a.Array)
		out.Text = w.text[start:end]
		out.Span, out.Exact = w.from.span(w.text, start, end)
		return out
	case a.Value == nil: // NAME=
		_, end := w.offsets(a, a)
		out.Span, out.Exact = w.from.span(w.text, end, end)
		out.parts = &syntax.Word{}
	default:
		out = w.word(a.Value)
	}
	if a.Index != nil {
		out.parts = nil
	}
	out.value = true
	return out
}

func (w *walker) redirect(r *syntax.Redirect) Redirect {
	op := r.Op.String()
	if r.N != nil {
		op = r.N.Value + op
	}
	out := Redirect{Op: op}
	if r.Word != nil {
		out.Target = w.word(r.Word)
	}
	return out
}

// declares reports whether a builtin sets the variables that its words assign.
func declares(name string) bool {
	switch name {
	case "export", "readonly", "local", "declare", "typeset":
		return true
	}
	return false
}

// assignsIn reads words of the form NAME=value, as export and env get them.
func assignsIn(words []Word) []Assign {
	var out []Assign
	for _, w := range words {
		if a, ok := w.assignment(); ok {
			out = append(out, a)
		}
	}
	return out
}

// assignment reads a word of the form NAME=value.
func (w Word) assignment() (Assign, bool) {
	name, _, ok := strings.Cut(w.start(), "=")
	if !ok || !syntax.ValidName(name) {
		return Assign{}, false
	}
	return Assign{Name: name, Value: w.from(len(name) + 1)}, true
}

// cover returns the span from the first to the last of words.
func cover(words []Word) edit.Span {
	if len(words) == 0 {
		return edit.Span{}
	}
	return edit.Span{Start: words[0].Span.Start, End: words[len(words)-1].Span.End}
}
