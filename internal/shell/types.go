// Package shell tells what the shell text of a RUN, CMD or script does, as far
// as it can be told without running it. It is built on mvdan.cc/sh; where a
// construct hides what happens, it says so instead of guessing.
package shell

import (
	"github.com/bulwark-cli/bulwark/internal/edit"
	"mvdan.cc/sh/v3/syntax"
)

// Script is the commands of a shell text in source order, whatever their nesting. A command comes
// before the commands of its own substitutions, and before those of a text that it hands to sh -c.
type Script struct {
	Commands []*Command
	// Unknown is the reason why the text could not be read as a whole; "" when it could.
	Unknown string
	// Bash names the first construct that a POSIX shell lacks, such as "[[" or "array"; "" for none.
	Bash string
}

// Flow says under which circumstances a command runs. The zero value means: always, once, in the
// order it stands, and a failure of what stands before it (joined by &&) ends the script.
type Flow uint16

const (
	Conditional  Flow = 1 << iota // inside if, case, or after || : may not run
	Loop                          // inside for, while, until
	Subshell                      // ( ) or the like: cd and variables do not leave it
	Pipe                          // one side of |
	Background                    // &
	Function                      // inside a function body
	MayFail                       // its failure is swallowed (before ||, before ; without set -e, negated)
	Substitution                  // inside $( ) or backquotes
)

// Command is one simple command: a program with its words. Where redirections stand behind a compound
// command such as { } or done, they make up a Command of their own, without words or assignments.
type Command struct {
	Words     []Word // the program first; empty where only variables are set
	Assigns   []Assign
	Redirects []Redirect
	Span      edit.Span // source bytes from the first assignment or word to the last word
	Exact     bool      // the span holds no continuation or comment
	Flow      Flow
	// Dir is the directory that cd commands before it lead to: "" the start directory, relative to it,
	// or absolute. DirKnown is false where it cannot be told. Programs other than tests are taken to succeed.
	Dir      string
	DirKnown bool
	// Hidden says why the commands that this one runs are not among the script's: "eval", "source",
	// "sh -c with a computed text". "" where it runs its program and nothing else.
	Hidden string
}

// Assign is NAME=value in front of a command, of export, or standing alone.
type Assign struct {
	Name   string
	Value  Word
	Append bool // NAME+=value
}

// Redirect is one redirection of a command.
type Redirect struct {
	Op     string // ">", ">>", "<", "<<", "2>" ... as in the source without the target
	Target Word
}

// Word is one word of a command.
type Word struct {
	Span  edit.Span
	Exact bool   // false: a continuation or comment lies inside, must not be edited
	Text  string // as written, continuations of the Dockerfile joined; the value itself for a word made by Literal
	parts *syntax.Word
	// value is set for what stands right of an assignment: it is neither split nor globbed.
	value bool
}
