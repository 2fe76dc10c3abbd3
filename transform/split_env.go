package transform

import (
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
)

// keptEnv are the variables that the runtime stage has to have: all but those that
// only the build reads, and of those the ones that something else is made of.
func (s *splitPlan) keptEnv() map[string]bool {
	if s.kept != nil {
		return s.kept
	}
	s.kept = map[string]bool{}
	for again := true; again; {
		again = false
		for _, in := range lineage(s.stage) {
			for _, pair := range in.Pairs {
				if in.Name == "env" && !s.kept[pair.Key] && s.wanted(pair) {
					s.kept[pair.Key], again = true, true
				}
			}
		}
	}
	return s.kept
}

// wanted reports whether a variable is one that the program may read, or is used by what is kept so far.
func (s *splitPlan) wanted(pair dockerfile.Pair) bool {
	if pair.Key == "PATH" {
		return !onlyGoFolders(pair.Value)
	}
	return !s.buildEnv(pair.Key) || s.usedBelow(pair.Key)
}

// leavesEnv reports whether a variable stays in the builder.
func (s *splitPlan) leavesEnv(pair dockerfile.Pair) bool { return !s.keptEnv()[pair.Key] }

// usedBelow reports whether an instruction that the runtime stage has, repeated or
// in the tail, or a script that goes along, is made of the variable.
func (s *splitPlan) usedBelow(name string) bool {
	if usesVar(s.scripts, name) {
		return true
	}
	for _, in := range lineage(s.stage) {
		switch in.Name {
		case "env":
			if slices.ContainsFunc(in.Pairs, func(p dockerfile.Pair) bool {
				return p.Key != name && s.kept[p.Key] && usesVar(p.Value, name)
			}) {
				return true
			}
		case "expose", "label", "volume", "user", "stopsignal", "healthcheck", "cmd", "entrypoint":
			if usesVar(in.Body.String(), name) {
				return true
			}
		case "workdir", "copy", "add":
			if s.tail != nil && in.Index >= s.tail.Index && usesVar(in.Body.String(), name) {
				return true
			}
		}
	}
	return false
}

// restatedEnv keeps the pairs that the program can see a use in.
func (s *splitPlan) restatedEnv(in *dockerfile.Instr) string {
	src := s.p.File.Src
	var keep []string
	for _, pair := range in.Pairs {
		if !s.leavesEnv(pair) {
			keep = append(keep, pair.Span.Of(src))
		}
	}
	switch {
	case len(keep) == len(in.Pairs):
		return in.Span.Of(src)
	case len(keep) == 0:
		return ""
	}
	return in.Keyword.Of(src) + " " + strings.Join(keep, " ")
}

// inheritedEnv states the variables of the builder's image that the runtime stage's instructions are made of.
func (s *splitPlan) inheritedEnv() []string {
	var out []string
	for _, v := range s.p.stateAt(s.stage, s.tail).Env {
		if v.Instr == nil && v.Known && v.Name != "PATH" && s.usedBelow(v.Name) {
			out = append(out, s.keyword("ENV")+" "+v.Name+"="+v.Value)
		}
	}
	return out
}

// onlyGoFolders reports whether a PATH adds nothing but the toolchain's folders.
func onlyGoFolders(value string) bool {
	for dir := range strings.SplitSeq(value, ":") {
		switch dir {
		case "$PATH", "${PATH}", "/go/bin", "$GOPATH/bin", "${GOPATH}/bin", "/usr/local/go/bin", "$GOROOT/bin", "${GOROOT}/bin", "$GOBIN", "${GOBIN}",
			"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin":
		default:
			return false
		}
	}
	return true
}

// argNeeded reports whether a build argument is used by something that the runtime stage repeats.
func (s *splitPlan) argNeeded(arg *dockerfile.Instr) bool {
	for _, in := range lineage(s.stage) {
		if in.Index < arg.Index || !slices.Contains(words("env label expose volume user healthcheck stopsignal workdir entrypoint cmd"), in.Name) {
			continue
		}
		if in.Name == "env" && s.restatedEnv(in) == "" {
			continue
		}
		for _, pair := range arg.Pairs {
			if usesVar(in.Body.String(), pair.Key) {
				return true
			}
		}
	}
	return false
}

// usesVar reports whether a text has $NAME or ${NAME...}.
func usesVar(text, name string) bool {
	for i := 0; ; {
		at := strings.Index(text[i:], "$")
		if at < 0 {
			return false
		}
		i += at + 1
		rest := strings.TrimPrefix(text[i:], "{")
		if after, ok := strings.CutPrefix(rest, name); ok && (after == "" || !isNameByte(after[0])) {
			return true
		}
	}
}

func isNameByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
