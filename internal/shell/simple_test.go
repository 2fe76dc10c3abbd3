package shell

import (
	"strings"
	"testing"
)

func TestSimple(t *testing.T) {
	tests := []struct{ src, words, why string }{
		{`node server.js`, "node|server.js", ""},
		{`node "a b" c\ d ''`, "node|a b|c d|", ""},
		{`exec node server.js`, "node|server.js", "exec dropped: the exec form needs none"},
		{`java $OPTS -jar x`, "", "the variable OPTS"},
		{`java "$OPTS"`, "", "the variable OPTS"},
		{`ls *.js`, "", "the pattern *.js"},
		{`ls ~/x`, "", "the tilde in ~/x"},
		{`a && b`, "", "&&"},
		{`a | b`, "", "|"},
		{`a; b`, "", "several commands"},
		{`a;`, "", ";"},
		{`a &`, "", "&"},
		{`! a`, "", "!"},
		{`a > log`, "", "the redirection >"},
		{`A=1 b`, "", "the assignment of A"},
		{`A=1`, "", "the assignment of A"},
		{`a $(b)`, "", "the expansion $(b)"},
		{`a # b`, "", "a comment"},
		{`# b`, "", "a comment"},
		{`cd x`, "", "cd is a builtin of the shell"},
		{`ulimit -n 5`, "", "ulimit is a builtin of the shell"},
		{`exec`, "", "exec with no program or with options"},
		{`exec -a x y`, "", "exec with no program or with options"},
		{`exec echo x`, "echo|x", "exec dropped: the exec form needs none"},
		{`if a; then b; fi`, "", "a compound command"},
		{`(a)`, "", "a compound command"},
		{`a {b,c}`, "", "brace expansion needs bash"},
		{`[[ a ]]`, "", "[[ needs bash"},
		{`"" a`, "", "an empty program name"},
		{`a 'b`, "", "reached EOF without closing quote `'`"},
		{``, "", "there is no command"},
		{`sh -c "a b"`, "sh|-c|a b", ""},
	}
	for _, test := range tests {
		words, ok, why := Simple(whole(test.src))
		if got := strings.Join(words, "|"); got != test.words || why != test.why || ok != (test.words != "") {
			t.Errorf("%s: %q %v %q", test.src, got, ok, why)
		}
	}
}
