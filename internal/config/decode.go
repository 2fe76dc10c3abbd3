package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// maxText bounds one value in bytes, maxItems the entries of one list or mapping.
const (
	maxText  = 1000
	maxItems = 2000
)

// decoder reads the nodes of a YAML document into a File. It takes plain data
// alone: no anchors, aliases, tags of its own or second document.
type decoder struct{ file *File }

// fail is an error at a node.
func (d *decoder) fail(n *yaml.Node, format string, args ...any) error {
	return &Error{File: d.file.Name, Line: n.Line, Err: fmt.Errorf(format, args...)}
}

// at is where a node stands, for reports.
func (d *decoder) at(n *yaml.Node) string { return fmt.Sprintf("%s:%d", d.file.Name, n.Line) }

// set notes a value that holds from here on.
func (d *decoder) set(key, value string, n *yaml.Node) {
	d.file.settings = append(d.file.settings, Setting{Key: key, Value: value, From: d.at(n)})
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// document reads the whole text.
func (d *decoder) document(data []byte) error {
	in := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := in.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil // an empty file lays nothing down
	case err != nil:
		return d.syntax(err)
	}
	if err := in.Decode(&more); !errors.Is(err, io.EOF) {
		return d.fail(&more, "it holds more than one document")
	}
	root := doc.Content[0]
	if isNull(root) {
		return nil
	}
	if err := d.plain(root); err != nil {
		return err
	}
	return d.fields(root, "", d.top())
}

// syntax gives YAML's own error its place.
func (d *decoder) syntax(err error) error {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line := 0
	if m != nil {
		line, _ = strconv.Atoi(m[1]) // no number is no line
		text = text[len(m[0]):]
	}
	return &Error{File: d.file.Name, Line: line, Err: fmt.Errorf("it is not YAML: %s", text)}
}

// plain refuses what is more than data, and values that nobody writes by hand.
func (d *decoder) plain(n *yaml.Node) error {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return d.fail(n, "anchors and aliases are not taken: write the value out")
	case n.Style&yaml.TaggedStyle != 0:
		return d.fail(n, "tags such as %s are not taken", n.Tag)
	case len(n.Content) > 2*maxItems:
		return d.fail(n, "it has more than %d entries", maxItems)
	case len(n.Value) > maxText:
		return d.fail(n, "it is longer than %d bytes", maxText)
	case strings.ContainsFunc(n.Value, func(r rune) bool { return !unicode.IsPrint(r) }):
		return d.fail(n, "%q holds characters that cannot be seen", n.Value)
	}
	for _, child := range n.Content {
		if err := d.plain(child); err != nil {
			return err
		}
	}
	return nil
}

// taker reads the value of one key.
type taker func(key, value *yaml.Node) error

// fields reads a mapping whose keys are known.
func (d *decoder) fields(n *yaml.Node, of string, known map[string]taker) error {
	return d.entries(n, of, func(key, value *yaml.Node) error {
		take, ok := known[key.Value]
		if !ok {
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			return d.fail(key, "no key is called %q%s; there are %s", key.Value, in(of), strings.Join(names, ", "))
		}
		return take(key, value)
	})
}

func in(of string) string {
	if of == "" {
		return ""
	}
	return " in " + of
}

// entries calls take for each pair of a mapping, in order.
func (d *decoder) entries(n *yaml.Node, of string, take taker) error {
	if n.Kind != yaml.MappingNode {
		if of == "" {
			of = "the file"
		}
		return d.fail(n, "%s is to be a mapping of keys to values, not %s", of, kindOf(n))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			return d.fail(key, "a key is to be a word, not %s", kindOf(key))
		}
		if seen[key.Value] {
			return d.fail(key, "%s stands here twice", key.Value)
		}
		seen[key.Value] = true
		if err := take(key, value); err != nil {
			return err
		}
	}
	return nil
}

// list reads a list, of which one text is the short form.
func (d *decoder) list(key, n *yaml.Node) (out []*yaml.Node, err error) {
	switch {
	case n.Kind == yaml.SequenceNode:
		return n.Content, nil
	case n.Kind == yaml.ScalarNode && !isNull(n):
		return []*yaml.Node{n}, nil
	}
	return nil, d.fail(n, "%s is to be a list, not %s", key.Value, kindOf(n))
}

// texts reads a list of texts.
func (d *decoder) texts(key, n *yaml.Node) (out []string, err error) {
	items, err := d.list(key, n)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		text, err := d.text(key, item)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// names reads a list of which each must be one of known.
func (d *decoder) names(key, n *yaml.Node, what string, known []string) (out []string, err error) {
	items, err := d.list(key, n)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		text, err := d.text(key, item)
		switch {
		case err != nil:
			return nil, err
		case !slices.Contains(known, text):
			return nil, d.fail(item, "no %s is called %q; there are %s", what, text, strings.Join(known, ", "))
		case slices.Contains(out, text):
			return nil, d.fail(item, "%s stands here twice", text)
		}
		out = append(out, text)
	}
	if len(out) == 0 {
		return nil, d.fail(n, "%s is empty", key.Value)
	}
	return out, nil
}

// text reads a text that is not empty. A number or a boolean is none: what YAML
// makes of 3.10 is another text.
func (d *decoder) text(key, n *yaml.Node) (string, error) {
	switch {
	case n.Kind != yaml.ScalarNode || isNull(n):
		return "", d.fail(n, "%s is to be a text, not %s", key.Value, kindOf(n))
	case n.ShortTag() != "!!str":
		return "", d.fail(n, "%s is to be a text, not %s: put %s in quotes", key.Value, kindOf(n), n.Value)
	case n.Value == "":
		return "", d.fail(n, "%s is empty", key.Value)
	}
	return n.Value, nil
}

// number reads a whole number that is written in digits.
func (d *decoder) number(key, n *yaml.Node, least, most int) (int, error) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" {
		return 0, d.fail(n, "%s is to be a number, not %s", key.Value, kindOf(n))
	}
	v, err := strconv.Atoi(n.Value)
	if err != nil || v < least || v > most {
		return 0, d.fail(n, "%s is to be a number from %d to %d, not %s", key.Value, least, most, n.Value)
	}
	return v, nil
}

// yes reads true or false.
func (d *decoder) yes(key, n *yaml.Node) (bool, error) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
		return false, d.fail(n, "%s is to be true or false, not %s", key.Value, kindOf(n))
	}
	return n.Value == "true", nil
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// kindOf names what a node is.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!int", "!!float":
		return "the number " + n.Value
	case "!!bool":
		return n.Value
	}
	return fmt.Sprintf("%q", n.Value)
}
