// Command docsgen writes the parts of the documentation that come from the code:
// docs/transforms.md, docs/commands.md, docs/config.schema.json, the keys in
// docs/config.md, and the examples in README.md. It works on
// the folder it is started in, the root of the module. A test fails where they are
// stale.
package main

import (
	"fmt"
	"os"

	"github.com/bulwark-cli/bulwark/internal/config"
)

func main() {
	if err := write(); err != nil {
		fmt.Fprintln(os.Stderr, "docsgen:", err)
		os.Exit(1)
	}
}

// write brings every document up to date.
func write() error {
	docs, err := documents()
	if err != nil {
		return err
	}
	for _, d := range docs {
		if err := os.WriteFile(d.path, []byte(d.text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// document is a file as it should be.
type document struct{ path, text string }

// documents makes all of them, from the root of the module.
func documents() ([]document, error) {
	commands, err := commandsDoc()
	if err != nil {
		return nil, err
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		return nil, err
	}
	filled, err := fill(string(readme))
	if err != nil {
		return nil, fmt.Errorf("README.md: %w", err)
	}
	settings, err := configDoc()
	if err != nil {
		return nil, err
	}
	return []document{
		{"docs/transforms.md", transformsDoc()},
		{"docs/commands.md", commands},
		{"docs/config.schema.json", config.Schema()},
		{"docs/config.md", settings},
		{"README.md", filled},
	}, nil
}
