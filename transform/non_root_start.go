package transform

import (
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
)

// maxScripts bounds how deep scripts that call each other are followed.
const maxScripts = 6

// starts follows the start command to the programs that it runs.
func (u *userPlan) starts() *Skip {
	st, _ := startOf(u.state)
	o := spot{at: u.startSpan()}
	if st.script != nil && st.needsShell != "" {
		if skip := u.script(st.script, u.workdir(), o); skip != nil {
			return skip
		}
		return u.dashC(st, o)
	}
	return u.runs(st.argv, o, true)
}

// dashC takes what stands before a shell text: an ENTRYPOINT that gets `sh -c ...` as its arguments.
func (u *userPlan) dashC(st start, o spot) *Skip {
	if len(st.argv) == 0 || isShellName(st.argv[0]) || u.baseEntry() {
		return nil
	}
	return u.runs(st.argv[:max(st.own, 1)], o, true)
}

func isShellName(program string) bool {
	return slices.Contains([]string{"sh", "bash", "ash", "dash"}, path.Base(program))
}

// skipInit takes off the programs that only start another.
func skipInit(argv []string, fromBase bool) []string {
	for len(argv) > 0 {
		rest := argv[1:]
		switch path.Base(argv[0]) {
		case "tini", "dumb-init", "catatonit":
			rest = skipFlags(rest)
		case "docker-php-entrypoint", "__cacert_entrypoint.sh", "exec", "nohup", "opentelemetry-instrument", "ddtrace-run", "mvn-entrypoint.sh":
		case "docker-entrypoint.sh":
			if !fromBase || len(rest) == 0 {
				return argv
			}
		case "newrelic-admin", "bundle", "poetry", "pipenv", "uv", "pdm", "rye":
			if len(rest) < 2 || !slices.Contains([]string{"exec", "run", "run-program", "run-python"}, rest[0]) {
				return argv
			}
			rest = rest[1:]
		case "env":
			rest = skipFlags(rest)
			for len(rest) > 0 && strings.Contains(rest[0], "=") {
				rest = rest[1:]
			}
		default:
			return argv
		}
		argv = rest
	}
	return argv
}

// baseEntry reports whether the entry point is the base image's own.
func (u *userPlan) baseEntry() bool {
	return u.state.Entrypoint != nil && u.state.Entrypoint.Instr == nil
}

func skipFlags(argv []string) []string {
	for len(argv) > 0 && strings.HasPrefix(argv[0], "-") {
		done := argv[0] == "--"
		argv = argv[1:]
		if done {
			break
		}
	}
	return argv
}

// runs looks at one program and its arguments. last is set for the program that
// the container ends up as, which has to be accounted for.
func (u *userPlan) runs(argv []string, o spot, last bool) *Skip {
	u.wantsHome(argv)
	argv = skipInit(argv, u.baseEntry())
	if len(argv) == 0 {
		return nil
	}
	name := path.Base(argv[0])
	if skip := u.refused(argv, o); skip != nil {
		return skip
	}
	u.speaks(name, argv)
	u.noteEntries(argv)
	u.noteOthers(argv)
	u.collects = u.collects || slices.Contains(argv, "collectstatic")
	if last || isRuntime(name) {
		u.argumentPaths(argv, o)
	}
	switch {
	case name == "npx":
		return u.npx(argv, o)
	case isPackageRunner(name) && len(argv) > 1 && (argv[1] == "exec" || argv[1] == "dlx"):
		return u.npx(argv[1:], o)
	case name == "prisma":
		return u.prisma(o)
	case isShellName(name):
		return u.shellCall(argv, o)
	case isPackageRunner(name):
		return u.packageScript(argv, o)
	case strings.Contains(argv[0], "/") || last:
		return u.program(argv, o, last)
	}
	return nil
}

// refused declines a program that needs root, installs something, or is for development.
func (u *userPlan) refused(argv []string, o spot) *Skip {
	if why := dropsPrivileges(argv); why != "" {
		return o.says(NotNeeded, "%s", why)
	}
	if u.inRecipe(argv[0]) {
		return nil
	}
	for _, why := range []string{needsRoot(argv), installsAtStart(argv), developsAtStart(argv), asksForUser(argv)} {
		if why != "" {
			return o.says(Unsupported, "%s", why)
		}
	}
	return u.underRoot(argv, o)
}

// shellCall is `sh script` or `sh -c text`.
func (u *userPlan) shellCall(argv []string, o spot) *Skip {
	for i, a := range argv[1:] {
		if strings.HasPrefix(a, "-") && strings.HasSuffix(a, "c") && i+2 < len(argv) {
			return u.script(shell.ParseText(argv[i+2]), u.workdir(), o)
		}
		if !strings.HasPrefix(a, "-") {
			words := slices.Clone(argv[i+1:])
			if !strings.Contains(a, "/") && u.inContext(absIn(u.workdir(), a)) {
				words[0] = "./" + a // a shell looks there first
			}
			return u.program(words, o, true)
		}
	}
	return nil
}

// program looks into a program that is a file of the image: a script of the
// context, one whose text stands in the Dockerfile, or something built.
func (u *userPlan) program(argv []string, o spot, last bool) *Skip {
	p := u.find(argv[0])
	if text, ok := u.heredoc(p); ok {
		return u.scriptText(text, "", argv, o)
	}
	if ctx, _, ok := u.contextOf(p); ok {
		return u.contextProgram(ctx, argv, o, last)
	}
	if ctx, _, ok := u.stageFile(p); ok && isScriptName(p) {
		return u.contextProgram(ctx, argv, o, last)
	}
	if !last {
		return nil
	}
	if isRuntime(argv[0]) || u.inRecipe(argv[0]) || u.builtProgram(p, argv[0]) {
		u.ends = ""
		return nil
	}
	switch {
	case u.baseProgram(argv[0]):
		return nil
	case u.installed(p):
		return o.says(Unsure, "%s comes from a package, and whether it runs without root is not known", argv[0])
	}
	return o.says(Unsure, "where %s comes from and what it needs cannot be told", argv[0])
}

// find makes a program's name a path: as given, or below the folders of PATH that the file fills.
func (u *userPlan) find(name string) string {
	if strings.Contains(name, "/") {
		return absIn(u.workdir(), name)
	}
	dirs := []string{"/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"}
	if v, ok := variable(u.state, "PATH"); ok {
		dirs = append(strings.Split(v, ":"), dirs...)
	}
	for _, dir := range dirs {
		p := path.Join("/", dir, name)
		if _, listed, ok := u.contextOf(p); ok && listed || u.madeAt(p) != nil || u.placedFrom(p) != nil {
			return p
		}
	}
	return name
}

// contextProgram is a program that a COPY brought from the build context.
func (u *userPlan) contextProgram(ctx string, argv []string, o spot, last bool) *Skip {
	text, ok := u.p.Build.Read(ctx)
	switch {
	case ok && (strings.HasPrefix(string(text), "#!") || isScriptName(ctx)):
		return u.scriptText(string(text), ctx, argv, o)
	case ok:
		if last {
			u.ends = ""
		}
		return nil // a program of another language; the sources are looked at on their own
	case isScriptName(argv[0]) && last:
		return o.says(Unsure, "%s is not in the build context, so what it does as root cannot be told", argv[0])
	}
	return nil
}

// stageFile maps a path that a COPY --from brought to the context that the other stage had it from.
func (u *userPlan) stageFile(p string) (ctx string, listed, ok bool) {
	one := u.placedFrom(p)
	if one == nil {
		return "", false, false
	}
	from := u.p.File.StageNamed(one.from, u.stage.Index)
	if from == nil {
		return "", false, false
	}
	rest, _ := within(one.dest, p)
	return u.p.glance(from).contextOf(path.Join("/", one.src, rest))
}

// isScriptName reports whether a file is a shell script by its name.
func isScriptName(name string) bool {
	base := path.Base(name)
	return strings.HasSuffix(base, ".sh") || strings.HasSuffix(base, ".bash") || base == "entrypoint" || base == "docker-entrypoint" || base == "start" || base == "run" || base == "boot"
}

// scriptText looks at the text of a script that starts with the arguments argv[1:].
func (u *userPlan) scriptText(text, ctx string, argv []string, o spot) *Skip {
	if ctx != "" && u.seen[ctx] || u.depth >= maxScripts {
		return nil
	}
	u.seen[ctx] = true
	if lang := shell.Interpreter(text); lang != "" && !isPosixShell(lang) {
		u.speaks(lang, []string{lang, ctx})
		u.noteUnread(ctx, language(lang) == "")
		return nil
	}
	u.ends = ctx
	text = ownFolder(text, path.Dir(u.find(argv[0])))
	s := shell.ParseText(strings.ReplaceAll(text, "\r\n", "\n"))
	if s.Unknown != "" {
		return o.says(Unsure, "%s cannot be read: %s", argv[0], s.Unknown)
	}
	u.depth++
	defer func() { u.depth-- }()
	if ctx != "" {
		o = spot{at: o.at, where: ctx}
	}
	if skip := u.scriptIn(s, u.workdir(), o, text); skip != nil {
		return skip
	}
	if len(argv) > 1 && strings.Contains(text, "$@") && !ownVerb(text, argv[1]) {
		return u.runs(argv[1:], spot{at: o.at}, true)
	}
	return nil
}

// ownFolder puts a script's own folder where the script asks for it, so that
// `cd "$(dirname "$0")"` can be followed. No line end comes or goes.
func ownFolder(text, dir string) string {
	if !path.IsAbs(dir) || !plainPath(dir) {
		return text
	}
	for _, ask := range []string{`$(dirname "$(readlink -f "$0")")`, `$(dirname $(readlink -f $0))`, `$(dirname "$0")`, `$(dirname $0)`, `$(dirname "${BASH_SOURCE[0]}")`, `$(dirname "${BASH_SOURCE}")`, `${0%/*}`, "`dirname $0`", "`dirname \"$0\"`"} {
		text = strings.ReplaceAll(text, ask, dir)
	}
	for _, ask := range []string{`$(cd "` + dir + `" && pwd)`, `$(cd ` + dir + ` && pwd)`, `$(cd "` + dir + `"; pwd)`} {
		text = strings.ReplaceAll(text, ask, dir)
	}
	return text
}

// ownVerb reports whether a script asks for a word itself, as in [ "$1" = serve ] or
// `serve)`: then it is the script's own and names no program.
func ownVerb(text, word string) bool {
	return !strings.Contains(word, "/") && slices.ContainsFunc([]string{`= "` + word + `"`, "= '" + word + "'", "= " + word + " ]", "\n" + word + ")", " " + word + ")"}, func(s string) bool {
		return strings.Contains(text, s)
	})
}

// heredoc is the text of a file that COPY takes from the Dockerfile itself.
func (u *userPlan) heredoc(p string) (string, bool) {
	for _, w := range slices.Backward(u.walks) {
		for _, one := range slices.Backward(w.placed) {
			if one.src != "" || one.from != "" || one.dest != p && path.Dir(p) != one.dest {
				continue
			}
			for _, src := range one.in.CopySources() {
				if src.Heredoc != nil && (one.dest == p || src.Heredoc.Name == path.Base(p)) {
					return src.Heredoc.Body.Of(u.p.File.Src), true
				}
			}
		}
	}
	return "", false
}

// builtProgram reports whether the program is built by this file, here or in another stage.
func (u *userPlan) builtProgram(p, name string) bool {
	if one := u.placedFrom(p); one != nil {
		return !isScriptName(p)
	}
	if u.installedByMake(name) {
		return true
	}
	if m := u.madeAt(p); m != nil {
		return !isScriptName(p) && !slices.Contains([]string{"echo", "printf", "cat", "tee", "curl", "wget"}, m.by)
	}
	_, inside := within(u.workdir(), p)
	return inside && u.workdir() != "/" && !isScriptName(name) && u.builds()
}

// placedFrom is the COPY --from that brought a path, or a folder that most likely holds it.
func (u *userPlan) placedFrom(p string) *placed {
	for _, w := range slices.Backward(u.walks) {
		for i := range slices.Backward(w.placed) {
			one := &w.placed[i]
			if _, in := within(one.dest, p); in && one.from != "" && (one.dest == p || u.copiesDir(one)) {
				return one
			}
		}
	}
	return nil
}

// copiesDir reports whether a COPY --from brings a folder, as far as its names tell.
func (u *userPlan) copiesDir(one *placed) bool {
	return path.Ext(one.src) == "" && path.Base(one.dest) != "bin"
}

func (u *userPlan) madeAt(p string) *made {
	for _, w := range slices.Backward(u.walks) {
		for i := range slices.Backward(w.made) {
			if w.made[i].path == p && !w.made[i].dir {
				return &w.made[i]
			}
		}
	}
	return nil
}

// builds reports whether a RUN of the shipped stage compiles something.
func (u *userPlan) builds() bool {
	return slices.ContainsFunc(u.cmds, func(c *command) bool {
		switch c.name {
		case "go", "cargo", "make", "cmake", "gcc", "g++", "cc", "ninja", "meson", "stack", "cabal", "dotnet", "mvn", "mvnw", "gradle", "gradlew", "javac", "npm", "yarn", "pnpm", "swift", "dart", "mix", "rebar3", "nim", "crystal", "zig", "bundle", "pip", "pip3", "uv", "poetry":
			return true
		}
		return false
	})
}

// inRecipe reports whether the program is the base image's server, which runs as the recipe has it.
func (u *userPlan) inRecipe(program string) bool {
	r := u.recipe()
	return r != nil && slices.Contains(r.programs, path.Base(program))
}

// baseProgram reports whether the program is one of the base image's own start command.
func (u *userPlan) baseProgram(name string) bool {
	return u.known && (u.img.HasTool(name) || len(u.img.Cmd) > 0 && u.img.Cmd[0] == name)
}

// installed reports whether a package may bring the program: it is called by name, or from the folders for that.
func (u *userPlan) installed(p string) bool {
	return (!strings.Contains(p, "/") || slices.Contains([]string{"/usr/bin", "/usr/sbin", "/bin", "/sbin"}, path.Dir(p))) &&
		slices.ContainsFunc(u.walks, func(w *walk) bool { return len(w.packages) > 0 })
}

// packageScript follows npm start and the like into package.json.
func (u *userPlan) packageScript(argv []string, o spot) *Skip {
	if name := path.Base(argv[0]); (name == "pnpm" || name == "yarn") && u.corepack() {
		return o.says(Unsure, "%s comes through corepack, which keeps it in root's home and would download it again", name)
	}
	pkg, where := u.packageJSON()
	script := askedScript(argv)
	if i := slices.Index(argv, script); pkg[script] == "" && i > 0 && path.Base(argv[0]) != "npm" && u.hasProgram(script) {
		return u.runs(argv[i:], o, false)
	}
	if pkg[script] == "" || u.seen[where+script] {
		return nil
	}
	u.seen[where+script] = true
	u.speaks("node", nil)
	for _, c := range shell.ParseText(pkg["pre"+script] + "\n" + pkg[script]).Commands {
		words, _ := c.Unwrap()
		if len(words) == 0 {
			continue
		}
		if skip := u.runs(texts(words), spot{o.at, where + " script " + script}, false); skip != nil {
			return skip
		}
	}
	return nil
}

// askedScript is the script that npm, yarn or pnpm is told to run.
func askedScript(argv []string) string {
	for _, a := range argv[1:] {
		if a != "run" && a != "run-script" && !strings.HasPrefix(a, "-") {
			return a
		}
	}
	return ""
}

// packageJSON are the scripts of the package.json in the working directory, and its path in the context.
func (u *userPlan) packageJSON() (map[string]string, string) {
	out := map[string]string{}
	pkg := u.nodePackage()
	if pkg == nil {
		return out, ""
	}
	for _, s := range pkg.Scripts {
		out[s.Name] = s.Command
	}
	return out, path.Join(pkg.Dir, "package.json")
}

// corepack reports whether the package manager is made available by corepack, in root's home.
func (u *userPlan) corepack() bool {
	if _, ok := variable(u.state, "COREPACK_HOME"); ok {
		return false
	}
	return slices.ContainsFunc(u.cmds, func(c *command) bool { return c.name == "corepack" })
}
