package dockerfile

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// heredocWords returns the heredocs that the logical line opens, in order, with
// Body and End still empty. It follows BuildKit: only RUN, COPY and ADD, also
// behind ONBUILD, open heredocs, and not in exec form. escape is that of the file;
// heredoc words themselves are always read with the backslash.
func heredocWords(v *edit.View, escape byte) ([]Heredoc, error) {
	text := v.String()
	if !strings.Contains(text, "<<") || !canHoldHeredoc(text, escape) {
		return nil, nil
	}
	if !utf8.ValidString(text) {
		// BuildKit's lexer would replace the bytes and print to stderr.
		return nil, errors.New("invalid UTF-8 in an instruction with a heredoc")
	}
	lex := shell.NewLex('\\')
	lex.RawQuotes, lex.RawEscapes, lex.SkipUnsetEnv = true, true, true
	words, err := lex.ProcessWords(text, noEnv{})
	if err != nil {
		return nil, nil // BuildKit takes a line that it cannot split for one without heredocs
	}
	var out []Heredoc
	at := 0
	for _, word := range words {
		span, found := nextWord(text, at, word)
		if found {
			at = span.End
		}
		doc, err := parser.ParseHeredoc(word)
		if err != nil {
			return nil, err
		}
		if doc == nil {
			continue
		}
		if !found {
			return nil, errors.New("cannot tell where the heredoc " + word + " stands")
		}
		src, _ := v.Source(span)
		out = append(out, Heredoc{Name: doc.Name, Word: src, Expand: doc.Expand, Chomp: doc.Chomp})
	}
	return out, nil
}

// canHoldHeredoc reports whether BuildKit looks for heredocs in the logical line.
func canHoldHeredoc(text string, escape byte) bool {
	c := splitCommand(text, escape)
	if strings.EqualFold(c.keyword.Of(text), "onbuild") {
		text = c.body.Of(text)
		c = splitCommand(text, escape)
	}
	switch strings.ToLower(c.keyword.Of(text)) {
	case "run", "copy", "add":
		_, json := jsonStrings(c.body.Of(text))
		return !json
	}
	return false
}

// nextWord finds the word that BuildKit's lexer returned in text, from at on.
// The lexer drops escapes inside ${x:-...}, so that a word may not stand there
// as returned; the words after it are then found where they occur only once.
func nextWord(text string, at int, word string) (edit.Span, bool) {
	at = len(text) - len(trimLeft(text[at:]))
	if strings.HasPrefix(text[at:], word) {
		return edit.Span{Start: at, End: at + len(word)}, true
	}
	i := strings.Index(text[at:], word)
	if i < 0 || strings.Contains(text[at+i+1:], word) || !startsWord(text, at+i) {
		return edit.Span{}, false
	}
	return edit.Span{Start: at + i, End: at + i + len(word)}, true
}

func startsWord(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return at == 0 || unicode.IsSpace(r)
}

// noEnv is an environment without variables.
type noEnv struct{}

func (noEnv) Get(string) (string, bool) { return "", false }
func (noEnv) Keys() []string            { return nil }
