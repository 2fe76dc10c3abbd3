package shell

import "mvdan.cc/sh/v3/syntax"

// ending says how a statement right of || ends the script.
type ending int

const (
	notAtAll ending = iota
	byStatus        // it fails, as false does: the list fails with it
	byExit          // it leaves the shell with an error, as exit 1 does
)

// endsScript looks whether s, which runs when something failed, is sure to pass
// the failure on: exit, exit 1, false, { echo sorry; exit 1; }.
func endsScript(s *syntax.Stmt) ending {
	if s.Negated || s.Background {
		return notAtAll
	}
	switch cmd := s.Cmd.(type) {
	case *syntax.Block:
		if n := len(cmd.Stmts); n > 0 {
			return endsScript(cmd.Stmts[n-1])
		}
	case *syntax.BinaryCmd:
		if cmd.Op == syntax.AndStmt && cannotFail(cmd.X) {
			return endsScript(cmd.Y)
		}
	case *syntax.CallExpr:
		return callEnds(cmd)
	}
	return notAtAll
}

func callEnds(call *syntax.CallExpr) ending {
	if len(call.Args) == 0 {
		return notAtAll
	}
	switch call.Args[0].Lit() {
	case "false":
		return byStatus
	case "exit":
		if len(call.Args) == 1 {
			return byExit
		}
		if code := call.Args[1].Lit(); code != "" && code != "0" {
			return byExit
		}
	}
	return notAtAll
}

// cannotFail reports whether s is one of the few commands that always succeed.
func cannotFail(s *syntax.Stmt) bool {
	if len(s.Redirs) > 0 {
		return false
	}
	switch programOf(s) {
	case "set", ":", "true", "echo", "printf", "export":
		return true
	}
	return false
}

// isTest reports whether s is a command that is there for its status, so that
// what follows cannot be taken to run.
func isTest(s *syntax.Stmt) bool {
	if s.Negated {
		return true
	}
	switch cmd := s.Cmd.(type) {
	case *syntax.TestClause, *syntax.ArithmCmd:
		return true
	case *syntax.BinaryCmd:
		return cmd.Op != syntax.AndStmt || isTest(cmd.Y)
	}
	switch programOf(s) {
	case "[", "test", "[[", "grep", "command", "which", "type", "hash", "false":
		return true
	}
	return false
}

// programOf returns the literal program of a simple command.
func programOf(s *syntax.Stmt) string {
	switch cmd := s.Cmd.(type) {
	case *syntax.CallExpr:
		if len(cmd.Args) > 0 && !s.Negated {
			return cmd.Args[0].Lit()
		}
	case *syntax.DeclClause:
		return cmd.Variant.Value
	}
	return ""
}
