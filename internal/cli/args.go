package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// arrange puts the arguments in the order that the flag parser wants: the
// command, its flags, and the rest behind a "--". The parser itself stops at the
// first argument that is no flag, and would take `diff . --only x` for three
// paths.
func arrange(app *cli.App, args []string) ([]string, error) {
	if len(args) == 0 {
		return []string{app.Name}, nil
	}
	a := arranger{app: app, left: args[1:]}
	for len(a.left) > 0 {
		if err := a.next(); err != nil {
			return nil, err
		}
	}
	return a.arranged(args[0])
}

type arranger struct {
	app         *cli.App
	left        []string
	command     string
	flags, rest []string
	help        bool
}

// arranged is the outcome. A call for help becomes one flag: the parser would
// take what else is there for the topic.
func (a *arranger) arranged(program string) ([]string, error) {
	out := []string{program}
	if a.command == "help" {
		a.command, a.help = "", true
		if len(a.rest) > 0 {
			if err := a.setCommand(a.rest[0]); err != nil {
				return nil, err
			}
		}
	}
	if a.command != "" {
		out = append(out, a.command)
	}
	if a.help {
		return append(out, "--help"), nil
	}
	out = append(out, a.flags...)
	if len(a.rest) > 0 {
		out = append(append(out, "--"), a.rest...)
	}
	return out, nil
}

// next takes one argument, or a flag and its value, from the left ones.
func (a *arranger) next() error {
	arg := a.left[0]
	a.left = a.left[1:]
	switch {
	case arg == "--":
		a.rest = append(a.rest, a.left...)
		a.left = nil
	case arg == "--version" && a.command == "": // what most programs call it
		return a.setCommand("version")
	case len(arg) > 1 && arg[0] == '-':
		return a.flag(arg)
	case a.command == "":
		return a.setCommand(arg)
	default:
		a.rest = append(a.rest, arg)
	}
	return nil
}

func (a *arranger) setCommand(name string) error {
	names := []string{"help"}
	for _, c := range a.app.Commands {
		names = append(names, c.Name)
	}
	if !slices.Contains(names, name) {
		return &usageError{text: fmt.Sprintf("no command is called %q%s", name, didYouMean(name, names))}
	}
	a.command = name
	return nil
}

// flag takes a flag, with the argument that is its value.
func (a *arranger) flag(arg string) error {
	name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	known := a.known()
	takesValue, ok := known[name]
	if !ok && name != "" && !strings.HasPrefix(arg, "--") && known[name[:1]] { // -U0
		a.flags = append(a.flags, arg[:2], arg[2:])
		return nil
	}
	if !ok {
		return &usageError{text: fmt.Sprintf("no flag is called %s%s", arg, didYouMean(dashed(name), spelled(known))), command: a.command}
	}
	a.help = a.help || name == "help" || name == "h"
	a.flags = append(a.flags, arg)
	if !takesValue || hasValue {
		return nil
	}
	if len(a.left) == 0 {
		return &usageError{text: fmt.Sprintf("%s wants a value", arg), command: a.command}
	}
	a.flags = append(a.flags, a.left[0])
	a.left = a.left[1:]
	return nil
}

// known returns the flags of the command, or of all of them where none has been
// named yet, and whether they take a value.
func (a *arranger) known() map[string]bool {
	known := map[string]bool{"help": false, "h": false}
	for _, c := range a.app.Commands {
		if a.command != "" && c.Name != a.command {
			continue
		}
		for _, f := range c.Flags {
			_, isBool := f.(*cli.BoolFlag)
			for _, name := range f.Names() {
				known[name] = !isBool
			}
		}
	}
	return known
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// spelled returns the flags as they are written, in order.
func spelled(known map[string]bool) []string {
	var out []string
	for name := range known {
		out = append(out, dashed(name))
	}
	slices.Sort(out)
	return out
}
