package shell

import (
	"path"
	"strings"
)

// state is what a shell carries from one command to the next. It is a value:
// a subshell works on a copy, and the copy is dropped behind it.
type state struct {
	dir               directory
	vars              *binding
	errexit, pipefail bool
}

// directory is the working directory, relative to the start unless absolute.
type directory struct {
	path  string
	known bool
	prev  *directory // for cd -
	stack *directory // for popd; linked by stack
}

// maxPath is PATH_MAX of Linux: no longer directory can be entered.
const maxPath = 4096

func (d directory) moved(to string) directory {
	if !path.IsAbs(to) {
		if !d.known {
			return directory{prev: &d, stack: d.stack}
		}
		to = path.Join(d.path, to)
	}
	if len(to) > maxPath {
		return d.lost()
	}
	if to = path.Clean(to); to == "." {
		to = ""
	}
	return directory{path: to, known: true, prev: &d, stack: d.stack}
}

// same reports whether both are known to be the same place; what cd - and popd lead to may differ.
func (d directory) same(other directory) bool {
	return d == other || d.known && other.known && d.path == other.path
}

func (d directory) lost() directory { return directory{prev: &d, stack: d.stack} }

// binding is one variable in a linked list, the newest first. A list can be
// shared by any number of states. An empty name stands for all variables.
type binding struct {
	name, value string
	known       bool
	next        *binding
	length      int
}

// These bound the value of a variable that is remembered, and how many are.
const (
	maxTracked  = 4 << 10
	maxBindings = 512
)

func (b *binding) set(name, value string, known bool) *binding {
	if b != nil && b.length >= maxBindings {
		b = b.forget()
	}
	out := &binding{name: name, value: value, known: known && len(value) <= maxTracked, next: b}
	if b != nil {
		out.length = b.length + 1
	}
	return out
}

// forget makes every variable unknown, those of the environment among them.
func (b *binding) forget() *binding { return &binding{} }

// get returns the binding that tells of name; nil where the script did not set it.
func (b *binding) get(name string) *binding {
	for ; b != nil; b = b.next {
		if b.name == name || b.name == "" {
			return b
		}
	}
	return nil
}

// maxMerged is how many assignments of a branch are forgotten one by one.
const maxMerged = 32

// merge returns what is known after either of two ways was taken, both from a common start.
func merge(a, b state) state {
	if a == b {
		return a
	}
	out := state{errexit: a.errexit && b.errexit, pipefail: a.pipefail && b.pipefail}
	switch {
	case a.dir == b.dir:
		out.dir = a.dir
	case a.dir.same(b.dir):
		out.dir = directory{path: a.dir.path, known: true}
	}
	out.vars = mergeVars(a.vars, b.vars)
	return out
}

// mergeVars forgets the variables that one of two lists set and the other did not.
func mergeVars(a, b *binding) *binding {
	if a == b {
		return a
	}
	namesA, namesB := a.names(b), b.names(a)
	common := a.after(len(namesA))
	if len(namesA) > maxMerged || len(namesB) > maxMerged || common != b.after(len(namesB)) {
		return common.forget()
	}
	out := common
	for _, name := range append(namesA, namesB...) {
		if name == "" {
			return common.forget()
		}
		out = out.set(name, "", false)
	}
	return out
}

// names lists what b set since the end that it has in common with other, and a little more than
// maxMerged where there is none near.
func (b *binding) names(other *binding) []string {
	var names []string
	for ; b != nil && len(names) <= maxMerged; b = b.next {
		for o, i := other, 0; i <= maxMerged; i++ {
			if o == b {
				return names
			}
			if o == nil {
				break
			}
			o = o.next
		}
		names = append(names, b.name)
	}
	return names
}

func (b *binding) after(n int) *binding {
	for ; n > 0 && b != nil; n-- {
		b = b.next
	}
	return b
}

// lookup gives a variable's value where it can be told at this point of the script.
func (w *walker) lookup(name string) (string, bool) {
	if b := w.state.vars.get(name); b != nil {
		return b.value, b.known
	}
	if w.options.Lookup == nil || name == "PWD" || name == "OLDPWD" {
		return "", false
	}
	return w.options.Lookup(name)
}

// sourcedQuietly reports whether a sourced file is one of those that are known to set variables
// and functions only, and to stay in the directory.
func sourcedQuietly(file string) bool {
	for _, end := range []string{"/activate", "/env", "/os-release", "/nvm.sh", "/sdkman-init.sh", "/.bashrc", "/.profile", "/envvars", "/conda.sh", "/setup.bash", "/setup.sh"} {
		if strings.HasSuffix(file, end) {
			return true
		}
	}
	return false
}
