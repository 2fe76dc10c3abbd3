package shell

import "path"

// Name returns the program as the command names it, quotes removed: "go",
// "/usr/bin/env". It is "" where the command only sets variables, and where the
// program is computed.
func (c *Command) Name() string {
	if len(c.Words) == 0 {
		return ""
	}
	name, _ := c.Words[0].Literal()
	return name
}

// Base returns the last element of Name: "env" for /usr/bin/env.
func (c *Command) Base() string { return baseName(c.Name()) }

func baseName(program string) string {
	if program == "" {
		return ""
	}
	return path.Base(program)
}

// Arg returns word i, the program being word 0; the zero Word where there is none.
func (c *Command) Arg(i int) Word {
	if i < 0 || i >= len(c.Words) {
		return Word{}
	}
	return c.Words[i]
}

// Has reports whether all bits of flow are set.
func (f Flow) Has(flow Flow) bool { return f&flow == flow }
