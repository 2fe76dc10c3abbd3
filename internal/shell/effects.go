package shell

import "strings"

// effects lets a command change the state of the shell that runs it.
func (w *walker) effects(c *Command) {
	if len(c.Words) == 0 {
		w.assign(c.Assigns)
		return
	}
	switch name := c.Name(); name {
	case "cd", "pushd", "popd":
		w.moves++
		w.state.dir = w.move(name, c.Words[1:])
	case "set":
		w.set(c.Words[1:])
	case "export", "readonly", "local", "declare", "typeset":
		w.assign(c.Assigns)
	case "read", "unset", "getopts", "mapfile", "readarray":
		w.unknownNames(c.Words[1:])
	case "printf":
		if c.Arg(1).Text == "-v" {
			w.unknownNames(c.Words[2:])
		}
	case "eval":
		w.anything()
	case ".", "source":
		w.source(c)
	default:
		w.callFunction(name)
	}
}

func (w *walker) assign(assigns []Assign) {
	for _, a := range assigns {
		value, ok := a.Value.Expand(w.lookup)
		w.state.vars = w.state.vars.set(a.Name, value, ok && !a.Append)
	}
}

// unknownNames forgets the variables that the words of read, unset and the like name.
func (w *walker) unknownNames(words []Word) {
	for _, word := range words {
		name, ok := word.Literal()
		if !ok {
			w.state.vars = w.state.vars.forget()
			return
		}
		if !strings.HasPrefix(name, "-") {
			w.state.vars = w.state.vars.set(name, "", false)
		}
	}
}

// anything forgets all: code ran in this shell that cannot be seen.
func (w *walker) anything() {
	w.moves++
	w.state.dir = w.state.dir.lost()
	w.state.vars = w.state.vars.forget()
}

func (w *walker) source(c *Command) {
	dir := w.state.dir
	w.anything()
	if sourcedQuietly(c.Arg(1).Text) || sourcedQuietly(strings.Trim(c.Arg(1).Text, `"'`)) {
		w.state.dir = dir
	}
}

func (w *walker) callFunction(name string) {
	moves, ok := w.funcs[name]
	if !ok {
		return
	}
	w.state.vars = w.state.vars.forget()
	if moves {
		w.moves++
		w.state.dir = w.state.dir.lost()
	}
}

// set follows -e and -o pipefail, which decide whether a failure counts.
func (w *walker) set(words []Word) {
	for i := 0; i < len(words); i++ {
		arg, ok := words[i].Literal()
		if !ok || len(arg) < 2 || arg == "--" || arg[0] != '-' && arg[0] != '+' {
			return
		}
		on := arg[0] == '-'
		if strings.Contains(arg, "e") {
			w.state.errexit = on
		}
		if strings.HasSuffix(arg, "o") && i+1 < len(words) {
			i++
			name, _ := words[i].Literal()
			w.setNamed(name, on)
		}
	}
}

func (w *walker) setNamed(option string, on bool) {
	switch option {
	case "errexit":
		w.state.errexit = on
	case "pipefail":
		w.state.pipefail = on
	}
}

// move returns the directory after cd, pushd or popd.
func (w *walker) move(name string, words []Word) directory {
	d := w.state.dir
	for len(words) > 0 && isCdOption(words[0].Text) {
		words = words[1:]
	}
	switch {
	case name == "popd":
		return d.popped(len(words))
	case len(words) > 1 || len(words) == 0 && name == "pushd":
		return d.lost()
	}
	to := w.target(d, words)
	if name == "pushd" {
		to.stack = &d
	}
	return to
}

func isCdOption(text string) bool {
	return text == "-P" || text == "-L" || text == "--" || text == "-e"
}

func (d directory) popped(args int) directory {
	if d.stack == nil || args > 0 {
		return d.lost()
	}
	to := *d.stack
	to.prev = &d
	return to
}

// target is where cd with at most one word leads.
func (w *walker) target(d directory, words []Word) directory {
	if len(words) == 0 {
		home, ok := w.lookup("HOME")
		if !ok || home == "" {
			return d.lost()
		}
		return d.moved(home)
	}
	to, ok := words[0].Expand(w.lookup)
	switch {
	case !ok:
		return d.lost()
	case to == "-" && d.prev == nil:
		return d.lost()
	case to == "-":
		return directory{path: d.prev.path, known: d.prev.known, prev: &d, stack: d.stack}
	}
	return d.moved(to)
}
