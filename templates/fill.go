package templates

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// defaultPath is the PATH of an image that sets none.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// apply takes over the rows of an image that hold, in their order: later ones
// stand in place of earlier ones or add to them.
func (f *filler) apply(name string, words tagParts, depth int) {
	for _, row := range factsOf(name) {
		if !row.holds(words, f.image.Version) {
			continue
		}
		if row.fact == "like" && depth < maxLike {
			other, args := likeOf(row.value, words)
			f.apply(other, args, depth+1)
			continue
		}
		f.set(row.fact, row.value)
	}
}

// set takes one fact.
func (f *filler) set(fact, value string) {
	i := &f.image
	switch fact {
	case "libc":
		i.Libc = value
	case "packages":
		i.PackageManager = value
	case "shell":
		f.shell = value
	case "usertools":
		i.UserTools = value == "yes"
	case "user":
		i.User = value
	case "workdir":
		i.Workdir = value
	case "stopsignal":
		i.StopSignal = value
	case "needsroot":
		i.NeedsRoot = value
	case "drops":
		i.Drops = value
	default:
		f.add(fact, value)
	}
}

// add takes a fact that is a list or adds to one.
func (f *filler) add(fact, value string) {
	i := &f.image
	switch fact {
	case "entrypoint":
		i.Entrypoint, i.ConfigKnown = argv(value), true
		if !f.ownCmd {
			i.Cmd = nil // as building does: an ENTRYPOINT resets the base's CMD
		}
	case "cmd":
		i.Cmd, i.ConfigKnown, f.ownCmd = argv(value), true, f.inImage
	case "unknown":
		i.Entrypoint, i.Cmd, i.ConfigKnown = nil, nil, false
	case "env":
		f.env(value)
	case "account":
		f.account(value)
	case "expose":
		i.Expose = append(i.Expose, value)
	case "volume":
		i.Volumes = append(i.Volumes, value)
	case "installed":
		i.Installed = append(i.Installed, strings.Fields(value)...)
	case "tools":
		i.Tools = append(i.Tools, strings.Fields(value)...)
	}
}

// env takes NAME=value, or NAME where the value is not recorded.
func (f *filler) env(value string) {
	name, text, known := strings.Cut(value, "=")
	kv := KV{Name: name, Value: strings.ReplaceAll(text, "$PATH", defaultPath), Known: known}
	f.image.Env = slices.DeleteFunc(f.image.Env, func(old KV) bool { return old.Name == name })
	f.image.Env = append(f.image.Env, kv)
}

// account takes "name uid:gid home", or "none" where the image lacks those of
// its distribution. One of the same name takes the place of an earlier one.
func (f *filler) account(value string) {
	if value == "none" {
		f.accounts = nil
		return
	}
	var a Account
	if _, err := fmt.Sscanf(value, "%s %d:%d %s", &a.Name, &a.UID, &a.GID, &a.Home); err != nil {
		return
	}
	same := func(old Account) bool { return old.Name == a.Name }
	f.accounts = slices.DeleteFunc(f.accounts, same)
	f.accounts = append(f.accounts, a)
}

// finish derives what hangs on several facts.
func (f *filler) finish() {
	i := &f.image
	i.Shell, i.Bash = f.shell == "sh" || f.shell == "bash", f.shell == "bash"
	slices.Reverse(f.accounts)
	i.Accounts = f.accounts
	slices.Sort(i.Tools)
	i.Tools = slices.Compact(i.Tools)
	slices.Sort(i.Installed)
	i.Installed = slices.Compact(i.Installed)
	i.EOL = endOf(i.Family, i.Version)
	i.SystemEOL = systemEnd(i.Suite)
}

// argv reads the JSON form of a command.
func argv(value string) []string {
	var list []string
	if json.Unmarshal([]byte(value), &list) != nil {
		return nil
	}
	return list
}
