package shell

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"mvdan.cc/sh/v3/syntax"
)

// Simple reports whether the text of v is one command of literal words, so that
// `CMD text` and the exec form of words mean the same. A leading exec is dropped,
// and why says so. Where ok is false, why names what stands in the way.
func Simple(v edit.View) (words []string, ok bool, why string) {
	text, _ := viewOrigin(&v)
	if err := readable(text); err != nil {
		return nil, false, err.Error()
	}
	if why := comments(text); why != "" {
		return nil, false, why
	}
	s := Parse(v, false)
	switch {
	case s.Unknown != "":
		return nil, false, s.Unknown
	case s.Bash != "":
		return nil, false, s.Bash + " needs bash"
	case len(s.Commands) == 0:
		return nil, false, "there is no command"
	}
	if why := notAlone(text); why != "" {
		return nil, false, why
	}
	return simpleWords(s.Commands[0])
}

// comments reports a comment: the parser leaves it out of the tree unless asked.
func comments(text string) string {
	tree, err := tryParse(text, syntax.Variant(syntax.LangPOSIX), syntax.KeepComments(true))
	if err != nil {
		return err.Error()
	}
	for n := range syntax.Preorder(tree) {
		if _, ok := n.(*syntax.Comment); ok {
			return "a comment"
		}
	}
	return ""
}

// notAlone names what there is in text beside one simple command.
func notAlone(text string) string {
	tree, err := parseAs(syntax.LangPOSIX, text)
	if err != nil {
		return err.Error()
	}
	if len(tree.Stmts) != 1 {
		return "several commands"
	}
	s := tree.Stmts[0]
	switch {
	case s.Background:
		return "&"
	case s.Negated:
		return "!"
	case s.Semicolon.IsValid():
		return ";"
	case len(s.Redirs) > 0:
		return "the redirection " + s.Redirs[0].Op.String()
	}
	switch cmd := s.Cmd.(type) {
	case *syntax.CallExpr:
		return ""
	case *syntax.BinaryCmd:
		return cmd.Op.String()
	}
	return "a compound command"
}

func simpleWords(c *Command) (words []string, ok bool, why string) {
	from := c.Words
	if len(c.Assigns) > 0 {
		return nil, false, "the assignment of " + c.Assigns[0].Name
	}
	if c.Name() == "exec" {
		if len(from) == 1 || strings.HasPrefix(from[1].Text, "-") {
			return nil, false, "exec with no program or with options"
		}
		from, why = from[1:], "exec dropped: the exec form needs none"
	}
	for _, w := range from {
		value, ok := w.Literal()
		if !ok {
			return nil, false, w.obstacle()
		}
		words = append(words, value)
	}
	if words[0] == "" {
		return nil, false, "an empty program name"
	}
	if why == "" && isBuiltin(words[0]) {
		return nil, false, words[0] + " is a builtin of the shell"
	}
	return words, true, why
}

// obstacle says why the word is not literal.
func (w Word) obstacle() string {
	if names := w.Vars(); len(names) > 0 {
		return "the variable " + names[0]
	}
	if w.parts == nil {
		return "the word " + w.Text
	}
	s := shapeOf(w.parts)
	switch {
	case s.glob:
		return "the pattern " + w.Text
	case s.home || s.tilde:
		return "the tilde in " + w.Text
	case s.braces:
		return "the braces in " + w.Text
	}
	return "the expansion " + w.Text
}

// isBuiltin reports whether shells run name themselves. Programs of the same name
// as echo or test exist, but behave otherwise and may be missing.
func isBuiltin(name string) bool {
	switch name {
	case ".", ":", "[", "[[", "alias", "bg", "break", "builtin", "case", "cd", "command", "continue", "declare", "dirs",
		"echo", "enable", "eval", "exec", "exit", "export", "false", "fc", "fg", "function", "getopts", "hash", "help",
		"history", "jobs", "kill", "let", "local", "logout", "mapfile", "popd", "printf", "pushd", "pwd", "read",
		"readarray", "readonly", "return", "select", "set", "shift", "shopt", "source", "suspend", "test", "time",
		"times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait":
		return true
	}
	return false
}
