package dockerfile

import (
	"encoding/json"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// jsonStrings reads the exec form: a JSON array of strings. ok is false for
// every other text, which BuildKit then takes for shell form or plain words.
// The spans of the words are in text and include the quotes.
func jsonStrings(text string) (words []word, ok bool) {
	body := trimLeft(text)
	if !strings.HasPrefix(body, "[") {
		return nil, false
	}
	var values []any
	if json.Unmarshal([]byte(body), &values) != nil {
		return nil, false
	}
	spans := jsonSpans(text)
	if len(spans) != len(values) {
		return nil, false
	}
	for i, v := range values {
		s, isString := v.(string)
		if !isString {
			return nil, false
		}
		words = append(words, word{spans[i], s})
	}
	return words, true
}

// jsonSpans returns where the strings of a valid JSON text stand.
func jsonSpans(text string) []edit.Span {
	var out []edit.Span
	start := -1
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && start >= 0:
			i++
		case text[i] == '"' && start < 0:
			start = i
		case text[i] == '"':
			out = append(out, edit.Span{Start: start, End: i + 1})
			start = -1
		}
	}
	return out
}
