package proof

import (
	"slices"
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

func TestShape(t *testing.T) {
	long := strings.Repeat("x", cutOff)
	const asJSON, asHTML, asText = "application/json", "text/html; charset=utf-8", "text/plain"
	tests := []struct {
		name, kind, before, after string
		want                      bool
	}{
		{"values", asJSON, `{"a":1,"b":["x"],"c":null}`, `{"a":2.5,"b":["y","z"],"c":null}`, true},
		{"order of keys", asJSON, `{"a":1,"b":2}`, `{"b":2,"a":1}`, true},
		{"a key is lost", asJSON, `{"a":1,"b":2}`, `{"a":1}`, false},
		{"a key is new", asJSON, `{"a":1}`, `{"a":1,"b":2}`, false},
		{"another type", asJSON, `{"a":1}`, `{"a":"1"}`, false},
		{"null", asJSON, `{"a":"x"}`, `{"a":null}`, false},
		{"true and false", asJSON, `true`, `false`, true},
		{"an empty list", asJSON, `[{"a":1}]`, `[]`, false},
		{"a list of others", asJSON, `[{"a":1}]`, `[{"b":1}]`, false},
		{"another depth", asJSON, `[[1]]`, `[1]`, false},
		{"keys that are values", asJSON, `{"2026-11-24":1}`, `{"2026-11-25":1}`, true},
		{"documents, one a line", asJSON, "{\"a\":1}\n{\"a\":2}", "{\"a\":1}", true},
		{"no JSON, the same words", asJSON, `at 10:00 {`, `at 11:30 {`, true},
		{"no longer JSON", asJSON, `{"a":1}`, `error 1`, false},
		{"no longer complete", asJSON, `{"a":1}`, `{"a":1`, false},
		{"cut off", asJSON, `{"a":"` + long, `{"a":"y","b":"` + long, true},
		{"cut off, another", asJSON, `{"a":1,"c":1,"b":"` + long, `{"d":1,"c":1,"b":"` + long, false},
		{"a problem's JSON", "application/problem+json", `{"a":1}`, `{"b":1}`, false},
		{"text of a page", asHTML, `<p class="a">x<br/></p>`, `<p class="b">y z<br/></p>`, true},
		{"an element is lost", asHTML, `<p>x</p><ul><li></ul>`, `<p>x</p>`, false},
		{"an attribute is lost", asHTML, `<a href=x>`, `<a>`, false},
		{"comments and scripts", asHTML, `<!-- <b> --><script>"<i>"</script>`, `<script>x</script><!doctype html>`, true},
		{"XML", "image/svg+xml", `<svg><g id="1"/></svg>`, `<svg><h id="1"/></svg>`, false},
		{"cut off page", asHTML, `<p><b>` + long + `<i`, `<p><b>` + long + long, true},
		{"a time", asText, "up since Tue, 24 Nov 2026 10:00:01 GMT", "up since Wed, 02 Dec 2026 09:00:00 GMT", true},
		{"a host", asText, "host 4f2ac08e91bd", "host 77aa00bb11cc", true},
		{"a UUID", asText, "id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-aaaa-12d3-a456-426614174fff", true},
		{"other words", asText, "all is well", "all is lost", false},
		{"fewer words", asText, "all is well", "all is", false},
		{"a word that looks like hex", asText, "facade defaced", "facade deadbeef", false},
		{"no type", "", "a 1", "a 2", true},
		{"binary", "image/png", "\x00\x01", "\x02", true},
		{"binary, empty", "image/png", "\x00\x01", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, a := wire.HTTP{Type: tt.kind, Body: tt.before}, wire.HTTP{Type: tt.kind, Body: tt.after}
			if alike(b, a) != tt.want || alike(a, b) != tt.want {
				t.Errorf("alike is %v, want %v", !tt.want, tt.want)
			}
		})
	}
}

// Where both change with every request, most words have to be the same.
func TestVolatileText(t *testing.T) {
	b := wire.HTTP{Type: "text/plain", Body: "quote of the hour: carpe diem", Volatile: true}
	a := wire.HTTP{Type: "text/plain", Body: "quote of the hour: memento mori", Volatile: true}
	if !alike(b, a) {
		t.Error("another quote is another shape")
	}
	if a.Volatile = false; alike(b, a) {
		t.Error("the shape of a fixed text is that of a volatile one")
	}
	if a.Volatile, a.Body = true, "cannot open the book of quotes"; alike(b, a) {
		t.Error("an error has the shape of a quote")
	}
}

func FuzzShape(f *testing.F) {
	kinds := []string{"application/json", "text/html", "text/plain", "image/png", "", "x/y+xml; charset=a"}
	for _, seed := range []string{
		`{"a":[1,{"b":null}]}`, `[[[[`, `}`, `{"a"`, "<p a=b><!--", "<script>", "Mon 1 Jan 0xfffffff", "\xff\x00", "",
		strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 5000), strings.Repeat("[", 100) + strings.Repeat("]", 100), strings.Repeat("<a ", 9000),
	} {
		f.Add(seed, seed+"1", uint8(0), false)
	}
	f.Fuzz(func(t *testing.T, before, after string, kind uint8, volatile bool) {
		mediaType := kinds[int(kind)%len(kinds)]
		b, a := wire.HTTP{Type: mediaType, Body: before, Volatile: volatile}, wire.HTTP{Type: mediaType, Body: after, Volatile: volatile}
		if alike(b, a) != alike(a, b) {
			t.Error("it is not symmetric")
		}
		for _, cut := range []bool{false, true} {
			p, okP := jsonShape(before, cut)
			q, okQ := jsonShape(before, cut)
			if okP != okQ || !sameJSON(p, q, cut) {
				t.Error("JSON is not itself")
			}
			for _, place := range p {
				if strings.Count(place, "/[]") > maxDepth {
					t.Error("too deep")
				}
			}
		}
		for _, shape := range []func(string) []string{markupShape, textShape} {
			if !slices.Equal(shape(before), shape(before)) {
				t.Error("it is not itself")
			}
		}
	})
}
