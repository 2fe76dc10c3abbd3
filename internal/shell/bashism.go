package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// firstBashism names the first construct in a tree of bash that POSIX shells
// lack, such as "[[" or "array"; "" where there is none.
func firstBashism(tree *syntax.File) string {
	found := ""
	syntax.Walk(tree, func(n syntax.Node) bool {
		if found == "" && n != nil {
			found = bashism(n)
		}
		return found == ""
	})
	return found
}

func bashism(n syntax.Node) string {
	switch n := n.(type) {
	case *syntax.TestClause:
		return "[["
	case *syntax.ArithmCmd, *syntax.CStyleLoop:
		return "(("
	case *syntax.LetClause:
		return "let"
	case *syntax.CoprocClause:
		return "coproc"
	case *syntax.ArrayExpr:
		return "array"
	case *syntax.ExtGlob:
		return "extended glob"
	case *syntax.ProcSubst:
		return n.Op.String() + " )"
	case *syntax.BinaryCmd:
		return nameIf(n.Op == syntax.PipeAll, "|&")
	case *syntax.ForClause:
		return nameIf(n.Select, "select")
	case *syntax.FuncDecl:
		return nameIf(n.RsrvWord, "function")
	case *syntax.CaseItem:
		return nameIf(n.Op != syntax.Break, n.Op.String())
	case *syntax.ArithmExp:
		return nameIf(n.Bracket, "$[ ]")
	case *syntax.SglQuoted:
		return nameIf(n.Dollar, "$'..'")
	case *syntax.DblQuoted:
		return nameIf(n.Dollar, `$".."`)
	}
	return bashismInWords(n)
}

func bashismInWords(n syntax.Node) string {
	switch n := n.(type) {
	case *syntax.DeclClause:
		return bashBuiltin(n.Variant.Value)
	case *syntax.CallExpr:
		return bashCall(n)
	case *syntax.WordIter:
		return bracesIn(n.Items)
	case *syntax.Assign:
		return bashAssign(n)
	case *syntax.Redirect:
		return bashRedirect(n)
	case *syntax.ParamExp:
		return bashParam(n)
	}
	return ""
}

func nameIf(is bool, name string) string {
	if is {
		return name
	}
	return ""
}

// bashBuiltin returns name where POSIX shells have no such builtin. local is left out: dash and
// busybox have it.
func bashBuiltin(name string) string {
	switch name {
	case "source", "pushd", "popd", "dirs", "shopt", "declare", "typeset", "nameref", "mapfile", "readarray", "disown", "enable":
		return name
	}
	return ""
}

func bashCall(call *syntax.CallExpr) string {
	if len(call.Args) == 0 {
		return ""
	}
	name := call.Args[0].Lit()
	if found := bashBuiltin(name); found != "" {
		return found
	}
	if name == "[" || name == "test" {
		for _, arg := range call.Args[1:] {
			if arg.Lit() == "==" {
				return "== in [ ]"
			}
		}
	}
	return bracesIn(call.Args)
}

func bracesIn(words []*syntax.Word) string {
	if slices.ContainsFunc(words, hasBraces) {
		return "brace expansion"
	}
	return ""
}

// hasBraces reports whether bash would expand braces in w. SplitBraces changes
// the word it is given, so it gets a copy.
func hasBraces(w *syntax.Word) bool {
	braces := syntax.Word{Parts: w.Parts}
	if !syntax.SplitBraces(&braces) {
		return false
	}
	for _, p := range braces.Parts {
		if _, ok := p.(*syntax.BraceExp); ok {
			return true
		}
	}
	return false
}

func bashAssign(a *syntax.Assign) string {
	switch {
	case a.Append:
		return "+="
	case a.Index != nil:
		return "array"
	}
	return ""
}

func bashRedirect(r *syntax.Redirect) string {
	switch r.Op {
	case syntax.WordHdoc, syntax.RdrAll, syntax.AppAll:
		return r.Op.String()
	case syntax.DplOut:
		target := r.Word.Lit()
		return nameIf(target != "" && target != "-" && strings.Trim(target, "0123456789-") != "", ">& file")
	}
	return nameIf(r.N != nil && strings.HasPrefix(r.N.Value, "{"), "{fd}>")
}

func bashParam(p *syntax.ParamExp) string {
	switch {
	case p.Index != nil:
		return "array"
	case p.Excl || p.Names != 0:
		return "${!a}"
	case p.Slice != nil:
		return "${a:1}"
	case p.Repl != nil:
		return "${a/b}"
	case p.Exp != nil && p.Exp.Op >= syntax.UpperFirst:
		return "${a" + p.Exp.Op.String() + "}"
	case p.Param == nil:
		return ""
	}
	switch name := p.Param.Value; name {
	case "RANDOM", "PIPESTATUS", "FUNCNAME":
		return "$" + name
	default:
		return nameIf(strings.HasPrefix(name, "BASH"), "$"+name)
	}
}
