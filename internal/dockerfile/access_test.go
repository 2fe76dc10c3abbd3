package dockerfile

import (
	"strings"
	"testing"
)

func TestWhole(t *testing.T) {
	for kind, src := range variants("# licence\n\n# a\nFROM a\n\n# b\n# c\n  RUN x \\\n # d\n y\nRUN <<A\n1\nA\n") {
		t.Run(kind, func(t *testing.T) {
			f := mustParse(t, src)
			norm := strings.NewReplacer("\r\n", "\n")
			want := []string{"# a\nFROM a\n", "# b\n# c\n  RUN x \\\n # d\n y\n", "RUN <<A\n1\nA"}
			for n, w := range want {
				got := norm.Replace(f.Instrs[n].Whole(f).Of(f.Src))
				if strings.TrimSuffix(got, "\n") != strings.TrimSuffix(w, "\n") {
					t.Errorf("whole of %d is %q, want %q", n, got, w)
				}
			}
			if got := f.Src[f.Instrs[1].LineStart(f):f.Instrs[1].Span.Start]; got != "  " {
				t.Errorf("line start is %q before the instruction, want the indentation", got)
			}
		})
	}
}

func TestRemovingWholeLeavesTheRest(t *testing.T) {
	f := mustParse(t, "FROM a\n\n# why\nRUN x\n\nRUN y\n")
	w := f.Instrs[1].Whole(f)
	if got, want := f.Src[:w.Start]+f.Src[w.End:], "FROM a\n\n\nRUN y\n"; got != want {
		t.Errorf("left %q, want %q", got, want)
	}
}

func TestInstrAtAndLine(t *testing.T) {
	f := mustParse(t, bom+"# c\r\nFROM a\r\n\r\n  RUN x \\\r\n y\r\n")
	at := func(s string) int { return strings.Index(f.Src, s) }
	if got := f.InstrAt(at("# c")); got != nil {
		t.Errorf("a comment is in %v", got.Name)
	}
	if got := f.InstrAt(at("\r\n\r\n") + 2); got != nil {
		t.Errorf("an empty line is in %v", got.Name)
	}
	for _, s := range []string{"  RUN", "RUN", "y\r\n"} {
		if got := f.InstrAt(at(s)); got != f.Instrs[1] {
			t.Errorf("%q is in %v, want the RUN", s, got)
		}
	}
	for s, want := range map[string]int{bom: 1, "# c": 1, "FROM": 2, "RUN": 4, " y": 5} {
		if got := f.Line(at(s)); got != want {
			t.Errorf("%q is on line %d, want %d", s, got, want)
		}
	}
	if got := f.Line(len(f.Src) + 10); got != 5 {
		t.Errorf("past the end is line %d, want the last", got)
	}
}

func TestStages(t *testing.T) {
	f := mustParse(t, "ARG B=build\nFROM golang AS Build\nRUN a\nFROM $B\nCOPY --from=0 a b\nFROM Build AS x\nFROM scratch AS build\nFROM build\n")
	var parents []int
	for _, st := range f.Stages {
		if st.Parent == nil {
			parents = append(parents, -1)
		} else {
			parents = append(parents, st.Parent.Index)
		}
	}
	// BuildKit compares a FROM with the stages' lower-case names letter by letter.
	want := []int{-1, 0, -1, -1, 3}
	for n := range want {
		if parents[n] != want[n] {
			t.Errorf("parent of stage %d is %d, want %d", n, parents[n], want[n])
		}
	}
	lookups := []struct {
		ref    string
		before int
		want   int
	}{
		{"build", 1, 0}, {"BUILD", 3, 0}, {"build", 5, 3}, {"build", 99, 3}, {"2", 3, 2}, {"2", 2, -1}, {"-1", 3, -1}, {"x", 2, -1}, {"", 5, -1}, {"alpine", 5, -1},
	}
	for _, l := range lookups {
		got := f.StageNamed(l.ref, l.before)
		if l.want < 0 && got != nil || l.want >= 0 && got != f.Stages[l.want] {
			t.Errorf("StageNamed(%q, %d) = %v, want stage %d", l.ref, l.before, got, l.want)
		}
	}
	if got := f.Stages[1].Last("copy"); got == nil || got.FlagNamed("from").Value != "0" {
		t.Errorf("last COPY of stage 1 is %v", got)
	}
	if f.Stages[0].Last("cmd") != nil {
		t.Error("a stage without CMD has one")
	}
	if !f.Stages[3].Scratch() || f.Stages[4].Scratch() || f.Stages[0].Scratch() {
		t.Error("only stage 3 starts from scratch")
	}
}

func TestCopySourcesAndDest(t *testing.T) {
	f := mustParse(t, "FROM a\nCOPY x <<EOF \"y z\" /d/\n1\nEOF\nADD [\"a b\", \"/c\"]\nRUN x\n")
	src := f.Instrs[1].CopySources()
	if len(src) != 4 || src[0].Arg.Value != "x" || src[0].Heredoc != nil || src[1].Heredoc == nil {
		t.Fatalf("sources %+v, want x, a heredoc and the two words of a broken quote", src)
	}
	if dest, ok := f.Instrs[1].CopyDest(); !ok || dest.Value != "/d/" {
		t.Errorf("destination %v, want /d/", dest)
	}
	if src := f.Instrs[2].CopySources(); len(src) != 1 || src[0].Arg.Value != "a b" {
		t.Errorf("sources %+v, want the one of the exec form", src)
	}
	if _, ok := f.Instrs[3].CopyDest(); ok || f.Instrs[3].CopySources() != nil {
		t.Error("a RUN has sources or a destination")
	}
}

func TestMounts(t *testing.T) {
	f := mustParse(t, "FROM a\nRUN --mount=type=cache,id=i,dst=/c,sharing=locked --mount=\"from=b,source=/s,target=/t\" --network=none x\nCMD x\n")
	got := f.Instrs[1].Mounts()
	if len(got) != 2 {
		t.Fatalf("%d mounts, want 2", len(got))
	}
	for n := range got {
		got[n].Flag = nil
	}
	if want := (Mount{Type: "cache", ID: "i", Target: "/c", Sharing: "locked"}); got[0] != want {
		t.Errorf("mount %+v, want %+v", got[0], want)
	}
	if want := (Mount{Type: "bind", From: "b", Source: "/s", Target: "/t"}); got[1] != want {
		t.Errorf("mount %+v, want %+v", got[1], want)
	}
	if f.Instrs[2].Mounts() != nil {
		t.Error("a CMD has mounts")
	}
}

func TestHealth(t *testing.T) {
	f := mustParse(t, "FROM a\nHEALTHCHECK --retries=2 CMD curl x \\\n  || exit 1\nHEALTHCHECK CMD [\"a\", \"b c\"]\nHEALTHCHECK none\nRUN x\n")
	h := f.Instrs[1].Health()
	if h == nil || !h.Shell || h.Text.String() != "curl x   || exit 1" {
		t.Fatalf("shell form is %+v", h)
	}
	if h = f.Instrs[2].Health(); h.Shell || len(h.Words) != 2 || h.Words[1].Value != "b c" {
		t.Errorf("exec form is %+v", h)
	}
	if h = f.Instrs[3].Health(); !h.None {
		t.Errorf("NONE is %+v", h)
	}
	if f.Instrs[4].Health() != nil {
		t.Error("a RUN has a health check")
	}
}

func TestScript(t *testing.T) {
	cases := []struct{ name, src, want, shebang string }{
		{"shell form", "RUN --network=none a && \\\n # c\n b\n", "a &&  b", ""},
		{"bare heredoc", "RUN <<EOF\na\n b\nEOF\n", "a\n b\n", ""},
		{"chomped heredoc", "RUN <<-EOF\n\ta\n\t\tb\n\tEOF\n", "a\nb\n", ""},
		{"shebang", "RUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n", "#!/usr/bin/env python3\nprint(1)\n", "/usr/bin/env python3"},
		{"heredocs that feed commands", "RUN cat <<A > /x && cat <<-B\n1\nA\n\t2\n\tB\n", "cat <<A > /x && cat <<-B\n1\nA\n\t2\n\tB", ""},
		{"heredoc into an interpreter", "RUN <<EOF bash\nx\nEOF\n", "<<EOF bash\nx\nEOF", ""},
		{"empty heredoc", "RUN <<EOF\nEOF\n", "", ""},
		{"entrypoint", "ENTRYPOINT exec a\n", "exec a", ""},
	}
	for _, c := range cases {
		for kind, src := range variants("FROM a\n" + c.src) {
			t.Run(c.name+"/"+kind, func(t *testing.T) {
				f := mustParse(t, src)
				s, ok := f.Instrs[1].Script(f)
				if got := strings.ReplaceAll(s.View.String(), "\r\n", "\n"); !ok || got != c.want {
					t.Errorf("script %q (%v), want %q", got, ok, c.want)
				}
				if s.Shebang != c.shebang {
					t.Errorf("shebang %q, want %q", s.Shebang, c.shebang)
				}
			})
		}
	}
	f := mustParse(t, "FROM a\nRUN [\"a\"]\nEXPOSE 1\n")
	for _, in := range f.Instrs {
		if _, ok := in.ScriptView(f); ok {
			t.Errorf("%s has a script", in.Name)
		}
	}
}
