package shell

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// joined makes the view of a RUN body as the Dockerfile's parser does: continuations
// and comment lines are left out.
func joined(src string) edit.View {
	var v edit.View
	at := 0
	for _, line := range strings.SplitAfter(src, "\n") {
		end := at + len(line)
		if !strings.HasPrefix(strings.TrimSpace(line), "#") || at == 0 {
			keep := strings.TrimRight(line, "\r\n")
			v.Append(src, edit.Span{Start: at, End: at + len(strings.TrimSuffix(keep, `\`))})
		}
		at = end
	}
	return v
}

func whole(src string) edit.View {
	var v edit.View
	v.Append(src, edit.Span{Start: 0, End: len(src)})
	return v
}

var flowNames = []string{"Conditional", "Loop", "Subshell", "Pipe", "Background", "Function", "MayFail", "Substitution"}

func flowString(f Flow) string {
	var names []string
	for i, name := range flowNames {
		if f.Has(1 << i) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "|")
}

// outline prints one line a command: its words as cut from the source, flags, directory.
func outline(src string, s *Script) string {
	var b strings.Builder
	for _, c := range s.Commands {
		for _, a := range c.Assigns {
			fmt.Fprintf(&b, "%s=%s ", a.Name, a.Value.Text)
		}
		for _, w := range c.Words {
			b.WriteString(shown(src, w) + " ")
		}
		for _, r := range c.Redirects {
			b.WriteString(r.Op + shown(src, r.Target) + " ")
		}
		if f := flowString(c.Flow); f != "" {
			fmt.Fprintf(&b, "[%s] ", f)
		}
		switch {
		case !c.DirKnown:
			b.WriteString("in ? ")
		case c.Dir != "":
			b.WriteString("in " + c.Dir + " ")
		}
		if c.Hidden != "" {
			fmt.Fprintf(&b, "hidden: %s ", c.Hidden)
		}
		b.WriteString("\n")
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

// shown is the source of an exact word; a word that is not exact is marked with ~.
func shown(src string, w Word) string {
	if w.Exact {
		return w.Span.Of(src)
	}
	return "~" + w.Text
}

func TestParse(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"one", `go build -o /bin/x ./cmd`, "go build -o /bin/x ./cmd\n"},
		{"and", `apt-get update && apt-get install -y curl`, "apt-get update\napt-get install -y curl\n"},
		{"dangling and is no command", `a && # b`, "!`&&` must be followed by a statement"},
		{"semicolon", `a; b; c`, "a [MayFail]\nb [MayFail]\nc\n"},
		{"semicolon, set -e", `set -eux; a; b; set +e; c; d`, "set -eux\na\nb\nset +e [MayFail]\nc [MayFail]\nd\n"},
		{"newlines, set -e", "set -e\na\nb\n", "set -e\na\nb\n"},
		{"set -e does not see the left of and", `set -e; a && b; c`, "set -e\na [MayFail]\nb [Conditional]\nc\n"},
		{"and before semicolon", `a && b; c`, "a [MayFail]\nb [Conditional|MayFail]\nc\n"},
		{"set before and", `set -ex && a; b`, "set -ex [MayFail]\na\nb\n"},
		{"or true", `a || true`, "a [MayFail]\ntrue [Conditional]\n"},
		{"or exit", `a || exit 1; b`, "a\nexit 1 [Conditional|MayFail]\nb\n"},
		{"or sorry", `a || { echo no; exit 1; } && b`, "a\necho no [Conditional|MayFail]\nexit 1 [Conditional]\nb\n"},
		{"or exit 0", `a || exit 0; b`, "a [MayFail]\nexit 0 [Conditional|MayFail]\nb\n"},
		{"or false", `a || false`, "a\nfalse [Conditional]\n"},
		{"not", `! a && b`, "a [MayFail]\nb\n"},
		{"pipe", `curl -fsSL https://e.org/x | tar -xz -C /opt`, "curl -fsSL https://e.org/x [Pipe|MayFail]\ntar -xz -C /opt [Pipe]\n"},
		{"pipefail", `set -o pipefail && a | b`, "set -o pipefail\na [Pipe]\nb [Pipe]\n"},
		{"background", `a & b`, "a [Background|MayFail]\nb\n"},
		{"subshell", `(cd x; make) && b`, "cd x [Subshell|MayFail]\nmake [Subshell] in x\nb\n"},
		{"block", `{ a && b; } > /etc/c 2>&1`, "a\nb\n>/etc/c 2>&1\n"},
		{"if", `if a; then b; else c; fi`, "a [Conditional|MayFail]\nb [Conditional]\nc [Conditional]\n"},
		{"if, set -e", `set -e; if a; then b; c; elif d; then e; fi; f`,
			"set -e\na [Conditional|MayFail]\nb [Conditional]\nc [Conditional]\nd [Conditional|MayFail]\ne [Conditional]\nf\n"},
		{"case", `case "$(uname -m)" in x86_64) a ;; *) b ;; esac`,
			"uname -m [MayFail|Substitution]\na [Conditional]\nb [Conditional]\n"},
		{"for", `set -e; for x in $(ls); do a $x; b; done`,
			"set -e\nls [MayFail|Substitution]\na $x [Loop]\nb [Loop]\n"},
		{"while", `while read l; do a; done < f`, "read l [Loop|MayFail]\na [Loop|MayFail]\n<f\n"},
		{"function", "f() { a; b; }\nf", "a [Function|MayFail] in ?\nb [Function] in ?\nf\n"},
		{"substitution", `A="$(b c)" && d "$(e $(f))"`,
			"A=\"$(b c)\"\nb c [Substitution]\nd \"$(e $(f))\"\ne $(f) [MayFail|Substitution]\nf [MayFail|Substitution]\n"},
		{"backquotes", "make -j`nproc`", "make -j`nproc`\nnproc [MayFail|Substitution]\n"},
		{"assignments", `A=1 B="x y" cmd && C=`, "A=1 B=\"x y\" cmd\nC=\n"},
		{"export", `export A=1 B && a`, "A=1 export A=1 B\na\n"},
		{"redirects", `a 2>/dev/null >> log < in`, "a 2>/dev/null >>log <in\n"},
		{"heredoc kept elsewhere", `cat <<EOF > /x && b`, "cat <<EOF >/x\nb\n"},
		{"two heredocs kept elsewhere", `cat <<A && cat <<-"B"`, "cat <<A\ncat <<-\"B\"\n"},
		{"heredoc", "cat <<EOF\n$(a)\nEOF\nb", "cat <<EOF [MayFail]\na [MayFail|Substitution]\nb\n"},
		{"crlf", "a b\r\nc 'd\r\ne'\r\n", "a b [MayFail]\nc ~'d\ne'\n"},
		{"shell continuation", "a \\\n b\\\nc", "a ~b\\\nc\n"},
		{"empty", ``, ""},
		{"only a comment", `# nothing`, ""},
		{"unclosed quote", `echo 'a`, "!reached EOF without closing quote `'`"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := Parse(whole(test.src), false)
			if got := outlineOf(test.src, s); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func outlineOf(src string, s *Script) string {
	if s.Unknown != "" {
		return "!" + s.Unknown
	}
	return outline(src, s)
}

func TestDirectories(t *testing.T) {
	lookup := func(name string) (string, bool) {
		value, ok := map[string]string{"HOME": "/root", "V": "1.2", "BUILD": "/b"}[name]
		return value, ok
	}
	tests := []struct{ src, want string }{
		{`cd x && make`, "x"},
		{`cd x && cd y && make`, "x/y"},
		{`cd x && cd .. && make`, ""},
		{`cd /a/./b/ && make`, "/a/b"},
		{`cd "$V" && make`, "1.2"},
		{`cd $BUILD/go-${V%.*} && make`, "/b/go-1"},
		{`W=3 && cd w-$W && make`, "w-3"},
		{`V=$(cat v) && cd $V && make`, "?"},
		{`cd $NONE && make`, "?"},
		{`cd $NONE && cd /abs && make`, "/abs"},
		{`cd && make`, "/root"},
		{`cd ~/x && make`, "/root/x"},
		{`cd a && cd b && cd - && make`, "a"},
		{`cd - && make`, "?"},
		{`pushd a && pushd b && popd && make`, "a"},
		{`pushd a && popd && make`, ""},
		{`popd && make`, "?"},
		{`(cd x) && make`, ""},
		{`cd x | cat && make`, ""},
		{`cd x & make`, ""},
		{`$(cd x) ; make`, ""},
		{`if a; then cd x; fi; make`, "?"},
		{`if a; then cd x; else cd ./x; fi; make`, "x"},
		{`if a; then cd x; cd ..; fi; make`, ""},
		{`if a; then V=2; fi; cd $V; make`, "?"},
		{`[ -d x ] && cd x; make`, "?"},
		{`a && cd x; make`, "x"},
		{`cd x || exit 1; make`, "x"},
		{`cd x || mkdir x; make`, "?"},
		{`for i in 1 2; do make; cd x; done`, "?"},
		{`for i in 1 2; do cd x; make; cd ..; done`, "x"},
		{`for V in 1 2; do cd $V; done; make`, "?"},
		{`cd a; f() { cd b; }; make`, "a"},
		{`f() { cd b; }; f; make`, "?"},
		{`f() { echo b; }; f; make`, ""},
		{`eval "$x"; make`, "?"},
		{`. /etc/x; make`, "?"},
		{`. venv/bin/activate && make`, ""},
		{`case a in a) cd x;; esac; make`, "?"},
		{`cd x && sh -c 'cd y && make'`, "x/y"},
		{`bash -c 'cd y' && make`, ""},
		{`read V; cd $V; make`, "?"},
		{`cd a b; make`, "?"},
		{strings.Repeat("cd abcdefghi;", 500) + "make", "?"},
	}
	for _, test := range tests {
		s := ParseWith(whole(test.src), Options{Lookup: lookup})
		got := "no make"
		for _, c := range s.Commands {
			if c.Name() == "make" && c.DirKnown {
				got = c.Dir
			} else if c.Name() == "make" {
				got = "?"
			}
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.src, got, test.want)
		}
	}
}

func TestBash(t *testing.T) {
	tests := []struct{ src, want string }{
		{`[ a = b ] && test -f x`, ""},
		{`echo {} {a} "{a,b}" \{a,b}`, ""},
		{`A={a,b}`, ""},
		{`local a=1; export b; command -v x`, ""},
		{`echo ${A:-b} ${A%.*} $((1+2))`, ""},
		{`cmd >& 2 2>&1`, ""},
		{`[[ -f x && -f y ]]`, "[["},
		{`a=(1 2); echo ${a[0]}`, "array"},
		{`diff <(a) <(b)`, "<( )"},
		{`function f { a; }`, "function"},
		{`a &> /dev/null`, "&>"},
		{`a &>> /dev/null`, "&>>"},
		{`a |& b`, "|&"},
		{`source x`, "source"},
		{`mkdir -p a/{b,c}`, "brace expansion"},
		{`for i in {1..3}; do a; done`, "brace expansion"},
		{`IFS=$'\n'`, "$'..'"},
		{`[ a == b ]`, "== in [ ]"},
		{`cat <<< x`, "<<<"},
		{`echo ${A^^}`, "${a^^}"},
		{`echo ${A//a/b}`, "${a/b}"},
		{`echo ${A:0:1}`, "${a:1}"},
		{`(( a++ ))`, "(("},
		{`a+=b`, "+="},
		{`pushd x`, "pushd"},
		{`echo $RANDOM`, "$RANDOM"},
	}
	for _, test := range tests {
		for _, bash := range []bool{false, true} {
			s := Parse(whole(test.src), bash)
			if s.Bash != test.want || s.Unknown != "" {
				t.Errorf("%s: %q %s, want %q", test.src, s.Bash, s.Unknown, test.want)
			}
		}
	}
}

func TestBashCommands(t *testing.T) {
	src := `if [[ -f x ]]; then export A=1 B; fi; time a; (( i++ ))`
	want := "[[ [Conditional|MayFail]\nA=1 export A=1 B [Conditional|MayFail]\na [MayFail]\n((\n"
	if got := outlineOf(src, Parse(whole(src), true)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestInner(t *testing.T) {
	tests := []struct{ src, want string }{
		{`sh -c 'a b && c'`, "sh -c 'a b && c'\na b [Subshell]\nc [Subshell]\n"},
		{`bash -lc "a; b" || true`, "bash -lc \"a; b\" [MayFail]\na [Subshell|MayFail]\nb [Subshell|MayFail]\ntrue [Conditional]\n"},
		{`/bin/bash -eo pipefail -c 'a | b; c'`, "/bin/bash -eo pipefail -c 'a | b; c'\na [Subshell|Pipe]\nb [Subshell|Pipe]\nc [Subshell]\n"},
		{`sudo env X=1 sh -c 'a'`, "sudo env X=1 sh -c 'a'\na [Subshell]\n"},
		{`su - app -c "a b"`, "su - app -c \"a b\"\na b [Subshell]\n"},
		{`sh -c "a \"b\""`, "sh -c \"a \\\"b\\\"\"\n~a ~\"b\" [Subshell]\n"},
		{`sh -c "a $B"`, "sh -c \"a $B\" hidden: sh -c with a computed text\n"},
		{`sh -c 'a $B'`, "sh -c 'a $B'\na $B [Subshell]\n"},
		{`sh -c 'sh -c "a"'`, "sh -c 'sh -c \"a\"'\nsh -c \"a\" [Subshell]\na [Subshell]\n"},
		{`sh -c 'a ('`, "sh -c 'a (' hidden: sh -c: `foo(` must be followed by `)`\n"},
		{`curl x | sh`, "curl x [Pipe|MayFail]\nsh [Pipe] hidden: sh reading its input\n"},
		{`bash ./x.sh`, "bash ./x.sh hidden: a script run by bash\n"},
		{`bash ./$X.sh`, "bash ./$X.sh hidden: a script run by bash\n"},
		{`bash $X`, "bash $X hidden: bash with computed options\n"},
		{`$X y`, "$X y hidden: a computed program\n"},
		{`exec "$@"`, "exec \"$@\" hidden: a computed program\n"},
		{`eval "a"`, "eval \"a\" hidden: eval\n"},
		{`. ./x`, ". ./x hidden: source\n"},
	}
	for _, test := range tests {
		if got := outlineOf(test.src, Parse(whole(test.src), false)); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.src, got, test.want)
		}
	}
}

func TestInnerContinued(t *testing.T) {
	src := "bash -c \"a b && \\\n  c d\\\ne\""
	v := joined(src)
	want := "bash -c ~\"a b &&   c de\"\na b [Subshell]\nc ~de [Subshell]\n"
	if got := outlineOf(src, Parse(v, false)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestExec(t *testing.T) {
	src := `["sh", "-c", "a b"]`
	words := []Word{
		Literal(edit.Span{Start: 1, End: 5}, true, "sh"),
		Literal(edit.Span{Start: 7, End: 11}, true, "-c"),
		Literal(edit.Span{Start: 13, End: 18}, true, "a b"),
	}
	want := "\"sh\" \"-c\" \"a b\"\na b [Subshell]\n"
	if got := outlineOf(src, Exec(words)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	src = `["sh", "-c", "a\tb"]`
	words[2] = Literal(edit.Span{Start: 13, End: 19}, true, "a\tb")
	want = "\"sh\" \"-c\" \"a\\tb\"\n~a ~b [Subshell]\n"
	if got := outlineOf(src, Exec(words)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s := Exec(nil); len(s.Commands) != 0 {
		t.Errorf("no words make %d commands", len(s.Commands))
	}
}

func TestParseText(t *testing.T) {
	tests := []struct{ name, src, want, bash string }{
		{"sh", "#!/bin/sh\nset -e\r\n# note\r\nexec \"$@\"\r\n", "set -e\nexec \"$@\" hidden: a computed program\n", ""},
		{"sh -e", "#!/bin/sh -e\na\nb\n", "a\nb\n", ""},
		{"env bash", "#!/usr/bin/env bash\n[[ a ]]\n", "[[\n", "[["},
		{"python", "#!/usr/bin/env python3\nimport os\n", "!written for python3, which is not a shell that can be read", ""},
		{"none", "a\nb", "a [MayFail]\nb\n", ""},
		{"mark", "\ufeffa b", "a b\n", ""},
		{"nul", "a\x00b", "!holds a NUL byte", ""},
		{"lone cr", "a\rb", "!holds a carriage return inside a line", ""},
	}
	for _, test := range tests {
		s := ParseText(test.src)
		if got := outlineOf(test.src, s); got != test.want || s.Bash != test.bash {
			t.Errorf("%s: got %s\n%s\nwant\n%s", test.name, s.Bash, got, test.want)
		}
	}
}

func TestShebang(t *testing.T) {
	tests := []struct{ src, interpreter, args, name string }{
		{"#!/bin/sh\n", "/bin/sh", "", "sh"},
		{"#! /bin/bash -e -x\r\nx", "/bin/bash", "-e -x", "bash"},
		{"#!/usr/bin/env -S node --x", "/usr/bin/env", "-S node --x", "node"},
		{"#!/usr/bin/env A=b sh", "/usr/bin/env", "A=b sh", "sh"},
		{"#!/usr/bin/with-contenv bash\n", "/usr/bin/with-contenv", "bash", "bash"},
		{"#!/usr/bin/env", "/usr/bin/env", "", "env"},
		{"#!", "", "", ""},
		{" #!/bin/sh", "", "", ""},
	}
	for _, test := range tests {
		interpreter, args := Shebang(test.src)
		if interpreter != test.interpreter || strings.Join(args, " ") != test.args || Interpreter(test.src) != test.name {
			t.Errorf("%q: %q %q %q", test.src, interpreter, args, Interpreter(test.src))
		}
	}
}

func TestShellOptions(t *testing.T) {
	o := ShellOptions([]string{"/bin/bash", "-eo", "pipefail", "-c"})
	if !o.Bash || !o.Errexit || !o.Pipefail {
		t.Errorf("%+v", o)
	}
	if o := ShellOptions([]string{"/bin/sh", "-c"}); o.Bash || o.Errexit || o.Pipefail {
		t.Errorf("%+v", o)
	}
}

func TestLimits(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"long", strings.Repeat("a ", maxText), "262144 bytes of shell are more than the 131072 that are read"},
		{"deep", strings.Repeat("(", maxOpeners+1), "more than 8192 brackets and backquotes"},
		{"many heredocs", strings.Repeat("a <<E;", 20), "unclosed here-document `E`"},
	}
	for _, test := range tests {
		if got := ParseText(test.src).Unknown; got != test.want {
			t.Errorf("%s: %q", test.name, got)
		}
	}
	if s := ParseText(strings.Repeat("if ", maxText/4)); s.Unknown == "" {
		t.Error("a nest of ifs without end was read")
	}
	if s := ParseText(strings.Repeat("a && ", maxText/6) + "b"); len(s.Commands) != maxText/6+1 {
		t.Errorf("%d commands: %s", len(s.Commands), s.Unknown)
	}
}
