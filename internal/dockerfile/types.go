// Package dockerfile reads a Dockerfile without losing a byte: every
// instruction, flag, argument and comment has its span in the source, beside
// the typed view that BuildKit's own parser gives. It is the only importer of
// BuildKit's parser.
package dockerfile

import (
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// File is a parsed Dockerfile. It is read only: changes are edits of Src.
type File struct {
	Name string // as given to Parse; used in errors only
	Src  string
	// EOL is the line end that most lines have, "\n" or "\r\n"; "\n" where there is no line end.
	EOL        string
	BOM        bool
	Escape     byte // '\\' or '`'
	Directives []Directive
	// Comments are all comment lines, those inside continued instructions among them, each from its
	// '#' to before the line end. Parser directives and heredoc bodies are not comments.
	Comments []edit.Span
	Instrs   []*Instr // in source order, FROM and ARG before FROM among them
	Stages   []*Stage

	lines []line // the physical lines
}

// Directive is a parser directive such as `# syntax=docker/dockerfile:1`.
type Directive struct {
	Name, Value string
	Span        edit.Span // the whole line without its line end
}

// Instr is one instruction.
type Instr struct {
	Index   int    // position in File.Instrs
	Name    string // the keyword in lower case
	Keyword edit.Span
	// Span reaches from the keyword to before the line end of the last line, continuations, heredoc
	// bodies and their terminators included.
	Span edit.Span
	// Lead covers the comment lines directly above (no blank line between), whole lines with their
	// line ends, up to the start of the line the instruction is on. Empty where there is none.
	Lead          edit.Span
	Line, EndLine int // 1-based
	Flags         []Flag
	Args          []Arg  // the words after keyword and flags; for exec form the JSON strings
	Pairs         []Pair // ENV, LABEL and ARG only
	JSON          bool   // the exec form (CMD, ENTRYPOINT, RUN, SHELL, VOLUME, COPY, ADD)
	// Body is the logical text after keyword and flags, continuations joined and comments left out,
	// as BuildKit hands it on. Heredoc bodies are not in it.
	Body     edit.View
	Heredocs []Heredoc
	OnBuild  *Instr // the instruction inside ONBUILD; nil otherwise
	Stage    *Stage // nil for an ARG before the first FROM
	typed    any    // what BuildKit's instruction parser made of it
}

// Flag is a builder flag such as --from=build.
type Flag struct {
	Name, Value string    // value unquoted; "" where the flag has none
	Span        edit.Span // the whole flag
	ValueSpan   edit.Span // empty where there is no value
	Exact       bool      // false: broken by a continuation, must not be edited
}

// Arg is one word.
type Arg struct {
	Span  edit.Span // as it stands in the source, quotes included
	Value string    // unquoted and unescaped, variables not expanded
	Exact bool      // false: broken by a continuation, must not be edited

	raw string // as written, continuations joined; for exec form the decoded string
}

// Pair is one name and value of ENV, LABEL or ARG.
type Pair struct {
	Key, Value  string    // value unquoted, variables not expanded
	HasValue    bool      // false for `ARG NAME`
	Span        edit.Span // the whole pair
	ValueSpan   edit.Span // as written, quotes included
	Exact       bool
	ValueQuoted bool

	rawValue string // as written, continuations joined
}

// Heredoc is one here-document of an instruction.
type Heredoc struct {
	Name   string
	Word   edit.Span // <<EOF as written on the instruction's line
	Body   edit.Span // the content, up to the start of the terminator's line
	End    edit.Span // the terminator's line without its line end
	Expand bool
	Chomp  bool
}

// Stage is one build stage.
type Stage struct {
	Index    int
	Name     string // lower case as BuildKit compares it; "" for an unnamed stage
	From     *Instr
	Base     Arg      // the image reference or stage name of FROM
	Platform string   // value of --platform, "" where there is none
	Parent   *Stage   // the earlier stage that Base names; nil for an image
	Instrs   []*Instr // after FROM
}

// Error is a parse error with its place.
type Error struct {
	Name string
	Line int // 1-based; 0 where no line can be named
	Err  error
}
