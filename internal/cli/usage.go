package cli

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

// usageError is a mistake in the arguments.
type usageError struct {
	text    string
	command string // "" for none or an unknown one
}

func (e *usageError) Error() string { return e.text }

// hint says where to look.
func (e *usageError) hint() string {
	if e.command == "" {
		return "Run `bulwark help` for what there is."
	}
	return fmt.Sprintf("Run `bulwark %s --help` for what there is.", e.command)
}

// usage makes an error of the flag parser, such as a value that is no number, a
// usageError.
func usage(c *cli.Context, err error, _ bool) error {
	return &usageError{text: err.Error(), command: c.Command.Name}
}

// usagef is a usageError of the running command.
func usagef(c *cli.Context, format string, args ...any) error {
	return &usageError{text: fmt.Sprintf(format, args...), command: c.Command.Name}
}

// didYouMean returns the end of a sentence about an unknown name: the name that
// was probably meant, or nothing where none is near.
func didYouMean(name string, names []string) string {
	best, least := "", 1+len(name)/3 // more wrong letters than that are another word
	for _, n := range names {
		if d := distance(name, n); d <= least {
			best, least = n, d-1
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

// distance is how many letters have to be added, removed or replaced to make a
// of b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
