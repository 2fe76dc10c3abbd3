package proof

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxDepth bounds the nesting that is looked into; what lies deeper is "deep".
const maxDepth = 64

// maxPlaces bounds how many different places of a document are told apart.
const maxPlaces = 20_000

// jsonReader walks a document and notes each place with its type once, in order of
// appearance: "/user/name string". Elements of an array share one place.
type jsonReader struct {
	dec    *json.Decoder
	seen   map[string]bool
	places []string
}

// jsonShape returns the places of one or several JSON documents. ok is false where
// the text is no JSON, but for an end that is cut off.
func jsonShape(text string, cut bool) (places []string, ok bool) {
	r := &jsonReader{dec: json.NewDecoder(strings.NewReader(text)), seen: map[string]bool{}}
	for {
		switch err := r.value("", 0); {
		case errors.Is(err, io.EOF):
			return r.places, len(r.places) > 0
		case err != nil:
			return r.places, cut && errors.Is(err, io.ErrUnexpectedEOF) && len(r.places) > 0
		}
	}
}

func (r *jsonReader) note(place, kind string) {
	if entry := place + " " + kind; !r.seen[entry] && len(r.places) < maxPlaces {
		r.seen[entry] = true
		r.places = append(r.places, entry)
	}
}

func (r *jsonReader) value(place string, depth int) error {
	token, err := r.dec.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case json.Delim:
		if depth >= maxDepth {
			r.note(place, "deep")
			return r.skip()
		}
		if v == '{' {
			return r.object(place, depth)
		}
		return r.array(place, depth)
	case string:
		r.note(place, "string")
	case bool:
		r.note(place, "bool")
	case nil:
		r.note(place, "null")
	default:
		r.note(place, "number")
	}
	return nil
}

func (r *jsonReader) object(place string, depth int) error {
	r.note(place, "object")
	for r.dec.More() {
		token, err := r.dec.Token()
		if err != nil {
			return inside(err)
		}
		key, _ := token.(string) // the decoder lets nothing else stand here
		// Keys may be values: a time, an identifier.
		if err := r.value(place+"/"+normalise(key), depth+1); err != nil {
			return inside(err)
		}
	}
	_, err := r.dec.Token()
	return inside(err)
}

func (r *jsonReader) array(place string, depth int) error {
	kind := "empty array" // whether there is something in it is no mere value
	if r.dec.More() {
		kind = "array"
	}
	r.note(place, kind)
	for r.dec.More() {
		if err := r.value(place+"/[]", depth+1); err != nil {
			return inside(err)
		}
	}
	_, err := r.dec.Token()
	return inside(err)
}

// skip leaves what has just been opened, whatever its depth.
func (r *jsonReader) skip() error {
	for open := 1; open > 0; {
		token, err := r.dec.Token()
		if err != nil {
			return inside(err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open++
		case json.Delim('}'), json.Delim(']'):
			open--
		}
	}
	return nil
}

// inside tells an end in the middle of a document from one after it.
func inside(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
