package dockerfile

import "testing"

// Files that other rewriters break; the numbers are those of their account.
func TestFilesThatBreakPeers(t *testing.T) {
	t.Run("1: CRLF beside LF moves no span", func(t *testing.T) {
		f := mustParse(t, "FROM a\r\n EXPOSE 80\n ADD a /b\r\n CMD [\"x\"]\r\n")
		for n, want := range []string{"FROM a", "EXPOSE 80", "ADD a /b", "CMD [\"x\"]"} {
			if got := f.Instrs[n].Span.Of(f.Src); got != want {
				t.Errorf("instruction %d is %q, want %q", n, got, want)
			}
		}
		if got := f.Instrs[2].Keyword.Of(f.Src); got != "ADD" {
			t.Errorf("keyword %q, want ADD", got)
		}
	})
	t.Run("3: trailing blank lines under an escape directive", func(t *testing.T) {
		f := mustParse(t, "# escape=`\r\nFROM a\r\nRUN x\r\n\r\n\r\n")
		if got := f.Src[f.Instrs[1].Whole(f).End:]; got != "\r\n\r\n" {
			t.Errorf("after the last instruction stands %q", got)
		}
	})
	t.Run("14: a RUN with if stays one text", func(t *testing.T) {
		f := mustParse(t, "FROM a\nRUN if x; \\\n  then apt-get update; \\\n  fi\n")
		v, ok := f.Instrs[1].ScriptView(f)
		if got, want := v.String(), "if x;   then apt-get update;   fi"; !ok || got != want {
			t.Errorf("script %q, want %q", got, want)
		}
	})
	t.Run("21: unterminated quotes", func(t *testing.T) {
		f := mustParse(t, "# escape=`\nFROM a\nRUN echo \"x `\n y\nENV A=\"b\nLABEL c='d e\nCMD [\"a\"\n")
		for _, in := range f.Instrs[1:4] {
			if last := in.Args[len(in.Args)-1]; last.Value != last.Raw() {
				t.Errorf("%s: value %q, want it as written: %q", in.Name, last.Value, last.Raw())
			}
		}
	})
	t.Run("22: MAINTAINER stays what it is", func(t *testing.T) {
		f := mustParse(t, "FROM a\nmaintainer x")
		if in := f.Instrs[1]; in.Name != "maintainer" || in.Span.Of(f.Src) != "maintainer x" {
			t.Errorf("%s %q", in.Name, in.Span.Of(f.Src))
		}
	})
}
