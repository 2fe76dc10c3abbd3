package transform

import (
	"path"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
)

// placed is one source of a COPY, ADD or bind mount, and where it lies in the image.
type placed struct {
	in   *dockerfile.Instr
	from string // --from: a stage or an image; "" for the build context
	src  string // path in the build context (or in from), clean; "." for its root; "" for a heredoc or a URL
	dest string // absolute: of the file, or of the folder that receives src's contents
	dir  bool   // src is a folder: its contents lie in dest
	// listed is false where the context does not show whether src exists or what it is.
	listed bool
	// bound marks a bind mount: there during one RUN, not in the image.
	bound bool
	step  int
}

// place takes a COPY or ADD.
func (w *walk) place(in *dockerfile.Instr) *Skip {
	state := w.p.stateAt(in.Stage, in)
	w.step++
	first := len(w.placed)
	defer func() { w.stamp(first) }()
	to, _ := in.CopyDest()
	dest, ok := state.Expand(to.Raw())
	if !ok {
		return &Skip{Unsure, in.Span, "the destination depends on a build argument without a default"}
	}
	if !path.IsAbs(dest) && !state.WorkdirKnown {
		return &Skip{Unsure, in.Span, "the working directory of " + w.stage.Base.Value + " is not known, and no WORKDIR states it"}
	}
	from := ""
	if f := in.FlagNamed("from"); f != nil {
		from = f.Value
	}
	if in.FlagNamed("parents") != nil {
		return &Skip{Unsupported, in.Span, "COPY --parents keeps paths in a way that bulwark does not follow"}
	}
	target := destination{abs: absIn(state.Workdir, dest), isDir: strings.HasSuffix(dest, "/") || dest == "." || len(in.CopySources()) > 1}
	for _, src := range in.CopySources() {
		if src.Heredoc != nil {
			w.placed = append(w.placed, placed{in: in, dest: target.abs})
			continue
		}
		value, ok := state.Expand(src.Arg.Raw())
		if !ok {
			return &Skip{Unsure, src.Arg.Span, "the source depends on a build argument without a default"}
		}
		w.placeOne(in, from, value, target)
	}
	w.owned(in, target.abs)
	return nil
}

// stamp gives the placements from the n-th on the walk's present step.
func (w *walk) stamp(n int) {
	for i := range w.placed[n:] {
		w.placed[n+i].step = w.step
	}
}

type destination struct {
	abs   string
	isDir bool
}

func absIn(dir, p string) string {
	if path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join(dir, p)
}

// placeOne adds the placements of one source, one for each file that a pattern matches.
func (w *walk) placeOne(in *dockerfile.Instr, from, src string, d destination) {
	switch {
	case strings.Contains(src, "://") || strings.HasPrefix(src, "git@"):
		w.placed = append(w.placed, placed{in: in, dest: d.inside(src, w.isDir(d.abs))})
	case from != "":
		one := placed{in: in, from: from, src: path.Clean(src), dest: d.abs, dir: w.isDirIn(from, src, d)}
		if !one.dir {
			one.dest = d.inside(src, w.isDir(d.abs))
		}
		w.placed = append(w.placed, one)
	default:
		for _, name := range w.matches(src) {
			w.placeContext(in, name, d)
		}
	}
}

// isDirIn reports whether a source of COPY --from is a folder of the other stage: as
// that stage shows it, else as the names have it.
func (w *walk) isDirIn(from, src string, d destination) bool {
	abs := path.Join("/", src)
	if s := w.p.File.StageNamed(from, w.stage.Index); s != nil {
		other := w.p.glance(s)
		if ctx, listed, ok := other.contextOf(abs); ok && listed && ctx != "" {
			return w.p.Build.IsDir(ctx)
		}
		if other.isDir(abs) {
			return true
		}
	}
	return strings.HasSuffix(src, "/") || abs == d.abs && path.Ext(abs) == "" || isNextServer(abs)
}

func (w *walk) placeContext(in *dockerfile.Instr, src string, d destination) {
	one := placed{in: in, src: src, dest: d.abs, listed: w.p.Build.Exists(src) || src == "." && !w.p.Build.Empty()}
	switch {
	case src == "." || w.p.Build.IsDir(src):
		one.dir = true
	case one.listed:
		one.dest = d.inside(src, w.isDir(d.abs))
	default:
		// Not in the context that we see: a name without an ending is most likely a folder, but that is not known.
		one.dir = d.isDir && (path.Ext(src) == "" || path.Ext(src) == ".d")
		if !one.dir {
			one.dest = d.inside(src, w.isDir(d.abs))
		}
	}
	w.placed = append(w.placed, one)
}

// inside is where a file comes to lie: in the destination when that is a folder, else at it.
func (d destination) inside(src string, exists bool) string {
	if d.isDir || exists {
		return path.Join(d.abs, path.Base(src))
	}
	return d.abs
}

// matches expands a source with wildcards over the context, as COPY does.
func (w *walk) matches(src string) []string {
	src = strings.TrimPrefix(path.Clean("/"+src), "/") // nothing lies above the context's root: ../x is x
	if src == "" {
		return []string{"."}
	}
	if !strings.ContainsAny(src, "*?[") {
		return []string{src}
	}
	dir, pattern := path.Split(src)
	var out []string
	for _, e := range w.p.Build.List(path.Clean(dir)) {
		if ok, err := path.Match(pattern, e.Name()); err == nil && ok {
			out = append(out, path.Join(dir, e.Name()))
		}
	}
	if len(out) == 0 {
		return []string{src}
	}
	return out
}

// isDir reports whether the image has a folder at the absolute path p, as far as the walk knows.
func (w *walk) isDir(p string) bool {
	if p == "/" {
		return true
	}
	for _, one := range w.placed {
		if (one.dir && one.dest == p) || strings.HasPrefix(one.dest, p+"/") {
			return true
		}
	}
	for _, m := range w.made {
		if m.dir && (m.path == p || strings.HasPrefix(m.path, p+"/")) {
			return true
		}
	}
	return w.workdirs()[p]
}

// workdirs are the folders that the stage works in, each made by its WORKDIR or there
// from the start.
func (w *walk) workdirs() map[string]bool {
	if w.dirsOf == w.stage {
		return w.dirs
	}
	w.dirsOf, w.dirs = w.stage, map[string]bool{w.p.endState(w.stage).Workdir: true}
	for _, in := range lineage(w.stage) {
		if in.Name == "workdir" {
			w.dirs[w.p.stateAfter(in.Stage, in).Workdir] = true
		}
	}
	return w.dirs
}

// mount takes a RUN --mount=type=bind: sources that are there for that RUN alone.
func (w *walk) mount(m dockerfile.Mount, state *dockerfile.State, in *dockerfile.Instr) {
	if m.Type != "bind" || m.From != "" || m.Target == "" {
		return
	}
	src := strings.TrimPrefix(path.Clean("/"+m.Source), "/")
	if src == "" {
		src = "."
	}
	w.placed = append(w.placed, placed{
		in: in, src: src, dest: absIn(state.Workdir, m.Target), bound: true,
		dir: src == "." || w.p.Build.IsDir(src), listed: true,
	})
}

// contextOf maps an absolute path of the image to the path in the build context
// that it was copied from. listed is false where the context does not show it.
func (w *walk) contextOf(p string) (ctx string, listed, ok bool) {
	for i := len(w.placed) - 1; i >= 0; i-- {
		one := w.placed[i]
		if one.from != "" || one.src == "" {
			continue
		}
		rel, inside := within(one.dest, p)
		switch {
		case rel == "" && inside:
			return one.src, one.listed, true
		case inside && one.dir:
			name := path.Join(one.src, rel)
			if w.p.Build.Exists(name) || !one.listed {
				return name, one.listed, true
			}
		}
	}
	return "", false, false
}

// sourceDir maps a folder of the image to the folder of the build context whose
// files lie in it, copied as a whole or one by one.
func (w *walk) sourceDir(dir string) (ctx string, listed, ok bool) {
	for _, one := range w.placed {
		if one.from != "" || one.src == "" || one.dir || path.Dir(one.dest) != dir {
			continue
		}
		if ok && path.Dir(one.src) != ctx {
			return "", false, false // from several folders
		}
		ctx, ok, listed = path.Dir(one.src), true, one.listed
	}
	if whole, shown, found := w.contextOf(dir); found {
		return whole, shown, true
	}
	return ctx, listed, ok
}

// within reports whether p is dir or lies in it, and the rest of the path.
func within(dir, p string) (rest string, ok bool) {
	if p == dir {
		return "", true
	}
	if dir == "/" {
		return strings.TrimPrefix(p, "/"), true
	}
	return strings.CutPrefix(p, dir+"/")
}

// owned notes COPY --chown.
func (w *walk) owned(in *dockerfile.Instr, dest string) {
	if f := in.FlagNamed("chown"); f != nil {
		w.owners = append(w.owners, owner{path: dest, who: f.Value, deep: true})
	}
}

// ownerOf is the last owner given to the path or to a folder above it; "" for root.
func (w *walk) ownerOf(p string) string {
	who := ""
	for _, o := range w.owners {
		if _, ok := within(o.path, p); ok && (o.deep || o.path == p) {
			who = o.who
		}
	}
	return who
}
