package proof

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// markupShape returns the elements of HTML or XML with the names of their
// attributes, in order: "<a class href>", "</a>". It never fails: what is no
// markup has no elements.
func markupShape(text string) []string {
	z := html.NewTokenizer(strings.NewReader(text))
	var out []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			out = append(out, openTag(z))
		case html.EndTagToken:
			name, _ := z.TagName()
			out = append(out, "</"+string(name)+">")
		default: // text, comments, the document type: values
		}
	}
}

func openTag(z *html.Tokenizer) string {
	name, more := z.TagName()
	var b strings.Builder
	b.WriteString("<" + string(name))
	for more {
		var key []byte
		key, _, more = z.TagAttr()
		b.WriteString(" " + normalise(string(key)))
	}
	return b.String() + ">"
}

var (
	// random is a word that is made up: a long run of letters and digits, a UUID.
	random = regexp.MustCompile(`[0-9A-Za-z_+=-]{16,}`)
	// hex is a number to the base of 16: an address, a container's name.
	hex    = regexp.MustCompile(`\b(?:0x)?[0-9a-fA-F]{6,}\b`)
	number = regexp.MustCompile(`[0-9]+`)
	// calendar is the words in a date.
	calendar = regexp.MustCompile(`\b(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?|Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|AM|PM)\b`)
)

// normalise replaces what changes from one run to the next: numbers, identifiers,
// the words of a date.
func normalise(text string) string {
	digit := func(s string) string {
		if strings.ContainsAny(s, "0123456789") {
			return "#"
		}
		return s
	}
	text = random.ReplaceAllStringFunc(text, digit)
	text = hex.ReplaceAllStringFunc(text, digit)
	text = number.ReplaceAllString(text, "#")
	return calendar.ReplaceAllString(text, "@")
}

// textShape returns the words of a text, normalised.
func textShape(text string) []string { return strings.Fields(normalise(text)) }
