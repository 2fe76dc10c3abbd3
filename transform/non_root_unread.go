package transform

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// otherEndings are those of sources that are not looked into for what they write.
var otherEndings = []string{
	".pl", ".pm", ".lua", ".r", ".R", ".jl", ".tcl", ".awk", ".ex", ".exs", ".erl", ".hs", ".ml", ".clj", ".groovy",
	".scala", ".swift", ".ps1", ".rkt", ".scm", ".lisp", ".cr", ".nim", ".zig", ".dart", ".pas", ".f90", ".cob", ".adb", ".fs", ".vb",
}

// noteUnread keeps a file of the context that the start leads to and nothing looks into.
func (u *userPlan) noteUnread(ctx string, unread bool) {
	u.ends = ""
	if unread && ctx != "" && !slices.Contains(u.unread, ctx) {
		u.unread = append(u.unread, ctx)
	}
}

// noteOthers keeps the sources among a program's arguments that nothing looks into.
func (u *userPlan) noteOthers(argv []string) {
	for _, a := range argv[1:] {
		if ctx, _, ok := u.contextOf(absIn(u.workdir(), a)); ok && hasEnding(a, otherEndings) && u.p.Build.Exists(ctx) {
			u.noteUnread(ctx, true)
		}
	}
}

// unscanned says why nothing is known of what the program's sources write.
func (u *userPlan) unscanned() string {
	unread := u.unread
	if len(unread) == 0 && u.ends != "" && !u.speaksAny() {
		return "of " + u.ends + " no more is read than what it spells out"
	}
	if len(unread) == 0 && !u.speaksAny() {
		unread = u.otherSources()
	}
	if len(unread) == 0 {
		return "its sources are not in the build context"
	}
	return "its sources (" + strings.Join(unread[:min(len(unread), maxComputed)], ", ") + andMore(len(unread)) + ") are not read"
}

// otherSources are the sources below the folders that reach the image which are of
// languages that nothing looks into.
func (u *userPlan) otherSources() []string {
	var out []string
	look := func(p string) {
		if len(out) < maxSources && hasEnding(p, otherEndings) && !aside(p, "") && path.Base(p) != "mix.exs" {
			out = append(out, p)
		}
	}
	for _, root := range u.sourceRoots() {
		if root != "." && !u.p.Build.IsDir(root) {
			look(root)
			continue
		}
		u.p.Build.Walk(root, func(p string, e fs.DirEntry) {
			if !e.IsDir() {
				look(p)
			}
		})
	}
	slices.Sort(out)
	return slices.Compact(out)
}
