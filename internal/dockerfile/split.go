package dockerfile

import (
	"strings"
	"unicode"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// command is a logical line taken apart. All spans are in the logical line.
type command struct {
	keyword edit.Span
	flags   []flagWord
	body    edit.Span // what follows keyword and flags, without blanks around it
}

// flagWord is one builder flag.
type flagWord struct {
	span edit.Span
	text string // as BuildKit reads it: quotes gone, escapes resolved
	// value is where the part after the first = stands; it is empty where there is no =, or where a
	// quote opens before the = and closes behind it.
	value edit.Span
}

const blanks = "\t\v\f\r " // what separates the keyword and plain words

// splitCommand takes a logical line apart as BuildKit's splitCommand does.
func splitCommand(text string, escape byte) command {
	lo := len(text) - len(trimLeft(text))
	hi := lo + len(strings.TrimSpace(text))
	i := strings.IndexAny(text[lo:hi], blanks)
	if i < 0 {
		return command{keyword: edit.Span{Start: lo, End: hi}, body: edit.Span{Start: hi, End: hi}}
	}
	c := command{keyword: edit.Span{Start: lo, End: lo + i}}
	at := hi - len(strings.TrimLeft(text[lo+i:hi], blanks))
	at, c.flags = splitFlags(text[:hi], at, escape)
	at = hi - len(trimLeft(text[at:hi]))
	c.body = edit.Span{Start: at, End: max(at, hi)}
	return c
}

// splitFlags reads the flags of text from at on, and returns where they end.
func splitFlags(text string, at int, escape byte) (int, []flagWord) {
	var flags []flagWord
	for {
		for at < len(text) && spaceByte(text[at]) {
			at++
		}
		if !strings.HasPrefix(text[at:], "--") {
			return at, flags
		}
		w, blankOK := readFlag(text, at, escape)
		at = w.span.End
		if w.text == "--" {
			return at, flags
		}
		if blankOK || w.text != "" {
			flags = append(flags, w)
		}
	}
}

// readFlag reads the flag that starts at at. quoted reports whether it holds a quote.
func readFlag(text string, at int, escape byte) (w flagWord, quoted bool) {
	var out strings.Builder
	var quote byte
	start, eq, eqQuote := at, -1, byte(0)
	for ; at < len(text); at++ {
		ch := text[at]
		switch {
		case quote == 0 && spaceByte(ch):
			return newFlag(start, at, eq, eqQuote, out.String()), quoted
		case quote == 0 && (ch == '\'' || ch == '"'):
			quote, quoted = ch, true
			continue
		case quote != 0 && ch == quote:
			quote = 0
			continue
		case ch == escape && at+1 == len(text):
			continue
		case ch == escape:
			at++
			ch = text[at]
		}
		if ch == '=' && eq < 0 {
			eq, eqQuote = at, quote
		}
		out.WriteRune(rune(ch)) // byte for byte, as BuildKit does
	}
	return newFlag(start, at, eq, eqQuote, out.String()), quoted
}

func newFlag(start, end, eq int, eqQuote byte, text string) flagWord {
	w := flagWord{span: edit.Span{Start: start, End: end}, text: text, value: edit.Span{Start: end, End: end}}
	if eq >= 0 && eqQuote == 0 {
		w.value.Start = eq + 1
	}
	return w
}

// spaceByte is BuildKit's test for a blank between flags: it looks at single bytes.
func spaceByte(b byte) bool { return unicode.IsSpace(rune(b)) }
