package transform

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/evidence"
)

const (
	maxSources     = 1500    // files that are looked at
	maxSourceBytes = 8 << 20 // of all of them together
	maxComputed    = 2       // places with a computed path that are named
)

// writeCall is a call that writes a file or makes a folder.
type writeCall struct {
	lang string
	re   *regexp.Regexp // ends before the first argument
	arg  int            // which argument is the path
	dir  bool           // it is a folder
	mode bool           // the argument after it has to be a mode that writes
}

// writeCalls are the calls of each language; no more than what most programs use.
func writeCalls() []writeCall {
	re := regexp.MustCompile
	return []writeCall{
		{"Python", re(`\b(?:io\.|codecs\.|aiofiles\.)?open\(`), 0, false, true},
		{"Python", re(`\bos\.(?:makedirs|mkdir)\(`), 0, true, false},
		{"Python", re(`\b(?:sqlite3|aiosqlite)\.connect\(|\bTinyDB\(|\bshelve\.open\(|\b(?:Rotating|TimedRotating)?FileHandler\(|\bcv2\.imwrite\(|\.to_csv\(|\.to_excel\(|\bplt\.savefig\(`), 0, false, false},
		{"Python", re(`\.save\((?:os\.path\.join)`), -1, false, false},
		{"Python", re(`\bshutil\.(?:copy|copyfile|copy2|move)\(`), 1, false, false},
		{"JavaScript", re(`\b(?:fs|fsp|fse|fsPromises|promises)\.(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|writeJson|writeJsonSync)\(`), 0, false, false},
		{"JavaScript", re(`\b(?:fs|fsp|fse|fsPromises|promises)\.(?:mkdir|mkdirSync|ensureDir|ensureDirSync|mkdirp)\(|\bmkdirp(?:\.sync)?\(`), 0, true, false},
		{"JavaScript", re(`\bnew (?:sqlite3|sqlite)\.Database\(|\bnew (?:JSONFile|JSONFileSync|FileSync|FileAsync)\(|\bnew Datastore\(|\bnew Database\(`), 0, false, false},
		{"JavaScript", re(`\bdestination: *|\bdest: *|\buploadDir: *|\bfilename: *(?:["'` + "`" + `][^"'` + "`" + `]*\.log)`), -2, true, false},
		{"PHP", re(`\bfile_put_contents\(`), 0, false, false},
		{"PHP", re(`\bfopen\(`), 0, false, true},
		{"PHP", re(`\bmkdir\(`), 0, true, false},
		{"PHP", re(`\bmove_uploaded_file\(`), 1, false, false},
		{"Ruby", re(`\bFile\.(?:write|open)\(`), 0, false, true},
		{"Ruby", re(`\bFileUtils\.mkdir_p[( ]`), 0, true, false},
		{"Java", re(`\bnew (?:FileWriter|FileOutputStream|PrintWriter)\(`), 0, false, false},
		{"Java", re(`\bFiles\.(?:write|writeString|newBufferedWriter)\(`), 0, false, false},
		{"Java", re(`\bFiles\.(?:createDirectory|createDirectories)\(`), 0, true, false},
		{"C#", re(`\bFile\.(?:WriteAll\w+|AppendAll\w+|Create|OpenWrite|AppendText|CreateText)\(`), 0, false, false},
		{"C#", re(`\bDirectory\.CreateDirectory\(`), 0, true, false},
		{"Rust", re(`\bFile::create\(|\bfs::write\(`), 0, false, false},
		{"Rust", re(`\bcreate_dir(?:_all)?\(`), 0, true, false},
	}
}

// settingPath finds settings that name a place to write to, in any language.
var settingPaths = regexp.MustCompile(`(?i)\b\w*(?:upload|data|log|output|cache|media|storage|download|export|result|temp|tmp)s?_?(?:dir|folder|path|root|directory)\w*["']?\]?\s*[:=]\s*(?:r|f)?["']([^"'\n]{1,200})["']`)

// databases finds embedded databases by their URLs, and log files of properties and appenders.
var (
	sqliteURLs = regexp.MustCompile(`\bsqlite(?:\+\w+)?:///?([^"'\s?]{1,200})|\bjdbc:(?:sqlite|h2|hsqldb|derby):(?:file:)?([^"'\s;?]{1,200})|\bData Source=([^"';\s]{1,200}\.(?:db|sqlite3?))|['"]([^"'\s:]{0,200}\.sqlite3?)['"]`)
	logFiles   = regexp.MustCompile(`(?m)^\s*logging\.(?:file|file\.name|path|file\.path)\s*[=:]\s*(\S+)|<(?:file|File|fileNamePattern|FileNamePattern)>([^<$]{1,200})<|\bfileName="([^"$]{1,200})"`)
)

// sourceEndings are the files of each language, configuration with it.
func sourceEndings(lang string) []string {
	switch lang {
	case "Python":
		return []string{".py"}
	case "JavaScript":
		return []string{".js", ".mjs", ".cjs", ".ts"}
	case "PHP":
		return []string{".php"}
	case "Ruby":
		return []string{".rb"}
	case "Java":
		return []string{".java", ".kt", ".properties", ".yml", ".yaml", ".xml"}
	case "C#":
		return []string{".cs", "appsettings.json", "appsettings.Production.json"}
	case "Rust":
		return []string{".rs"}
	}
	return nil
}

// sources looks for what the program's own sources write.
func (u *userPlan) sources() *Skip {
	if r := u.recipe(); r != nil && r.workers && (u.serves(r) || len(u.langs) == 0) {
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
	default:
		u.assume("The program writes to nothing but /tmp" + u.orGranted() + ": its sources are not in the build context.")
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
	st, _ := startOf(u.p.File, u.state)
	argv := skipInit(st.argv, u.baseEntry())
	return len(argv) > 0 && slices.Contains(r.programs, path.Base(argv[0]))
}

// entryMissing names a source file that the start command names and the context
// lacks: then the sources that were seen are not all.
func (u *userPlan) entryMissing() string {
	st, _ := startOf(u.p.File, u.state)
	for _, a := range st.argv {
		if !slices.Contains([]string{".py", ".js", ".mjs", ".ts", ".rb", ".php"}, path.Ext(a)) {
			continue
		}
		if ctx, _, ok := u.contextOf(absIn(u.workdir(), a)); ok && !u.p.Build.Exists(ctx) && !strings.HasPrefix(a, "dist") && !strings.HasPrefix(a, "build") {
			return a
		}
	}
	return ""
}

func andMore(n int) string {
	if n > maxComputed {
		return fmt.Sprintf(" and %d more", n-maxComputed)
	}
	return ""
}

func (u *userPlan) orGranted() string {
	if len(u.writes) > 0 {
		return " and what is handed over"
	}
	return ""
}

// guessLanguage takes the language of the sources in the context for a program that was built.
func (u *userPlan) guessLanguage() {
	for _, g := range []struct{ file, lang string }{{"go.mod", "Go"}, {"Cargo.toml", "Rust"}, {"pom.xml", "Java"}, {"build.gradle", "Java"}} {
		for _, root := range u.sourceRoots() {
			if u.p.Build.Exists(path.Join(root, g.file)) {
				u.langs = append(u.langs, g.lang)
				return
			}
		}
	}
	if len(u.p.Build.GoMains(".")) > 0 {
		u.langs = append(u.langs, "Go")
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
		if seen[p] || files >= maxSources || size >= maxSourceBytes || !hasEnding(p, sourceEndings(lang)) || aside(p) {
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

// aside reports whether a file is a test, a tool or someone else's, which the container does not run.
func aside(p string) bool {
	for _, part := range strings.Split(p, "/") {
		switch part {
		case "test", "tests", "__tests__", "spec", "e2e", "node_modules", "vendor", "venv", ".venv", "site-packages", "docs", "doc", "examples", "migrations", "scripts", "tools", ".git", "notebooks", "benchmarks", "dist", "public", "static", "frontend", "client", "cypress":
			return true
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
	for _, re := range []*regexp.Regexp{sqliteURLs, logFiles} {
		for _, m := range re.FindAllStringSubmatchIndex(text, 50) {
			u.literalFile(text, m, fmt.Sprintf("%s:%d", p, lineOf(text, m[0])))
		}
	}
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
	case c.arg == -1: // .save(os.path.join: the match ends inside the argument
		args, arg = []string{"os.path.join" + text[m[1]:min(len(text), m[1]+200)]}, 0
		if end := strings.IndexByte(args[0], '\n'); end > 0 {
			args[0] = args[0][:end]
		}
	case c.arg == -2: // an option: its value follows
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
	if c.arg == -2 && !strings.ContainsAny(args[arg], "\"'`") {
		return true
	}
	expr := args[arg]
	target, dir, ok := sourcePath(expr)
	if !ok {
		expr = assigned(text, expr)
		target, dir, ok = sourcePath(expr)
	}
	if !ok {
		return isTemporary(args[arg])
	}
	base := u.workdir()
	if fileRelative(expr) {
		base = u.placeOf(path.Dir(p))
	}
	abs := absIn(base, target)
	u.write(abs, !(dir || c.dir), where)
	return true
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

// writingMode reports whether the second argument, or one that is named mode, opens for writing.
func writingMode(args []string) bool {
	for i, a := range args {
		a = strings.TrimSpace(strings.TrimPrefix(strings.ReplaceAll(a, " ", ""), "mode="))
		if i > 0 && len(a) > 1 && len(a) < 8 && strings.ContainsAny(a[:1], "\"'") {
			return strings.ContainsAny(a, "wax+")
		}
	}
	return false
}

// callArguments splits the arguments of a call whose opening bracket is behind.
func callArguments(text string) []string {
	const limit = 300
	var args []string
	depth, start, quote := 0, 0, byte(0)
	for i := 0; i < len(text) && i < limit; i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case depth == 0 && (c == ')' || c == ']' || c == '}'):
			return append(args, strings.TrimSpace(text[start:i]))
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == ',' && depth == 0:
			args = append(args, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return args
}

var quotedText = regexp.MustCompile("\"([^\"\\n]*)\"|'([^'\\n]*)'|`([^`\\n]*)`")

// sourcePath reads the path out of an argument: a text, or texts joined behind
// the file's own folder. Where the last part is computed, it is the folder before it.
func sourcePath(arg string) (p string, dir, ok bool) {
	found := quotedText.FindAllStringSubmatchIndex(arg, 10)
	if len(found) == 0 {
		return "", false, false
	}
	if !knownBefore(arg[:found[0][0]]) {
		return "", false, false
	}
	var parts []string
	for _, m := range found {
		v := ""
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				v = arg[m[i]:m[i+1]]
			}
		}
		if at := strings.IndexAny(v, "{$%"); at >= 0 {
			parts = append(parts, v[:strings.LastIndexByte("/"+v[:at], '/')])
			return joined(parts), true, strings.Trim(joined(parts), "./") != ""
		}
		parts = append(parts, v)
	}
	rest := strings.Trim(arg[found[len(found)-1][1]:], " )")
	p = joined(parts)
	if rest != "" {
		return p, true, p != "" && (strings.HasPrefix(rest, ",") || strings.HasPrefix(rest, "/") || strings.HasSuffix(p, "/"))
	}
	return p, strings.HasSuffix(p, "/"), strings.Trim(p, "./") != "" || p == "."
}

func joined(parts []string) string {
	for i := range parts {
		if i > 0 {
			parts[i] = strings.TrimLeft(parts[i], "/")
		}
	}
	if len(parts) > 0 && !strings.HasPrefix(parts[0], "./") {
		return path.Join(parts...)
	}
	return strings.TrimPrefix(path.Join(parts...), "/")
}

// knownBefore reports whether all that stands before the first text is the
// file's own folder, the working directory, or a function that joins.
func knownBefore(s string) bool {
	for _, known := range []string{"os.path.join(", "os.path.abspath(", "os.path.dirname(", "path.join(", "path.resolve(", "process.cwd()", "os.getcwd()", "__dirname", "__file__", "__DIR__", "Paths.get(", "Path.of(", "pathlib.Path(", "Path(", "new File(", "BASE_DIR", "basedir", "base_dir", "Path.Combine(", "Directory.GetCurrentDirectory()", "Rails.root.join(", "storage_path(", "path=", "PathBuf::from(", "Path::new(", "&", "f", "r", ".", ",", "+", "(", ")", "/", " "} {
		s = strings.ReplaceAll(s, known, "")
	}
	return s == ""
}

func fileRelative(arg string) bool {
	return strings.Contains(arg, "__dirname") || strings.Contains(arg, "__file__") || strings.Contains(arg, "__DIR__")
}

// goSources takes what the Go program that is started writes and asks of the system.
func (u *userPlan) goSources() *Skip {
	mains := u.p.Build.GoMains(".")
	progs := u.goPrograms(mains)
	if len(progs) == 0 {
		u.assume("The program writes to nothing but /tmp" + u.orGranted() + ": its sources are not in the build context.")
		return nil
	}
	var computed []string
	for _, g := range progs {
		for _, use := range g.Users {
			if skip := u.goUser(use); skip != nil {
				return skip
			}
		}
		for _, use := range g.Ports {
			if p := evidence.ListenPort(use.Value); lowNumber(p) {
				u.assume(fmt.Sprintf("Containers run where port %s (%s:%d) is open to every user: Docker since 20.10, Podman and containerd 2 do so; CRI-O (OpenShift) and older Kubernetes nodes do not.", p, use.File, use.Line))
			}
		}
		for _, use := range g.Writes {
			where := fmt.Sprintf("%s:%d", use.File, use.Line)
			if !use.Known || use.Value == "" {
				computed = append(computed, where)
				continue
			}
			u.write(absIn(u.workdir(), use.Value), !strings.Contains(use.Call, "Mkdir"), where)
		}
	}
	if len(computed) > 0 {
		u.assume("Where the path is computed (" + strings.Join(computed[:min(len(computed), maxComputed)], ", ") + andMore(len(computed)) + "), the program writes to /tmp" + u.orGranted() + ".")
	} else {
		u.why = append(u.why, "its Go sources show"+u.noOther())
	}
	return nil
}

// goPrograms reads the main packages that may be the one that is started: the one of its name, else all.
func (u *userPlan) goPrograms(mains []string) []*evidence.GoProgram {
	const most = 8
	st, _ := startOf(u.p.File, u.state)
	argv := skipInit(st.argv, u.baseEntry())
	var out, named []*evidence.GoProgram
	for _, dir := range mains[:min(len(mains), most)] {
		g, err := u.p.Build.GoProgram(dir)
		if err != nil {
			continue
		}
		out = append(out, g)
		if len(argv) > 0 && (path.Base(dir) == path.Base(argv[0]) || g.Name == path.Base(argv[0])) {
			named = append(named, g)
		}
	}
	if len(named) > 0 {
		return named
	}
	return out
}

// goUser judges a call that has to do with users.
func (u *userPlan) goUser(use evidence.GoUse) *Skip {
	o := spot{u.startSpan(), fmt.Sprintf("%s:%d", use.File, use.Line)}
	call := use.Call[strings.LastIndexByte(use.Call, '.')+1:]
	switch call {
	case "Current", "Lookup", "LookupId", "LookupGroup", "LookupGroupId":
		if u.dist == "scratch" {
			return o.says(Unsure, "%s looks accounts up, and scratch has none", use.Call)
		}
		return nil
	case "Getuid", "Geteuid", "Prctl":
		u.assume(fmt.Sprintf("%s (%s) does not insist on root.", use.Call, o.where))
		return nil
	}
	return o.says(Unsupported, "%s needs root", use.Call)
}
