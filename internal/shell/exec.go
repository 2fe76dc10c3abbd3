package shell

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// Exec returns the script of an exec form: one command of words made by Literal.
// What follows `sh -c` among them is read as in a shell form. The command is
// never Exact, for brackets and commas lie between its words.
func Exec(words []Word) *Script {
	s := &Script{}
	if len(words) == 0 {
		return s
	}
	w := walker{script: s, strings: true}
	w.state.dir.known = true
	cmd := &Command{Words: words, Span: cover(words), DirKnown: true}
	s.Commands = append(s.Commands, cmd)
	w.inner(cmd, context{status: true})
	return s
}

// stringOrigin is for the text of a JSON string. It stands between the quotes of
// its word where nothing in it had to be escaped, which the lengths tell.
func stringOrigin(word Word, text string) origin {
	at := word.Span
	switch {
	case strings.Contains(text, "\ufffd"): // a replaced byte would make the lengths lie
		return origin{at: at, opaque: true}
	case at.Len() == len(text)+2:
		return origin{at: edit.Span{Start: at.Start + 1, End: at.End - 1}}
	case at.Len() == len(text):
		return origin{at: at}
	}
	return origin{at: at, opaque: true}
}
