package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// maxNested is how deep sh -c inside sh -c is read.
const maxNested = 4

// shellCall is what the words behind a shell say.
type shellCall struct {
	options Options
	command bool // -c was given
	words   []Word
}

// readShellCall reads the words of sh, bash and their like: -c, -lc, -eo pipefail -c.
// words behind the options stay. ok is false where an option is computed.
func readShellCall(words []Word) (call shellCall, ok bool) {
	name, _ := words[0].Literal()
	call.options.Bash = baseName(name) == "bash"
	words = words[1:]
	for len(words) > 0 {
		arg, literal := words[0].Literal()
		if !literal {
			call.words = words
			start := words[0].prefix()
			return call, start != "" && start[0] != '-' || start == "" && call.command
		}
		if len(arg) < 2 || arg[0] != '-' && arg[0] != '+' {
			break
		}
		words = words[1:]
		if arg == "--" {
			break
		}
		if !strings.HasPrefix(arg, "--") {
			words = call.cluster(arg, words)
		}
	}
	call.words = words
	return call, true
}

// cluster reads one word of letters, and returns rest without the names that its o options took.
func (call *shellCall) cluster(arg string, rest []Word) []Word {
	on := arg[0] == '-'
	for _, letter := range arg[1:] {
		switch letter {
		case 'c':
			call.command = true
		case 'e':
			call.options.Errexit = on
		case 'o', 'O':
			if len(rest) == 0 {
				return rest
			}
			name, _ := rest[0].Literal()
			call.option(name, on)
			rest = rest[1:]
		}
	}
	return rest
}

func (call *shellCall) option(name string, on bool) {
	switch name {
	case "errexit":
		call.options.Errexit = on
	case "pipefail":
		call.options.Pipefail = on
	}
}

// inner reads the text that a command hands to a shell, and says in Hidden why it cannot.
func (w *walker) inner(cmd *Command, c context) {
	words, _ := cmd.Unwrap()
	if len(words) == 0 {
		return
	}
	name, ok := words[0].Literal()
	if !ok {
		cmd.Hidden = "a computed program"
		return
	}
	switch base := baseName(name); {
	case name == "eval":
		cmd.Hidden = "eval"
	case name == "." || name == "source":
		cmd.Hidden = "source"
	case isShell(base):
		w.shell(cmd, words, c)
	case base == "su" || base == "runuser":
		w.su(cmd, words, c)
	case base == "zsh" || base == "ksh" || base == "fish" || base == "csh" || base == "tcsh":
		cmd.Hidden = base
	}
}

func (w *walker) shell(cmd *Command, words []Word, c context) {
	name, _ := words[0].Literal()
	base := baseName(name)
	call, ok := readShellCall(words)
	switch {
	case !ok:
		cmd.Hidden = base + " with computed options"
	case !call.command && len(call.words) == 0:
		cmd.Hidden = base + " reading its input"
	case !call.command:
		cmd.Hidden = "a script run by " + base
	case len(call.words) > 0:
		cmd.Hidden = w.innerText(base+" -c", call.words[0], call.options, cmd, c)
	}
}

// su reads su -c 'text' user, which has the user's shell read the text.
func (w *walker) su(cmd *Command, words []Word, c context) {
	name, _ := words[0].Literal()
	flags, _ := Getopt(words[1:], "-c", "--command", "-s", "--shell", "-g", "-G", "-u")
	for _, f := range flags {
		if f.HasValue && (f.Name == "-c" || f.Name == "--command") {
			cmd.Hidden = w.innerText(baseName(name)+" -c", f.Value, Options{}, cmd, c)
			return
		}
	}
	cmd.Hidden = baseName(name)
}

// innerText walks the text in a word as a script of its own, and returns why it could not.
func (w *walker) innerText(what string, word Word, o Options, cmd *Command, c context) string {
	text, ok := word.Literal()
	if !ok {
		return what + " with a computed text"
	}
	if w.nested >= maxNested {
		return what + " nested too deep"
	}
	tree, construct, err := read(text, o.Bash)
	if err != nil {
		return what + ": " + err.Error()
	}
	if w.script.Bash == "" && !o.Bash {
		w.script.Bash = construct
	}
	in := walker{script: w.script, text: text, from: w.innerOrigin(word, text), options: o, nested: w.nested + 1}
	in.state = state{dir: directory{path: cmd.Dir, known: cmd.DirKnown}, vars: w.state.vars.forget(), errexit: o.Errexit, pipefail: o.Pipefail}
	in.list(tree.Stmts, context{flow: c.flow | Subshell, status: w.required(c), errexit: true})
	return ""
}

// innerOrigin tells where the text of a word stands: inside its quotes where it is
// one plain quoted string, else nowhere in particular.
func (w *walker) innerOrigin(word Word, text string) origin {
	opaque := origin{at: word.Span, opaque: true}
	switch {
	case w.strings && word.Exact:
		return stringOrigin(word, text)
	case w.strings || w.from.opaque || len(word.parts.Parts) != 1:
		return opaque
	}
	from := int(word.parts.Parts[0].Pos().Offset())
	switch word.parts.Parts[0].(type) {
	case *syntax.SglQuoted, *syntax.DblQuoted:
		from++
	}
	if from+len(text) > len(w.text) || w.text[from:from+len(text)] != text {
		return opaque
	}
	return w.from.inside(from)
}
