package dockerfile

import (
	"errors"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// builder makes an Instr of a logical line.
type builder struct {
	file    *File
	onBuild bool // inside ONBUILD
	text    string
	view    *edit.View
	body    edit.Span // in view
	failed  error
	want    expected
}

// instr builds the instruction of the logical line v, without place and heredocs.
func (b *builder) instr(v *edit.View) *Instr {
	b.view, b.text = v, v.String()
	c := splitCommand(b.text, b.file.Escape)
	b.body = c.body
	in := &Instr{Name: strings.ToLower(c.keyword.Of(b.text)), Body: v.Slice(c.body)}
	in.Keyword, _ = v.Source(c.keyword)
	in.Flags = b.buildFlags(c.flags)
	b.want.keyword, b.want.text = c.keyword.Of(b.text), b.text
	b.arguments(in, c.body.Of(b.text))
	return in
}

// arguments fills in what follows keyword and flags, by kind of instruction.
func (b *builder) arguments(in *Instr, body string) {
	switch in.Name {
	case "from", "expose":
		b.words(in, plainWords(body))
	case "copy", "add", "volume":
		if !b.exec(in, body) {
			b.words(in, plainWords(body))
		}
	case "run", "cmd", "entrypoint", "shell":
		if !b.exec(in, body) {
			b.shellForm(in, body)
		}
	case "user", "workdir", "stopsignal", "maintainer":
		b.words(in, oneWord(body))
	case "env", "label":
		b.assignments(in, body)
	case "arg":
		b.argPairs(in, body)
	case "healthcheck":
		b.health(in, body)
	case "onbuild":
		b.trigger(in, body)
	default:
		b.want.words = []string{""}
	}
}

func oneWord(body string) []word {
	if body == "" {
		return nil
	}
	return []word{{edit.Span{Start: 0, End: len(body)}, body}}
}

// words makes the words, whose spans are in the body, the arguments.
func (b *builder) words(in *Instr, words []word) {
	for _, w := range words {
		in.Args = append(in.Args, b.arg(w, unquote(w.text, b.file.Escape)))
		b.want.words = append(b.want.words, w.text)
	}
}

// exec takes the body if it is in exec form.
func (b *builder) exec(in *Instr, body string) bool {
	words, ok := jsonStrings(body)
	if !ok {
		return false
	}
	in.JSON = true
	for _, w := range words {
		in.Args = append(in.Args, b.arg(w, w.text))
		b.want.words = append(b.want.words, w.text)
	}
	return true
}

// shellForm splits a shell form for show. What it means is for the shell to say.
func (b *builder) shellForm(in *Instr, body string) {
	if body == "" {
		return
	}
	for _, w := range quotedWords(body, b.file.Escape) {
		w.text = w.span.Of(body)
		in.Args = append(in.Args, b.arg(w, unquote(w.text, b.file.Escape)))
	}
	b.want.words = append(b.want.words, body)
}

// trigger builds the instruction inside ONBUILD.
func (b *builder) trigger(in *Instr, body string) {
	if body == "" {
		return
	}
	if b.onBuild {
		b.failed = errors.New("ONBUILD inside ONBUILD is not allowed")
		return
	}
	sub := builder{file: b.file, onBuild: true}
	in.OnBuild = sub.instr(&in.Body)
	in.OnBuild.Span, _ = in.Body.Source(edit.Span{Start: 0, End: len(body)})
	b.failed, b.want.trigger = sub.failed, &sub.want
}

// arg makes an argument of a word whose span is in the body.
func (b *builder) arg(w word, value string) Arg {
	src, exact := b.source(w.span)
	return Arg{Span: src, Value: value, Exact: exact, raw: w.text}
}

// source maps a span of the body to the file.
func (b *builder) source(s edit.Span) (edit.Span, bool) {
	return b.view.Source(edit.Span{Start: b.body.Start + s.Start, End: b.body.Start + s.End})
}

// buildFlags makes the flags, whose spans are in the logical line.
func (b *builder) buildFlags(words []flagWord) []Flag {
	var out []Flag
	for _, w := range words {
		var fl Flag
		name, value, _ := strings.Cut(w.text, "=")
		fl.Name, fl.Value = strings.TrimPrefix(name, "--"), value
		fl.Span, fl.Exact = b.view.Source(w.span)
		fl.ValueSpan, _ = b.view.Source(w.value)
		if w.value.Len() == 0 {
			fl.ValueSpan = edit.Span{Start: fl.Span.End, End: fl.Span.End}
			fl.Exact = fl.Exact && value == ""
		}
		out = append(out, fl)
		b.want.flags = append(b.want.flags, w.text)
	}
	return out
}
