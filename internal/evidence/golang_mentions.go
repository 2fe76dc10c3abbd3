package evidence

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// maxMentions bounds how many bytes of a program's string constants are kept.
const maxMentions = 1 << 20

// goConstants are string constants as written, quotes included.
type goConstants struct {
	list []string
	size int
}

// Mentions reports whether a string constant of the program's own sources has
// name in it. A file that no constant names may still be opened, by a name that
// is computed; a file that one names most likely is.
func (p *GoProgram) Mentions(name string) bool {
	return slices.ContainsFunc(p.constants.list, func(s string) bool { return strings.Contains(s, name) })
}

func (c *goConstants) add(n *ast.BasicLit) {
	if n.Kind == token.STRING && c.size < maxMentions {
		c.list = append(c.list, n.Value)
		c.size += len(n.Value)
	}
}
