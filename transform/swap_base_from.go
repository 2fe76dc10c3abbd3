package transform

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// refPart is a stretch of a reference as written: literal text or one variable.
type refPart struct {
	text  string // as written
	value string // what it stands for
	use   *dockerfile.VarUse
}

var refVariable = regexp.MustCompile(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)

// rewriteFrom makes FROM name another image: in FROM itself, or in the ARG where
// the changed part of the text stands. why says what is in the way.
func (s *swap) rewriteFrom(to string) (edits []edit.Edit, assumes []string, why string) {
	base := s.root.Base
	raw := base.Span.Of(s.p.File.Src)
	switch {
	case !base.Exact:
		return nil, nil, "the reference is broken over lines"
	case !strings.Contains(raw, "$"):
		return []edit.Edit{{Span: base.Span, New: to}}, nil, ""
	}
	parts, ok := s.refParts(raw)
	if !ok {
		return nil, nil, "the way " + raw + " is composed is not one that can be edited"
	}
	if text, ok := keepVariables(parts, s.expanded, to); ok {
		return []edit.Edit{{Span: base.Span, New: text}}, s.otherValues(parts, text), ""
	}
	if len(parts) == 1 || s.sameName(to) {
		return s.rewriteArg(parts, to)
	}
	for _, p := range parts {
		if p.use != nil && s.argUses(p.use.Name) < 2 {
			return nil, nil, "the argument " + p.use.Name + " would be left without effect"
		}
	}
	return []edit.Edit{{Span: base.Span, New: to}}, nil, ""
}

// sameName reports whether the reference is of the same repository.
func (s *swap) sameName(to string) bool { return strings.HasPrefix(to, s.ref.WithTag("").String()+":") }

// refParts takes a reference apart. ok is false where a variable is used with an
// operator, or the parts do not make up the reference.
func (s *swap) refParts(raw string) (parts []refPart, ok bool) {
	if strings.ContainsAny(raw, `"'\`) {
		return nil, false
	}
	at, text := 0, ""
	add := func(p refPart) {
		if p.text != "" {
			parts, text = append(parts, p), text+p.value
		}
	}
	for _, m := range refVariable.FindAllStringSubmatchIndex(raw, -1) {
		add(refPart{text: raw[at:m[0]], value: raw[at:m[0]]})
		at = m[1]
		name := strings.Trim(raw[m[0]:m[1]], "${}")
		for i := range s.uses {
			if u := &s.uses[i]; u.Name == name && u.Via == "" && u.Pair != nil {
				add(refPart{text: raw[m[0]:m[1]], value: u.Value, use: u})
			}
		}
	}
	add(refPart{text: raw[at:], value: raw[at:]})
	return parts, text == s.expanded
}

// keepVariables writes the new reference with every variable left as it is; ok is
// false where the text that changes lies in a variable's value.
func keepVariables(parts []refPart, from, to string) (text string, ok bool) {
	head := commonPrefix(from, to)
	tail := commonSuffix(from[head:], to[head:])
	var before, after strings.Builder
	at := 0
	for _, p := range parts {
		start, end := at, at+len(p.value)
		at = end
		switch {
		case end <= head:
			before.WriteString(p.text)
		case start >= len(from)-tail:
			after.WriteString(p.text)
		case p.use != nil:
			return "", false
		default:
			before.WriteString(p.value[:max(head-start, 0)])
			after.WriteString(p.value[min(max(len(from)-tail-start, 0), len(p.value)):])
		}
	}
	return before.String() + to[head:len(to)-tail] + after.String(), true
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

// otherValues warns that a build may give an argument another value.
func (s *swap) otherValues(parts []refPart, text string) []string {
	for _, p := range parts {
		if p.use != nil {
			return []string{fmt.Sprintf("every other value that a build gives %s makes a reference that exists in %s", p.use.Name, text)}
		}
	}
	return nil
}

// rewriteArg changes the default of the one argument that holds what changes.
func (s *swap) rewriteArg(parts []refPart, to string) (edits []edit.Edit, assumes []string, why string) {
	for i, p := range parts {
		if p.use == nil {
			continue
		}
		value, ok := valueFor(parts, i, to)
		if !ok {
			continue
		}
		pair := p.use.Pair
		if s.argUses(p.use.Name) > 1 {
			return nil, nil, "the argument " + p.use.Name + " that names it is used elsewhere too"
		}
		span, ok := plainValue(s.p.File.Src, pair)
		if !ok {
			return nil, nil, "the default of " + p.use.Name + " is not plain text"
		}
		note := fmt.Sprintf("no build gives %s another value (its default was %s)", p.use.Name, p.value)
		return []edit.Edit{{Span: span, New: value}}, []string{note}, ""
	}
	return nil, nil, "the text that would change is spread over several build arguments"
}

// valueFor is the value that part i must have for the parts to make up the reference.
func valueFor(parts []refPart, i int, to string) (value string, ok bool) {
	head, tail := "", ""
	for n, p := range parts {
		if n < i {
			head += p.value
		} else if n > i {
			tail += p.value
		}
	}
	rest, ok := strings.CutPrefix(to, head)
	if !ok {
		return "", false
	}
	value, ok = strings.CutSuffix(rest, tail)
	return value, ok && value != ""
}

// plainValue is where the value of an ARG stands, inside its quotes.
func plainValue(src string, pair *dockerfile.Pair) (edit.Span, bool) {
	text := pair.ValueSpan.Of(src)
	span := pair.ValueSpan
	if pair.ValueQuoted && len(text) > 1 {
		span = edit.Span{Start: span.Start + 1, End: span.End - 1}
	}
	return span, pair.Exact && pair.HasValue && span.Of(src) == pair.Value && !strings.Contains(pair.Value, "$")
}

// argUses counts the places that use a global build argument: FROM, COPY --from,
// mounts, other defaults, and stages that declare it for themselves.
func (s *swap) argUses(name string) int {
	n := 0
	for _, in := range s.p.File.Instrs {
		for _, pair := range in.Pairs {
			if in.Name == "arg" && in.Stage != nil && pair.Key == name || in.Name == "arg" && usesVar(pair.RawValue(), name) {
				n++
			}
		}
		if in.Name == "from" && usesVar(in.Body.String(), name) {
			n++
		}
		for _, from := range fromNames(in) {
			if usesVar(from, name) {
				n++
			}
		}
	}
	return n
}
