package config

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed schema.json
var schemaText string

// Schema is the JSON schema of the file, for editors.
func Schema() string { return schemaText }

// schemaNode is what a table of the keys needs of a schema.
type schemaNode struct {
	Description          string
	Properties           properties
	Items                *schemaNode
	AdditionalProperties json.RawMessage
}

// properties keep the order of the document.
type properties []property

type property struct {
	name string
	schemaNode
}

// UnmarshalJSON reads an object in its order.
func (p *properties) UnmarshalJSON(data []byte) error {
	in := json.NewDecoder(strings.NewReader(string(data)))
	if _, err := in.Token(); err != nil {
		return err
	}
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return err
		}
		one := property{name: fmt.Sprint(name)}
		if err := in.Decode(&one.schemaNode); err != nil {
			return err
		}
		*p = append(*p, one)
	}
	return nil
}

// Keys is a Markdown table of all keys, in the order of the schema, with what each
// means.
func Keys() (string, error) {
	var root schemaNode
	if err := json.Unmarshal([]byte(schemaText), &root); err != nil {
		return "", fmt.Errorf("reading the schema: %w", err)
	}
	text := "| Key | Meaning |\n|---|---|\n"
	for _, row := range root.rows("") {
		text += fmt.Sprintf("| `%s` | %s |\n", row.name, strings.ReplaceAll(row.Description, "|", "\\|"))
	}
	return text, nil
}

// rows are the keys below a node by their full names.
func (n schemaNode) rows(prefix string) []property {
	var out []property
	for _, p := range n.Properties {
		p.name = prefix + p.name
		if p.Description != "" {
			out = append(out, p)
		}
		out = append(out, p.rows(p.name+".")...)
		if p.Items != nil {
			out = append(out, p.Items.rows(p.name+"[].")...)
		}
		var each schemaNode
		if json.Unmarshal(p.AdditionalProperties, &each) == nil { // a boolean has no keys
			out = append(out, each.rows(p.name+".NAME.")...)
		}
	}
	return out
}
