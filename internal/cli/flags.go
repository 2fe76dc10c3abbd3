package cli

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/transform"
)

// commonFlags are the flags of every command that works on files.
func commonFlags(more ...cli.Flag) []cli.Flag {
	more = append(append(policyFlags(), more...),
		&cli.StringSliceFlag{Name: "skip", Usage: "leave out these transforms (`NAME`, repeatable, or with commas)"},
		&cli.StringFlag{Name: "safety", Usage: "`LEVEL` of what is written: safe cannot change what the program does, review builds and wants a reader", Value: "review"},
		&cli.StringFlag{Name: "context", Usage: "build context `DIR` of all files; without it the file's own folder, or what a compose file or the COPY lines say"},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no account, errors alone"},
	)
	return append(more, pinFlags()...)
}

// settings are what the common flags say.
type settings struct {
	options  transform.Options
	context  string
	quiet    bool
	pins     *pins // nil where none are asked for
	policies *policies
}

// readSettings reads the common flags, or returns a usageError.
func readSettings(c *cli.Context) (settings, error) {
	safety, err := transform.ParseSafety(c.String("safety"))
	if err != nil {
		return settings{}, usagef(c, "%v", err)
	}
	s := settings{context: c.String("context"), quiet: c.Bool("quiet")}
	s.options = transform.Options{Safety: safety, Only: words(c, "only"), Skip: words(c, "skip"), Prefer: words(c, "prefer")}
	for _, name := range s.options.Skip {
		if names := transform.Names(); !slices.Contains(names, name) {
			return settings{}, usagef(c, "no transform is called %q%s", name, orList(name, names))
		}
	}
	if s.policies, err = readPolicies(c); err != nil {
		return settings{}, err
	}
	if s.pins, err = readPins(c, s.options.Only); err != nil {
		return settings{}, err
	}
	if s.pins != nil {
		s.options.Digest = s.pins.digest
	}
	return s, nil
}

// words returns the values of a list flag, those with commas taken apart, without
// blanks and empty ones.
func words(c *cli.Context, flag string) []string {
	var out []string
	for _, value := range c.StringSlice(flag) {
		for word := range strings.SplitSeq(value, ",") {
			if word = strings.TrimSpace(word); word != "" {
				out = append(out, word)
			}
		}
	}
	return out
}

// orList suggests the name that was meant, or all that there are.
func orList(name string, names []string) string {
	if hint := didYouMean(name, names); hint != "" {
		return hint
	}
	return "; there are " + strings.Join(names, ", ")
}
