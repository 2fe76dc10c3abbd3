package dockerfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Bounds that no honest Dockerfile comes near, and beyond which BuildKit's own
// work grows with the square of the input.
const (
	maxInstrs  = 5000
	maxNesting = 500
)

// logical is one instruction as the scanner finds it: which lines it takes, and
// the text that BuildKit parses.
type logical struct {
	line, endLine int // 1-based
	span          edit.Span
	lead          edit.Span
	text          edit.View
	heredocs      []Heredoc
}

// scanner walks the physical lines the way BuildKit's parser does, and keeps
// the byte offsets that BuildKit drops.
type scanner struct {
	file *File
	n    int // index of the next line
	lead int // start of the comment block directly above, -1 for none

	directives parser.DirectiveParser
	// afterShebang reads the directives below a #! line. BuildKit looks there for syntax and check,
	// but no longer for escape.
	afterShebang *parser.DirectiveParser
}

// scan returns the logical instructions of f and fills in its comments,
// directives and escape character.
func scan(f *File) ([]logical, error) {
	s := &scanner{file: f, lead: -1}
	var out []logical
	for s.n < len(f.lines) {
		l := f.lines[s.n]
		text := l.of(f.Src)
		trimmed := trimLeft(text)
		start := l.end - len(trimmed)
		directive, err := s.directive(trimmed, text, start)
		switch {
		case err != nil:
			return nil, placed(f.Name, s.n+1, err)
		case directive || trimmed == "":
			s.n++
			s.lead = -1
		case trimmed[0] == '#':
			s.comment(l, start)
		case len(out) == maxInstrs:
			return nil, placed(f.Name, s.n+1, fmt.Errorf("more than %d instructions", maxInstrs))
		default:
			in, err := s.instruction(start)
			if err != nil {
				return nil, placed(f.Name, in.line, err)
			}
			out = append(out, in)
		}
	}
	return out, nil
}

func (l line) of(src string) string { return src[l.start:l.end] }

// comment takes the comment line l, whose # stands at start.
func (s *scanner) comment(l line, start int) {
	shebang := s.n == 0 && strings.HasPrefix(s.file.Src[l.start:], "#!")
	if shebang {
		s.afterShebang = &parser.DirectiveParser{}
	} else if s.lead < 0 {
		s.lead = l.start
	}
	s.file.Comments = append(s.file.Comments, edit.Span{Start: start, End: l.end})
	s.n++
}

// directive takes the line if it is a parser directive. trimmed is the line
// without leading blanks, text with them; start is where trimmed stands.
func (s *scanner) directive(trimmed, text string, start int) (bool, error) {
	d, err := s.directives.ParseLine([]byte(trimmed))
	if err != nil {
		return false, err
	}
	if d == nil && s.afterShebang != nil {
		// A repeated directive is no error here: BuildKit stops looking.
		if d, err = s.afterShebang.ParseLine([]byte(text)); d == nil || err != nil {
			s.afterShebang = nil
			return false, nil
		}
		if d.Name == "escape" {
			return false, nil
		}
	}
	if d == nil {
		return false, nil
	}
	if d.Name == "escape" {
		if d.Value != "`" && d.Value != `\` {
			return false, fmt.Errorf("invalid escape token %q: it must be ` or \\", d.Value)
		}
		s.file.Escape = d.Value[0]
	}
	span := edit.Span{Start: start, End: start + len(trimmed)}
	s.file.Directives = append(s.file.Directives, Directive{Name: d.Name, Value: d.Value, Span: span})
	return true, nil
}

// instruction takes the instruction that starts at the byte start of the next
// line, its continuation lines and its heredocs.
func (s *scanner) instruction(start int) (logical, error) {
	f := s.file
	first := f.lines[s.n]
	in := logical{line: s.n + 1, lead: edit.Span{Start: first.start, End: first.start}}
	if s.lead >= 0 {
		in.lead.Start = s.lead
	}
	s.lead = -1
	in.text = s.logicalLine(start)
	if nesting(in.text.String()) > maxNesting {
		return in, fmt.Errorf("more than %d variable substitutions inside each other", maxNesting)
	}
	words, err := heredocWords(&in.text, f.Escape)
	if err != nil {
		return in, err
	}
	for _, w := range words {
		if w, err = s.heredoc(w); err != nil {
			return in, err
		}
		in.heredocs = append(in.heredocs, w)
	}
	in.endLine = s.n
	in.span = edit.Span{Start: start, End: f.lines[s.n-1].end}
	return in, nil
}

// logicalLine consumes the lines that continuation characters join. Comments
// and empty lines between them are skipped, as BuildKit does.
func (s *scanner) logicalLine(start int) edit.View {
	f := s.file
	l := f.lines[s.n]
	s.n++
	keep, more := cutContinuation(f.Src[start:l.end], f.Escape)
	var text edit.View
	text.Append(f.Src, edit.Span{Start: start, End: start + keep})
	for more && s.n < len(f.lines) {
		l = f.lines[s.n]
		s.n++
		trimmed := trimLeft(l.of(f.Src))
		if trimmed == "" {
			continue
		}
		if trimmed[0] == '#' {
			f.Comments = append(f.Comments, edit.Span{Start: l.end - len(trimmed), End: l.end})
			continue
		}
		keep, more = cutContinuation(l.of(f.Src), f.Escape)
		text.Append(f.Src, edit.Span{Start: l.start, End: l.start + keep})
	}
	return text
}

// heredoc consumes the lines of the heredoc that the word h opens.
func (s *scanner) heredoc(h Heredoc) (Heredoc, error) {
	f := s.file
	h.Body.Start = f.lines[s.n-1].next
	for s.n < len(f.lines) {
		l := f.lines[s.n]
		s.n++
		text := l.of(f.Src)
		if h.Chomp {
			text = strings.TrimLeft(text, "\t")
		}
		if text == h.Name {
			h.Body.End = l.start
			h.End = edit.Span{Start: l.start, End: l.end}
			return h, nil
		}
	}
	return h, errors.New("unterminated heredoc")
}

// nesting returns how deep ${ } substitutions in text lie inside each other.
func nesting(text string) int {
	depth, deepest := 0, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '}' && depth > 0:
			depth--
		case text[i] == '$' && i+1 < len(text) && text[i+1] == '{':
			depth++
			deepest = max(deepest, depth)
		}
	}
	return deepest
}
