package dockerfile

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// Var is one variable with the place that set it.
type Var struct {
	Name, Value string
	// Known is false where the value cannot be told: an ARG without default, a value made of one, a
	// variable of an unknown base image.
	Known bool
	Instr *Instr // nil for a variable of the base image
	Pair  *Pair  // of Instr; nil for a variable of the base image
}

// vars is an ordered set of variables.
type vars struct {
	list    []Var
	at      map[string]int
	longest int // length of the longest value ever set
}

func (v *vars) set(x Var) {
	v.longest = max(v.longest, len(x.Value))
	if i, ok := v.at[x.Name]; ok {
		v.list[i] = x
		return
	}
	if v.at == nil {
		v.at = map[string]int{}
	}
	v.at[x.Name] = len(v.list)
	v.list = append(v.list, x)
}

func (v *vars) get(name string) (Var, bool) {
	i, ok := v.at[name]
	if !ok {
		return Var{}, false
	}
	return v.list[i], true
}

// scope is what variables a word may use.
type scope struct {
	vars
	// open is true where variables that are not set here may still have a value, because an unknown
	// base image may set them.
	open bool
	// fill gives every variable without a known value a placeholder, see checkGrowth.
	fill bool
	// grown is set once an expansion was refused for its length.
	grown bool
}

// expand puts the values into word, which is taken as it stands in the file,
// quotes and all. ok is false where a variable's value is not known or BuildKit
// would refuse the word.
func (s *scope) expand(word string, escape byte) (text string, ok bool) {
	text, _, ok = s.expandUsing(word, escape)
	return text, ok
}

// expandUsing also returns the names that were looked up, in order.
func (s *scope) expandUsing(word string, escape byte) (text string, used []string, ok bool) {
	if nesting(word) > maxNesting || !utf8.ValidString(word) {
		return "", nil, false // BuildKit's lexer prints to stderr on invalid UTF-8
	}
	if s.tooLong(word) {
		s.grown = true
		return "", nil, false
	}
	l := &lookup{scope: s, word: word}
	err := guarded(func() (err error) {
		text, _, err = shell.NewLex(rune(escape)).ProcessWord(word, l)
		return err
	})
	if len(text) > maxValue && len(text) > len(word) {
		s.grown = true
		return "", l.used, false
	}
	return text, l.used, err == nil && !l.unknown
}

// lookup is the environment that BuildKit's lexer asks; it notes what was asked.
type lookup struct {
	scope   *scope
	word    string
	used    []string
	unknown bool
}

// Get returns the value of a variable as far as it is known.
func (l *lookup) Get(name string) (string, bool) {
	l.used = append(l.used, name)
	v, ok := l.scope.get(name)
	switch {
	case ok && v.Known:
		return v.Value, true
	case l.scope.fill:
		return placeholder, true
	case ok && v.isUnset() && onlyWithDefault(l.word, name):
		return "", false
	case ok || l.scope.open || isPlatformArg(name):
		l.unknown = true
	}
	return "", false
}

// Keys is part of BuildKit's interface; only platform detection uses it.
func (l *lookup) Keys() []string { return nil }

// isUnset reports whether v is an ARG without default, which a build without
// arguments leaves unset.
func (v Var) isUnset() bool {
	return v.Pair != nil && !v.Pair.HasValue && !isPlatformArg(v.Name)
}

// onlyWithDefault reports whether word uses the variable only as ${name:-x} or ${name-x}.
func onlyWithDefault(word, name string) bool {
	use := "${" + name
	with := strings.Count(word, use+":-") + strings.Count(word, use+"-")
	return with > 0 && strings.Count(word, use) == with && !strings.Contains(word, "$"+name)
}

// isPlatformArg reports whether BuildKit itself gives the ARG its value, which
// depends on the machine and the command line.
func isPlatformArg(name string) bool {
	switch name {
	case "TARGETPLATFORM", "TARGETOS", "TARGETOSVERSION", "TARGETARCH", "TARGETVARIANT", "TARGETSTAGE",
		"BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT":
		return true
	}
	return false
}

// placeholder passes for a tag, a port, a path, a user and a signal.
const placeholder = "1"

// globals returns the ARGs before the first FROM with their defaults.
func (f *File) globals() *scope {
	s := &scope{}
	for _, in := range f.Instrs {
		if in.Name == "from" {
			return s
		}
		for n := range in.Pairs {
			s.arg(f, in, &in.Pairs[n], nil)
		}
	}
	return s
}

// arg sets the ARG p. One without default takes the value of the global ARG of
// that name; where there is none either, one that is already set keeps its value.
func (s *scope) arg(f *File, in *Instr, p *Pair, globals *scope) Var {
	v := Var{Name: p.Key, Instr: in, Pair: p}
	if p.HasValue {
		v.Value, v.Known = s.expand(p.rawValue, f.Escape)
		s.set(v)
		return v
	}
	if globals != nil {
		if g, ok := globals.get(p.Key); ok {
			v.Value, v.Known, v.Pair, v.Instr = g.Value, g.Known, g.Pair, g.Instr
			s.set(v)
			return v
		}
	}
	if old, ok := s.get(p.Key); ok {
		return old
	}
	s.set(v)
	return v
}

// String returns NAME=value, or NAME=? for an unknown value.
func (v Var) String() string {
	if !v.Known {
		return v.Name + "=?"
	}
	return fmt.Sprintf("%s=%s", v.Name, v.Value)
}
