package proof

import (
	"maps"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// cutOff is the length in bytes from which a body is taken for the beginning of a
// longer one: the probe keeps the first 16 KiB (see wire.HTTP).
const cutOff = 16 << 10

// form is how a body is read.
type form string

const (
	formJSON   form = "json"
	formMarkup form = "markup"
	formText   form = "text"
	formBinary form = "binary"
)

// formOf tells the form from a media type without parameters.
func formOf(kind string) form {
	kind, _, _ = strings.Cut(kind, ";")
	switch {
	case kind == "application/json", strings.HasSuffix(kind, "+json"), kind == "application/x-ndjson":
		return formJSON
	case kind == "text/html", kind == "text/xml", kind == "application/xml", strings.HasSuffix(kind, "+xml"):
		return formMarkup
	case kind == "", strings.HasPrefix(kind, "text/"), kind == "application/javascript",
		kind == "application/x-javascript", kind == "application/yaml", kind == "application/x-www-form-urlencoded":
		return formText
	}
	return formBinary
}

// alike is whether two bodies of the same media type have the same shape: what
// stays when values change.
func alike(b, a wire.HTTP) bool {
	if b.Body == a.Body {
		return true
	}
	if (b.Body == "") != (a.Body == "") {
		return false
	}
	cut := len(b.Body) >= cutOff || len(a.Body) >= cutOff
	switch kind := formOf(mediaType(b.Type)); kind {
	case formJSON:
		before, ok := jsonShape(b.Body, cut)
		after, too := jsonShape(a.Body, cut)
		if ok && too {
			return sameJSON(before, after, cut)
		}
		return ok == too && sameText(b, a, cut)
	case formMarkup:
		return sameSequence(markupShape(b.Body), markupShape(a.Body), cut)
	case formText:
		return sameText(b, a, cut)
	}
	return true
}

// sameSequence compares two sequences; of texts that are cut off the end is left
// out, as far as one goes beyond the other.
func sameSequence(b, a []string, cut bool) bool {
	if cut {
		n := max(min(len(b), len(a))-1, 0) // the last one may be half
		b, a = b[:n], a[:n]
	}
	return slices.Equal(b, a)
}

// sameJSON compares the places of a document and the types found there; their
// order is of no account, but where the end is missing.
func sameJSON(b, a []string, cut bool) bool {
	if cut {
		return sameSequence(b, a, true)
	}
	return slices.Equal(slices.Sorted(slices.Values(b)), slices.Sorted(slices.Values(a)))
}

// sameText compares words without what changes by itself. Where both sides say
// something else to every request, it is enough that most words are the same: which
// ones change cannot be told from one answer.
func sameText(b, a wire.HTTP, cut bool) bool {
	before, after := textShape(b.Body), textShape(a.Body)
	if sameSequence(before, after, cut) {
		return true
	}
	return b.Volatile && a.Volatile && 2*common(before, after) >= max(len(before), len(after))
}

// common counts the words that both have, each as often as both have it.
func common(b, a []string) int {
	have, want := tally(b), tally(a)
	n := 0
	for word := range maps.Keys(have) {
		n += min(have[word], want[word])
	}
	return n
}

func tally(words []string) map[string]int {
	out := map[string]int{}
	for _, w := range words {
		out[w]++
	}
	return out
}
