package dockerfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Parse reads a Dockerfile. name is used in errors only.
//
// Every span of the result has been checked: the file is taken apart here by
// bytes and by BuildKit's parser by lines, and where the two do not agree word
// for word, or where a byte of src would belong to nothing, Parse returns an
// error rather than spans that may be wrong. All errors are *Error.
func Parse(name, src string) (*File, error) {
	f := &File{Name: name, Src: src, Escape: parser.DefaultEscapeToken, EOL: mostlyEOL(src), BOM: strings.HasPrefix(src, bom)}
	if f.Name == "" {
		f.Name = "Dockerfile"
	}
	f.lines = splitLines(src)
	if line, err := checkText(f); err != nil {
		return nil, placed(f.Name, line, err)
	}
	found, err := scan(f)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, placed(f.Name, 0, errors.New("no instructions, only comments and empty lines"))
	}
	nodes, err := buildkitNodes(f)
	if err != nil {
		return nil, err
	}
	if len(nodes) != len(found) {
		return nil, placed(f.Name, 0, fmt.Errorf("BuildKit reads %d instructions where %d were found: please report this file", len(nodes), len(found)))
	}
	for i, l := range found {
		if err := f.add(l, nodes[i]); err != nil {
			return nil, placed(f.Name, l.line, err)
		}
	}
	if len(f.Stages) == 0 {
		return nil, placed(f.Name, 0, errors.New("no FROM instruction"))
	}
	if err := checkLossless(f); err != nil {
		return nil, placed(f.Name, 0, err)
	}
	f.linkStages()
	return f, nil
}

// checkText refuses what cannot be a Dockerfile, and returns the line.
func checkText(f *File) (int, error) {
	if strings.TrimSpace(strings.TrimPrefix(f.Src, bom)) == "" {
		return 0, errors.New("empty file")
	}
	if i := strings.IndexByte(f.Src, 0); i >= 0 {
		return f.Line(i), errors.New("NUL byte: this is binary, or text in UTF-16, and no Dockerfile")
	}
	return checkLength(f.Src, f.lines)
}

// buildkitNodes runs BuildKit's parser over the file.
func buildkitNodes(f *File) ([]*parser.Node, error) {
	var result *parser.Result
	err := guarded(func() (err error) {
		result, err = parser.Parse(strings.NewReader(f.Src))
		return err
	})
	if err != nil {
		return nil, placed(f.Name, 0, err)
	}
	if result.EscapeToken != rune(f.Escape) {
		return nil, placed(f.Name, 0, errors.New("BuildKit reads another escape directive: please report this file"))
	}
	return result.AST.Children, nil
}

// add builds the instruction that l and node describe and appends it to f.
func (f *File) add(l logical, node *parser.Node) error {
	b := builder{file: f}
	in := b.instr(&l.text)
	in.Index = len(f.Instrs)
	in.Span, in.Lead = l.span, l.lead
	in.Line, in.EndLine = l.line, l.endLine
	in.setHeredocs(l.heredocs)
	if in.OnBuild != nil {
		in.OnBuild.Index = in.Index
	}
	if b.failed != nil {
		return b.failed
	}
	if err := agree(f, in, &b.want, node); err != nil {
		return err
	}
	if err := f.setTyped(in, node); err != nil {
		return err
	}
	f.Instrs = append(f.Instrs, in)
	return f.place(in)
}

// setTyped runs BuildKit's instruction parser. The linter is there because
// BuildKit dereferences it for a comment that looks like a check directive.
func (f *File) setTyped(in *Instr, node *parser.Node) error {
	return guarded(func() (err error) {
		in.typed, err = instructions.ParseInstructionWithLinter(node, linter.New(&linter.Config{}))
		if err != nil || in.OnBuild == nil {
			return err
		}
		child := *node.Next.Children[0]
		child.Heredocs = node.Heredocs
		// BuildKit looks at a trigger only when it runs: an error here is not one of this file.
		in.OnBuild.typed, _ = instructions.ParseInstructionWithLinter(&child, linter.New(&linter.Config{}))
		return nil
	})
}
