package transform

import (
	"path"
	"slices"
	"strings"
)

// nextFolder is where the Next.js server that starts keeps its caches and the pages
// that it renders again; "" for another start.
func (u *userPlan) nextFolder() string {
	st, ok := startOf(u.state)
	if !ok {
		return ""
	}
	scripts, _ := u.packageJSON()
	text := strings.Join(st.argv, " ")
	for _, a := range st.argv {
		text += " " + scripts[a]
	}
	if strings.Contains(text, "next start") {
		return path.Join(u.workdir(), ".next")
	}
	for _, a := range st.argv {
		if p := absIn(u.workdir(), a); path.Base(p) == "server.js" && u.isStandalone(p) {
			return path.Join(path.Dir(p), ".next")
		}
	}
	return ""
}

// isStandalone reports whether a server.js is the one that `next build` writes with
// output: 'standalone', where it was made or where a COPY brought it.
func (u *userPlan) isStandalone(server string) bool {
	if strings.Contains(server, "/.next/standalone/") {
		return true
	}
	return slices.ContainsFunc(u.walks, func(w *walk) bool {
		return slices.ContainsFunc(w.placed, func(one placed) bool {
			_, in := within(one.dest, server)
			return in && one.from != "" && isNextServer(one.src)
		})
	})
}

// isNextServer reports whether a path is the folder that `next build` makes of the
// server and the modules that it needs.
func isNextServer(p string) bool { return strings.HasSuffix("/"+p, "/.next/standalone") }
