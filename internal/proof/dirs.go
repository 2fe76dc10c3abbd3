package proof

import (
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// maxDirs bounds how many folders are told in one line.
const maxDirs = 10

// directories compares where the programs can write. All that was asked of counts:
// the VOLUMEs, and where the original itself wrote.
func (c *comparison) directories() {
	var kept []string
	for _, dir := range c.couldWrite() {
		now, asked := find(c.after.Seen.Writable, dir.Path)
		if !asked {
			continue
		}
		now.Writable = now.Writable || slices.Contains(c.after.Seen.Wrote, dir.Path)
		before, after := access(dir), access(now)
		moved := c.moved(dir.Path)
		switch {
		case dir.Writable && !now.Writable && moved != "":
			c.differs(Neutral, aspectDir(dir.Path), before, after, "it writes to "+moved+" instead: its home is another")
		case dir.Writable && !now.Writable:
			c.differs(Breaks, aspectDir(dir.Path), before, after, "unwritable for the user that the program runs as")
		case before != after:
			c.differs(Neutral, aspectDir(dir.Path), before, after, "")
		case dir.Writable:
			kept = append(kept, dir.Path)
		}
	}
	if len(kept) > 0 {
		c.assure("can write to " + list(kept, maxDirs))
	}
}

func aspectDir(path string) string { return "folder " + path }

// couldWrite is what the original could do: what was asked, and where it wrote,
// whoever of its processes that was.
func (c *comparison) couldWrite() []wire.Dir {
	dirs := slices.Clone(c.before.Seen.Writable)
	for _, wrote := range c.before.Seen.Wrote {
		i := slices.IndexFunc(dirs, func(d wire.Dir) bool { return d.Path == wrote })
		if i < 0 {
			dirs, i = append(dirs, wire.Dir{Path: wrote}), len(dirs)
		}
		dirs[i].Exists, dirs[i].Writable = true, true
	}
	return dirs
}

func find(dirs []wire.Dir, path string) (wire.Dir, bool) {
	for _, d := range dirs {
		if d.Path == path {
			return d, true
		}
	}
	return wire.Dir{}, false
}

// access is what a folder is to the program's user. One that does not exist and
// can be made is as good as a writable one.
func access(d wire.Dir) string {
	switch {
	case d.Writable:
		return "writable"
	case !d.Exists:
		return "does not exist"
	}
	return "read-only"
}

// moved is where the rewrite wrote in place of a folder in the original's home;
// "" where it did not: another user has another home.
func (c *comparison) moved(dir string) string {
	below, inHome := strings.CutPrefix(dir, home(c.before))
	if !inHome || below != "" && below[0] != '/' {
		return ""
	}
	now := path.Join(home(c.after), below)
	if now != dir && slices.Contains(c.after.Seen.Wrote, now) {
		return now
	}
	return ""
}

// home is the folder that HOME names; without it, root's own.
func home(s *Side) string {
	if dir := variables(s.Config.Env)["HOME"]; path.IsAbs(dir) {
		return path.Clean(dir)
	}
	return "/root"
}

// wrote compares where the programs wrote files.
func (c *comparison) wrote() {
	b, a := c.before.Seen, c.after.Seen
	less, more := without(b.Wrote, a.Wrote), without(a.Wrote, b.Wrote)
	less = slices.DeleteFunc(less, func(path string) bool { // told as unwritable
		now, asked := find(a.Writable, path)
		return asked && !now.Writable
	})
	if len(less) > 0 {
		c.differs(Neutral, "files written to", list(less, maxDirs), "none there", "it can, but did not")
	}
	if len(more) > 0 {
		c.differs(Neutral, "files also written to", "", list(more, maxDirs), "")
	}
}

// without returns those of list that are not in other, in their order.
func without(list, other []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(other, s) {
			out = append(out, s)
		}
	}
	return out
}
