package shell

import (
	"testing"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// FuzzParse checks that no text makes the package panic, that every span lies in
// the source, and that an exact word is cut from it byte for byte.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"apt-get update && \\\n apt-get install -y a\\\nb # c",
		"set -eux; for x in a b; do (cd $x && make) || exit 1; done",
		"if [[ -f x ]]; then a=(1 2); fi > y",
		"cat <<EOF | sh -c 'a \"b\" $(c)' 2>&1\r\nx $(d)\r\nEOF\r\n",
		"f() { cd `a`; }; f & ! g; case $x in a) b ;; esac",
		"export A=${B:-c} && sudo -u x env C=d bash -lc \"e; f\"",
		"su - x -c'a b' && eval $y < z &>> w",
		"export A={b,c} D=(e) F[1]=g; declare -a h; let i=1; time j |& k",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, src string, bash bool) {
		for _, v := range []edit.View{whole(src), joined(src)} {
			checkSpans(t, src, Parse(v, bash))
			Simple(v)
			checkLinks(t, src, v, bash)
		}
	})
}

// checkLinks wants the links of a chain to lie in the source one after the other.
func checkLinks(t *testing.T, src string, v edit.View, bash bool) {
	t.Helper()
	links, _ := Chain(v, bash)
	at := 0
	for _, l := range links {
		if l.Span.Start < at || l.Span.End < l.Span.Start || l.Span.End > len(src) {
			t.Fatalf("a link at %v behind %d, of %d bytes", l.Span, at, len(src))
		}
		at = l.Span.End
	}
}

func checkSpans(t *testing.T, src string, s *Script) {
	t.Helper()
	inside := edit.Span{Start: 0, End: len(src)}
	for _, c := range s.Commands {
		if !inside.Contains(c.Span) || c.Span.Len() < 0 {
			t.Fatalf("command at %v of %d bytes", c.Span, len(src))
		}
		words := c.Words
		flags, args := Getopt(words, "-c", "-o")
		for _, f := range flags {
			words = append(words, f.Word, f.Value)
		}
		words = append(words, args...)
		unwrapped, assigns := c.Unwrap()
		words = append(words, unwrapped...)
		for _, a := range assigns {
			words = append(words, a.Value)
		}
		for _, r := range c.Redirects {
			words = append(words, r.Target)
		}
		for _, w := range words {
			checkWord(t, src, w)
		}
	}
}

func checkWord(t *testing.T, src string, w Word) {
	t.Helper()
	inside := edit.Span{Start: 0, End: len(src)}
	if !inside.Contains(w.Span) || w.Span.Len() < 0 {
		t.Fatalf("word %q at %v of %d bytes", w.Text, w.Span, len(src))
	}
	if w.Exact && w.Span.Of(src) != w.Text {
		t.Fatalf("word %q is %q in the source", w.Text, w.Span.Of(src))
	}
	w.Literal()
	w.Vars()
	w.HasGlob()
	w.Expand(func(string) (string, bool) { return "a*b c.d", true })
	w.Fields(func(string) (string, bool) { return "", true })
}
