package dockerfile

import (
	"cmp"
	"slices"

	"github.com/bulwark-cli/bulwark/internal/edit"
)

// Line returns the 1-based line of a byte offset. An offset past the end is on
// the last line.
func (f *File) Line(offset int) int {
	n, found := slices.BinarySearchFunc(f.lines, offset, func(l line, at int) int { return cmp.Compare(l.start, at) })
	if found {
		n++
	}
	return max(n, 1)
}

// InstrAt returns the instruction whose lines, heredocs among them, hold the
// byte offset; nil between instructions. The comments above an instruction do
// not count.
func (f *File) InstrAt(offset int) *Instr {
	n, found := slices.BinarySearchFunc(f.Instrs, offset, func(in *Instr, at int) int { return cmp.Compare(in.LineStart(f), at) })
	if !found {
		n--
	}
	if n < 0 || offset >= f.Instrs[n].Whole(f).End {
		return nil
	}
	return f.Instrs[n]
}

// LineStart returns the offset at which the first line of the instruction
// begins, its indentation included.
func (i *Instr) LineStart(f *File) int { return f.lines[i.Line-1].start }

// Whole returns the comments directly above the instruction, the instruction
// and its line end: removing that leaves the lines around it as they were.
func (i *Instr) Whole(f *File) edit.Span {
	return edit.Span{Start: i.Lead.Start, End: f.lines[i.EndLine-1].next}
}

// FlagNamed returns the first flag of that name, written without dashes; nil
// where there is none.
func (i *Instr) FlagNamed(name string) *Flag {
	for n := range i.Flags {
		if i.Flags[n].Name == name {
			return &i.Flags[n]
		}
	}
	return nil
}

// DirectiveNamed returns the parser directive of that name; nil where there is
// none.
func (f *File) DirectiveNamed(name string) *Directive {
	for n := range f.Directives {
		if f.Directives[n].Name == name {
			return &f.Directives[n]
		}
	}
	return nil
}

// setHeredocs gives the heredocs to the instruction and to the one inside ONBUILD.
func (i *Instr) setHeredocs(docs []Heredoc) {
	i.Heredocs = docs
	if i.OnBuild != nil {
		i.OnBuild.Heredocs = docs
	}
}

// CopySource is one source of COPY or ADD.
type CopySource struct {
	Arg     Arg
	Heredoc *Heredoc // the file's content stands in the Dockerfile; nil for a path or address
}

// CopySources returns the sources of COPY or ADD in order; nil for any other
// instruction.
func (i *Instr) CopySources() []CopySource {
	if i.Name != "copy" && i.Name != "add" || len(i.Args) < 2 {
		return nil
	}
	var out []CopySource
	for _, a := range i.Args[:len(i.Args)-1] {
		out = append(out, CopySource{Arg: a, Heredoc: i.heredocAt(a.Span)})
	}
	return out
}

// CopyDest returns the destination of COPY or ADD; ok is false for any other
// instruction.
func (i *Instr) CopyDest() (dest Arg, ok bool) {
	if i.Name != "copy" && i.Name != "add" || len(i.Args) < 2 {
		return Arg{}, false
	}
	return i.Args[len(i.Args)-1], true
}

func (i *Instr) heredocAt(word edit.Span) *Heredoc {
	for n := range i.Heredocs {
		if i.Heredocs[n].Word == word {
			return &i.Heredocs[n]
		}
	}
	return nil
}

// Raw returns the word as written, quotes included and continuations joined,
// which is what State.Expand wants. For exec form it is the decoded string.
func (a Arg) Raw() string { return a.raw }

// RawValue returns the value as written, quotes included and continuations
// joined, which is what State.Expand wants.
func (p *Pair) RawValue() string { return p.rawValue }
