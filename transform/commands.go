package transform

import (
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// packageInstall is one package that a RUN installed.
type packageInstall struct {
	manager string // "apt", "apk", "yum"
	name    string // without version
	text    string // as written, with its pin
	more    bool   // with what it recommends, as apt does without another word
	at      edit.Span
}

// account is a user that a RUN created.
type account struct {
	name string
	uid  string // "" where the distribution chose it
	in   *command
}

// common takes the commands that mean the same in every ecosystem. done is false for one it does not know.
func (w *walk) common(c *command) (done bool, skip *Skip) {
	switch c.name {
	case "":
		return len(c.words) == 0, nil
	case "apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf":
		return true, w.packageManager(c)
	case "mkdir":
		return true, w.mkdir(c)
	case "cp", "mv":
		return true, w.moveOrCopy(c)
	case "ln":
		return true, w.symlink(c)
	case "rm", "rmdir":
		return true, w.remove(c)
	case "chown":
		return true, w.chown(c)
	case "useradd", "adduser":
		return true, w.addUser(c)
	case "echo", "printf", "cat", "tee", "touch", "sed", "envsubst":
		return true, w.writes(c)
	case "groupadd", "addgroup", "usermod", "passwd", "chpasswd", "chmod", "set", "export", "unset", "cd", "ls", "pwd", "true", ":", "test", "[", "[[", "exit", "sleep", "date", "uname", "id",
		"whoami", "which", "command", "type", "find", "grep", "env", "umask", "ulimit", "shift", "return", "readonly", "local", "pushd", "popd", "file", "du", "head", "tail", "wc", "sort", "strings",
		"ldd", "ldconfig", "sha256sum", "sha512sum", "md5sum", "gpg", "awk", "cut", "tr", "xargs", "dirname", "basename", "update-ca-certificates", "sync", "git-config", "ssh-keyscan", "dpkg-query", "stat", "false", "mktemp":
		return true, nil
	}
	return false, nil
}

// packageManager notes what is installed. Removal and clean-up need no note: what is left counts as needed.
func (w *walk) packageManager(c *command) *Skip {
	_, rest := shell.Getopt(c.words[1:], "-t", "--virtual", "-X", "--repository", "-o", "-c", "--target-release", "--enablerepo", "--disablerepo", "--setopt")
	if len(rest) == 0 {
		return nil
	}
	if verb, _ := rest[0].Literal(); verb != "install" && verb != "add" {
		return nil
	}
	more := c.name != "apk" && !slices.ContainsFunc(c.words, func(w shell.Word) bool {
		return strings.HasPrefix(w.Text, "--no-install-recommends") || strings.Contains(w.Text, "Install-Recommends")
	})
	for _, word := range rest[1:] {
		names, ok := word.Fields(c.lookup)
		if !ok {
			return c.unsure("the packages of %s depend on a variable without a known value", c.quoted())
		}
		for _, name := range names {
			p := newInstall(c, name)
			p.more = more
			w.packages = append(w.packages, p)
		}
	}
	return nil
}

func newInstall(c *command, text string) packageInstall {
	p := packageInstall{manager: "apt", name: text, text: text, at: c.at}
	switch c.name {
	case "apk":
		p.manager = "apk"
	case "yum", "dnf", "microdnf":
		p.manager = "yum"
	}
	if i := strings.IndexAny(text, "=<>~@"); i > 0 {
		p.name = text[:i]
	}
	return p
}

// operands are the words that are no flags, as absolute paths. ok is false where one cannot be told.
func (c *command) operands() (paths []string, ok bool) {
	for _, word := range c.words[1:] {
		if strings.HasPrefix(word.Text, "-") {
			continue
		}
		p, known := c.abs(word)
		if !known {
			return paths, false
		}
		paths = append(paths, p)
	}
	return paths, true
}

func (w *walk) mkdir(c *command) *Skip {
	paths, ok := c.operands()
	if !ok {
		return c.unsure("cannot tell which folder %s makes", c.quoted())
	}
	for _, p := range paths {
		w.made = append(w.made, made{path: p, dir: true, at: c.at, by: c.name, step: w.step})
	}
	return nil
}

// moveOrCopy follows a file that RUN copies or moves.
func (w *walk) moveOrCopy(c *command) *Skip {
	paths, ok := c.operands()
	if !ok || len(paths) < 2 {
		return c.unsure("cannot tell what %s copies where", c.quoted())
	}
	dest := paths[len(paths)-1]
	last := c.words[len(c.words)-1].Text
	into := w.isDir(dest) || strings.HasSuffix(last, "/") || len(paths) > 2 || isSystemDir(dest)
	for _, src := range paths[:len(paths)-1] {
		target := dest
		if into {
			target = path.Join(dest, path.Base(src))
		}
		w.made = append(w.made, made{path: target, dir: w.isDir(src), at: c.at, by: c.name + " " + src, step: w.step})
		if c.name == "mv" {
			w.removed = append(w.removed, removal{src, w.step})
		}
	}
	return nil
}

// isSystemDir names folders that every distribution has.
func isSystemDir(p string) bool {
	switch p {
	case "/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/usr/local/sbin", "/etc", "/opt", "/var", "/tmp", "/root", "/home", "/usr/lib", "/usr/local/lib", "/usr/share", "/go/bin":
		return true
	}
	return false
}

func (w *walk) symlink(c *command) *Skip {
	var words []shell.Word
	for _, word := range c.words[1:] {
		if !strings.HasPrefix(word.Text, "-") {
			words = append(words, word)
		}
	}
	if len(words) != 2 {
		return c.unsure("cannot tell what %s links", c.quoted())
	}
	target, ok := c.expand(words[0])
	at, known := c.abs(words[1])
	if !ok || !known {
		return c.unsure("cannot tell what %s links", c.quoted())
	}
	if w.isDir(at) || isSystemDir(at) {
		at = path.Join(at, path.Base(target))
	}
	w.links = append(w.links, link{target: target, path: at})
	return nil
}

func (w *walk) remove(c *command) *Skip {
	for _, word := range c.words[1:] {
		if strings.HasPrefix(word.Text, "-") {
			continue
		}
		p, ok := c.abs(word)
		if !ok && word.HasGlob() && len(word.Vars()) == 0 {
			p, ok = absIn(c.dir, word.Text), c.dirOK
		}
		if !ok {
			return c.unsure("cannot tell what %s removes", c.quoted())
		}
		w.removed = append(w.removed, removal{p, w.step})
	}
	return nil
}

func (w *walk) chown(c *command) *Skip {
	var words []shell.Word
	deep := false
	for _, word := range c.words[1:] {
		if strings.HasPrefix(word.Text, "-") {
			deep = deep || strings.Contains(word.Text, "R") || word.Text == "--recursive"
			continue
		}
		words = append(words, word)
	}
	if len(words) < 2 {
		return nil
	}
	who, ok := c.expand(words[0])
	if !ok {
		return c.unsure("cannot tell whom %s names", c.quoted())
	}
	for _, word := range words[1:] {
		if p, ok := c.abs(word); ok {
			w.owners = append(w.owners, owner{path: p, who: who, deep: deep})
		}
	}
	return nil
}

// addUser notes the account's name and uid.
func (w *walk) addUser(c *command) *Skip {
	a := account{in: c}
	words := c.words[1:]
	for i := 0; i < len(words); i++ {
		v, _ := c.expand(words[i])
		switch {
		case v == "-u" || v == "--uid":
			if i+1 < len(words) {
				a.uid, _ = c.expand(words[i+1])
			}
			i++
		case strings.HasPrefix(v, "--uid="):
			a.uid = strings.TrimPrefix(v, "--uid=")
		case takesValue(v):
			i++
		case !strings.HasPrefix(v, "-") && a.name == "":
			a.name = v
		}
	}
	if a.name == "" {
		return c.unsure("cannot tell which account %s creates", c.quoted())
	}
	w.accounts = append(w.accounts, a)
	return nil
}

// takesValue reports whether a flag of useradd or adduser, in Debian's or
// busybox's way, is followed by its value.
func takesValue(flag string) bool {
	switch flag {
	case "-g", "-G", "-s", "-d", "-h", "-c", "-k", "-e", "-f", "-b", "-p", "--gid", "--groups", "--shell", "--home", "--home-dir", "--comment", "--gecos", "--ingroup", "--base-dir", "--password", "--firstuid", "--skel":
		return true
	}
	return false
}

// writes notes the files that redirections, tee, touch and sed -i make or change.
func (w *walk) writes(c *command) *Skip {
	for _, r := range c.Redirects {
		if !strings.Contains(r.Op, ">") {
			continue
		}
		p, ok := c.abs(r.Target)
		if !ok {
			if strings.HasPrefix(r.Target.Text, "&") || len(r.Target.Text) == 1 {
				continue
			}
			return c.unsure("cannot tell which file %s writes", c.quoted())
		}
		if !strings.HasPrefix(p, "/dev/") {
			w.made = append(w.made, made{path: p, at: c.at, by: c.name, step: w.step})
		}
	}
	if c.name == "touch" || c.name == "tee" {
		paths, ok := c.operands()
		if !ok {
			return c.unsure("cannot tell which file %s writes", c.quoted())
		}
		for _, p := range paths {
			w.made = append(w.made, made{path: p, at: c.at, by: c.name, step: w.step})
		}
	}
	return nil
}
