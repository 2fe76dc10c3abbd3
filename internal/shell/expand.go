package shell

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// A short word can ask for a huge value, as ${A//a/$B} does. These bound the sum
// of what the variables of one word bring in; patterns cost more and get less.
const (
	maxValues  = 64 << 10
	maxPattern = 4 << 10
)

// Expand returns the one string that the program gets for the word, with
// variables as lookup gives them. lookup answers false for a variable whose value
// is not known; one known to be empty is ("", true), and ${A-b} takes it as set.
//
// ok is false where a variable is not known, where a command substitution,
// arithmetic, a glob or braces stand in the word, and where the shell would
// split the value into several words or drop it. Nothing is run and no
// environment is read. ~ is expanded where lookup knows HOME.
func (w Word) Expand(lookup func(name string) (value string, ok bool)) (value string, ok bool) {
	e := evaluator{lookup: lookup}
	fragments, ok := e.expand(w)
	if !ok {
		return "", false
	}
	value = join(fragments)
	if w.value {
		return value, true
	}
	certain := false
	for _, f := range fragments {
		if f.split && strings.ContainsAny(f.text, " \t\n") {
			return "", false
		}
		certain = certain || !f.split
	}
	return value, certain || value != ""
}

// Fields is Expand for a word that may become any number of words: it splits
// unquoted expansions at blanks, as in `apt-get install $PACKAGES`.
func (w Word) Fields(lookup func(name string) (value string, ok bool)) (fields []string, ok bool) {
	e := evaluator{lookup: lookup}
	fragments, ok := e.expand(w)
	if !ok {
		return nil, false
	}
	var s splitter
	for _, f := range fragments {
		if f.split && !w.value {
			s.split(f.text)
		} else {
			s.add(f.text)
		}
	}
	s.flush()
	return s.fields, true
}

type splitter struct {
	fields []string
	field  strings.Builder
	some   bool // the current field exists, if only as ""
}

func (s *splitter) add(text string) {
	s.field.WriteString(text)
	s.some = true
}

func (s *splitter) split(text string) {
	for i, field := range strings.FieldsFunc(" "+text+" ", isBlank) {
		if i > 0 || isBlank(rune(text[0])) {
			s.flush()
		}
		s.add(field)
	}
	if text != "" && isBlank(rune(text[len(text)-1])) {
		s.flush()
	}
}

func (s *splitter) flush() {
	if s.some {
		s.fields = append(s.fields, s.field.String())
	}
	s.field.Reset()
	s.some = false
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }

// fragment is a piece of a word's value.
type fragment struct {
	text  string
	split bool // comes from an unquoted expansion: blanks in it separate words
}

func join(fragments []fragment) string {
	if len(fragments) == 1 {
		return fragments[0].text
	}
	var b strings.Builder
	for _, f := range fragments {
		b.WriteString(f.text)
	}
	return b.String()
}

// evaluator computes the value of words. expand.Literal is used for single
// parameter expansions only, since it leaves backslashes in unquoted text.
type evaluator struct {
	lookup func(string) (string, bool) // nil: no variable is allowed
	values int                         // bytes that variables brought in so far
}

func (e *evaluator) expand(w Word) ([]fragment, bool) {
	if w.parts == nil {
		return nil, false
	}
	s := shapeOf(w.parts)
	if s.tilde || !w.value && (s.glob || s.braces) {
		return nil, false
	}
	parts := w.parts.Parts
	if !s.home {
		return e.parts(parts, false)
	}
	home, ok := e.get("HOME")
	if !ok || home == "" {
		return nil, false
	}
	rest, ok := e.parts(parts, false)
	if !ok {
		return nil, false
	}
	rest[0].text = strings.TrimPrefix(rest[0].text, "~")
	return append([]fragment{{text: home}}, rest...), true
}

func (e *evaluator) parts(parts []syntax.WordPart, quoted bool) ([]fragment, bool) {
	out := make([]fragment, 0, len(parts))
	for _, p := range parts {
		more, ok := e.part(p, quoted)
		if !ok {
			return nil, false
		}
		out = append(out, more...)
	}
	return out, true
}

func (e *evaluator) part(p syntax.WordPart, quoted bool) ([]fragment, bool) {
	switch p := p.(type) {
	case *syntax.Lit:
		return []fragment{{text: unescape(p.Value, quoted)}}, true
	case *syntax.SglQuoted:
		return singleQuoted(p)
	case *syntax.DblQuoted:
		if p.Dollar {
			return nil, false
		}
		inner, ok := e.parts(p.Parts, true)
		return []fragment{{text: join(inner)}}, ok
	case *syntax.ParamExp:
		return e.param(p, quoted)
	}
	return nil, false
}

// unescape removes the backslashes that quote something.
func unescape(s string, quoted bool) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (!quoted || strings.IndexByte("$`\"\\", s[i+1]) >= 0) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func singleQuoted(q *syntax.SglQuoted) ([]fragment, bool) {
	if !q.Dollar {
		return []fragment{{text: q.Value}}, true
	}
	value, _, err := expand.Format(&expand.Config{}, q.Value, nil)
	value, _, _ = strings.Cut(value, "\x00")
	return []fragment{{text: value}}, err == nil
}

// get returns the value of a variable, within the bounds of what one word may bring in.
func (e *evaluator) get(name string) (string, bool) {
	if e.lookup == nil || !syntax.ValidName(name) || name == "LINENO" {
		return "", false
	}
	value, ok := e.lookup(name)
	e.values += len(value)
	if !ok || e.values > maxValues || !utf8.ValidString(value) {
		return "", false
	}
	return value, true
}

func (e *evaluator) param(p *syntax.ParamExp, quoted bool) ([]fragment, bool) {
	if p.Param == nil || p.Excl || p.Width || p.IsSet || p.Index != nil || p.Names != 0 || p.Slice != nil {
		return nil, false
	}
	value, ok := e.get(p.Param.Value)
	if !ok {
		return nil, false
	}
	switch {
	case p.Exp != nil && p.Exp.Op <= syntax.AssignUnsetOrNull:
		return e.alternative(p.Exp, value, quoted)
	case p.Exp != nil || p.Repl != nil || p.Length:
		value, ok = e.edited(p, value)
	}
	return plainValue(value, quoted), ok && (quoted || !strings.ContainsAny(value, "*?["))
}

func plainValue(value string, quoted bool) []fragment {
	return []fragment{{text: value, split: !quoted}}
}

// alternative handles ${A:-b}, ${A:+b}, ${A:?b}, ${A:=b} and these without colon, of a variable that is set.
func (e *evaluator) alternative(x *syntax.Expansion, value string, quoted bool) ([]fragment, bool) {
	useWord := false
	switch x.Op {
	case syntax.AlternateUnset:
		useWord = true
	case syntax.AlternateUnsetOrNull:
		useWord = value != ""
		value = ""
	case syntax.DefaultUnsetOrNull:
		useWord = value == ""
	case syntax.ErrorUnsetOrNull, syntax.AssignUnsetOrNull:
		if value == "" {
			return nil, false
		}
	}
	if !useWord {
		return plainValue(value, quoted), quoted || !strings.ContainsAny(value, "*?[")
	}
	if x.Word == nil {
		return plainValue("", quoted), true
	}
	return e.argument(x.Word, quoted)
}

// argument evaluates the word inside ${A:-word}. Quoting has rules of its own
// there, on which shells differ: a word that needs them is declined.
func (e *evaluator) argument(w *syntax.Word, quoted bool) ([]fragment, bool) {
	s := shapeOf(w)
	if s.glob || s.tilde || s.home {
		return nil, false
	}
	for _, p := range w.Parts {
		switch p := p.(type) {
		case *syntax.Lit:
			if strings.Contains(p.Value, `\`) {
				return nil, false
			}
		case *syntax.SglQuoted, *syntax.DblQuoted:
			if quoted {
				return nil, false
			}
		}
	}
	out, ok := e.parts(w.Parts, quoted)
	for i, p := range w.Parts {
		if _, lit := p.(*syntax.Lit); ok && lit && len(out) == len(w.Parts) {
			out[i].split = !quoted
		}
	}
	return out, ok
}

// edited lets mvdan.cc/sh compute ${A%b}, ${A#b}, ${A/b/c}, ${A^^} and ${#A}.
func (e *evaluator) edited(p *syntax.ParamExp, value string) (string, bool) {
	if e.values > maxPattern || strings.Contains(value, "\n") || !p.Length && !plainPattern(p) {
		return "", false
	}
	out, err := safeLiteral(p, value)
	return out, err == nil
}

// plainPattern reports whether the words of p are short, unquoted literals, which is
// where the expander agrees with shells.
func plainPattern(p *syntax.ParamExp) bool {
	words := []*syntax.Word{}
	switch {
	case p.Repl != nil:
		words = append(words, p.Repl.Orig, p.Repl.With)
	case p.Exp.Op >= syntax.RemSmallSuffix && p.Exp.Op <= syntax.LowerAll:
		words = append(words, p.Exp.Word)
	default:
		return false
	}
	for _, w := range words {
		if w != nil && (w.Lit() == "" || len(w.Lit()) > maxPattern || strings.ContainsAny(w.Lit(), `\~`)) {
			return false
		}
	}
	return true
}

// safeLiteral turns a panic of the expander into an error: the text is a stranger's.
func safeLiteral(p *syntax.ParamExp, value string) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("mvdan.cc/sh failed on it: %v", r)
		}
	}()
	cfg := &expand.Config{Env: oneVariable{p.Param.Value, value}}
	return expand.Literal(cfg, &syntax.Word{Parts: []syntax.WordPart{p}})
}

// oneVariable is an environment of one variable: the expander must not see the machine's.
type oneVariable struct{ name, value string }

func (v oneVariable) Get(name string) expand.Variable {
	if name != v.name {
		return expand.Variable{}
	}
	return expand.Variable{Set: true, Kind: expand.String, Str: v.value}
}

func (v oneVariable) Each(f func(string, expand.Variable) bool) { f(v.name, v.Get(v.name)) }
