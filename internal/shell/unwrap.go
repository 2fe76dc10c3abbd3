package shell

import (
	"slices"
	"strings"
)

// maxWrappers is how many programs that start another are looked through.
const maxWrappers = 16

// Unwrap returns the words of the program that the command ends up running,
// behind exec, env, sudo, time, nice, command, xargs and others that only start
// it, and the variables set for it in front and by env or sudo. It stops at a
// wrapper whose options it does not understand or that starts nothing. xargs and
// the like may add words of their own; what a shell runs with -c is not looked at.
func (c *Command) Unwrap() (words []Word, assigns []Assign) {
	words, assigns = c.Words, slices.Clip(c.Assigns)
	for range maxWrappers {
		rest, more, ok := unwrapOne(words)
		if !ok || len(rest) == 0 {
			break
		}
		words, assigns = rest, append(assigns, more...)
	}
	return words, assigns
}

// unwrapOne takes one wrapper off.
func unwrapOne(words []Word) (rest []Word, assigns []Assign, ok bool) {
	if len(words) < 2 {
		return nil, nil, false
	}
	name, _ := words[0].Literal()
	wrapper, ok := wrapperNamed(baseName(name))
	if !ok {
		return nil, nil, false
	}
	rest, ok = skipOptions(words[1:], wrapper)
	if !ok || len(rest) < wrapper.operands {
		return nil, nil, false
	}
	rest = rest[wrapper.operands:]
	for wrapper.assigns && len(rest) > 0 {
		a, is := rest[0].assignment()
		if !is {
			break
		}
		assigns, rest = append(assigns, a), rest[1:]
	}
	return rest, assigns, true
}

// wrapper describes a program that starts another.
type wrapper struct {
	values   []string // options with a value in the next word: letters and long names
	stops    string   // option letters with which it starts nothing, or something else
	operands int      // words before the program, such as the seconds of timeout
	assigns  bool     // NAME=value words may stand before the program
	direct   bool     // hardly ever has options: in `exec "$@"` the computed word is the program
}

func wrapperNamed(name string) (wrapper, bool) {
	switch name {
	case "exec":
		return wrapper{values: []string{"a"}, direct: true}, true
	case "command":
		return wrapper{stops: "vV", direct: true}, true
	case "builtin", "nohup", "setsid", "eatmydata", "fakeroot", "unbuffer":
		return wrapper{direct: true}, true
	case "env":
		return wrapper{values: []string{"u", "unset"}, stops: "SC", assigns: true}, true
	case "sudo":
		values := []string{"u", "g", "h", "p", "C", "r", "t", "T", "U", "user", "group", "host", "prompt"}
		return wrapper{values: values, stops: "lvesDRKk", assigns: true}, true
	case "doas":
		return wrapper{values: []string{"u", "C"}, stops: "s"}, true
	case "time":
		return wrapper{values: []string{"f", "o", "format", "output"}, stops: "V"}, true
	case "nice":
		return wrapper{values: []string{"n", "adjustment"}}, true
	case "ionice":
		return wrapper{values: []string{"c", "n", "class", "classdata"}, stops: "pPu"}, true
	case "timeout":
		return wrapper{values: []string{"s", "k", "signal", "kill-after"}, operands: 1}, true
	case "stdbuf":
		return wrapper{values: []string{"i", "o", "e", "input", "output", "error"}}, true
	case "xargs":
		return wrapper{values: []string{"I", "n", "P", "L", "s", "a", "d", "E", "max-args", "max-procs", "arg-file", "delimiter"}}, true
	case "gosu", "su-exec":
		return wrapper{operands: 1, direct: true}, true
	case "tini", "dumb-init":
		return wrapper{values: []string{"p", "e", "r", "rewrite"}, stops: "lV"}, true
	}
	return wrapper{}, false
}

// skipOptions drops the options in front. ok is false where one is computed, is unknown to start
// nothing, or lacks its value.
func skipOptions(words []Word, wr wrapper) (rest []Word, ok bool) {
	for len(words) > 0 {
		option, literal := words[0].Literal()
		switch {
		case !literal && len(words[0].Vars()) > 0 && words[0].prefix() == "":
			return words, wr.direct // $OPTIONS or the program
		case option == "--":
			return words[1:], true
		case !strings.HasPrefix(words[0].start(), "-") || option == "-":
			return words, true
		case !literal:
			return nil, false
		}
		takes, ok := wr.takesNext(option)
		if !ok || takes && len(words) < 2 {
			return nil, false
		}
		words = words[1:]
		if takes {
			words = words[1:]
		}
	}
	return words, true
}

// takesNext reports whether the value of an option is in the next word; ok is false for an option
// with which the wrapper does something else.
func (wr wrapper) takesNext(option string) (takes, ok bool) {
	if long, is := strings.CutPrefix(option, "--"); is {
		return slices.Contains(wr.values, long), true
	}
	for i := 1; i < len(option); i++ {
		letter := option[i : i+1]
		if strings.Contains(wr.stops, letter) {
			return false, false
		}
		if slices.Contains(wr.values, letter) {
			return i+1 == len(option), true
		}
	}
	return false, true
}
