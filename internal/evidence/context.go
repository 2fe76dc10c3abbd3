package evidence

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	maxFile  = 1 << 20  // what Read hands out at most
	maxBig   = 16 << 20 // lock files and generated sources
	maxCache = 64 << 20 // bytes of file content that are kept
	maxPath  = 4096     // no builder accepts a longer path
	maxLinks = 16       // symbolic links followed for one path
)

// Context is a build context as the builder would see it: what .dockerignore
// excludes is not there. It is never written to. The zero value is an empty
// context. It caches what it reads and is meant for one goroutine.
//
// Paths are slash separated and relative to the context's root; a leading "/"
// and "./" are accepted, "" is the root. A path that leads out of the context
// does not exist.
type Context struct {
	fsys   fs.FS
	ignore *ignoreRules // nil: nothing is ignored

	files  map[string]fileRead
	cached int
	places map[string]location
	dirs   map[string][]fs.DirEntry
	goRead map[string]goRead // several transforms ask for the same program
}

type fileRead struct {
	data []byte
	ok   bool
}

// location is where a path leads once the links in it are followed.
type location struct {
	real   string
	mode   fs.FileMode
	exists bool // something of this name is there, if only a link that leads nowhere
	opaque bool // a link that is not followed: it leads out of the context, or nowhere
}

// Open reads what is needed to look at a build context: its .dockerignore, or
// the <Dockerfile>.dockerignore beside the Dockerfile, which takes precedence.
// dockerfile is the path of the Dockerfile relative to the context's root, ""
// where it lies outside; fsys may be nil for no context at all. An ignore file
// that cannot be used is an *Error.
func Open(fsys fs.FS, dockerfile string) (*Context, error) {
	c := &Context{
		fsys:   fsys,
		files:  map[string]fileRead{},
		places: map[string]location{},
		dirs:   map[string][]fs.DirEntry{},
		goRead: map[string]goRead{},
	}
	if fsys == nil {
		return c, nil
	}
	rules, err := readIgnore(c, dockerfile)
	if err != nil {
		return nil, err
	}
	if rules != nil {
		// What was looked up so far was looked up without the rules.
		c.ignore = rules
		clear(c.files)
		clear(c.dirs)
	}
	return c, nil
}

// Empty reports whether there is no build context.
func (c *Context) Empty() bool { return c == nil || c.fsys == nil }

// Exists reports whether the builder would see something at p: a file, a folder
// or a symbolic link, wherever the link leads.
func (c *Context) Exists(p string) bool {
	p, ok := cleanPath(p)
	return ok && c.find(p, 0).exists && c.visible(p)
}

// IsDir reports whether p is a folder that the builder would see.
func (c *Context) IsDir(p string) bool {
	p, ok := cleanPath(p)
	if !ok {
		return false
	}
	at := c.find(p, 0)
	return at.exists && !at.opaque && at.mode.IsDir() && c.visible(p) && c.visible(at.real)
}

// Read returns the content of the file p. It returns false for what is not
// there, is ignored, is not a regular file, or is longer than 1 MiB.
func (c *Context) Read(p string) ([]byte, bool) { return c.readUpTo(p, maxFile) }

func (c *Context) readUpTo(p string, limit int) ([]byte, bool) {
	p, ok := cleanPath(p)
	if !ok || c.Empty() {
		return nil, false
	}
	if r, done := c.files[p]; done {
		return r.data, r.ok && len(r.data) <= limit
	}
	data, ok := c.load(p, limit)
	if (ok || limit >= maxBig) && c.cached+len(data) <= maxCache {
		c.files[p] = fileRead{data, ok}
		c.cached += len(data)
	}
	return data, ok
}

func (c *Context) load(p string, limit int) ([]byte, bool) {
	at := c.find(p, 0)
	if !at.exists || at.opaque || !at.mode.IsRegular() || c.Ignored(p) || c.Ignored(at.real) {
		return nil, false
	}
	f, err := c.fsys.Open(at.real)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil || len(data) > limit {
		return nil, false
	}
	return data, true
}

// List returns what the builder would see in the folder dir, by name. Symbolic
// links are listed as such.
func (c *Context) List(dir string) []fs.DirEntry {
	dir, ok := cleanPath(dir)
	if !ok || c.Empty() {
		return nil
	}
	if l, done := c.dirs[dir]; done {
		return l
	}
	var list []fs.DirEntry
	if c.IsDir(dir) {
		for _, e := range c.entries(c.find(dir, 0).real) {
			if c.visibleEntry(path.Join(dir, e.Name()), e.IsDir()) {
				list = append(list, e)
			}
		}
	}
	c.dirs[dir] = list
	return list
}

// entries lists a folder of the file system, ignored files included.
func (c *Context) entries(real string) []fs.DirEntry {
	f, err := c.fsys.Open(real)
	if err != nil {
		return nil
	}
	defer f.Close()
	d, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	list, _ := d.ReadDir(maxWalk)
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// cleanPath brings p into the form that fs.FS takes; false for a path that
// leads out of the root.
func cleanPath(p string) (string, bool) {
	if len(p) > maxPath {
		return "", false
	}
	p = path.Clean(strings.TrimLeft(p, "/"))
	return p, fs.ValidPath(p)
}

// find follows p, which is clean, from folder to folder. Links are followed only
// where they stay in the context, since os.DirFS would follow them anywhere.
func (c *Context) find(p string, links int) location {
	if c.Empty() {
		return location{}
	}
	if p == "." {
		return location{real: ".", mode: fs.ModeDir, exists: true}
	}
	if at, done := c.places[p]; done {
		return at
	}
	at := c.step(p, links)
	if c.places != nil {
		c.places[p] = at
	}
	return at
}

func (c *Context) step(p string, links int) location {
	parent := c.find(path.Dir(p), links)
	if !parent.exists || parent.opaque || !parent.mode.IsDir() {
		return location{}
	}
	real := path.Join(parent.real, path.Base(p))
	mode, ok := c.lstat(real)
	switch {
	case !ok:
		return location{}
	case mode&fs.ModeSymlink == 0:
		return location{real: real, mode: mode, exists: true}
	}
	return c.follow(real, mode, links)
}

func (c *Context) follow(link string, mode fs.FileMode, links int) location {
	opaque := location{real: link, mode: mode, exists: true, opaque: true}
	fsys, ok := c.fsys.(fs.ReadLinkFS)
	if !ok || links >= maxLinks {
		return opaque
	}
	target, err := fsys.ReadLink(link)
	if err != nil || path.IsAbs(target) {
		return opaque
	}
	target = path.Join(path.Dir(link), target)
	if !fs.ValidPath(target) {
		return opaque
	}
	at := c.find(target, links+1)
	if !at.exists || at.opaque {
		return opaque
	}
	return at
}

// lstat tells the type of what is at real without following a last link.
func (c *Context) lstat(real string) (fs.FileMode, bool) {
	if _, ok := c.fsys.(fs.ReadLinkFS); ok {
		info, err := fs.Lstat(c.fsys, real)
		if err != nil {
			return 0, false
		}
		return info.Mode(), true
	}
	// Stat would follow the link; the listing of the parent tells the type.
	for _, e := range c.entries(path.Dir(real)) {
		if e.Name() == path.Base(real) {
			return e.Type(), true
		}
	}
	return 0, false
}
