package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// aptFlags are the options of apt-get that are followed by a value.
var aptFlags = []string{"-t", "--target-release", "--default-release", "-o", "--option", "-c", "--config-file", "-a", "--host-architecture"}

// apt puts a command of apt-get into the words of apk, or takes it out.
func (m *alpineMove) apt(c *command, r *runEdit) (why string) {
	flags, rest := shell.Getopt(c.words[1:], aptFlags...)
	for _, f := range flags {
		if why := aptFlag(f); why != "" {
			return c.quoted() + " " + why
		}
	}
	for _, a := range c.assigns {
		if !aptVariable(a.Name) {
			return c.quoted() + " is run with " + a.Name
		}
	}
	if len(rest) == 0 {
		return c.quoted() + " is not understood"
	}
	verb, _ := rest[0].Literal()
	switch verb {
	case "update", "clean", "autoclean", "autoremove":
		if len(rest) > 1 {
			break
		}
		r.remove(c)
		return ""
	case "upgrade", "dist-upgrade", "full-upgrade":
		if len(rest) > 1 {
			break
		}
		return m.rewriteApt(c, r, rest, "apk upgrade --no-cache", nil)
	case "install":
		return m.install(c, r, rest)
	case "remove", "purge":
		return m.uninstall(c, r, rest)
	}
	return c.quoted() + " has no counterpart on Alpine"
}

// aptVariable reports whether a variable only concerns apt and dpkg.
func aptVariable(name string) bool {
	return slices.Contains(words("DEBIAN_FRONTEND DEBCONF_NONINTERACTIVE_SEEN ACCEPT_EULA APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE RUNLEVEL"), name)
}

// aptFlag says why an option keeps a command from being put into apk's words; ""
// for one that apk needs no counterpart of.
func aptFlag(f shell.Flag) (why string) {
	value, known := f.Value.Literal()
	switch f.Name {
	case "-y", "--yes", "--assume-yes", "-q", "--quiet", "-qq", "--no-install-recommends", "--no-install-suggests", "--install-recommends", "--fix-missing", "-m", "--allow-unauthenticated", "--force-yes", "-u", "-V", "--auto-remove", "--autoremove",
		"--purge", "--no-upgrade", "--allow-downgrades", "--allow-releaseinfo-change", "--allow-change-held-packages", "--show-progress", "--fix-broken", "--ignore-missing":
		return ""
	case "-o", "--option":
		if known && (strings.HasPrefix(value, "Dpkg::") || strings.HasPrefix(value, "DPkg::") || strings.HasPrefix(value, "Acquire::") || strings.HasPrefix(value, "APT::Install-") || strings.HasPrefix(value, "Debug::")) {
			return ""
		}
	case "-t", "--target-release", "--default-release":
		return "asks for packages of another release"
	case "-f":
		return "repairs what package files of Debian left open"
	}
	if strings.HasPrefix(f.Name, "-q=") {
		return ""
	}
	return "has " + f.Word.Text + ", which has no counterpart on Alpine"
}

// install puts apt-get install into apk's words: each package by what it is for.
func (m *alpineMove) install(c *command, r *runEdit, rest []shell.Word) (why string) {
	names := map[int]string{} // by the place of the word: what stands for it, "" for nothing
	m.recommends = m.recommends || !slices.ContainsFunc(c.words, func(w shell.Word) bool { return strings.Contains(w.Text, "no-install-recommends") })
	left := false
	for _, w := range rest[1:] {
		text, ok := w.Literal()
		if !ok {
			return fmt.Sprintf("%s names packages by way of %s", c.quoted(), w.Text)
		}
		list, why := m.packageNames(text)
		if why != "" {
			return why
		}
		m.installed[text] = true
		fresh := m.fresh(text, list)
		names[w.Span.Start] = strings.Join(fresh, " ")
		left = left || len(fresh) > 0
	}
	if !left {
		r.remove(c)
		return ""
	}
	return m.rewriteApt(c, r, rest, "apk add --no-cache", names)
}

// fresh are the names that no command has added yet; they count as added from now on.
func (m *alpineMove) fresh(debian string, list []string) (out []string) {
	for _, name := range list {
		if _, ok := m.added[name]; ok {
			continue
		}
		if _, ok := m.added["build-base"]; ok && slices.Contains(words("gcc g++ make musl-dev binutils patch file"), name) {
			continue
		}
		m.added[name] = debian
		out = append(out, name)
	}
	return out
}

// uninstall puts apt-get remove into apk's words, where the Dockerfile itself
// installed what goes and nothing compiled needs it any more.
func (m *alpineMove) uninstall(c *command, r *runEdit, rest []shell.Word) (why string) {
	names := map[int]string{}
	left := false
	for _, w := range rest[1:] {
		text, ok := w.Literal()
		pkg, _ := m.s.p.pkg(text)
		switch {
		case !ok:
			return fmt.Sprintf("%s names packages by way of %s", c.quoted(), w.Text)
		case !m.installed[text]:
			return fmt.Sprintf("%s removes %s, which the Dockerfile does not install", c.quoted(), text)
		case pkg.Kind == templates.DevLibrary || pkg.Kind == templates.Library:
			return fmt.Sprintf("%s removes %s, with which apk takes the library along", c.quoted(), text)
		}
		var own []string
		for name, by := range m.added {
			if by == text {
				own = append(own, name)
				delete(m.added, name)
			}
		}
		slices.Sort(own)
		delete(m.installed, text)
		names[w.Span.Start] = strings.Join(own, " ")
		left = left || len(own) > 0
	}
	if !left {
		r.remove(c)
		return ""
	}
	return m.rewriteApt(c, r, rest, "apk del", names)
}

// rewriteApt replaces the program and its verb by head, takes out the options, and
// puts names in the place of the words behind the verb.
func (m *alpineMove) rewriteApt(c *command, r *runEdit, rest []shell.Word, head string, names map[int]string) (why string) {
	at := slices.IndexFunc(c.words, func(w shell.Word) bool { return w.Span.Start == rest[0].Span.Start })
	verb := edit.Span{Start: c.Span.Start, End: c.words[at].Span.End}
	if !r.put(verb, head) {
		return "a comment stands inside " + c.quoted()
	}
	m.heads = append(m.heads, headEdit{in: c.in, span: verb, add: head == "apk add --no-cache"})
	for i := at + 1; i < len(c.words); i++ {
		w := c.words[i]
		name, isName := names[w.Span.Start]
		switch {
		case !w.Exact:
			return w.Text + " is broken over lines"
		case name == "":
			r.cutWord(c.words, i)
		case isName && name != w.Text:
			r.put(w.Span, name)
		}
	}
	return ""
}

// packageNames are the Alpine packages for what apt-get is asked to install; none
// where nothing stands in for it. why stops the move.
func (m *alpineMove) packageNames(text string) (names []string, why string) {
	if why := notPlainName(text); why != "" {
		return nil, why
	}
	pkg, known := m.s.p.pkg(text)
	switch {
	case !known:
		return nil, "no Alpine package is known for " + text
	case m.wrongRuntime(text) != "":
		return nil, m.wrongRuntime(text)
	case pkg.NoAlpine:
		return nil, "Alpine has nothing for " + text + noted(pkg.Note)
	case glibcPackage(text):
		return nil, text + " is about glibc" + noted(pkg.Note)
	case keepsElsewhere(text):
		return nil, text + " keeps its configuration elsewhere on Alpine" + noted(pkg.Note)
	case pkg.Kind == templates.Needless:
		m.note("%s is of use on Debian alone", text)
		return nil, ""
	case pkg.BusyBox:
		m.note("what %s brings is in every Alpine image", text)
		return nil, ""
	case !pkg.InAlpine(m.release):
		return nil, first(m.release, "Alpine") + " has no package for " + text
	}
	if in, recorded := pkg.In(m.s.img.Suite); recorded && !in {
		return nil, text + " is no package of " + m.s.img.Suite + " but a name of several, or gone"
	}
	if names, ok := m.forPurpose(pkg); ok {
		m.tellNote(pkg)
		m.needs = append(m.needs, companions(text)...)
		return names, ""
	}
	return nil, "what stands in for " + text + " on Alpine is not recorded"
}

func noted(note string) string {
	if note == "" {
		return ""
	}
	return " (" + note + ")"
}

// tellNote passes on what the table says of a program or a library.
func (m *alpineMove) tellNote(pkg templates.Pkg) {
	if pkg.Note == "" || len(companions(pkg.Name)) > 0 || pkg.Kind == templates.BuildTool || strings.HasPrefix(pkg.Note, "busybox") || aboutDebian(pkg.Note) {
		return
	}
	m.assume("the image does with what Alpine has for %s: %s", pkg.Name, pkg.Note)
}

// aboutDebian reports whether a note of the table is on Debian's own names alone.
func aboutDebian(note string) bool {
	return !strings.Contains(note, "Alpine") && slices.ContainsFunc(words("trixie bookworm bullseye Debian Ubuntu virtual transitional name header"), func(word string) bool { return strings.Contains(note, word) })
}

// forPurpose takes the names for a build where something is compiled and for tools
// of one, those for run time else.
func (m *alpineMove) forPurpose(pkg templates.Pkg) ([]string, bool) {
	build := pkg.Kind == templates.BuildTool || pkg.Kind == templates.DevLibrary && m.compiles
	if build && len(pkg.AlpineBuild) > 0 {
		return pkg.AlpineBuild, true
	}
	names, known := pkg.AlpineRuntime()
	return names, known && len(names) > 0
}

// notPlainName says why what apt-get is asked to install is more than a name.
func notPlainName(text string) (why string) {
	name, _, pinned := strings.Cut(text, "=")
	switch {
	case strings.HasSuffix(text, ".deb") || strings.HasPrefix(text, "/") || strings.HasPrefix(text, "."):
		return text + " is a package file of Debian's"
	case pinned:
		return "the version of " + name + " is pinned to one of Debian's"
	case strings.Contains(text, "/"):
		return text + " asks for a package of another release"
	case strings.Contains(text, ":"):
		return text + " asks for a package of one architecture"
	case strings.ContainsAny(text, "*?^[]()"):
		return text + " is a pattern of names"
	case strings.HasSuffix(text, "-"):
		return text + " takes a package away"
	}
	return ""
}

// removeLists takes out of rm what only apt had; the command goes where nothing
// else is left.
func (m *alpineMove) removeLists(c *command, r *runEdit) (why string) {
	var gone []int
	left := 0
	for i, w := range c.words[1:] {
		switch text := strings.Trim(w.Text, `"'`); {
		case strings.HasPrefix(text, "-"):
		case ofApt(text):
			gone = append(gone, i+1)
		default:
			left++
		}
	}
	if len(gone) == 0 {
		return ""
	}
	if _, ok := r.link(c); !ok {
		return c.quoted() + notAlone(c)
	}
	if left == 0 {
		r.remove(c)
		return ""
	}
	for _, i := range gone {
		r.cutWord(c.words, i)
	}
	return ""
}

// ofApt reports whether a path is one that only apt and dpkg have.
func ofApt(p string) bool {
	return slices.ContainsFunc(words("/var/lib/apt /var/cache/apt /var/lib/dpkg /var/cache/debconf /var/log/apt /var/log/dpkg /etc/apt /usr/share/doc /usr/share/man /usr/share/locale /usr/share/info /usr/share/lintian"), func(dir string) bool {
		rest, ok := strings.CutPrefix(p, dir)
		return ok && (rest == "" || rest[0] == '/' || rest[0] == '*' || rest[0] == '.')
	})
}
