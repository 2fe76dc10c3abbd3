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
// the VOLUMEs, and where the original itself wrote. What lies below a folder that
// has been told is no news.
func (c *comparison) directories() {
	var told, kept []string
	for _, dir := range c.couldWrite() {
		now, asked := find(c.after.Seen.Writable, dir.Path)
		if !asked || below(told, dir.Path) {
			continue
		}
		now.Writable = now.Writable || slices.Contains(c.after.Seen.Wrote, dir.Path)
		before, after := access(dir), access(now)
		moved := c.moved(dir.Path)
		switch {
		case dir.Writable && !now.Writable && (c.canMake(dir.Path) || c.temporary(dir.Path)):
			continue
		case dir.Writable && !now.Writable && moved != "":
			c.differs(Neutral, aspectDir(dir.Path), before, after, "it writes to "+moved+" instead: its home is another")
		case dir.Writable && !now.Writable && c.toolsOwn(dir.Path):
			c.differs(Neutral, aspectDir(dir.Path), before, after, "a tool keeps its own things there, and does without")
		case dir.Writable && !now.Writable:
			c.differs(Breaks, aspectDir(dir.Path), before, after, "unwritable for the user that the program runs as")
		case before != after:
			c.differs(Neutral, aspectDir(dir.Path), before, after, "")
		case dir.Writable:
			kept = append(kept, dir.Path)
			continue
		}
		told = append(told, dir.Path)
	}
	if len(kept) > 0 {
		c.assure("can write to " + list(topmost(kept), maxDirs))
	}
}

// canMake is whether the rewritten program could make a folder that the original
// made while it ran: nobody knows whether it wants to, and a temporary one has
// another name in every run. One that was asked of before it ran has to be there.
func (c *comparison) canMake(dir string) bool {
	if _, asked := find(c.before.Seen.Writable, dir); asked {
		return false
	}
	if now, _ := find(c.after.Seen.Writable, dir); now.Exists {
		return false
	}
	for dir != "/" && dir != "." {
		dir = path.Dir(dir)
		now, asked := find(c.after.Seen.Writable, dir)
		if now.Writable || slices.Contains(c.after.Seen.Wrote, dir) {
			return true
		}
		if asked && now.Exists {
			return false
		}
	}
	return false
}

// temporary is whether a folder lies in one for temporary files in which the
// rewritten program can write: what was made there by another user, as Java's
// hsperfdata_root, is not what this one wants.
func (c *comparison) temporary(dir string) bool {
	return slices.ContainsFunc(temporaries(), func(top string) bool {
		now, _ := find(c.after.Seen.Writable, top)
		return now.Writable && strings.HasPrefix(dir, top+"/")
	})
}

// temporaries are the folders for temporary files. Source: the Filesystem Hierarchy
// Standard 3.0, and shm_open(3).
func temporaries() []string { return []string{"/tmp", "/var/tmp", "/dev/shm"} }

// below is whether a path is one of some folders or lies in it.
func below(folders []string, file string) bool {
	return slices.ContainsFunc(folders, func(dir string) bool {
		return file == dir || strings.HasPrefix(file, strings.TrimSuffix(dir, "/")+"/")
	})
}

// topmost leaves out of a sorted list what lies below another of it.
func topmost(dirs []string) []string {
	var out []string
	for _, dir := range dirs {
		if !below(out, dir) {
			out = append(out, dir)
		}
	}
	return out
}

func aspectDir(path string) string { return "folder " + path }

// couldWrite is what the original could do: what was asked, and where it wrote,
// whoever of its processes that was; sorted.
func (c *comparison) couldWrite() []wire.Dir {
	dirs := slices.Clone(c.before.Seen.Writable)
	for i := range dirs {
		dirs[i].Path = path.Clean(dirs[i].Path)
	}
	for _, wrote := range c.before.Seen.Wrote {
		i := slices.IndexFunc(dirs, func(d wire.Dir) bool { return d.Path == wrote })
		if i < 0 {
			dirs, i = append(dirs, wire.Dir{Path: wrote}), len(dirs)
		}
		dirs[i].Exists, dirs[i].Writable = true, true
	}
	slices.SortFunc(dirs, func(a, b wire.Dir) int { return strings.Compare(a.Path, b.Path) })
	return dirs
}

func find(dirs []wire.Dir, name string) (wire.Dir, bool) {
	for _, d := range dirs {
		if d.Path == name || path.Clean(d.Path) == name {
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
	rest, inHome := strings.CutPrefix(dir, home(c.before))
	if !inHome || rest != "" && rest[0] != '/' {
		return ""
	}
	for _, now := range c.after.Seen.Wrote {
		owner, same := strings.CutSuffix(now, rest)
		if now != dir && same && (owner == home(c.after) || isHome(owner)) {
			return now
		}
	}
	return ""
}

// toolFolders are where tools of the field keep caches and settings in a home.
// They make them anew, or do without.
func toolFolders() []string {
	return []string{".cache", ".config/go", ".config/configstore", ".npm", ".yarn", ".pnpm-store", ".local/share/pnpm", ".m2", ".gradle", ".cargo", ".bundle", ".gem", ".composer", ".gunicorn"}
}

// toolsOwn is whether a folder is one of a tool in the original's home, or was made
// on the way to such folders alone.
func (c *comparison) toolsOwn(dir string) bool {
	for _, wrote := range append([]string{dir}, c.before.Seen.Wrote...) {
		if !below([]string{dir}, wrote) {
			continue
		}
		onTheWay := slices.ContainsFunc(toolFolders(), func(t string) bool { return strings.HasPrefix(path.Join(home(c.before), t), wrote+"/") })
		if !c.inTool(wrote) && (!onTheWay || wrote == home(c.before)) {
			return false
		}
	}
	return slices.ContainsFunc(append([]string{dir}, c.before.Seen.Wrote...), func(wrote string) bool {
		return below([]string{dir}, wrote) && c.inTool(wrote)
	})
}

func (c *comparison) inTool(dir string) bool {
	return slices.ContainsFunc(toolFolders(), func(t string) bool { return below([]string{path.Join(home(c.before), t)}, dir) })
}

// isHome is true for the folders that accounts are commonly given.
func isHome(dir string) bool { return path.Dir(dir) == "/home" }

// home is the folder that the program had as HOME; where it did not run, the one that
// the image names, else root's own.
func home(s *Side) string {
	if s.Seen != nil && path.IsAbs(s.Seen.Home) {
		return path.Clean(s.Seen.Home)
	}
	if dir := variables(s.Config.Env)["HOME"]; path.IsAbs(dir) {
		return path.Clean(dir)
	}
	return "/root"
}

// wrote compares where the programs wrote files. Folders below one that both write
// to are of no account, nor are those for temporary files where both make some:
// they have another name in every run. What moved with the home has been told.
func (c *comparison) wrote() {
	b, a := c.before.Seen, c.after.Seen
	less := slices.DeleteFunc(slices.Clone(b.Wrote), func(dir string) bool {
		now, asked := find(a.Writable, dir) // one that is not writable has been told
		return below(a.Wrote, dir) || passing(dir, a.Wrote) || asked && !now.Writable
	})
	more := slices.DeleteFunc(slices.Clone(a.Wrote), func(dir string) bool {
		return below(b.Wrote, dir) || passing(dir, b.Wrote) || c.movedTo(dir)
	})
	if len(less) > 0 {
		c.differs(Neutral, "files written to", list(topmost(less), maxDirs), "none there", "it can, but did not")
	}
	if len(more) > 0 {
		c.differs(Neutral, "files also written to", "", list(topmost(more), maxDirs), "")
	}
}

// passing is whether a folder lies in one for temporary files, and others of them do.
func passing(dir string, others []string) bool {
	return slices.ContainsFunc(temporaries(), func(top string) bool {
		return below([]string{top}, dir) && slices.ContainsFunc(others, func(o string) bool { return below([]string{top}, o) })
	})
}

// movedTo is whether a folder is where a file of the original's home went, or was
// made on the way to it.
func (c *comparison) movedTo(dir string) bool {
	return slices.ContainsFunc(c.before.Seen.Wrote, func(was string) bool {
		to := c.moved(was)
		return to != "" && below([]string{dir}, to)
	})
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
