package dockerfile

import (
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Script is the text that a shell form hands to a shell, or to the interpreter
// that its first line names.
type Script struct {
	View edit.View
	// Shebang is the text after #! where the script is a heredoc that begins with one: BuildKit then
	// runs it as a program, and SHELL plays no part. "" otherwise.
	Shebang string
	// Heredoc is the heredoc that is the whole script; nil where the script is the instruction's text.
	Heredoc *Heredoc
}

// ScriptView returns the text that the shell runs for a RUN, CMD or ENTRYPOINT
// in shell form; ok is false for any other instruction. See Script for the
// shebang of a heredoc.
func (i *Instr) ScriptView(f *File) (v edit.View, ok bool) {
	s, ok := i.Script(f)
	return s.View, ok
}

// Script returns the script of a RUN, CMD or ENTRYPOINT in shell form; ok is
// false for any other instruction. `RUN <<EOF` is the heredoc's content; where
// heredocs feed commands, it is the text followed by the heredocs, so that a
// shell parser reads them itself.
func (i *Instr) Script(f *File) (s Script, ok bool) {
	switch i.Name {
	case "run", "cmd", "entrypoint":
	default:
		return Script{}, false
	}
	if i.JSON {
		return Script{}, false
	}
	if len(i.Heredocs) == 0 {
		return Script{View: i.Body}, true
	}
	if doc, err := parser.ParseHeredoc(i.Body.String()); err == nil && doc != nil {
		return i.heredocScript(f), true
	}
	v := i.Body
	for _, h := range i.Heredocs {
		// A heredoc's body begins behind the \n of the line before it.
		v.Append(f.Src, edit.Span{Start: h.Body.Start - 1, End: h.Body.End})
		v.Append(f.Src, h.End)
	}
	return Script{View: v}, true
}

// heredocScript returns the only heredoc of the instruction as a script.
func (i *Instr) heredocScript(f *File) Script {
	h := &i.Heredocs[0]
	s := Script{Heredoc: h}
	for at := h.Body.Start; at < h.Body.End; {
		end := h.Body.End
		if n := strings.IndexByte(f.Src[at:end], '\n'); n >= 0 {
			end = at + n + 1
		}
		if h.Chomp {
			at = end - len(strings.TrimLeft(f.Src[at:end], "\t"))
		}
		s.View.Append(f.Src, edit.Span{Start: at, End: end})
		at = end
	}
	if rest, ok := strings.CutPrefix(s.View.String(), "#!"); ok {
		line, _, _ := strings.Cut(rest, "\n")
		s.Shebang = strings.TrimSpace(line)
	}
	return s
}
