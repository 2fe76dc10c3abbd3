package dockerfile

import (
	"errors"
	"strings"
	"testing"
)

func TestParseErrors(t *testing.T) {
	long := strings.Repeat("x", 70000)
	cases := []struct{ name, src, want string }{
		{"empty", "", "f: empty file"},
		{"only white space", " \r\n\t\n", "f: empty file"},
		{"only a BOM", bom, "f: empty file"},
		{"only comments", "# a\n\n# b\n", "f: no instructions, only comments and empty lines"},
		{"only ARG", "ARG a=1\n", "f: no FROM instruction"},
		{"NUL", "FROM a\nRUN \x00\n", "f:2: NUL byte: this is binary, or text in UTF-16, and no Dockerfile"},
		{"UTF-16", "F\x00R\x00O\x00M\x00", "f:1: NUL byte: this is binary, or text in UTF-16, and no Dockerfile"},
		{"long line", "FROM a\nRUN " + long + "\n", "f:2: line is longer than the 65535 bytes that BuildKit reads"},
		{"long comment", "FROM a\n\n#" + long, "f:3: line is longer than the 65535 bytes that BuildKit reads"},
		{"unknown instruction", "FROM a\n\nFROB x\n", "f:3: unknown instruction: FROB (did you mean FROM?)"},
		{"unknown flag", "FROM a\nCOPY --form=x a b\n", "f:2: unknown flag: --form (did you mean from?)"},
		{"before FROM", "# c\nRUN x\nFROM a\n", "f:2: RUN before the first FROM: only ARG may stand there"},
		{"FROM with four words", "FROM a\nFROM a AS b c\n", "f:2: FROM requires either one or three arguments"},
		{"trailing comment on EXPOSE is a port", "FROM a\nSHELL sh -c\n", "f:2: SHELL requires the arguments to be in JSON form"},
		{"repeated directive", "# syntax=a\n# syntax=b\nFROM a\n", "f:2: only one syntax parser directive can be used"},
		{"bad escape", "# escape=x\nFROM a\n", "f:1: invalid escape token \"x\": it must be ` or \\"},
		{"unterminated heredoc", "FROM a\n\nRUN <<A <<B\nA\n", "f:3: unterminated heredoc"},
		{"numbers in exec form", "FROM a\nCMD [\"a\", 1]\n", "f:2: when using JSON array syntax, arrays must be comprised of strings only"},
		{"ENV without value", "FROM a\nENV a\n", "f:2: ENV must have two arguments"},
		{"ENV with a stray word", "FROM a\nENV a=1 b\n", "f:2: Syntax error - can't find = in \"b\". Must be of the form: name=value"},
		{"ONBUILD ONBUILD", "FROM a\nONBUILD ONBUILD RUN x\n", "f:2: ONBUILD inside ONBUILD is not allowed"},
		{"ONBUILD FROM", "FROM a\nONBUILD FROM x\n", "f:2: FROM isn't allowed as an ONBUILD trigger"},
		{"a lone continuation character", "FROM a\n\\\n", "f:2: unknown instruction: "},
		{"old Mac line ends", "FROM a\rRUN x\r", "f:1: FROM requires either one or three arguments"},
		{"invalid UTF-8 beside a heredoc", "FROM a\nRUN <<A \xff\nA\n", "f:2: invalid UTF-8 in an instruction with a heredoc"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("f", c.src)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v (%T), want an *Error", err, err)
			}
			if got := err.Error(); got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
		})
	}
}

func TestParseUnnamed(t *testing.T) {
	_, err := Parse("", "FROM\n")
	if err == nil || !strings.HasPrefix(err.Error(), "Dockerfile:1: ") {
		t.Errorf("error %v, want one of Dockerfile:1", err)
	}
}

// A comment that reads like a check directive makes BuildKit's instruction
// parser panic where it is given no linter.
func TestParseCheckComment(t *testing.T) {
	mustParse(t, "FROM a\n# check=skip=all\nRUN x\n")
}

func TestParseLatin1(t *testing.T) {
	f := mustParse(t, "FROM a\n# caf\xe9\nLABEL x=\xe9 y=\xc3\xa9\nRUN --mount=type=bind,target=/\xc3\xa9 x \xe9\n")
	if got := f.Instrs[1].Pairs[0].ValueSpan.Of(f.Src); got != "\xe9" {
		t.Errorf("value %q, want the byte as it stands", got)
	}
}

func TestEOL(t *testing.T) {
	cases := []struct{ src, want string }{
		{"FROM a", "\n"}, {"FROM a\n", "\n"}, {"FROM a\r\n", "\r\n"},
		{"FROM a\r\nRUN b\nRUN c\n", "\n"}, {"FROM a\r\nRUN b\r\nRUN c\n", "\r\n"},
	}
	for _, c := range cases {
		if got := mustParse(t, c.src).EOL; got != c.want {
			t.Errorf("EOL of %q is %q, want %q", c.src, got, c.want)
		}
	}
}

// What makes BuildKit's parser, or a naive one here, quadratic is to be read or
// refused in reasonable time: 256 KiB of each end long before the test's timeout.
func TestParseHostile(t *testing.T) {
	const size = 1 << 18
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	cases := []struct{ name, src string }{
		{"continuations", "FROM a\nRUN " + fill("x\\\n")},
		{"continued words", "FROM a\nCOPY " + fill("x \\\n")},
		{"continued pairs", "FROM a\nENV " + fill("a=b\\\n c=d \\\n")},
		{"comments in a continuation", "FROM a\nRUN x \\\n" + fill("#\n")},
		{"empty lines", "FROM a\n" + fill("\n")},
		{"comments", "FROM a\n" + fill("#\n") + "RUN x\n"},
		{"instructions", "FROM a\n" + fill("RUN x\n")},
		{"stages", fill("FROM a AS a\n")},
		{"flags", "FROM a\nRUN " + fill("--x \\\n")},
		{"ONBUILD", "FROM a\n" + fill("ONBUILD \\\n") + "RUN x\n"},
		{"heredocs", "FROM a\nRUN " + fill("<<A \\\n")},
		{"heredoc lookalikes", "FROM a\nRUN " + fill("${x:-\\a}<<A \\\n") + "\n"},
		{"substitutions", "FROM a\nRUN <<A " + fill("${a:-\\\n")},
		{"quotes", "FROM a\nLABEL " + fill("'\\\n")},
		{"exec form", "FROM a\nCMD [" + fill("\"a\",\\\n") + "\"b\"]"},
		{"brackets", "FROM a\nCMD " + fill("[\\\n")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if f, err := Parse("f", c.src); err == nil {
				checkFile(t, f)
			}
		})
	}
}
