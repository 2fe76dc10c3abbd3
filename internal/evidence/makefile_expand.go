package evidence

import "strings"

// maxMakeSteps bounds the references replaced for one target: variables that
// name each other twice would take for ever without growing.
const maxMakeSteps = 20000

// commandAhead reports whether a shell expects a program after s.
func commandAhead(s string) bool {
	s = strings.TrimRight(s[max(len(s)-200, 0):], " \t@+-")
	if s == "" || strings.IndexByte(";|&({", s[len(s)-1]) >= 0 {
		return true
	}
	for _, word := range []string{"then", "do", "else"} {
		if before, ok := strings.CutSuffix(s, word); ok && (before == "" || strings.HasSuffix(before, " ") || strings.HasSuffix(before, ";")) {
			return true
		}
	}
	return false
}

// expand replaces the references of make in text. r gives the automatic
// variables of a recipe; nil elsewhere. ok is false where a reference cannot be
// replaced by anything that means the same to a shell.
func (m *makeFile) expand(text string, r *makeRule, depth int) (string, bool) {
	if depth > maxMakeDepth || len(text) > maxMakeText {
		return "", false
	}
	var out strings.Builder
	for text != "" {
		i := strings.IndexByte(text, '$')
		if i < 0 || i+1 == len(text) {
			out.WriteString(text)
			break
		}
		out.WriteString(text[:i])
		ref, rest, ok := cutMakeRef(text[i+1:])
		if !ok || m.steps > maxMakeSteps {
			return "", false
		}
		m.steps++
		value, ok := m.reference(ref, r, depth)
		if !ok || m.steps > maxMakeSteps || out.Len()+len(value) > maxMakeText {
			return "", false
		}
		if r != nil && depth == 0 && isShellHole(value) && commandAhead(out.String()) {
			return "", false // the program itself is not known
		}
		out.WriteString(value)
		text = rest
	}
	return out.String(), true
}

// isShellHole reports whether a value begins with something that only the shell
// can tell.
func isShellHole(value string) bool {
	return strings.HasPrefix(value, "${") || strings.HasPrefix(value, "$(")
}

// cutMakeRef cuts what follows a "$": a name in brackets or one character.
func cutMakeRef(s string) (ref, rest string, ok bool) {
	if s[0] != '(' && s[0] != '{' {
		return s[:1], s[1:], true
	}
	open, shut := s[0], byte(')')
	if open == '{' {
		shut = '}'
	}
	level := 0
	for i := range len(s) {
		switch s[i] {
		case open:
			level++
		case shut:
			if level--; level == 0 {
				return s[1:i], s[i+1:], true
			}
		}
	}
	return "", "", false
}

// reference is the value of one reference.
func (m *makeFile) reference(ref string, r *makeRule, depth int) (string, bool) {
	switch ref {
	case "$":
		return "$", true
	case "MAKE":
		return "make", true
	case "CURDIR":
		return "${PWD}", true
	case "@", "<", "^", "+", "@D", "@F":
		return automatic(ref, r)
	case "SHELL":
		return "/bin/sh", true
	}
	if command, ok := strings.CutPrefix(ref, "shell "); ok {
		command, ok := m.expand(strings.TrimSpace(command), r, depth+1)
		return "$(" + command + ")", ok
	}
	if strings.ContainsAny(ref, " \t:,$()*?%") || ref == "" {
		return "", false // a function, a substitution, a computed name
	}
	if r != nil {
		if own, ok := r.vars[ref]; ok {
			return m.expand(own, r, depth+1)
		}
	}
	v, ok := m.vars[ref]
	switch {
	case !ok:
		return "${" + ref + "}", isShellName(ref) // the environment's, or empty, in make and shell alike
	case v.unknown:
		return "${" + ref + "}", isShellName(ref)
	}
	return m.expand(v.text, r, depth+1)
}

func automatic(ref string, r *makeRule) (string, bool) {
	switch {
	case r == nil:
		return "", false
	case ref == "@":
		return r.name, true
	case ref == "^":
		return strings.Join(r.needs, " "), true
	case ref == "<" && len(r.needs) > 0:
		return r.needs[0], true
	}
	return "", false
}

func isShellName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
