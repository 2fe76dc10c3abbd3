package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// fullOnly reports whether only the full image of an interpreter has the program:
// what buildpack-deps brings on top of the slim image.
func fullOnly(program string) bool {
	switch program {
	case "git", "hg", "svn", "bzr", "curl", "wget", "gcc", "g++", "cc", "c++", "cpp", "make", "gmake", "ld", "as", "ar", "nm", "strip", "objdump", "readelf", "autoconf", "automake", "aclocal", "autoreconf",
		"libtoolize", "m4", "patch", "pkg-config", "dpkg-buildpackage", "dpkg-architecture", "bzip2", "bunzip2", "xz", "unxz", "lzma", "unzip", "file", "convert", "identify", "mogrify", "montage", "magick",
		"composite", "import", "compare", "gpg", "gpg2", "gpgv", "dirmngr", "gpg-agent", "ssh", "scp", "sftp", "ssh-keygen", "ssh-keyscan", "ssh-agent", "ssh-add", "ps", "top", "pgrep", "pkill", "free", "vmstat", "w",
		"watch", "uptime", "sysctl", "pg_config", "mysql_config", "mariadb_config", "xml2-config", "xslt-config", "curl-config", "krb5-config", "gencat", "lsb_release", "tclsh", "wish", "sq", "less", "ncurses5-config", "gdbus", "glib-compile-schemas":
		return true
	}
	return false
}

// interpreterTools are the programs that the image of an interpreter has besides the system.
func interpreterTools(product string) []string {
	switch product {
	case "python":
		return words("python python3 python2 pip pip3 pip2 easy_install idle pydoc python-config python3-config 2to3 wheel virtualenv")
	case "node":
		return words("node npm npx yarn yarnpkg corepack nodejs pnpm")
	case "ruby":
		return words("ruby gem bundle bundler irb rake erb")
	}
	return nil
}

// missing is a program that the smaller image lacks, and where it is called.
type missing struct{ program, where string }

// mayGoBare reports whether a slim or Alpine image of an interpreter is worth asking
// distroless for.
func (s *swap) mayGoBare() bool {
	fits := s.product() == "node" || s.product() == "python" && s.img.Version == templates.DistrolessPython
	return fits && slices.Contains(s.p.Options.Prefer, "distroless") &&
		s.ref.Digest == "" && !s.floats() && s.copies() && s.forWorkingIn() == ""
}

// accountAllowed wants distroless' account, the one that a program without root gets
// there, to be among those that the policy allows.
func (s *swap) accountAllowed() string {
	if o := s.p.Options.Policy; o != nil && o.UIDs != (IDRange{}) && !o.UIDs.holds(distrolessUID) && isRoot(s.state.User) {
		return fmt.Sprintf("its account is %d, which is not in the range %s of %s", distrolessUID, o.UIDs, o.Source)
	}
	return ""
}

const distrolessUID = 65532

// slimLacks names a program that RUN lines, the start, the health check or compose
// files call, which the full image has and the slim one lacks, unless the
// Dockerfile installs it by name before.
func (s *swap) slimLacks() (m missing, ok bool) {
	installed := map[string]bool{}
	for _, in := range s.runs() {
		list, unknown := s.runCommands(in)
		if unknown != "" {
			return missing{"what cannot be read (" + unknown + ")", "RUN of " + line(in)}, true
		}
		for _, c := range list {
			if c.Hidden != "" {
				return missing{"what cannot be seen (" + c.Hidden + ")", line(in)}, true
			}
			if p, bad := s.lackedBy(c, installed); bad {
				return missing{p, line(in)}, true
			}
			s.noteInstalled(c, installed)
		}
	}
	for _, call := range slices.Concat(s.startCalls(), s.runtimeCalls(), s.cronCalls()) {
		name := path.Base(call.argv[0])
		if fullOnly(name) && !installed[debianProvider(name)] {
			return missing{name, call.where}, true
		}
	}
	return missing{}, false
}

// lackedBy names the full image's program that the command runs or is handed as an argument.
func (s *swap) lackedBy(c *command, installed map[string]bool) (string, bool) {
	if c.name == "" && len(c.words) > 0 {
		return c.quoted() + ", a computed program", true
	}
	lacks := func(name string) bool { return fullOnly(name) && !installed[debianProvider(name)] }
	if lacks(c.name) {
		return c.name, true
	}
	if text := c.scriptOf(s); text != "" {
		for _, raw := range shell.ParseText(text).Commands {
			if list, _ := raw.Unwrap(); len(list) > 0 && lacks(path.Base(list[0].Text)) {
				return path.Base(list[0].Text), true
			}
		}
	}
	for _, raw := range c.words {
		if strings.Contains(raw.Text, "tar.bz2") && lacks("bzip2") || strings.Contains(raw.Text, "tar.xz") && lacks("xz") {
			return "the unpacker of " + raw.Text, true
		}
	}
	return "", false
}

// scriptOf is the text of a script of the context that the command runs.
func (c *command) scriptOf(s *swap) string {
	at := 0
	if slices.Contains(words("sh bash ash source ."), c.name) {
		at = 1
	}
	if at >= len(c.words) || !strings.Contains(c.words[at].Text, "/") && !strings.HasSuffix(c.words[at].Text, ".sh") {
		return ""
	}
	p, ok := c.abs(c.words[at])
	if !ok {
		return ""
	}
	return s.fileAt(p)
}

// fileAt is the text of a file of the image that was copied from the build context.
func (s *swap) fileAt(p string) string {
	ctx, _, ok := s.places().contextOf(p)
	if !ok {
		return ""
	}
	data, _ := s.p.Build.Read(ctx)
	return string(data)
}

// places follows the COPY and ADD lines of the chain, once: every word of a start
// command is looked up in them.
func (s *swap) places() *walk {
	if s.placed == nil {
		s.placed = s.placesOf(s.chain)
	}
	return s.placed
}

// placesOf follows the COPY and ADD lines, and the bind mounts, of stages that
// stand on one another. A line whose target cannot be told is passed over.
func (s *swap) placesOf(chain []*dockerfile.Stage) *walk {
	w := &walk{p: s.p}
	for _, st := range chain {
		w.stage = st
		for _, in := range st.Instrs {
			if in.Name == "copy" || in.Name == "add" {
				w.place(in)
			}
			for _, m := range in.Mounts() {
				w.mount(m, s.p.stateAt(st, in), in)
			}
		}
	}
	return w
}

// noteInstalled remembers the packages that a command installs.
func (s *swap) noteInstalled(c *command, installed map[string]bool) {
	if !slices.Contains(words("apt-get apt apk"), c.name) {
		return
	}
	w := &walk{p: s.p, stage: s.stage}
	if w.packageManager(c) == nil {
		for _, p := range w.packages {
			installed[p.name] = true
			if p.name == "build-essential" {
				for _, name := range words("gcc g++ make") {
					installed[name] = true
				}
			}
		}
	}
}

// debianProvider is the package that brings one of the full image's programs.
func debianProvider(program string) string {
	switch program {
	case "hg":
		return "mercurial"
	case "svn":
		return "subversion"
	case "cc", "cpp":
		return "gcc"
	case "c++":
		return "g++"
	case "xz", "unxz", "lzma":
		return "xz-utils"
	case "gpg", "gpg2", "gpg-agent":
		return "gnupg"
	case "scp", "sftp", "ssh-keygen", "ssh-keyscan", "ssh-agent", "ssh-add":
		return "openssh-client"
	case "bunzip2":
		return "bzip2"
	case "pg_config":
		return "libpq-dev"
	case "mogrify", "montage", "composite", "compare", "magick":
		return "imagemagick"
	case "free", "vmstat", "w", "watch", "uptime", "sysctl":
		return "procps"
	}
	if provider, known := providerOf(program); known {
		return provider
	}
	return program
}

// startCalls are the programs of the start command, and of an entry script of the context.
func (s *swap) startCalls() []runtimeCall {
	if !s.starts || s.start.instr == nil {
		return nil
	}
	where := "the start command"
	var out []runtimeCall
	if s.start.script != nil {
		out = shellCalls(s.start.script, where)
	} else {
		out = execCalls(s.start.argv, where)
	}
	seen := map[string]bool{}
	for _, word := range s.start.argv {
		out = append(out, s.scriptCalls(word, seen)...)
	}
	return out
}

// scriptCalls are the programs of a script of the context, and of those that it calls.
func (s *swap) scriptCalls(word string, seen map[string]bool) []runtimeCall {
	text := s.startedFile(word)
	if seen[word] || !isShellScript(word, text) {
		return nil
	}
	seen[word] = true
	script := shell.ParseText(text)
	out := shellCalls(script, word)
	for _, raw := range script.Commands {
		list, _ := raw.Unwrap()
		for _, called := range texts(list[:min(3, len(list))]) { // sh -e FILE
			out = append(out, s.scriptCalls(called, seen)...)
		}
	}
	return out
}

// startedFile is the text of a file of the context that a word of a start command
// leads to: by its path, or by its name in a folder of PATH.
func (s *swap) startedFile(word string) string {
	text := s.fileAt(absIn(s.state.Workdir, word))
	for _, p := range s.programPaths(word) {
		text = first(text, s.fileAt(p))
	}
	return text
}

func isShellScript(name, text string) bool {
	program, _ := shell.Shebang(text)
	return strings.HasSuffix(name, ".sh") || slices.Contains(words("sh bash ash dash"), path.Base(program)) && text != ""
}

// wantsBash names a script, start or RUN line that needs bash.
func (s *swap) wantsBash() string {
	if len(s.state.Shell) > 0 && path.Base(s.state.Shell[0]) == "bash" {
		return "SHELL is bash"
	}
	for _, call := range append(s.startCalls(), s.runtimeCalls()...) {
		if path.Base(call.argv[0]) == "bash" {
			return call.where + " calls bash"
		}
	}
	why := ""
	for _, one := range s.places().placed {
		look := func(p string) {
			if why != "" || path.Ext(p) != ".sh" {
				return
			}
			data, _ := s.p.Build.Read(p)
			if program, _ := shell.Shebang(string(data)); path.Base(program) == "bash" {
				why = p + " is a script for bash"
			}
		}
		if one.from == "" && one.dir {
			s.walkFiles(one.src, look)
		} else if one.from == "" && one.src != "" {
			look(one.src)
		}
	}
	return why
}

// alpineOf is the Alpine build of the same version, if its pin is no weaker.
func (s *swap) alpineOf() (to, why string) {
	c := templates.Alpine(s.ref)
	switch {
	case !c.OK:
		return "", c.Why
	case namesRelease(s.ref.Tag) && !namesRelease(c.Ref.Tag):
		return "", c.Ref.String() + " names no release, which is a weaker pin than " + s.ref.Tag
	case len(c.Notes) > 0:
		return "", c.Notes[0]
	case s.root.Platform != "" && !strings.Contains(s.root.Platform, "amd64") && !strings.Contains(s.root.Platform, "arm64"):
		return "", "whether there is one for " + s.root.Platform + " is not recorded"
	}
	return c.Ref.String(), ""
}

// namesRelease reports whether a tag names a release of its distribution.
func namesRelease(tag string) bool {
	return slices.ContainsFunc(strings.Split(tag, "-"), func(w string) bool {
		_, ok := templates.SystemOf(w)
		return ok
	})
}

// alpineRelease is the release that the Alpine build stands on; "" for the newest.
func (s *swap) alpineRelease() string {
	if c := templates.Alpine(s.ref); strings.HasPrefix(c.To, "alpine") {
		return c.To
	}
	return ""
}

// namesDebian names an instruction that speaks of folders and settings that only a
// Debian system is sure to have.
func (s *swap) namesDebian() (why string) {
	for _, in := range s.instrs() {
		text := in.Body.String()
		for _, mark := range words("linux-gnu /lib64 LD_PRELOAD LD_LIBRARY_PATH manylinux /etc/ImageMagick /etc/cron /etc/supervisor /etc/init.d /etc/systemd /etc/apache2 /etc/php/ /etc/default/ /etc/pam.d /etc/ld.so /etc/bash.bashrc") {
			if strings.Contains(text, mark) {
				return line(in) + " speaks of " + mark
			}
		}
	}
	return ""
}

// trySlim asks for the slim build of the same version and release. needs says what
// the program and its dependencies want of the full image.
func (s *swap) trySlim(needs func() string) (*candidate, string) {
	to := templates.Slim(s.ref)
	switch {
	case !to.OK:
		return nil, to.Why
	case to.Moves && !s.onlyItself():
		return nil, to.Ref.String() + " is not known to stand on the same release"
	}
	if m, bad := s.slimLacks(); bad {
		return nil, m.where + " calls " + m.program + ", which it lacks"
	}
	if why := first(s.asksFirst(), first(s.wantsZones(), needs())); why != "" {
		return nil, why
	}
	return &candidate{ref: to.Ref.String()}, ""
}

// onlyItself reports whether no RUN installs packages of the distribution, so that
// it does not matter much on which release the image stands.
func (s *swap) onlyItself() bool {
	for _, in := range s.runs() {
		list, _ := s.runCommands(in)
		for _, c := range list {
			if slices.Contains(words("apt-get apt dpkg"), c.name) {
				return false
			}
		}
	}
	return true
}

// wantsZones names a RUN that links to the time zones, which of the slim images
// only Python's are sure to have.
func (s *swap) wantsZones() string {
	if s.product() == "python" {
		return ""
	}
	for _, in := range s.instrs() {
		if text := in.Body.String(); in.Name == "run" && strings.Contains(text, "/usr/share/zoneinfo") && !strings.Contains(text, "tzdata") {
			return line(in) + " links to the time zones, which it may lack"
		}
	}
	return ""
}
