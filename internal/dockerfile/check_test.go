package dockerfile

import (
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// mustParse parses src and checks everything that holds for every file.
func mustParse(t *testing.T, src string) *File {
	t.Helper()
	f, err := Parse("Dockerfile", src)
	if err != nil {
		t.Fatalf("Parse(%q): %v", src, err)
	}
	checkFile(t, f)
	return f
}

// checkFile checks that the spans of f are in bounds, in order, inside what
// holds them, and that they say what the values say.
func checkFile(t *testing.T, f *File) {
	t.Helper()
	result, err := parser.Parse(strings.NewReader(f.Src))
	if err != nil {
		t.Fatalf("BuildKit refuses what Parse accepts: %v", err)
	}
	if got, want := len(f.Instrs), len(result.AST.Children); got != want {
		t.Fatalf("%d instructions, BuildKit reads %d", got, want)
	}
	if got := stitched(f); got != f.Src {
		t.Fatalf("printing gives %q, want %q", got, f.Src)
	}
	at := 0
	for _, in := range f.Instrs {
		within(t, "instruction", edit.Span{Start: at, End: len(f.Src)}, in.Span)
		within(t, "whole", edit.Span{Start: at, End: len(f.Src)}, in.Whole(f))
		at = in.Whole(f).End
		if got := f.InstrAt(in.Span.Start); got != in {
			t.Errorf("InstrAt(%d) = %v, want instruction %d", in.Span.Start, got, in.Index)
		}
		if got := f.Line(in.Span.Start); got != in.Line {
			t.Errorf("line %d of instruction %d, want %d", got, in.Index, in.Line)
		}
		checkInstr(t, f, in)
		if in.OnBuild != nil {
			within(t, "trigger", in.Span, in.OnBuild.Span)
			checkInstr(t, f, in.OnBuild)
		}
	}
}

func checkInstr(t *testing.T, f *File, in *Instr) {
	t.Helper()
	within(t, "keyword", in.Span, in.Keyword)
	for _, fl := range in.Flags {
		within(t, "flag", in.Span, fl.Span)
		within(t, "flag value", fl.Span, fl.ValueSpan)
	}
	for _, a := range in.Args {
		within(t, "argument", in.Span, a.Span)
		if got := a.Span.Of(f.Src); a.Exact && !in.JSON && validRunes(got) != validRunes(a.raw) && got != a.raw+string(f.Escape) {
			t.Errorf("exact argument %q of %s is %q in the file", a.raw, in.Name, got)
		}
	}
	for _, p := range in.Pairs {
		within(t, "pair", in.Span, p.Span)
		within(t, "pair value", p.Span, p.ValueSpan)
	}
	for _, h := range in.Heredocs {
		within(t, "heredoc body", in.whole(f), h.Body)
		within(t, "heredoc end", in.whole(f), h.End)
	}
	in.Script(f)
	in.Health()
	in.Mounts()
	in.CopySources()
}

// whole covers the instruction that in is, or that in stands in.
func (i *Instr) whole(f *File) edit.Span { return f.Instrs[i.Index].Span }

func within(t *testing.T, what string, outer, inner edit.Span) {
	t.Helper()
	if inner.End < inner.Start || !outer.Contains(inner) {
		t.Fatalf("%s %v is not inside %v", what, inner, outer)
	}
}

// stitched prints f from its parts: what stands between them must be blank.
func stitched(f *File) string {
	var out strings.Builder
	at := 0
	for _, s := range outerSpans(f) {
		gap := f.Src[at:s.Start]
		if strings.TrimSpace(strings.TrimPrefix(gap, bom)) != "" {
			return "text between instructions: " + gap
		}
		out.WriteString(gap)
		out.WriteString(s.Of(f.Src))
		at = s.End
	}
	return out.String() + f.Src[at:]
}

// variants returns src with every kind of line end, with a BOM, and without a
// final newline. src must have \n line ends and a final one.
func variants(src string) map[string]string {
	crlf := strings.ReplaceAll(src, "\n", "\r\n")
	lines := strings.SplitAfter(src, "\n")
	for i := range lines {
		if i%2 == 1 {
			lines[i] = strings.ReplaceAll(lines[i], "\n", "\r\n")
		}
	}
	return map[string]string{
		"LF": src, "CRLF": crlf, "mixed": strings.Join(lines, ""),
		"BOM": bom + src, "BOM and CRLF": bom + crlf,
		"no final newline":          strings.TrimSuffix(src, "\n"),
		"CRLF and no final newline": strings.TrimSuffix(crlf, "\r\n"),
	}
}
