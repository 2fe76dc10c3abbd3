package evidence

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
)

// msElement is an element of an MSBuild file.
type msElement struct {
	name        string
	attrs       map[string]string // by name in small letters
	text        string            // between its tags, trimmed
	line        int
	conditional bool // it, or one that it stands in, has a Condition
}

// is compares the name as MSBuild does, whatever its case.
func (e msElement) is(name string) bool { return strings.EqualFold(e.name, name) }

var (
	errDeep    = errors.New("elements nested too deeply")
	errCharset = errors.New("neither UTF-8 nor UTF-16")
)

// utf8Of takes the mark of a file's encoding off, and turns UTF-16, in which Visual
// Studio has written some files, into UTF-8.
func utf8Of(data []byte) []byte {
	order := 0
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		order = 1
	case !bytes.HasPrefix(data, []byte("\xfe\xff")):
		return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i+order])<<8|uint16(data[i+1-order]))
	}
	return []byte(string(utf16.Decode(units)))
}

// eachElement calls visit for every element at its end tag.
func eachElement(data []byte, visit func(msElement)) error {
	d := xml.NewDecoder(bytes.NewReader(utf8Of(data)))
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		if strings.EqualFold(label, "utf-16") {
			return r, nil // it is UTF-8 by now, or it does not parse
		}
		return nil, errCharset
	}
	var stack []msElement
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case len(stack) > 50:
			return errDeep
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := msElement{name: t.Name.Local, attrs: map[string]string{}}
			e.line, _ = d.InputPos()
			for _, a := range t.Attr {
				e.attrs[strings.ToLower(a.Name.Local)] = a.Value
			}
			e.conditional = e.attrs["condition"] != "" || len(stack) > 0 && stack[len(stack)-1].conditional
			stack = append(stack, e)
		case xml.CharData:
			if n := len(stack); n > 0 {
				stack[n-1].text += string(t)
			}
		case xml.EndElement:
			e := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			e.text = strings.TrimSpace(e.text)
			visit(e)
		}
	}
}
