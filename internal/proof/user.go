package proof

import (
	"slices"
	"strconv"
	"strings"
)

const aspectUser = "user"

// user compares who the processes belong to; where one of the two was too short
// to be looked at, who the images say.
func (c *comparison) user() {
	b, a := c.before.Seen.UIDs, c.after.Seen.UIDs
	if len(b) == 0 || len(a) == 0 {
		c.configuredUser()
		return
	}
	before, after := Users(c.before, c.after)
	why := ""
	if c.before.Config.User != c.after.Config.User {
		why = "USER " + orNone(c.before.Config.User) + " → " + orNone(c.after.Config.User)
	}
	switch rootBefore, rootAfter := slices.Contains(b, 0), slices.Contains(a, 0); {
	case !rootBefore && rootAfter:
		c.differs(Breaks, aspectUser, before, after, join("more privileged", why))
	case rootBefore && !rootAfter:
		c.differs(Improves, aspectUser, before, after, why)
	case before != after:
		c.differs(Neutral, aspectUser, before, after, why)
	default:
		c.assure("runs as " + before)
		if why != "" {
			c.differs(Neutral, "USER", orNone(c.before.Config.User), orNone(c.after.Config.User), "it runs as "+after+" all the same")
		}
	}
}

// join makes one sentence of two parts, either of which may be empty.
func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// Users shows who two images run as: the owners of their processes, "root and 33",
// or who the configuration names where the processes of one were not seen.
func Users(before, after *Side) (b, a string) {
	if before.Seen != nil && after.Seen != nil && len(before.Seen.UIDs) > 0 && len(after.Seen.UIDs) > 0 {
		return uids(before.Seen.UIDs), uids(after.Seen.UIDs)
	}
	return ShownUser(before.Config.User), ShownUser(after.Config.User)
}

// uids shows the owners of processes: "root", "root and 33".
func uids(ids []int) string {
	var out []string
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		out = append(out, owner(id))
	}
	return strings.Join(out, " and ")
}

func owner(id int) string {
	if id == 0 {
		return "root"
	}
	return strconv.Itoa(id)
}

// configuredUser compares USER, where nothing else is known of who runs.
func (c *comparison) configuredUser() {
	before, after := ShownUser(c.before.Config.User), ShownUser(c.after.Config.User)
	switch {
	case before != "root" && after == "root":
		c.differs(Breaks, aspectUser, before, after, "more privileged")
	case before == "root" && after != "root":
		c.differs(Improves, aspectUser, before, after, "")
	case c.before.Config.User != c.after.Config.User && before != after:
		c.differs(Neutral, aspectUser, before, after, "")
	default:
		c.assure("USER is " + before)
	}
}

// ShownUser is the user part of an image's User; "root" for all spellings of it.
func ShownUser(user string) string {
	name, _, _ := strings.Cut(user, ":")
	if id, err := strconv.Atoi(name); name == "" || name == "root" || err == nil && id == 0 {
		return "root"
	}
	return name
}
