package shell

import (
	"slices"
	"strings"
)

// Flag is one option of a command.
type Flag struct {
	Name string // as written, dashes included: "-o", "--prefix"
	Word Word   // the word it stands in
	// Value is the value. It stands in a word of its own, or in Word behind "=" (or behind the letter,
	// with Getopt), when Joined is set; its span covers the value alone where it is exact.
	Value    Word
	HasValue bool
	Joined   bool
}

// Flags splits the words behind a program into options and other words, both in
// order, the way Go's flag package and most programs with long options read them:
// -o x, -o=x, --flag=x, and -ldflags is one option. withValue names the options
// that take the next word as their value, dashes included. Options may stand
// behind other words; "--" ends them and is left out. A word that may or may not
// be an option, such as $FLAGS, counts as none.
func Flags(words []Word, withValue ...string) (flags []Flag, args []Word) {
	return splitWords(words, withValue, false)
}

// Getopt is Flags for programs whose short options are single letters: -yq is -y
// and -q, and with "-u" in withValue -u1000 is -u with a value.
func Getopt(words []Word, withValue ...string) (flags []Flag, args []Word) {
	return splitWords(words, withValue, true)
}

func splitWords(words []Word, withValue []string, letters bool) (flags []Flag, args []Word) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		start := w.start()
		switch {
		case start == "--" && isLiteral(w):
			return flags, append(args, words[i+1:]...)
		case len(start) < 2 || start[0] != '-':
			args = append(args, w)
			continue
		case letters && start[1] != '-' && (!isLiteral(w) || !slices.Contains(withValue, start)):
			flags = append(flags, cluster(w, start, withValue)...)
		default:
			flags = append(flags, oneFlag(w, start))
		}
		last := &flags[len(flags)-1]
		if !last.HasValue && slices.Contains(withValue, last.Name) && i+1 < len(words) {
			i++
			last.Value, last.HasValue = words[i], true
		}
	}
	return flags, args
}

func isLiteral(w Word) bool {
	_, ok := w.Literal()
	return ok
}

func oneFlag(w Word, start string) Flag {
	name, _, joined := strings.Cut(start, "=")
	f := Flag{Name: name, Word: w}
	if !joined && !isLiteral(w) {
		f.Name = w.Text // -o$X is not -o
	}
	if joined {
		f.Value, f.HasValue, f.Joined = w.from(len(name)+1), true, true
	}
	return f
}

// cluster splits -abc. A letter that takes a value gets the rest of the word, if there is one.
func cluster(w Word, start string, withValue []string) []Flag {
	var flags []Flag
	for i := 1; i < len(start); i++ {
		f := Flag{Name: "-" + start[i:i+1], Word: w}
		rest := i+1 < len(start) || !isLiteral(w)
		if rest && slices.Contains(withValue, f.Name) {
			f.Value, f.HasValue, f.Joined = w.from(i+1), true, true
			return append(flags, f)
		}
		flags = append(flags, f)
	}
	return flags
}
