package dockerfile

import (
	"fmt"
	"strings"
	"testing"
)

// shape writes what a file holds, one fact a line, without offsets: the same
// for every kind of line end.
func shape(f *File) string {
	var out strings.Builder
	norm := strings.NewReplacer("\r\n", "\n")
	for _, d := range f.Directives {
		fmt.Fprintf(&out, "directive %s %q\n", d.Name, norm.Replace(d.Span.Of(f.Src)))
	}
	for _, c := range f.Comments {
		fmt.Fprintf(&out, "comment %q\n", c.Of(f.Src))
	}
	for _, in := range f.Instrs {
		fmt.Fprintf(&out, "%d-%d ", in.Line, in.EndLine)
		shapeInstr(&out, f, in, norm)
	}
	return out.String()
}

func shapeInstr(out *strings.Builder, f *File, in *Instr, norm *strings.Replacer) {
	fmt.Fprintf(out, "%s %q\n", in.Name, in.Body.String())
	if in.Lead.Len() > 0 {
		fmt.Fprintf(out, "  lead %q\n", norm.Replace(in.Lead.Of(f.Src)))
	}
	for _, fl := range in.Flags {
		fmt.Fprintf(out, "  flag %s=%s %q%s\n", fl.Name, fl.Value, norm.Replace(fl.Span.Of(f.Src)), broken(fl.Exact))
	}
	if in.JSON {
		fmt.Fprintf(out, "  exec\n")
	}
	for _, p := range in.Pairs {
		fmt.Fprintf(out, "  pair %s=%q written %q%s\n", p.Key, p.Value, norm.Replace(p.ValueSpan.Of(f.Src)), broken(p.Exact))
	}
	if in.Pairs == nil {
		for _, a := range in.Args {
			fmt.Fprintf(out, "  arg %q written %q%s\n", a.Value, norm.Replace(a.Span.Of(f.Src)), broken(a.Exact))
		}
	}
	for _, h := range in.Heredocs {
		fmt.Fprintf(out, "  heredoc %s %q body %q end %q\n", h.Name, h.Word.Of(f.Src), norm.Replace(h.Body.Of(f.Src)), h.End.Of(f.Src))
	}
	if in.OnBuild != nil {
		out.WriteString("  trigger ")
		shapeInstr(out, f, in.OnBuild, norm)
	}
}

func broken(exact bool) string {
	if exact {
		return ""
	}
	return " broken"
}

type syntaxCase struct{ name, src, want string }

func runSyntax(t *testing.T, cases []syntaxCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for kind, src := range variants(c.src) {
				t.Run(kind, func(t *testing.T) {
					f := mustParse(t, src)
					if got, want := shape(f), strings.TrimPrefix(c.want, "\n"); got != want {
						t.Errorf("source %q\ngot\n%swant\n%s", src, got, want)
					}
				})
			}
		})
	}
}
