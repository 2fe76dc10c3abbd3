package transform

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// shipped is the stage that becomes the image: the last one.
func shipped(f *dockerfile.File) *dockerfile.Stage { return f.Stages[len(f.Stages)-1] }

// stateAt is the image configuration before an instruction of the stage.
func (p *Pass) stateAt(s *dockerfile.Stage, before *dockerfile.Instr) *dockerfile.State {
	return p.File.StateAt(s, before, p.baseConfig)
}

// baseConfig is what is known of an image, looked up once: a state begins with it at
// each instruction.
func (p *Pass) baseConfig(ref string) dockerfile.BaseImage {
	base, ok := p.bases[ref]
	if !ok {
		base = p.Options.Policy.baseConfig(ref)
		if p.bases == nil {
			p.bases = map[string]dockerfile.BaseImage{}
		}
		p.bases[ref] = base
	}
	return base
}

// stateAfter is the image configuration after an instruction of the stage.
func (p *Pass) stateAfter(s *dockerfile.Stage, in *dockerfile.Instr) *dockerfile.State {
	for i, x := range s.Instrs {
		if x == in && i+1 < len(s.Instrs) {
			return p.stateAt(s, s.Instrs[i+1])
		}
	}
	return p.endState(s)
}

// endState is the image configuration at the end of the stage.
func (p *Pass) endState(s *dockerfile.Stage) *dockerfile.State {
	return p.File.StateAt(s, nil, p.baseConfig)
}

// endState is the shipped image's configuration as far as the file itself sets it:
// what the base brings is left out, so that two bases compare.
func endState(f *dockerfile.File) *dockerfile.State {
	return f.StateAt(shipped(f), nil, func(string) dockerfile.BaseImage { return dockerfile.BaseImage{} })
}

// variable is the value of an environment variable or build argument; ok is false where none is known.
func variable(s *dockerfile.State, name string) (value string, ok bool) {
	for _, list := range [][]dockerfile.Var{s.Env, s.Args} {
		for _, v := range list {
			if v.Name == name {
				return v.Value, v.Known
			}
		}
	}
	return "", false
}

// isRoot reports whether a USER value means root, in any way to write it: "root",
// "0", "00:app"; nothing given means root.
func isRoot(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	return name == "root" || strings.Trim(name, "0") == ""
}

// runScript is what a RUN does: its shell form, its exec form or its heredoc.
func runScript(f *dockerfile.File, in *dockerfile.Instr, state *dockerfile.State) *shell.Script {
	if in.JSON {
		var list []shell.Word
		for _, a := range in.Args {
			list = append(list, shell.Literal(a.Span, a.Exact, a.Value))
		}
		return shell.Exec(list)
	}
	view, ok := in.ScriptView(f)
	if !ok {
		return &shell.Script{Unknown: "its heredoc is for another interpreter than a shell"}
	}
	if len(state.Shell) > 0 && !isPosixShell(state.Shell[0]) {
		return &shell.Script{Unknown: "SHELL is " + state.Shell[0]}
	}
	o := shell.ShellOptions(state.Shell)
	o.Lookup = func(name string) (string, bool) { return variable(state, name) }
	return shell.ParseWith(view, o)
}

func isPosixShell(program string) bool {
	switch program[strings.LastIndexByte(program, '/')+1:] {
	case "sh", "bash", "ash", "dash", "zsh", "ksh":
		return true
	}
	return false
}

// keywordLike prints a keyword in the case that the author gives the stage's FROM.
func keywordLike(f *dockerfile.File, s *dockerfile.Stage, keyword string) string {
	if s.From.Keyword.Of(f.Src) == "from" {
		return strings.ToLower(keyword)
	}
	return keyword
}

// blankAbove reports whether the line above the offset, which starts a line, is empty.
func blankAbove(src string, at int) bool {
	above := strings.TrimSuffix(strings.TrimSuffix(src[:at], "\n"), "\r")
	return strings.HasSuffix(above, "\n")
}

// texts are the words' values, as written where they are computed.
func texts(words []shell.Word) []string {
	var out []string
	for _, w := range words {
		v, ok := w.Literal()
		if !ok {
			v = w.Text
		}
		out = append(out, v)
	}
	return out
}

// lineOf is the 1-based line of a byte offset.
func lineOf(src string, offset int) int { return 1 + strings.Count(src[:offset], "\n") }

// lineStart is the offset of the first byte of the line that offset stands on.
func lineStart(src string, offset int) int { return strings.LastIndexByte(src[:offset], '\n') + 1 }

// insertAt is an edit that puts text in at an offset.
func insertAt(offset int, text string) edit.Edit {
	return edit.Edit{Span: edit.Span{Start: offset, End: offset}, New: text}
}
