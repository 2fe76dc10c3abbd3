package shell

import (
	"github.com/bulwark-cli/bulwark/internal/edit"
	"mvdan.cc/sh/v3/syntax"
)

// walker turns a tree into commands, following what cd, set and assignments do.
type walker struct {
	script  *Script
	text    string // what was parsed
	from    origin
	options Options
	state   state
	funcs   map[string]bool // functions seen; true where one may change the directory
	moves   int             // how many commands that change the directory were seen
	nested  int             // how many sh -c are around this text
	strings bool            // there is no text: the words are strings of an exec form
}

// context is what the commands around a statement make of it.
type context struct {
	flow    Flow
	status  bool // the script fails where the statement fails
	errexit bool // set -e is heeded here: not in a condition, nor left of && and ||
}

// required reports whether a failure ends the script.
func (w *walker) required(c context) bool {
	return c.status || c.errexit && w.state.errexit
}

// list walks statements that stand one after the other. The status of a list is
// that of its last statement.
func (w *walker) list(stmts []*syntax.Stmt, c context) {
	for i, s := range stmts {
		each := c
		each.status = c.status && i == len(stmts)-1
		w.stmt(s, each)
	}
}

func (w *walker) stmt(s *syntax.Stmt, c context) {
	if s.Negated {
		c.status, c.errexit = false, false
	}
	if s.Background || s.Coprocess || s.Disown {
		c = context{flow: c.flow | Background}
		defer w.restore(w.state)
	}
	switch cmd := s.Cmd.(type) {
	case nil:
		w.redirects(s, c)
	case *syntax.CallExpr:
		w.call(s, cmd, c)
	case *syntax.DeclClause:
		w.declaration(s, cmd, c)
	case *syntax.TestClause, *syntax.ArithmCmd, *syntax.LetClause:
		w.special(s, c)
	default:
		w.compound(s.Cmd, c)
		w.redirects(s, c)
	}
}

func (w *walker) compound(cmd syntax.Command, c context) {
	switch cmd := cmd.(type) {
	case *syntax.BinaryCmd:
		w.binary(cmd, c)
	case *syntax.Block:
		w.list(cmd.Stmts, c)
	case *syntax.Subshell:
		defer w.restore(w.state)
		c.flow |= Subshell
		w.list(cmd.Stmts, c)
	case *syntax.IfClause:
		w.ifClause(cmd, c)
	case *syntax.CaseClause:
		w.caseClause(cmd, c)
	case *syntax.WhileClause, *syntax.ForClause:
		w.loop(cmd, c)
	case *syntax.FuncDecl:
		w.function(cmd, c)
	case *syntax.TimeClause:
		if cmd.Stmt != nil {
			w.stmt(cmd.Stmt, c)
		}
	case *syntax.CoprocClause:
		defer w.restore(w.state)
		w.stmt(cmd.Stmt, context{flow: c.flow | Background})
	}
}

func (w *walker) restore(s state) { w.state = s }

func (w *walker) binary(b *syntax.BinaryCmd, c context) {
	switch b.Op {
	case syntax.AndStmt:
		w.and(b, c)
	case syntax.OrStmt:
		w.or(b, c)
	default:
		w.pipe(b, c)
	}
}

// and walks a && b. A failure of a is that of the list, but set -e does not heed it.
func (w *walker) and(b *syntax.BinaryCmd, c context) {
	w.stmt(b.X, context{flow: c.flow, status: c.status})
	right := c
	if !c.status && !cannotFail(b.X) {
		right.flow |= Conditional
	}
	before := w.state
	w.stmt(b.Y, right)
	if !c.status && isTest(b.X) {
		w.state = merge(before, w.state)
	}
}

// or walks a || b. Where b ends the script, a failure of a does.
func (w *walker) or(b *syntax.BinaryCmd, c context) {
	left := context{flow: c.flow}
	fatal := endsScript(b.Y)
	switch fatal {
	case byExit:
		left.status = true
	case byStatus:
		left.status = c.status
	}
	before := w.state
	w.stmt(b.X, left)
	after := w.state
	if _, simple := b.X.Cmd.(*syntax.CallExpr); !simple {
		before = merge(before, after)
	}
	w.state = before
	c.flow |= Conditional
	w.stmt(b.Y, c)
	if fatal != notAtAll {
		w.state = after
	} else {
		w.state = merge(after, w.state)
	}
}

// pipe walks a | b. All parts run in shells of their own.
func (w *walker) pipe(b *syntax.BinaryCmd, c context) {
	saved := w.state
	c.flow |= Pipe
	left := context{flow: c.flow}
	if saved.pipefail {
		left = c
	}
	w.stmt(b.X, left)
	w.state = saved
	w.stmt(b.Y, c)
	w.state = saved
}

func (w *walker) ifClause(cl *syntax.IfClause, c context) {
	body := c
	body.flow |= Conditional
	w.list(cl.Cond, context{flow: body.flow})
	base := w.state
	w.list(cl.Then, body)
	then := w.state
	w.state = base
	if cl.Else != nil {
		w.ifClause(cl.Else, c)
	}
	w.state = merge(then, w.state)
	if len(cl.Cond) == 0 { // an else: it has no other way
		w.state = then
	}
}

func (w *walker) caseClause(cl *syntax.CaseClause, c context) {
	w.substitutions(c, cl.Word)
	c.flow |= Conditional
	base := w.state
	end := base
	for _, item := range cl.Items {
		w.state = base
		for _, p := range item.Patterns {
			w.substitutions(c, p)
		}
		w.list(item.Stmts, c)
		end = merge(end, w.state)
	}
	w.state = end
}

// loop walks while, until, for and select. What a body does is seen by its next
// round, so no variable is known in it, nor the directory once the body moves.
func (w *walker) loop(cmd syntax.Command, c context) {
	body := context{flow: c.flow | Loop, errexit: c.errexit}
	before := w.state
	first := len(w.script.Commands)
	switch cmd := cmd.(type) {
	case *syntax.WhileClause:
		w.state.vars = w.state.vars.forget()
		w.list(cmd.Cond, context{flow: body.flow})
		w.list(cmd.Do, body)
	case *syntax.ForClause:
		w.loopHead(cmd.Loop, c)
		w.state.vars = w.state.vars.forget()
		w.list(cmd.Do, body)
	}
	if !w.state.dir.same(before.dir) {
		for _, inside := range w.script.Commands[first:] {
			inside.Dir, inside.DirKnown = "", false
		}
	}
	w.state = merge(before, w.state)
}

func (w *walker) loopHead(l syntax.Loop, c context) {
	if words, ok := l.(*syntax.WordIter); ok {
		for _, item := range words.Items {
			w.substitutions(c, item)
		}
		return
	}
	w.substitutions(c, l)
}

// function walks a function's body, of which it is not known where and when it runs.
func (w *walker) function(f *syntax.FuncDecl, c context) {
	saved, moves := w.state, w.moves
	w.state.dir = directory{}
	w.state.vars = w.state.vars.forget()
	w.stmt(f.Body, context{flow: c.flow | Function, status: true, errexit: true})
	w.state = saved
	if f.Name != nil {
		if w.funcs == nil {
			w.funcs = map[string]bool{}
		}
		w.funcs[f.Name.Value] = w.funcs[f.Name.Value] || w.moves > moves
	}
}

// span maps the bytes of some nodes to the source.
func (w *walker) span(first, last syntax.Node) (s edit.Span, exact bool) {
	start, end := w.offsets(first, last)
	return w.from.span(w.text, start, end)
}

// offsets gives the bytes of the text from the start of first to the end of last. Nodes may
// reach behind the text where a heredoc was closed for the parser.
func (w *walker) offsets(first, last syntax.Node) (start, end int) {
	start = min(int(first.Pos().Offset()), len(w.text))
	end = min(int(last.End().Offset()), len(w.text))
	return start, max(start, end)
}
