package dockerfile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// word is one word of a text.
type word struct {
	span edit.Span
	text string // as BuildKit's parser hands it on, quotes still in it
}

// plainWords splits text at blanks; quotes mean nothing.
func plainWords(text string) []word {
	var out []word
	at := 0
	for at < len(text) {
		end := len(text)
		if i := strings.IndexAny(text[at:], blanks); i >= 0 {
			end = at + i
		}
		out = append(out, word{edit.Span{Start: at, End: end}, text[at:end]})
		at = len(text) - len(strings.TrimLeft(text[end:], blanks))
	}
	return out
}

// quotedWords splits text as BuildKit's parseWords does: white space inside
// quotes and behind the escape character does not end a word.
func quotedWords(text string, escape byte) []word {
	var out []word
	for at := 0; ; {
		at = len(text) - len(trimLeft(text[at:]))
		if at == len(text) {
			return out
		}
		end, dropped := wordEnd(text, at, escape)
		raw := text[at : end-dropped]
		if raw != "" {
			out = append(out, word{edit.Span{Start: at, End: end}, validRunes(raw)})
		}
		at = end
	}
}

// wordEnd returns where the word that starts at at ends. dropped is 1 where the
// word ends the text with an escape character, which BuildKit leaves out.
func wordEnd(text string, at int, escape byte) (end, dropped int) {
	var quote rune
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		switch {
		case quote == 0 && unicode.IsSpace(r):
			return at, 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case quote == r:
			quote = 0
		case r == rune(escape) && quote != '\'':
			at += n
			if at == len(text) {
				return at, 1
			}
			_, n = utf8.DecodeRuneInString(text[at:])
		}
		at += n
	}
	return at, 0
}

// validRunes returns s with each invalid byte replaced, which is what writing
// it rune by rune does.
func validRunes(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// unquote removes quotes and escapes from a word as BuildKit's lexer does, and
// leaves variables alone. A word with an unterminated quote is returned as it is.
func unquote(s string, escape byte) string {
	if !strings.ContainsAny(s, `'"`) && strings.IndexByte(s, escape) < 0 {
		return s
	}
	var out strings.Builder
	var quote byte
	for i := 0; i < len(s); i++ {
		ch := s[i]
		switch {
		case quote == 0 && (ch == '\'' || ch == '"'):
			quote = ch
			continue
		case quote != 0 && ch == quote:
			quote = 0
			continue
		case ch == escape && quote != '\'':
			if i+1 == len(s) {
				continue
			}
			if quote == 0 || s[i+1] == '"' || s[i+1] == '$' || s[i+1] == escape {
				i++
				ch = s[i]
			}
		}
		out.WriteByte(ch)
	}
	if quote != 0 {
		return s
	}
	return out.String()
}

// wholeQuoted reports whether s is one quoted string from end to end.
func wholeQuoted(s string, escape byte) bool {
	if len(s) < 2 || s[0] != '"' && s[0] != '\'' {
		return false
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return i == len(s)-1
		case s[i] == escape && s[0] == '"':
			i++
		}
	}
	return false
}
