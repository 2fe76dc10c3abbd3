package main

import (
	"fmt"
	"os"
	"regexp"

	"github.com/bulwark-cli/bulwark/internal/config"
)

// keyTable is the part of docs/config.md that comes from the schema.
var keyTable = regexp.MustCompile(`(?s)<!-- keys -->\n.*<!-- /keys -->\n`)

// configDoc is docs/config.md with its table and examples filled in.
func configDoc() (string, error) {
	text, err := os.ReadFile("docs/config.md")
	if err != nil {
		return "", err
	}
	keys, err := config.Keys()
	if err != nil {
		return "", err
	}
	if !keyTable.Match(text) {
		return "", fmt.Errorf("docs/config.md has no place for the keys")
	}
	table := "<!-- keys -->\n" + keys + "<!-- /keys -->\n"
	filled, err := fill(keyTable.ReplaceAllLiteralString(string(text), table))
	if err != nil {
		return "", fmt.Errorf("docs/config.md: %w", err)
	}
	return filled, nil
}
