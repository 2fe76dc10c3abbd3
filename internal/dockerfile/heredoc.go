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
		var span edit.Span
		if at >= 0 {
			span, at = alignWord(text, at, word)
		}
		doc, err := parser.ParseHeredoc(word)
		if err != nil {
			return nil, err
		}
		if doc == nil {
			continue
		}
		if at < 0 || span.Of(text) != word || !startsWord(text, span.Start) {
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

// alignWord finds where a word that BuildKit's lexer returned stands in text,
// the words before it ending at at. Inside ${ } the lexer drops escapes, one slash
// of ${x//a/b}, and splits words at blanks that were escaped: those bytes of text
// are passed over. next is where the word ends, -1 where it cannot be found.
func alignWord(text string, at int, word string) (span edit.Span, next int) {
	span.Start = at
	for i := 0; i < len(word); at++ {
		switch {
		case at == len(text):
			return edit.Span{}, -1
		case text[at] == word[i]:
			if i == 0 {
				span.Start = at
			}
			i++
		case text[at] == '\\' || text[at] == '/':
		case i == 0 && trimLeft(text[at:at+1]) == "", i == 0 && text[at] >= utf8.RuneSelf:
		default:
			return edit.Span{}, -1
		}
	}
	span.End = at
	return span, at
}

func startsWord(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return at == 0 || unicode.IsSpace(r)
}

// noEnv is an environment without variables.
type noEnv struct{}

func (noEnv) Get(string) (string, bool) { return "", false }
func (noEnv) Keys() []string            { return nil }
