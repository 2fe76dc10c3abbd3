package shell_test

import (
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

func TestChain(t *testing.T) {
	for _, c := range []struct {
		name, text, want string // want: links as OP[text], compound ones in braces
	}{
		{"and", "a && b x && c", "[a] &&[b x] &&[c]"},
		{"semicolons", "set -e; a; b && c;", "[set -e] ;[a] ;[b] &&[c]"},
		{"lines", "a\nb && c\n", "[a] ;[b] &&[c]"},
		{"or is one link", "a && b || c", "{a && b || c}"},
		{"a pipe is one link", "a && b | c && d", "[a] &&{b | c} &&[d]"},
		{"redirections belong to it", "a > f 2>&1 && X=1 b", "[a > f 2>&1] &&[X=1 b]"},
		{"compound", "if a; then b; fi && c", "{if a; then b; fi} &&[c]"},
		{"in a subshell", "(a && b); c", "{(a && b)} ;[c]"},
		{"negated", "! a && b", "{! a} &&[b]"},
		{"background", "a & b", "{a} ;[b]"},
		{"a group with a redirection", "{ a && b; } > f", "{{ a && b; } > f}"},
		{"export", "export A=b && c", "[export A=b] &&[c]"},
		{"a quoted separator", "a ';' \"&&\"", "[a ';' \"&&\"]"},
	} {
		var v edit.View
		v.Append(c.text, edit.Span{End: len(c.text)})
		links, ok := shell.Chain(v, false)
		var got []string
		for _, l := range links {
			text := l.Span.Of(c.text)
			if l.Simple {
				text = "[" + text + "]"
			} else {
				text = "{" + text + "}"
			}
			got = append(got, l.Op+text)
		}
		if joined := strings.Join(got, " "); !ok || joined != c.want {
			t.Errorf("%s: got %s, want %s", c.name, joined, c.want)
		}
	}
	for _, text := range []string{"if", "cat <<EOF && a\nb\nEOF\nc"} {
		var v edit.View
		v.Append(text, edit.Span{End: len(text)})
		if _, ok := shell.Chain(v, false); ok {
			t.Errorf("%q was read", text)
		}
	}
}
