package evidence

import (
	"errors"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// GoModule is the module, or the workspace, that governs a folder.
type GoModule struct {
	Dir       string // of go.mod, relative to the context
	Path      string // the module path
	GoVersion string // the go line, "" where there is none
	Toolchain string // the toolchain line, "" where there is none
	Requires  []GoRequire
	Work      string    // path of the go.work in force, "" where there is none
	Local     []GoLocal // modules that lie in folders: the main one, those of go.work, local replacements
	Replaced  []GoReplace
}

// GoRequire is one required module.
type GoRequire struct {
	Place
	Path, Version string
	Indirect      bool
}

// GoLocal is a module that is built from a folder.
type GoLocal struct {
	Path string
	Dir  string // relative to the context; "" where it lies outside of it
	Place
}

// GoReplace is a module that another one from the network stands in for.
type GoReplace struct{ Path, With string }

// GoModule finds the go.mod that governs dir, the nearest upward, and the go.work
// above it. It returns nil where there is no go.mod, and an *Error where one
// cannot be read.
func (c *Context) GoModule(dir string) (*GoModule, error) {
	name := c.upward(dir, "go.mod")
	if name == "" {
		return nil, nil
	}
	f, err := c.modFile(name)
	if err != nil {
		return nil, err
	}
	m := newGoModule(name, f)
	if work := c.upward(dir, "go.work"); work != "" {
		if err := c.addWork(m, work); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(m.Local, func(a, b GoLocal) int { return len(b.Path) - len(a.Path) })
	return m, nil
}

// upward finds the file name in dir or the nearest folder above it.
func (c *Context) upward(dir, name string) string {
	dir, ok := cleanPath(dir)
	if !ok {
		return ""
	}
	for {
		p := path.Join(dir, name)
		if c.Exists(p) && !c.IsDir(p) {
			return p
		}
		if dir == "." {
			return ""
		}
		dir = path.Dir(dir)
	}
}

func (c *Context) modFile(name string) (*modfile.File, error) {
	text, ok := c.Read(name)
	if !ok {
		return nil, &Error{Place{File: name}, errors.New("cannot be read")}
	}
	f, err := modfile.Parse(name, text, nil)
	if err != nil {
		// An unknown directive of a newer Go is no reason to give up.
		f, err = modfile.ParseLax(name, text, nil)
	}
	if err != nil {
		return nil, modError(name, err)
	}
	return f, nil
}

func modError(name string, err error) error {
	var list modfile.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		cause := list[0].Err
		if cause == nil {
			cause = err
		}
		return &Error{Place{name, list[0].Pos.Line}, cause}
	}
	return &Error{Place{File: name}, err}
}

func newGoModule(name string, f *modfile.File) *GoModule {
	m := &GoModule{Dir: path.Dir(name)}
	if f.Module != nil {
		m.Path = f.Module.Mod.Path
	}
	if f.Go != nil {
		m.GoVersion = f.Go.Version
	}
	if f.Toolchain != nil {
		m.Toolchain = f.Toolchain.Name
	}
	for _, r := range f.Require {
		m.Requires = append(m.Requires, GoRequire{Place{name, modLine(r.Syntax)}, r.Mod.Path, r.Mod.Version, r.Indirect})
	}
	m.Local = append(m.Local, GoLocal{Path: m.Path, Dir: m.Dir, Place: Place{File: name, Line: 1}})
	m.addReplaces(name, f.Replace)
	return m
}

func modLine(l *modfile.Line) int {
	if l == nil {
		return 0
	}
	return l.Start.Line
}

func (m *GoModule) addReplaces(name string, list []*modfile.Replace) {
	for _, r := range list {
		if !modfile.IsDirectoryPath(r.New.Path) {
			m.Replaced = append(m.Replaced, GoReplace{r.Old.Path, r.New.Path})
			continue
		}
		dir := ""
		if !path.IsAbs(r.New.Path) {
			if joined, ok := cleanPath(path.Join(path.Dir(name), r.New.Path)); ok {
				dir = joined
			}
		}
		m.Local = append(m.Local, GoLocal{r.Old.Path, dir, Place{name, modLine(r.Syntax)}})
	}
}

// addWork adds the modules that a go.work uses.
func (c *Context) addWork(m *GoModule, name string) error {
	text, ok := c.Read(name)
	if !ok {
		return &Error{Place{File: name}, errors.New("cannot be read")}
	}
	w, err := modfile.ParseWork(name, text, nil)
	if err != nil {
		return modError(name, err)
	}
	m.Work = name
	for _, u := range w.Use {
		dir, ok := cleanPath(path.Join(path.Dir(name), u.Path))
		if !ok || dir == m.Dir {
			continue
		}
		used, err := c.modFile(path.Join(dir, "go.mod"))
		if err != nil || used.Module == nil {
			continue // outside the context, or not copied; its packages will be missing
		}
		m.Local = append(m.Local, GoLocal{used.Module.Mod.Path, dir, Place{name, modLine(u.Syntax)}})
		m.Requires = append(m.Requires, newGoModule(path.Join(dir, "go.mod"), used).Requires...)
	}
	m.addReplaces(name, w.Replace)
	return nil
}

// local returns the folder of an import path that belongs to a local module.
func (m *GoModule) local(importPath string) (dir string, ok bool) {
	for _, l := range m.Local {
		if rest, found := below(importPath, l.Path); found {
			if l.Dir == "" {
				return "", true
			}
			return path.Join(l.Dir, rest), true
		}
	}
	return "", false
}

// below reports whether p is prefix or lies below it, and what remains.
func below(p, prefix string) (rest string, ok bool) {
	if prefix == "" || !strings.HasPrefix(p, prefix) {
		return "", false
	}
	rest = p[len(prefix):]
	if rest == "" {
		return "", true
	}
	return rest[1:], rest[0] == '/'
}
