package transform

import (
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
)

// asksFirst names an apt-get install that asks before it goes on, which nobody
// answers in a build. apt asks where more comes along than is named: in the full
// image, where all that it needs may be there already, it need not ask, and in a
// smaller one it does and gives up.
func (s *swap) asksFirst() (why string) {
	for _, in := range s.runs() {
		list, _ := s.runCommands(in)
		for _, c := range list {
			switch {
			case c.mentions("Assume-Yes"): // apt's configuration says so from here on
				return ""
			case installsByApt(c) && !answers(c) && !strings.Contains(in.Body.String(), "| "):
				return line(in) + " installs without -y, and what the full image has already makes apt-get ask there"
			}
		}
	}
	return ""
}

// installsByApt reports whether the command is an install of apt-get or apt.
func installsByApt(c *command) bool {
	_, rest := shell.Getopt(c.words[min(1, len(c.words)):], aptFlags...)
	return slices.Contains(words("apt-get apt"), c.name) && len(rest) > 1 && rest[0].Text == "install"
}

// answers reports whether the options of an apt-get answer its question, or may do
// so by way of a variable. Twice -q is -y, too.
func answers(c *command) bool {
	flags, rest := shell.Getopt(c.words[1:], aptFlags...)
	quiet := 0
	for _, f := range flags {
		switch f.Name {
		case "-y", "--yes", "--assume-yes", "--force-yes", "-qq":
			return true
		case "-q", "--quiet":
			quiet++
			if v, _ := f.Value.Literal(); f.HasValue && v != "1" {
				return true
			}
		}
	}
	return quiet > 1 || slices.ContainsFunc(rest, func(w shell.Word) bool { return strings.Contains(w.Text, "$") })
}

// mentions reports whether a word of the command has the text.
func (c *command) mentions(text string) bool {
	return slices.ContainsFunc(c.words, func(w shell.Word) bool { return strings.Contains(w.Text, text) })
}
