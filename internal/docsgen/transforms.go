package main

import (
	"fmt"
	"strings"

	"github.com/bulwark-cli/bulwark/transform"
)

const generated = "<!-- Written by `make docs` from the code. Change it there. -->\n"

// transformsDoc is docs/transforms.md: a table, and what each transform says of itself.
func transformsDoc() string {
	var b strings.Builder
	b.WriteString("# Transforms\n\n" + generated + `
In the order they run. Each looks at the text that the one before left. Safety is that of the least
safe change it may propose: *safe* cannot change what the program does; *review* builds, and says
what the reader has to check; *manual* is shown, never written.

| transform | what it does | safety | controls |
|---|---|---|---|
`)
	for _, t := range transform.All() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", t.Name, anchor(heading(t)), does(t), t.Safety, strings.Join(t.Refs, ", "))
	}
	for _, t := range transform.All() {
		b.WriteString("\n" + deeper(strings.TrimSpace(t.Doc)) + "\n")
	}
	return b.String()
}

// heading is the first line of a transform's documentation, "name: what it does".
func heading(t *transform.Transform) string {
	line, _, _ := strings.Cut(strings.TrimSpace(t.Doc), "\n")
	return strings.TrimPrefix(line, "# ")
}

// does is the heading without the name.
func does(t *transform.Transform) string {
	return strings.TrimSpace(strings.TrimPrefix(heading(t), t.Name+":"))
}

// anchor is the name that renderers of Markdown give to a heading.
func anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-', r == '_', 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// deeper moves all headings down by one level. Examples are indented, so that
// their comments are no headings.
func deeper(markdown string) string {
	lines := strings.Split(markdown, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "#") {
			lines[i] = "#" + line
		}
	}
	return strings.Join(lines, "\n")
}
