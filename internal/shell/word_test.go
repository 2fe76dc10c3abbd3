package shell

import (
	"slices"
	"strings"
	"testing"
)

// firstWord parses "x " + text and returns the word behind x.
func firstWord(t *testing.T, text string) Word {
	t.Helper()
	s := Parse(whole("x "+text), false)
	if s.Unknown != "" || len(s.Commands[0].Words) != 2 {
		t.Fatalf("%s: %q is not one word", text, s.Unknown)
	}
	return s.Commands[0].Words[1]
}

func TestLiteral(t *testing.T) {
	tests := []struct {
		src, want string
		ok        bool
	}{
		{`abc`, "abc", true},
		{`'a b'`, "a b", true},
		{`"a b"`, "a b", true},
		{`a\ b`, "a b", true},
		{`"a\$b\n"`, `a$b\n`, true},
		{`a"b"'c'`, "abc", true},
		{`""`, "", true},
		{`\*`, "*", true},
		{`'*'"?"`, "*?", true},
		{`a[1`, "a[1", true},
		{`[`, "[", true},
		{`a~b`, "a~b", true},
		{`'~'/x`, "~/x", true},
		{`{}`, "{}", true},
		{`{a}`, "{a}", true},
		{`$'a\tb'`, "a\tb", true},
		{`*`, "", false},
		{`a?b`, "", false},
		{`[ab]`, "", false},
		{`["a"]`, "", false},
		{`~`, "", false},
		{`~/x`, "", false},
		{`~user`, "", false},
		{`--p=~/x`, "", false},
		{`{a,b}`, "", false},
		{`$A`, "", false},
		{`"$A"`, "", false},
		{`$(a)`, "", false},
		{"`a`", "", false},
		{`$((1))`, "", false},
	}
	for _, test := range tests {
		got, ok := firstWord(t, test.src).Literal()
		if got != test.want || ok != test.ok {
			t.Errorf("%s: %q %v, want %q %v", test.src, got, ok, test.want, test.ok)
		}
	}
}

func TestExpand(t *testing.T) {
	lookup := func(name string) (string, bool) {
		value, ok := map[string]string{
			"A": "a", "EMPTY": "", "V": "1.2.3", "F": "/x/y.tar.gz", "WORDS": "a b  c", "STAR": "*.c", "HOME": "/root",
		}[name]
		return value, ok
	}
	tests := []struct{ src, want string }{
		{`$A-${A}`, "a-a"},
		{`"$WORDS"`, "a b  c"},
		{`$WORDS`, "?"},
		{`x$EMPTY`, "x"},
		{`$EMPTY`, "?"},
		{`"$EMPTY"`, ""},
		{`$NONE`, "?"},
		{`${NONE:-b}`, "?"},
		{`${EMPTY:-b}`, "b"},
		{`${EMPTY-b}x`, "x"},
		{`${A:-b}`, "a"},
		{`${A:+b}`, "b"},
		{`x${EMPTY:+b}`, "x"},
		{`${EMPTY:-$A}`, "a"},
		{`"${EMPTY:-b c}"`, "b c"},
		{`${EMPTY:-b c}`, "?"},
		{`${A:?must be set}`, "a"},
		{`${EMPTY:?must be set}`, "?"},
		{`${V%.*}`, "1.2"},
		{`${V%%.*}`, "1"},
		{`${V#*.}`, "2.3"},
		{`${V##*.}`, "3"},
		{`${F##*/}`, "y.tar.gz"},
		{`${V//./_}`, "1_2_3"},
		{`${#V}`, "5"},
		{`${A^^}`, "A"},
		{`$STAR`, "?"},
		{`"$STAR"`, "*.c"},
		{`$A*`, "?"},
		{`$(a)$A`, "?"},
		{`~/x`, "/root/x"},
		{`~`, "/root"},
		{`~root`, "?"},
		{`$1`, "?"},
		{`$LINENO`, "?"},
		{`$((1+1))`, "?"},
		{`{a,$A}`, "?"},
		{`a\ $A`, "a a"},
	}
	for _, test := range tests {
		got, ok := firstWord(t, test.src).Expand(lookup)
		if !ok {
			got = "?"
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.src, got, test.want)
		}
	}
}

func TestFields(t *testing.T) {
	lookup := func(name string) (string, bool) {
		return map[string]string{"WORDS": " a b  c ", "EMPTY": ""}[name], name != "NONE"
	}
	tests := []struct{ src, want string }{
		{`$WORDS`, "a|b|c"},
		{`x$WORDS`, "x|a|b|c"},
		{`${WORDS}x`, "a|b|c|x"},
		{`"$WORDS"x`, " a b  c x"},
		{`$EMPTY`, ""},
		{`"$EMPTY"`, "''"},
		{`$WORDS$WORDS`, "a|b|c|a|b|c"},
		{`$NONE`, "?"},
	}
	for _, test := range tests {
		fields, ok := firstWord(t, test.src).Fields(lookup)
		got := strings.Join(fields, "|")
		switch {
		case !ok:
			got = "?"
		case len(fields) == 1 && got == "":
			got = "''"
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.src, got, test.want)
		}
	}
}

// TestExpandBounded asks for values of which each would be gigabytes.
func TestExpandBounded(t *testing.T) {
	long := strings.Repeat("a", 40<<10)
	lookup := func(string) (string, bool) { return long, true }
	for _, src := range []string{`${A//a/$B}`, `"` + strings.Repeat("$A", 1000) + `"`, `${A%a*}`} {
		if value, ok := firstWord(t, src).Expand(lookup); ok {
			t.Errorf("%.20s: expanded to %d bytes", src, len(value))
		}
	}
}

func TestAssignedValues(t *testing.T) {
	s := Parse(whole(`A=* B={a,b} C=$W D=~/x export E=* F+=a`), false)
	lookup := func(string) (string, bool) { return "a b", true }
	want := map[string]string{"A": "*", "B": "{a,b}", "C": "a b", "D": "?", "F": "a"}
	for _, a := range s.Commands[0].Assigns {
		got, ok := a.Value.Expand(lookup)
		if !ok {
			got = "?"
		}
		if a.Name == "D" {
			_, literal := a.Value.Literal()
			if got != "a b/x" || literal {
				t.Errorf("D: %q %v", got, literal)
			}
			continue
		}
		if a.Name == "E" {
			if ok {
				t.Errorf("E: %q, but export's words are globbed", got)
			}
			continue
		}
		if got != want[a.Name] {
			t.Errorf("%s: %q, want %q", a.Name, got, want[a.Name])
		}
	}
}

func TestVars(t *testing.T) {
	w := firstWord(t, `"$A${B:-$C}$A$(echo $D)$1"`)
	if got := w.Vars(); !slices.Equal(got, []string{"A", "B", "C", "D", "1"}) {
		t.Errorf("%q", got)
	}
}

func TestHasGlob(t *testing.T) {
	for src, want := range map[string]bool{`a*`: true, `'a*'`: false, `\*`: false, `x?y`: true, `[`: false, `[a-z]`: true, `"$A"*`: true} {
		if got := firstWord(t, src).HasGlob(); got != want {
			t.Errorf("%s: %v", src, got)
		}
	}
}
