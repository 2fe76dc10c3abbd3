package dockerfile

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// assignments takes the pairs of ENV and LABEL in either form: `k=v k2=v2`, or
// the old `k v with blanks` that BuildKit goes by when the first word has no =.
func (b *builder) assignments(in *Instr, body string) {
	words := quotedWords(body, b.file.Escape)
	if len(words) == 0 {
		return
	}
	if !strings.Contains(words[0].text, "=") {
		b.oldPair(in, body)
		return
	}
	for _, w := range words {
		key, value, ok := strings.Cut(w.text, "=")
		if !ok {
			return // BuildKit has refused it
		}
		b.pair(in, body, w)
		b.want.words = append(b.want.words, key, value, "=")
	}
}

// oldPair takes `ENV name value`, whose value is the rest of the line.
func (b *builder) oldPair(in *Instr, body string) {
	i := strings.IndexAny(body, blanks)
	if i < 0 {
		return // BuildKit has refused it
	}
	at := len(body) - len(strings.TrimLeft(body[i:], blanks))
	p := Pair{Key: body[:i], Value: unquote(body[at:], b.file.Escape), HasValue: true}
	p.ValueQuoted = wholeQuoted(body[at:], b.file.Escape)
	p.Span, p.Exact = b.source(edit.Span{Start: 0, End: len(body)})
	p.ValueSpan, _ = b.source(edit.Span{Start: at, End: len(body)})
	p.rawValue = body[at:]
	in.Pairs = append(in.Pairs, p)
	in.Args = append(in.Args,
		b.arg(word{edit.Span{Start: 0, End: i}, p.Key}, p.Key),
		b.arg(word{edit.Span{Start: at, End: len(body)}, p.rawValue}, p.Value))
	b.want.words = append(b.want.words, body[:i], body[at:], "")
}

// argPairs takes the names of ARG, with or without a default.
func (b *builder) argPairs(in *Instr, body string) {
	for _, w := range quotedWords(body, b.file.Escape) {
		b.pair(in, body, w)
		b.want.words = append(b.want.words, w.text)
	}
}

// pair makes a pair and an argument of one word of the body.
func (b *builder) pair(in *Instr, body string, w word) {
	raw := w.span.Of(body)
	key, _, _ := strings.Cut(w.text, "=")
	p := Pair{Key: key}
	p.Span, p.Exact = b.source(w.span)
	p.ValueSpan = edit.Span{Start: p.Span.End, End: p.Span.End}
	if i := strings.IndexByte(raw, '='); i >= 0 {
		p.HasValue = true
		_, p.rawValue, _ = strings.Cut(w.text, "=")
		p.Value = unquote(p.rawValue, b.file.Escape)
		p.ValueQuoted = wholeQuoted(raw[i+1:], b.file.Escape)
		if i+1 < len(raw) {
			p.ValueSpan, _ = b.source(edit.Span{Start: w.span.Start + i + 1, End: w.span.End})
		}
	}
	in.Pairs = append(in.Pairs, p)
	in.Args = append(in.Args, b.arg(w, unquote(w.text, b.file.Escape)))
}
