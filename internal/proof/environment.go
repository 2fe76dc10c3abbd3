package proof

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// environment compares ENV. What the author set has to stay; what came with the
// base image is told in one finding.
func (c *comparison) environment() {
	b, a := variables(c.before.Config.Env), variables(c.after.Config.Env)
	var gone, other, kept []string
	for _, name := range sortedKeys(b) {
		value, has := a[name]
		own := slices.Contains(c.expect.Own, name) && !slices.Contains(c.expect.Dropped, name)
		switch {
		case has && value == b[name]:
			if own {
				kept = append(kept, name)
			}
		case own && !has:
			c.differs(Breaks, "ENV "+name, shown(name, b[name]), "lost", "the author set it")
		case own && (name != "PATH" || c.lostPath(b[name], value)):
			c.differs(Breaks, "ENV "+name, shown(name, b[name]), shown(name, value), "the author set it")
		case !has:
			gone = append(gone, name)
		default:
			other = append(other, name)
		}
	}
	came := without(sortedKeys(a), sortedKeys(b))
	c.otherVariables(gone, other, came)
	if len(kept) > 0 {
		c.assure("ENV " + list(kept, maxNames))
	}
}

// otherVariables tells what nobody asked to keep.
func (c *comparison) otherVariables(gone, other, came []string) {
	if len(gone)+len(other)+len(came) == 0 {
		return
	}
	why := ""
	for _, part := range []struct {
		what  string
		names []string
	}{{"gone", gone}, {"another value", other}, {"new", came}} {
		if len(part.names) > 0 {
			why = join(why, part.what+": "+list(part.names, maxNames))
		}
	}
	before, after := len(variables(c.before.Config.Env)), len(variables(c.after.Config.Env))
	c.add(Finding{
		Aspect: "other ENV", Before: plural(before, "variable"), After: plural(after, "variable"),
		Delta: delta(before, after), Effect: Neutral, Why: why,
	})
}

// variables reads NAME=value; of several with a name the last one counts.
func variables(env []string) map[string]string {
	out := map[string]string{}
	for _, pair := range env {
		name, value, _ := strings.Cut(pair, "=")
		out[name] = value
	}
	return out
}

// secret is a name whose value is not to be shown: reports are posted in public.
var secret = regexp.MustCompile(`(?i)passw|secret|token|credential|private|api_?key|_key$|^key$`)

func shown(name, value string) string {
	switch {
	case value == "":
		return `""`
	case secret.MatchString(name):
		return "(hidden)"
	}
	return value
}

// lostPath is whether a PATH misses a folder in which the rewritten image has
// files. The author's PATH ends with that of the base image, whose folders may be
// gone with it.
func (c *comparison) lostPath(before, after string) bool {
	lost := without(strings.Split(before, ":"), strings.Split(after, ":"))
	if len(lost) > 0 && c.after.Inventory == nil {
		return true
	}
	return slices.ContainsFunc(lost, func(dir string) bool {
		return strings.HasPrefix(dir, "/") && holds(c.after.Inventory.Files, strings.TrimRight(dir, "/")+"/")
	})
}

// holds is whether sorted files have one below a folder.
func holds(files []wire.File, folder string) bool {
	i, _ := slices.BinarySearchFunc(files, folder, func(f wire.File, dir string) int { return strings.Compare(f.Path, dir) })
	return i < len(files) && strings.HasPrefix(files[i].Path, folder)
}
