package shell

import (
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"mvdan.cc/sh/v3/syntax"
)

// Literal returns a word that stands for value and nothing else, as one string of
// an exec form does. span is where it stands in the source, quotes included;
// exact is false where the span must not be edited.
func Literal(span edit.Span, exact bool, value string) Word {
	w := literalWord(value)
	w.Span, w.Exact = span, exact
	return w
}

func literalWord(value string) Word {
	quoted := &syntax.SglQuoted{Value: value}
	return Word{Text: value, parts: &syntax.Word{Parts: []syntax.WordPart{quoted}}}
}

// Literal returns what the program gets for the word, quotes and escapes
// removed. ok is false where the shell puts something else in its place: an
// expansion, an unquoted glob, tilde or brace expansion.
func (w Word) Literal() (value string, ok bool) {
	e := evaluator{}
	fragments, ok := e.expand(w)
	if !ok {
		return "", false
	}
	return join(fragments), true
}

// HasGlob reports whether the word holds an unquoted pattern, which the shell
// replaces by the names of files. The value of an assignment never does.
func (w Word) HasGlob() bool {
	return w.parts != nil && !w.value && shapeOf(w.parts).glob
}

// Vars returns the names of the variables and parameters that the word uses, in
// the order of their first use, those in defaults and command substitutions
// among them.
func (w Word) Vars() []string {
	if w.parts == nil {
		return nil
	}
	var names []string
	seen := map[string]bool{}
	for n := range syntax.Preorder(w.parts) {
		p, ok := n.(*syntax.ParamExp)
		if ok && p.Param != nil && !seen[p.Param.Value] {
			seen[p.Param.Value] = true
			names = append(names, p.Param.Value)
		}
	}
	return names
}

// prefix returns the literal text that the word is sure to start with, as far as
// it is written without quotes and escapes; the same bytes start w.Text.
func (w Word) prefix() string {
	if w.parts == nil || len(w.parts.Parts) == 0 {
		return ""
	}
	lit, ok := w.parts.Parts[0].(*syntax.Lit)
	if !ok || !strings.HasPrefix(w.Text, lit.Value) {
		return ""
	}
	text, _, _ := strings.Cut(lit.Value, `\`)
	return text
}

// from returns the word without its first n bytes, which must be part of its
// prefix or, for a literal word, of its value.
func (w Word) from(n int) Word {
	if n > len(w.prefix()) {
		value, _ := w.Literal()
		return Literal(w.Span, false, value[n:])
	}
	lit := *w.parts.Parts[0].(*syntax.Lit)
	lit.Value, lit.ValuePos = lit.Value[n:], syntax.NewPos(lit.ValuePos.Offset()+uint(n), 0, 0)
	parts := slices.Clone(w.parts.Parts)
	parts[0] = &lit
	if lit.Value == "" {
		parts = parts[1:]
	}
	w.parts, w.Text = &syntax.Word{Parts: parts}, w.Text[n:]
	if w.Exact {
		w.Span.Start += n
	}
	return w
}

// start returns what the word is known to start with: all of a literal word,
// else its prefix.
func (w Word) start() string {
	if value, ok := w.Literal(); ok {
		return value
	}
	return w.prefix()
}

// shape is what the unquoted characters of a word do.
type shape struct {
	glob, braces bool
	tilde        bool // one that may be expanded and is not at the start of the word
	home         bool // ~ or ~/ at the start
}

func shapeOf(w *syntax.Word) shape {
	s := shape{braces: hasBraces(w)}
	open := false // a [ was seen
	for i, p := range w.Parts {
		switch p := p.(type) {
		case *syntax.ExtGlob:
			s.glob = true
		case *syntax.Lit:
			s.scan(p.Value, i == 0, len(w.Parts) == 1, &open)
		}
	}
	return s
}

// scan looks at one unquoted stretch of a word. first and last say whether the
// word starts and ends with it.
func (s *shape) scan(text string, first, last bool, open *bool) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '*', '?':
			s.glob = true
		case '[':
			*open = true
		case ']':
			s.glob = s.glob || *open
		case '~':
			s.seeTilde(text, i, first, last)
		}
	}
}

func (s *shape) seeTilde(text string, at int, first, last bool) {
	switch {
	case first && at == 0:
		s.home = strings.HasPrefix(text, "~/") || text == "~" && last
		s.tilde = s.tilde || !s.home
	case at > 0 && (text[at-1] == ':' || text[at-1] == '='):
		s.tilde = true
	}
}
