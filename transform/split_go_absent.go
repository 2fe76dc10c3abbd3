package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// maxAbsent is how many missing files a split names.
const maxAbsent = 3

// absent tells of the files that the sources open and that a COPY would have brought, if
// the build context had them: what lies in the context here need not be all that the author
// builds with (.env and the like are kept out of git), and only what is seen is named in a COPY.
func (d *goDecision) absent() *Skip {
	var names []string
	for _, a := range d.ship {
		if a.program == nil {
			continue
		}
		for _, use := range a.program.Reads {
			if d.isAbsent(a.program, use) {
				names = append(names, fmt.Sprintf("%s (%s)", use.Value, use.Where()))
			}
		}
	}
	names = uniqueBy(names, func(s string) string { before, _, _ := strings.Cut(s, " ("); return before })
	if len(names) == 0 {
		return nil
	}
	if len(names) > maxAbsent {
		names = append(names[:maxAbsent], "and more")
	}
	d.assume("the program reads %s, which the build context does not have here: where your builds have it, add it to the COPY lines or give it at run time", strings.Join(names, ", "))
	return nil
}

// isAbsent reports whether a file that is opened would lie in a folder that COPY brings,
// and is neither there, nor made by the build, the program or a mount.
func (d *goDecision) isAbsent(p *evidence.GoProgram, use evidence.GoUse) bool {
	if !use.Known || use.Value == "" || strings.ContainsAny(use.Value, "*?[%{") {
		return false
	}
	at := d.absolute(use.Value)
	if _, whole := within(d.whole, at); d.whole != "" && whole || d.carriedAlready(at) || d.holdsCarried(at) {
		return false
	}
	made := func(m made) bool {
		_, in := within(m.path, at)
		return m.path == at || in && m.dir && m.by != "mkdir"
	}
	if slices.ContainsFunc(d.walk.made, made) || slices.ContainsFunc(p.Writes, func(w evidence.GoUse) bool {
		_, in := within(d.absolute(w.Value), at)
		return in && w.Value != ""
	}) {
		return false
	}
	if slices.ContainsFunc(d.p.servicesOf(), func(s service) bool { return s.mountsInto(at) || s.mountsOver(path.Dir(at)) }) {
		return false
	}
	return d.wouldBring(at)
}

// wouldBring reports whether a COPY of a folder of the build context would bring a file
// to the path that the context does not have and that no ignore file keeps out.
func (d *goDecision) wouldBring(at string) bool {
	return slices.ContainsFunc(d.walk.placed, func(one placed) bool {
		rest, in := within(one.dest, at)
		if !in || rest == "" || !one.dir || one.from != "" || one.src == "" || one.bound || d.inTail(one.in) {
			return false
		}
		ctx := path.Join(one.src, rest)
		return one.listed && !d.p.Build.Exists(ctx) && !d.p.Build.Ignored(ctx)
	})
}

// uniqueBy keeps the first of those that have the same key, in order.
func uniqueBy(list []string, key func(string) string) []string {
	var seen, out []string
	for _, s := range list {
		if !slices.Contains(seen, key(s)) {
			seen, out = append(seen, key(s)), append(out, s)
		}
	}
	return out
}
