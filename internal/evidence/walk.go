package evidence

import (
	"io/fs"
	"path"
	"slices"
)

const maxWalk = 20000

// Walk calls visit for everything below dir that the builder would see, in the
// order of the names, a folder before its content. The content of .git and
// node_modules is left out, links are not followed. It returns false when it
// stopped after 20,000 entries.
func (c *Context) Walk(dir string, visit func(p string, e fs.DirEntry)) bool {
	return c.walk(dir, func(p string, e fs.DirEntry) bool {
		visit(p, e)
		return e.Name() != ".git" && e.Name() != "node_modules"
	})
}

// walk is Walk where visit tells whether to go into a folder.
func (c *Context) walk(dir string, visit func(p string, e fs.DirEntry) bool) bool {
	dir, ok := cleanPath(dir)
	if !ok {
		return true
	}
	// A stack of its own: a hostile tree is deep.
	type item struct {
		path  string
		entry fs.DirEntry
	}
	var stack []item
	push := func(dir string) {
		for _, e := range slices.Backward(c.List(dir)) {
			stack = append(stack, item{path.Join(dir, e.Name()), e})
		}
	}
	push(dir)
	for n := 0; len(stack) > 0; n++ {
		if n == maxWalk {
			return false
		}
		it := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if visit(it.path, it.entry) && it.entry.IsDir() {
			push(it.path)
		}
	}
	return true
}
