package transform

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
)

const (
	maxSources     = 1500    // files that are looked at
	maxSourceBytes = 8 << 20 // of all of them together
	maxComputed    = 2       // places with a computed path that are named
)

// sources looks for what the program's own sources write.
func (u *userPlan) sources() *Skip {
	if r := u.recipe(); r != nil && r.workers && (u.serves(r) || len(u.langs) == 0) {
		return nil
	}
	if name := u.servesFiles(); name != "" {
		u.why = append(u.why, name+" is a server of files, with"+u.noOther())
		return nil
	}
	if !u.speaksAny() {
		u.guessLanguage()
	}
	if slices.Contains(u.langs, "Go") {
		return u.goSources()
	}
	roots := u.sourceRoots()
	files := 0
	computed := []string{}
	for _, lang := range u.langs {
		n, c := u.scan(lang, roots)
		files += n
		computed = append(computed, c...)
	}
	switch {
	case files > 0 && len(computed) > 0:
		u.write(u.workdir(), false, "computed paths")
		u.assume("Where the path is computed (" + strings.Join(computed[:min(len(computed), maxComputed)], ", ") + andMore(len(computed)) + "), the program writes into its working directory itself or into what is handed over.")
	case files > 0 && u.entryMissing() == "":
		u.why = append(u.why, plural(files, "source file shows", "source files show")+u.noOther())
	case files > 0:
		u.assume("The program writes to nothing but /tmp" + u.orGranted() + ": " + u.entryMissing() + " is not in the build context.")
	default:
		u.assume("The program writes to nothing but /tmp" + u.orGranted() + ": " + u.unscanned() + ".")
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// noOther says that nothing was found beside what is known already.
func (u *userPlan) noOther() string {
	if len(u.writes) > 0 {
		return " no other place that it writes to"
	}
	return " no place that it writes to"
}

// serves reports whether the start is the recipe's server itself.
func (u *userPlan) serves(r *recipe) bool {
	st, _ := startOf(u.state)
	argv := skipInit(st.argv, u.baseEntry())
	return len(argv) > 0 && slices.Contains(r.programs, path.Base(argv[0]))
}

// entryMissing names a source file that the start leads to and the context
// lacks: then the sources that were seen are not all.
func (u *userPlan) entryMissing() string {
	for _, a := range u.entries {
		if p := absIn(u.workdir(), a); !isBuilt(a) && u.copied(p) && !u.inContext(p) && !u.inContext(strings.TrimSuffix(p, ".py")) {
			return a
		}
	}
	return ""
}

// copied reports whether a path lies where a COPY of a folder of the context went.
func (u *userPlan) copied(p string) bool {
	return slices.ContainsFunc(u.walks, func(w *walk) bool {
		return slices.ContainsFunc(w.placed, func(one placed) bool {
			_, in := within(one.dest, p)
			return in && one.dir && one.from == "" && one.src != ""
		})
	})
}

func (u *userPlan) inContext(p string) bool {
	ctx, _, ok := u.contextOf(p)
	return ok && u.p.Build.Exists(ctx)
}

// isBuilt reports whether a path lies in a folder that builds fill.
func isBuilt(p string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(p, "./"), "/")
	return slices.Contains([]string{"dist", "build", "out", "lib", ".output", ".next"}, first)
}

var pythonModule = regexp.MustCompile(`^([A-Za-z_]\w*(?:\.\w+)*):\w+(?:\(\))?$`)

// noteEntries keeps the source files that a program's arguments name.
func (u *userPlan) noteEntries(argv []string) {
	for _, a := range argv[1:] {
		if strings.ContainsAny(a, " \n") {
			continue // a shell text
		}
		switch m := pythonModule.FindStringSubmatch(a); {
		case m != nil && language(path.Base(argv[0])) == "Python":
			u.entries = append(u.entries, strings.ReplaceAll(m[1], ".", "/")+".py")
		case slices.Contains([]string{".py", ".js", ".mjs", ".ts", ".rb", ".php"}, path.Ext(a)):
			u.entries = append(u.entries, a)
		}
	}
}

func andMore(n int) string {
	if n > maxComputed {
		return fmt.Sprintf(" and %d more", n-maxComputed)
	}
	return ""
}

func (u *userPlan) orGranted() string {
	if slices.ContainsFunc(u.writes, func(w written) bool { return !u.writable(w.path) }) {
		return " and what is handed over"
	}
	return ""
}

// guessLanguage takes the language of the sources in the context for a program that was built.
func (u *userPlan) guessLanguage() {
	for _, g := range []struct{ file, lang string }{{"go.mod", "Go"}, {"Cargo.toml", "Rust"}, {"pom.xml", "Java"}, {"build.gradle", "Java"}} {
		for _, root := range u.sourceRoots() {
			if path.Base(root) == g.file || u.p.Build.Exists(path.Join(root, g.file)) {
				u.langs = append(u.langs, g.lang)
				return
			}
		}
	}
	switch {
	case len(u.p.Build.GoMains(".")) > 0:
		u.langs = append(u.langs, "Go")
	case u.builds() && u.nativeSources():
		u.langs = append(u.langs, "C")
	}
}

// sourceRoots are the files and folders of the context that reach the image, through builder stages too.
func (u *userPlan) sourceRoots() []string {
	var out []string
	for _, w := range u.walks {
		for _, one := range w.placed {
			if one.src != "" && one.from == "" && one.listed {
				out = append(out, one.src)
			}
		}
	}
	for _, s := range u.p.File.Stages {
		if s == u.stage || !u.feeds(s) {
			continue
		}
		for _, in := range s.Instrs {
			if in.Name != "copy" && in.Name != "add" || in.FlagNamed("from") != nil {
				continue
			}
			for _, src := range in.CopySources() {
				p := path.Clean(strings.TrimLeft(src.Arg.Value, "/"))
				if src.Heredoc == nil && (p == "." || u.p.Build.Exists(p)) {
					out = append(out, p)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// feeds reports whether a stage's files may reach the shipped one. In most files every stage's do.
func (u *userPlan) feeds(*dockerfile.Stage) bool { return true }

// scan looks at the sources of one language below the roots. computed are the places with a path that cannot be told.
func (u *userPlan) scan(lang string, roots []string) (files int, computed []string) {
	size := 0
	seen := map[string]bool{}
	calls := slices.DeleteFunc(writeCalls(), func(c writeCall) bool { return c.lang != lang })
	look := func(p string) {
		if seen[p] || files >= maxSources || size >= maxSourceBytes || !hasEnding(p, sourceEndings(lang)) || aside(p, lang) {
			return
		}
		seen[p] = true
		text, ok := u.p.Build.Read(p)
		if !ok {
			return
		}
		files++
		size += len(text)
		computed = append(computed, u.scanFile(p, string(text), calls)...)
	}
	for _, root := range roots {
		if !u.p.Build.IsDir(root) && root != "." {
			look(root)
			continue
		}
		u.p.Build.Walk(root, func(p string, e fs.DirEntry) {
			if !e.IsDir() {
				look(p)
			}
		})
	}
	return files, computed
}

func hasEnding(p string, endings []string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(p, e) })
}

// aside reports whether a file is a test, a tool or someone else's, which the
// container does not run. PHP's programs lie in what others have for files of the browser.
func aside(p, lang string) bool {
	for part := range strings.SplitSeq(p, "/") {
		switch part {
		case "test", "tests", "__tests__", "spec", "e2e", "node_modules", "vendor", "venv", ".venv", "site-packages", "docs", "doc", "examples", "migrations", "scripts", "tools", ".git", "notebooks", "benchmarks", "cypress":
			return true
		case "dist", "public", "static", "frontend", "client":
			if lang != "PHP" {
				return true
			}
		}
	}
	base := path.Base(p)
	return strings.HasPrefix(base, "test_") || strings.Contains(base, ".test.") || strings.Contains(base, ".spec.") || strings.HasSuffix(base, "Test.java") || strings.HasSuffix(base, "Tests.java") || base == "conftest.py" || base == "setup.py" ||
		strings.Contains(base, ".config.") || base == "gulpfile.js" || base == "Gruntfile.js" || strings.HasSuffix(base, ".min.js") || base == "docker-compose.yml"
}

// scanFile notes what one file writes.
func (u *userPlan) scanFile(p, text string, calls []writeCall) (computed []string) {
	for _, c := range calls {
		for _, m := range c.re.FindAllStringIndex(text, 200) {
			if inComment(text, m[0]) {
				continue
			}
			where := fmt.Sprintf("%s:%d", p, lineOf(text, m[0]))
			if !u.sourceWrite(p, text, m, c, where) {
				computed = append(computed, where)
			}
		}
	}
	computed = append(computed, u.pathlibWrites(p, text)...)
	u.cachesAtHome(p, text)
	u.sessions(p, text)
	where := func(at int) string { return fmt.Sprintf("%s:%d", p, lineOf(text, at)) }
	literal := []*regexp.Regexp{sqliteURLs, logFiles}
	if u.djangoDatabases(p, text, where) {
		literal = literal[1:] // their names are no paths by themselves
	}
	for _, re := range literal {
		for _, m := range re.FindAllStringSubmatchIndex(text, 50) {
			u.literalFile(text, m, where(m[0]))
		}
	}
	u.settingFolders(p, text, where)
	for _, m := range settingPaths.FindAllStringSubmatchIndex(text, 50) {
		v := text[m[2]:m[3]]
		if !inComment(text, m[0]) && !strings.ContainsAny(v, "{}$<>%: ") && (strings.Contains(v, "/") || stateDir(v)) && !systemPath(v) && path.Ext(v) == "" && stateDir(v) {
			u.write(absIn(u.workdir(), v), false, fmt.Sprintf("%s:%d", p, lineOf(text, m[0])))
		}
	}
	return computed
}

// literalFile takes the one group of a match that is set: a file that is written.
func (u *userPlan) literalFile(text string, m []int, where string) {
	if inComment(text, m[0]) {
		return
	}
	for i := 2; i+1 < len(m); i += 2 {
		if m[i] < 0 {
			continue
		}
		v := strings.TrimPrefix(text[m[i]:m[i+1]], "file:")
		if v == "" || strings.ContainsAny(v, "${}%:<>~\\ ") || strings.Contains(v, "memory") || strings.HasPrefix(v, "mem") || strings.HasPrefix(v, "tcp") {
			return
		}
		u.write(absIn(u.workdir(), v), true, where)
	}
}

func inComment(text string, at int) bool {
	line := strings.TrimSpace(text[lineStart(text, at):at])
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "*")
}

// sourceWrite notes one call; false where its path is computed.
func (u *userPlan) sourceWrite(p, text string, m []int, c writeCall, where string) bool {
	args := callArguments(text[m[1]:])
	arg := c.arg
	switch {
	case c.arg == joinedArgument:
		args, arg = []string{"os.path.join" + text[m[1]:min(len(text), m[1]+200)]}, 0
		if end := strings.IndexByte(args[0], '\n'); end > 0 {
			args[0] = args[0][:end]
		}
	case c.arg == stateFileOption:
		if arg = 0; len(args) == 0 || !namesStateFile(args[0]) {
			return true
		}
	case c.arg == literalOption:
		arg = 0
		if len(args) == 0 || !strings.ContainsAny(args[0][:min(1, len(args[0]))], "\"'`p_") {
			return true
		}
	}
	if c.mode && !writingMode(args) {
		return true
	}
	if arg >= len(args) {
		return true
	}
	if c.arg == literalOption && !strings.ContainsAny(args[arg], "\"'`") {
		return true
	}
	expr := args[arg]
	target, dir, ok := sourcePath(expr)
	if !ok {
		expr = resolved(text, expr)
		target, dir, ok = sourcePath(expr)
	}
	if !ok {
		return isTemporary(args[arg])
	}
	if target == ":memory:" {
		return true
	}
	base := u.workdir()
	if fileRelative(expr) {
		base, target = u.placeOf(upwards(path.Dir(p), levelsUp(expr)-1)), strings.TrimPrefix(target, "/")
	}
	abs := absIn(base, target)
	u.write(abs, !dir && (!c.dir || namesStateFile(expr)), where)
	return true
}

var joinedName = regexp.MustCompile(`^(?:path\.(?:join|resolve)|os\.path\.join)\(\s*(\w+)\s*,`)

// resolved puts in what a name is set to: the whole argument, or the folder that is joined with a text.
func resolved(text, expr string) string {
	if m := joinedName.FindStringSubmatchIndex(expr); m != nil {
		if set := assigned(text, expr[m[2]:m[3]]); set != "" {
			return expr[:m[2]] + set + expr[m[3]:]
		}
	}
	return assigned(text, expr)
}

// assigned is the text that a name is set to in the same file, where it is set once.
func assigned(text, name string) string {
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$") != "" {
		return ""
	}
	re, err := regexp.Compile(`(?m)(?:^|[\s$])` + regexp.QuoteMeta(strings.TrimPrefix(name, "$")) + `\s*(?::\s*\w+\s*)?:?=\s*([^=\n;]{1,200})`)
	if err != nil {
		return ""
	}
	found := re.FindAllStringSubmatch(text, 3)
	if len(found) != 1 {
		return ""
	}
	return strings.TrimSpace(found[0][1])
}

// namesStateFile reports whether an expression ends in the name of a log or a database.
func namesStateFile(expr string) bool {
	end := strings.TrimRight(expr, " )\"'`")
	return len(end) < len(expr) && slices.Contains([]string{".log", ".db", ".sqlite", ".sqlite3"}, path.Ext(end))
}

func isTemporary(arg string) bool {
	arg = strings.ToLower(arg)
	return strings.Contains(arg, "tmp") || strings.Contains(arg, "temp") || strings.Contains(arg, "os.devnull")
}

// placeOf is the folder of the image that a folder of the context lies in.
func (u *userPlan) placeOf(dir string) string {
	for _, w := range slices.Backward(u.walks) {
		for _, one := range slices.Backward(w.placed) {
			if one.src == "" || one.from != "" {
				continue
			}
			if one.dir && one.src == "." {
				return path.Join(one.dest, dir)
			}
			if rest, in := within(one.src, dir); in && one.dir {
				return path.Join(one.dest, rest)
			}
			if !one.dir && path.Dir(one.src) == dir {
				return path.Dir(one.dest)
			}
		}
	}
	return path.Join(u.workdir(), dir)
}

// writingMode reports whether the second argument, one that is named mode, or C's flags open for writing.
func writingMode(args []string) bool {
	for i, a := range args {
		if i > 0 && (strings.Contains(a, "O_WRONLY") || strings.Contains(a, "O_RDWR") || strings.Contains(a, "O_CREAT")) {
			return true
		}
		a = strings.TrimSpace(strings.TrimPrefix(strings.ReplaceAll(a, " ", ""), "mode="))
		if i > 0 && len(a) > 1 && len(a) < 8 && strings.ContainsAny(a[:1], "\"'") {
			return strings.ContainsAny(a, "wax+")
		}
	}
	return false
}
