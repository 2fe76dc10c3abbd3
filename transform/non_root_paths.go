package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
)

// grant is a path that is handed over to the account.
type grant struct {
	path string
	file bool // touched first
	deep bool // with what lies in it
	make bool // it may not be there
	why  string
}

// stateDir reports whether a folder's name says that a program keeps something in it.
func stateDir(p string) bool {
	name := strings.ToLower(strings.TrimLeft(path.Base(p), "."))
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		switch word {
		case "data", "log", "logs", "upload", "uploads", "tmp", "temp", "cache", "caches", "storage", "media", "db", "database", "databases", "state", "sessions", "session", "downloads", "download", "output", "outputs",
			"results", "backups", "backup", "instance", "persist", "persistent", "spool", "volume", "volumes", "pids", "run", "exports", "artifacts", "workspace", "mediafiles", "staticfiles":
			return true
		}
	}
	return false
}

// declaredPaths takes the places that the file itself declares: VOLUME, mkdir, the environment.
func (u *userPlan) declaredPaths() *Skip {
	for _, v := range u.state.Volumes {
		if !v.Known {
			return &Skip{Unsure, v.Instr.Span, "the VOLUME depends on a build argument without a default"}
		}
		if path.IsAbs(v.Value) && !u.workersHold(path.Clean(v.Value)) {
			u.write(v.Value, false, "VOLUME")
		}
	}
	for _, w := range u.walks {
		for _, m := range w.made {
			if m.dir && m.by == "mkdir" && u.keepsState(m.path) {
				u.write(m.path, false, "mkdir")
			}
		}
		for _, one := range w.placed {
			if one.dir && stateDir(one.dest) && one.dest != u.workdir() && slices.Contains([]string{"uploads", "upload", "logs", "log", "tmp", "storage", "cache"}, path.Base(one.dest)) {
				u.write(one.dest, false, "COPY")
			}
		}
	}
	for _, v := range u.state.Env {
		if v.Instr != nil && v.Known {
			u.envPath(v.Name, v.Value)
		}
	}
	u.frameworks()
	return nil
}

// keepsState reports whether a folder made by RUN is for the program's state: by its name, outside the system's own.
func (u *userPlan) keepsState(p string) bool {
	if u.wasRemoved(p) || !stateDir(p) && !u.ownVarLib(p) {
		return false
	}
	if _, in := within(u.workdir(), p); in && u.workdir() != "/" {
		return true
	}
	return !systemPath(p) && !strings.HasPrefix(p, "/var/lib/apt") && !strings.HasPrefix(p, "/var/cache/apt") && !strings.HasPrefix(p, "/var/run/sshd")
}

// ownVarLib reports whether a folder made by RUN lies where programs keep their
// state by the Filesystem Hierarchy Standard, and nothing is copied into it.
func (u *userPlan) ownVarLib(p string) bool {
	rest, in := within("/var/lib", p)
	name, _, _ := strings.Cut(rest, "/")
	return in && rest != "" && !slices.Contains([]string{"apt", "dpkg", "ucf", "apk", "rpm", "systemd", "pam", "misc"}, name) && !u.holdsFiles(p)
}

// systemPath reports whether a path belongs to the distribution and not to a program's state.
func systemPath(p string) bool {
	for _, dir := range []string{"/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/boot", "/root"} {
		if _, in := within(dir, p); in {
			return true
		}
	}
	return false
}

// envPath takes an environment variable that names a place to write to.
func (u *userPlan) envPath(name, value string) {
	if strings.HasPrefix(value, "sqlite:") {
		u.sqlite(value, "ENV "+name)
		return
	}
	if !path.IsAbs(value) || strings.ContainsAny(value, ": ,;$*") || systemPath(value) {
		return
	}
	if name == "HOME" {
		u.write(value, false, "ENV HOME")
		return
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' })
	if !slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"data", "log", "logs", "cache", "upload", "uploads", "storage", "tmp", "temp", "tmpdir", "state", "db", "database", "sqlite", "media", "output", "download", "downloads", "backup", "backups", "pid", "mplconfigdir", "hf", "torch", "nltk"}, w)
	}) {
		return
	}
	u.write(value, path.Ext(value) != "" && !u.isDir(value), "ENV "+name)
}

// sqlite takes a database URL: three slashes before a relative path, four before an absolute one.
func (u *userPlan) sqlite(url, why string) {
	_, p, _ := strings.Cut(url, "://")
	p, _, _ = strings.Cut(p, "?")
	p = strings.TrimPrefix(p, "/")
	if p == "" || strings.Contains(p, ":memory:") || strings.Contains(p, "$") || strings.Contains(p, "{") {
		return
	}
	u.write(absIn(u.workdir(), p), true, why)
}

// argumentPaths takes arguments that name a log, a pid file, a socket or a data folder.
func (u *userPlan) argumentPaths(argv []string, o spot) {
	for i, a := range argv {
		flag, value, joined := strings.Cut(a, "=")
		if !joined && i+1 < len(argv) {
			value = argv[i+1]
		}
		if v, ok := strings.CutPrefix(value, "unix:"); ok {
			u.write(absIn(u.workdir(), strings.TrimPrefix(v, "//")), true, u.whyAt(o))
			continue
		}
		if !strings.HasPrefix(flag, "-") || value == "-" || value == "" || strings.HasPrefix(value, "-") || strings.ContainsAny(value, "$:*") || !writingFlag(flag) {
			continue
		}
		u.write(absIn(u.workdir(), value), path.Ext(value) != "", u.whyAt(o))
	}
	if path.Base(argv[0]) == "chainlit" {
		u.write(u.workdir(), false, "chainlit")
	}
	if path.Base(argv[0]) == "json-server" {
		for _, a := range argv[1:] {
			if path.Ext(a) == ".json" && !strings.HasPrefix(a, "-") {
				u.write(absIn(u.workdir(), a), true, "json-server")
				break
			}
		}
	}
	if slices.Contains(argv, "beat") || slices.Contains(argv, "-B") && path.Base(argv[0]) == "celery" {
		u.write(path.Join(u.workdir(), "celerybeat-schedule"), true, "celery beat")
	}
}

// writingFlag reports whether an option names a place to write to.
func writingFlag(flag string) bool {
	switch strings.TrimLeft(flag, "-") {
	case "log-file", "logfile", "log", "access-logfile", "error-logfile", "logto", "pid", "pidfile", "pid-file", "data-dir", "datadir", "data", "db", "database", "dbpath", "storage", "upload-dir", "cache-dir", "output", "output-dir", "out", "state-dir", "worker-tmp-dir", "schedule",
		"Dlogging.file", "Dlogging.file.name", "Dlogging.path", "Dlogging.file.path", "XX:HeapDumpPath", "backend-store-uri":
		return true
	}
	return false
}

// frameworks takes the folders that frameworks write to by themselves.
func (u *userPlan) frameworks() {
	has := func(rel string) bool {
		ctx, _, ok := u.contextOf(path.Join(u.workdir(), rel))
		return ok && u.p.Build.Exists(ctx)
	}
	if has("config/application.rb") {
		u.railsUploads(has)
	}
	for _, f := range []struct {
		mark, name string
		dirs       []string
	}{
		{"artisan", "Laravel", []string{"storage", "bootstrap/cache"}},
		{"bin/console", "Symfony", []string{"var"}},
		{"config/application.rb", "Rails", []string{"tmp", "log", "storage", "db"}},
	} {
		if !has(f.mark) && !(f.name == "Laravel" && u.startsArtisan()) {
			continue
		}
		for _, d := range f.dirs {
			if d != "storage" && d != "db" || f.name == "Laravel" || has(d) {
				u.write(path.Join(u.workdir(), d), false, f.name)
			}
		}
	}
	if u.startsRails() {
		u.write(path.Join(u.workdir(), "tmp"), false, "Rails")
		u.write(path.Join(u.workdir(), "log"), false, "Rails")
	}
	if dir := u.nextFolder(); dir != "" {
		u.write(dir, false, "Next.js")
	}
	u.prismaSchema()
}

// railsUploads takes the folders for uploads: Active Storage's, and those of gems
// (their defaults, by their documentation).
func (u *userPlan) railsUploads(has func(rel string) bool) {
	if has("config/storage.yml") {
		u.write(path.Join(u.workdir(), "storage"), false, "Active Storage")
	}
	ctx, _, _ := u.contextOf(path.Join(u.workdir(), "Gemfile"))
	gems, _ := u.p.Build.Read(ctx)
	for _, g := range []struct{ gem, dir string }{{"carrierwave", "public/uploads"}, {"paperclip", "public/system"}, {"kt-paperclip", "public/system"}} {
		if regexp.MustCompile(`(?m)^\s*gem\s+["']` + g.gem + `["']`).Match(gems) {
			u.write(path.Join(u.workdir(), g.dir), false, g.gem)
		}
	}
}

// startsArtisan reports whether the start is Laravel's own command, whose framework
// keeps sessions, logs and compiled views whatever the sources say.
func (u *userPlan) startsArtisan() bool {
	st, ok := startOf(u.state)
	return ok && slices.ContainsFunc(st.argv, func(a string) bool { return path.Base(a) == "artisan" })
}

// startsRails reports whether the start is Rails' own server.
func (u *userPlan) startsRails() bool {
	st, ok := startOf(u.state)
	return ok && slices.ContainsFunc(st.argv, func(a string) bool { return path.Base(a) == "rails" })
}

// settle makes of all that is written what has to be handed over.
func (u *userPlan) settle() *Skip {
	u.giveHome()
	if r := u.recipe(); r != nil {
		u.grants = append(u.grants, r.grants...)
	}
	for _, w := range u.writes {
		if skip := u.settleOne(w); skip != nil {
			return skip
		}
	}
	u.tidyGrants()
	return nil
}

func (u *userPlan) settleOne(w written) *Skip {
	switch {
	case u.writable(w.path):
		return nil
	case w.path == "/" || w.file && path.Dir(w.path) == "/":
		return &Skip{Unsure, u.startSpan(), fmt.Sprintf("the program writes to the root folder (%s), which is not for a user to own", w.why)}
	case systemPath(w.path) && !u.ownCode(w.path):
		return &Skip{Unsupported, u.startSpan(), fmt.Sprintf("%s is written at the start (%s), which belongs to the system", w.path, w.why)}
	case !plainPath(w.path):
		return &Skip{Unsure, u.startSpan(), fmt.Sprintf("%q is written (%s), a path that bulwark does not put into a RUN", w.path, w.why)}
	}
	if !w.file {
		u.grant(u.folder(w.path, w.why))
		return nil
	}
	dir := path.Dir(w.path)
	_, listed, copied := u.contextOf(w.path)
	switch {
	case sharedDir(dir) && dir != u.workdir():
		u.grant(grant{path: w.path, file: true, why: w.why})
	case dir == u.workdir() || dir == "/home":
		u.grant(grant{path: dir, deep: u.seeds() && dir == u.workdir(), why: w.why})
		if copied && listed {
			u.grant(grant{path: w.path, why: w.why})
		}
	default:
		u.grant(u.folder(dir, w.why))
	}
	return nil
}

// folder hands a folder over: with its contents where they are the program's state, or where
// a RUN may have left some of it there; alone where its code lies in it.
func (u *userPlan) folder(dir, why string) grant {
	exists := u.isDir(dir)
	if r := u.recipe(); r != nil {
		exists = exists || slices.Contains(r.exist, dir)
	}
	_, around := within(dir, u.workdir())
	fresh := !exists && stateDir(dir) && !u.holdsFiles(dir) // a folder that a COPY brings may hold files of root
	return grant{path: dir, deep: !around && (u.seeds() || !fresh && !u.holdsCode(dir)), make: !exists, why: why}
}

// writable reports whether everybody, or the account, may write to a path already.
func (u *userPlan) writable(p string) bool {
	for _, dir := range []string{"/tmp", "/var/tmp", "/dev", "/proc", "/sys"} {
		if _, in := within(dir, p); in {
			return true
		}
	}
	if u.account.homeMade && u.account.home != "" && u.account.home != "/" && u.account.home != "/nonexistent" {
		if _, in := within(u.account.home, p); in && (p == u.account.home || !u.holdsFiles(p)) {
			return true
		}
	}
	for _, c := range u.cmds {
		if c.name == "chmod" && slices.ContainsFunc(literals(c), worldWritable) && c.covers(p, "R") {
			return true
		}
	}
	for _, w := range slices.Backward(u.walks) {
		if who := w.ownerOf(p); who != "" {
			name, _, _ := strings.Cut(who, ":")
			return name == u.account.name && name != "" || name == u.account.uid
		}
	}
	return false
}

// holdsFiles reports whether a COPY brings something to the path or above it.
func (u *userPlan) holdsFiles(p string) bool {
	return slices.ContainsFunc(u.walks, func(w *walk) bool {
		return slices.ContainsFunc(w.placed, func(one placed) bool {
			_, above := within(one.dest, p)
			_, below := within(p, one.dest)
			return above || below
		})
	})
}

func worldWritable(mode string) bool {
	if isNumber(mode) {
		return (mode[len(mode)-1]-'0')&2 != 0
	}
	return strings.Contains(mode, "a+w") || strings.Contains(mode, "a+rw") || strings.Contains(mode, "o+w") || strings.Contains(mode, "ugo+rw") || strings.Contains(mode, "go+w") || strings.Contains(mode, "+rwX") && mode[0] == 'a'
}

// covers reports whether an operand of the command is the path, or with the flag letter a folder above it.
func (c *command) covers(p, deep string) bool {
	recursive := slices.ContainsFunc(c.words[1:], func(w shell.Word) bool { return strings.HasPrefix(w.Text, "-") && strings.Contains(w.Text, deep) })
	return slices.ContainsFunc(c.words[1:], func(w shell.Word) bool {
		q, ok := c.abs(w)
		_, in := within(q, p)
		return ok && (q == p || recursive && in)
	})
}

// ownCode reports whether a path below /usr is the application's: its working directory, or a place that files were copied to.
func (u *userPlan) ownCode(p string) bool {
	if _, in := within(u.workdir(), p); in && u.workdir() != "/" && !slices.Contains([]string{"/usr", "/usr/local", "/usr/bin", "/usr/local/bin", "/etc", "/usr/src", "/usr/lib"}, u.workdir()) {
		return true
	}
	if r := u.recipe(); r != nil && slices.ContainsFunc(r.own, func(dir string) bool { _, in := within(dir, p); return in }) {
		return true
	}
	return strings.HasPrefix(p, "/usr/src/") || stateDir(p) && strings.HasPrefix(p, "/usr/local/")
}

// sharedDir reports whether a folder is for all programs of a system, so that a file in it is handed over alone.
func sharedDir(dir string) bool {
	return slices.Contains([]string{"/var/log", "/run", "/var/run", "/var", "/var/lib", "/opt", "/srv", "/mnt"}, dir)
}

func plainPath(p string) bool {
	return strings.Trim(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@+") == ""
}

func (u *userPlan) grant(g grant) { u.grants = append(u.grants, g) }

// tidyGrants puts the grants in order and leaves out what another covers.
func (u *userPlan) tidyGrants() {
	slices.SortStableFunc(u.grants, func(a, b grant) int { return strings.Compare(a.path, b.path) })
	var out []grant
	for _, g := range u.grants {
		covered := false
		for i := range out {
			if _, in := within(out[i].path, g.path); in && (out[i].deep || out[i].path == g.path) {
				out[i].deep = out[i].deep || out[i].path == g.path && g.deep
				covered = true
				break
			}
		}
		if !covered {
			out = append(out, g)
		}
	}
	u.grants = out
}
