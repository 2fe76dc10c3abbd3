package shell

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"mvdan.cc/sh/v3/syntax"
)

// The parser recurses, and a Go stack that overflows cannot be caught. A text
// beyond these bounds is not read: with them the deepest nesting that can be
// written needs some 100 MB of stack, and no RUN or script comes near them.
const (
	maxText     = 128 << 10
	maxOpeners  = 8 << 10
	maxUnclosed = 8
)

// Options say what is known of the shell that reads a text.
type Options struct {
	Bash     bool // it is bash, whatever the text looks like
	Errexit  bool // started with -e
	Pipefail bool // started with -o pipefail
	// Lookup gives the value of a variable that is set before the text runs, as by ENV. It serves to
	// follow cd; nil knows none.
	Lookup func(name string) (value string, ok bool)
}

// Parse reads the text of v, such as the body of a RUN or CMD with its
// continuations joined, or a heredoc. Spans refer to the source behind the view.
// bash says that bash runs it. A text without bash that only bash can read is
// read as bash all the same, and Script.Bash says why.
func Parse(v edit.View, bash bool) *Script {
	return ParseWith(v, Options{Bash: bash})
}

// ParseWith is Parse with all that is known of the shell.
func ParseWith(v edit.View, o Options) *Script {
	s := &Script{}
	text, from := viewOrigin(&v)
	w := walker{script: s, text: text, from: from, options: o}
	w.state.dir.known = true
	w.state.errexit, w.state.pipefail = o.Errexit, o.Pipefail
	tree, construct, err := read(text, o.Bash)
	if err != nil {
		s.Unknown = err.Error()
		return s
	}
	s.Bash = construct
	w.list(tree.Stmts, context{status: true, errexit: true})
	return s
}

// ParseText reads a whole script file, in the shell that its first line names.
// Spans are bytes of src. A script for another interpreter is Unknown.
func ParseText(src string) *Script {
	var o Options
	if name := Interpreter(src); name != "" {
		if !isShell(name) {
			return &Script{Unknown: "written for " + name + ", which is not a shell that can be read"}
		}
		_, args := Shebang(src)
		o = ShellOptions(append([]string{name}, args...))
	}
	var v edit.View
	start := len(src) - len(strings.TrimPrefix(src, "\ufeff"))
	v.Append(src, edit.Span{Start: start, End: len(src)})
	return ParseWith(v, o)
}

// read parses text. construct names the first thing in it that a POSIX shell
// lacks; such a text gets bash's tree, since it can work in no other shell.
func read(text string, bash bool) (tree *syntax.File, construct string, err error) {
	if err := readable(text); err != nil {
		return nil, "", err
	}
	tree, err = parseAs(syntax.LangBash, text)
	if err != nil {
		return readPosix(text, bash, err)
	}
	if construct = firstBashism(tree); construct != "" || bash {
		return tree, construct, nil
	}
	posix, err := parseAs(syntax.LangPOSIX, text)
	if err != nil {
		return tree, feature(err), nil
	}
	return posix, "", nil
}

// readPosix is for a text that bash refuses: a POSIX shell may take it still.
func readPosix(text string, bash bool, bashErr error) (*syntax.File, string, error) {
	if bash {
		return nil, "", bashErr
	}
	tree, err := parseAs(syntax.LangPOSIX, text)
	if err != nil {
		return nil, "", bashErr
	}
	return tree, "", nil
}

// readable refuses what the parser cannot bear or would silently read otherwise than a shell.
func readable(text string) error {
	switch {
	case len(text) > maxText:
		return fmt.Errorf("%d bytes of shell are more than the %d that are read", len(text), maxText)
	case strings.Count(text, "(")+strings.Count(text, "{")+strings.Count(text, "`") > maxOpeners:
		return fmt.Errorf("more than %d brackets and backquotes", maxOpeners)
	case strings.Contains(text, "\x00"):
		return errors.New("holds a NUL byte")
	case strings.Contains(text, "\r"):
		return errors.New("holds a carriage return inside a line")
	}
	return nil
}

// parseAs parses text in one dialect. A heredoc without its end is closed at the
// end of the text, as shells do; the body of one in a RUN is kept elsewhere.
func parseAs(lang syntax.LangVariant, text string) (tree *syntax.File, err error) {
	for range maxUnclosed {
		tree, err = tryParse(text, syntax.Variant(lang))
		end, unclosed := unclosedHeredoc(err)
		if !unclosed {
			return tree, err
		}
		text += "\n" + end + "\n"
	}
	return tree, err
}

// tryParse turns a panic of the parser into an error: the text is a stranger's.
func tryParse(text string, options ...syntax.ParserOption) (tree *syntax.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			tree, err = nil, fmt.Errorf("mvdan.cc/sh failed on it: %v", r)
		}
	}()
	tree, err = syntax.NewParser(options...).Parse(strings.NewReader(text), "")
	return tree, plain(err)
}

// unclosedHeredoc returns the word that would have ended the heredoc that err complains of.
func unclosedHeredoc(err error) (end string, ok bool) {
	var parse syntax.ParseError
	if !errors.As(err, &parse) {
		return "", false
	}
	quoted, ok := strings.CutPrefix(parse.Text, "unclosed here-document ")
	if !ok {
		return "", false
	}
	end, err = strconv.Unquote(quoted)
	return end, err == nil && !strings.Contains(end, "\n")
}

// plain drops the position, which counts lines of a text that nobody sees, from a parse error.
func plain(err error) error {
	var parse syntax.ParseError
	if errors.As(err, &parse) {
		return readError{parse.Text, err}
	}
	var lang syntax.LangError
	if errors.As(err, &lang) {
		return readError{lang.Feature + " is not known to this shell", err}
	}
	return err
}

// readError is a parser's error without its position.
type readError struct {
	text string
	err  error
}

func (e readError) Error() string { return e.text }
func (e readError) Unwrap() error { return e.err }

// feature names what a POSIX parser stumbled over.
func feature(err error) string {
	var lang syntax.LangError
	if errors.As(err, &lang) {
		return lang.Feature
	}
	return "bash syntax"
}
