package transform

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// nodeRungs asks for distroless where the stage only starts node, and for Alpine or
// slim where no module has to be compiled.
func (s *swap) nodeRungs() map[string]tryRung {
	return map[string]tryRung{
		"distroless": s.tryDistrolessNode,
		"alpine":     s.tryAlpineNode,
		"slim": func() (*candidate, string) {
			c, why := s.trySlim(s.nodeNeeds)
			if why == "" {
				c.why = []string{s.nodeCompiled() + ", and nothing calls a program that only the full image has"}
				c.assumes = nodeAssumes()
			}
			return c, why
		},
	}
}

func nodeAssumes() []string {
	return []string{"no module starts a program that only the full image has (git, python, a compiler, ImageMagick and others)"}
}

// tryAlpineNode asks for node on Alpine.
func (s *swap) tryAlpineNode() (*candidate, string) {
	to, why := s.alpineOf()
	if why != "" {
		return nil, why
	}
	tools := append(interpreterTools("node"), s.moduleCommands()...)
	m := &alpineMove{release: s.alpineRelease(), tools: tools, users: words("node")}
	calls := func() string { return m.sources(nodeCall, ".js", ".ts", ".mjs", ".cjs") }
	c, why := s.onAlpine(m, to, s.nodeLibc, s.nodeNeedsThere, calls, s.copiesPackages)
	if why != "" {
		return nil, why
	}
	c.why = append([]string{"no module that is installed has C sources, and RUN, start and health check call nothing that Alpine lacks"}, c.why...)
	c.assumes = append(append(nodeAssumes(), "nothing in the image depends on glibc, such as a downloaded program"), c.assumes...)
	return c, ""
}

// nodeNeeds names what the modules, the package's own scripts or the sources want
// of the full image.
func (s *swap) nodeNeeds() (why string) { return s.nodeWants(s.compilersFor) }

// nodeNeedsThere is nodeNeeds where nothing may be compiled, for what a module
// fetches in place of compiling is often for glibc.
func (s *swap) nodeNeedsThere() (why string) {
	return s.nodeWants(func(nodeInstall) bool { return false })
}

func (s *swap) nodeWants(compilers func(nodeInstall) bool) (why string) {
	modules := func() string { return s.nodeModules(compilers) }
	for _, check := range []func() string{s.nodeScripts, modules, s.nodeCalls} {
		if why := check(); why != "" {
			return why
		}
	}
	return ""
}

// manifest is a package.json.
type manifest struct {
	Dependencies, DevDependencies, OptionalDependencies map[string]string
	Scripts                                             map[string]string
}

// nodeInstall is one npm, yarn or pnpm command that installs.
type nodeInstall struct {
	c          *command
	stage      *dockerfile.Stage
	production bool
	global     []string
}

// nodeInstalls finds the commands that install modules.
func (s *swap) nodeInstalls() (out []nodeInstall) {
	for _, st := range s.sourceStages() {
		for _, in := range st.Instrs {
			if in.Name != "run" {
				continue
			}
			list, _ := s.runCommands(in)
			for _, c := range list {
				if one, ok := readNodeInstall(c); ok {
					one.stage = st
					out = append(out, one)
				}
			}
		}
	}
	return out
}

func readNodeInstall(c *command) (nodeInstall, bool) {
	if !slices.Contains(words("npm yarn pnpm"), c.name) {
		return nodeInstall{}, false
	}
	one := nodeInstall{c: c}
	env, _ := c.lookup("NODE_ENV")
	one.production = env == "production"
	verb, global := "", false
	var names []string
	for i := 1; i < len(c.words); i++ {
		w := c.words[i]
		switch v, _ := c.expand(w); {
		case nodeValue(v) && i+1 < len(c.words):
			i++
			if at, ok := c.expand(c.words[i]); slices.Contains(words("--prefix -C --cwd --dir"), v) {
				one.c = c.inFolder(at, ok)
			}
		case strings.HasPrefix(v, "--prefix=") || strings.HasPrefix(v, "--cwd=") || strings.HasPrefix(v, "--dir="):
			_, at, _ := strings.Cut(v, "=")
			one.c = c.inFolder(at, true)
		case v == "-g" || v == "--global" || v == "global":
			global = true
		case v == "--production" || v == "--prod" || v == "-P" || v == "--omit=dev" || v == "--only=production" || v == "--only=prod":
			one.production = true
		case strings.HasPrefix(w.Text, "-"):
		case verb == "":
			verb = v
		default:
			names = append(names, v)
		}
	}
	if verb == "" && c.name == "yarn" {
		verb = "install"
	}
	if !slices.Contains(words("install i ci add install-clean"), verb) {
		return nodeInstall{}, false
	}
	if global || len(names) > 0 {
		one.global = names
	}
	return one, true
}

// nodeValue reports whether an option of npm, yarn or pnpm is followed by a value.
func nodeValue(option string) bool {
	return slices.Contains(words("--prefix -C --cwd --dir -w --workspace --filter -F --registry --loglevel --network-timeout --fetch-timeout --fetch-retries --cache --cache-folder --network-concurrency"), option)
}

// inFolder is the command as run in another folder.
func (c *command) inFolder(at string, known bool) *command {
	moved := *c
	moved.dir, moved.dirOK = absIn(c.dir, at), c.dirOK && known
	return &moved
}

// moduleCommands are the programs that global installs bring.
func (s *swap) moduleCommands() (out []string) {
	for _, one := range s.nodeInstalls() {
		for _, name := range one.global {
			out = append(out, path.Base(strings.Split(strings.TrimPrefix(name, "@"), "@")[0]))
		}
	}
	return append(out, words("tsc ng pm2 pm2-runtime")...)
}

// nodeScripts looks at the scripts of package.json that RUN lines and the start
// command run: those that install modules by themselves, or call what only the
// full image has.
func (s *swap) nodeScripts() (why string) {
	for _, in := range s.runs() {
		list, _ := s.runCommands(in)
		for _, c := range list {
			var argv []string
			for _, w := range c.words {
				argv = append(argv, w.Text)
			}
			if why := s.scriptWants(argv, c.dir); why != "" {
				return why
			}
		}
	}
	for _, call := range append(s.startCalls(), s.runtimeCalls()...) {
		if why := s.scriptWants(call.argv, s.state.Workdir); why != "" {
			return why
		}
	}
	return ""
}

// scriptWants reads the script that npm, yarn or pnpm runs in dir.
func (s *swap) scriptWants(argv []string, dir string) string {
	name, ok := scriptName(argv)
	if !ok {
		return ""
	}
	var m manifest
	if json.Unmarshal([]byte(s.fileAt(path.Join(dir, "package.json"))), &m) != nil {
		return "the package.json that tells what `" + strings.Join(argv, " ") + "` runs is not in the build context"
	}
	for _, script := range []string{"pre" + name, name, "post" + name} {
		for _, raw := range shell.ParseText(m.Scripts[script]).Commands {
			list, _ := raw.Unwrap()
			if len(list) == 0 {
				continue
			}
			program := path.Base(list[0].Text)
			if fullOnly(program) || program == "bash" || slices.Contains(words("npm yarn pnpm"), program) && len(list) > 1 && slices.Contains(words("install i ci --prefix --cwd"), list[1].Text) {
				return fmt.Sprintf("the script %q of package.json calls %s", script, strings.TrimSpace(program+" "+secondWord(list)))
			}
		}
	}
	return ""
}

func secondWord(list []shell.Word) string {
	if len(list) < 2 {
		return ""
	}
	return list[1].Text
}

// scriptName is the script that a command of npm, yarn or pnpm runs.
func scriptName(argv []string) (string, bool) {
	if len(argv) < 2 || !slices.Contains(words("npm yarn pnpm"), path.Base(argv[0])) {
		return "", false
	}
	switch verb := argv[1]; verb {
	case "run", "run-script":
		if len(argv) > 2 && !strings.HasPrefix(argv[2], "-") {
			return argv[2], true
		}
		return "", false
	case "start", "test":
		return verb, true
	default:
		known := slices.Contains(words("install i ci add install-clean global cache config set init link audit prune exec dlx create info list ls version update upgrade remove rebuild dedupe why workspaces workspace autoclean"), verb)
		return verb, path.Base(argv[0]) != "npm" && !known && !strings.HasPrefix(verb, "-")
	}
}

// nodeModules names a module that may have to be compiled, or comes from git.
// compilers tells whether an install has what node-gyp compiles with.
func (s *swap) nodeModules(compilers func(nodeInstall) bool) (why string) {
	seen := false
	for _, one := range s.nodeInstalls() {
		for _, name := range one.global {
			bare := moduleName(name)
			if !isPureModule(bare) {
				return fmt.Sprintf("%s (%s) is in no table of modules that need no compiler", name, line(one.c.in))
			}
		}
		if len(one.global) > 0 {
			continue
		}
		if why := s.packageJSON(one.stage, one.c.dir, installRules{one.production, compilers(one)}); why != "" {
			return why
		}
		seen = true
	}
	if dir := s.state.Workdir; !seen && s.fileAt(path.Join(dir, "package.json")) != "" {
		return s.packageJSON(s.stage, dir, installRules{})
	}
	return ""
}

// moduleName cuts the version of name@version.
func moduleName(spec string) string {
	if i := strings.LastIndexByte(spec, '@'); i > 0 {
		return spec[:i]
	}
	return spec
}

// packageJSON looks at the manifest that an install reads, and at the lock file beside it.
func (s *swap) packageJSON(st *dockerfile.Stage, dir string, rules installRules) (why string) {
	text, ctx := s.fileBehind(stageChain(st), path.Join(dir, "package.json"))
	if ctx == "" {
		return "the package.json of " + dir + " is not in the build context, so what is installed cannot be told"
	}
	var m manifest
	if json.Unmarshal([]byte(text), &m) != nil {
		return ctx + " cannot be read"
	}
	for _, hook := range words("preinstall install postinstall prepare prepublish") {
		for word := range strings.FieldsSeq(m.Scripts[hook]) {
			if name := path.Base(strings.Trim(word, `"';`)); fullOnly(name) || name == "bash" || name == "node-gyp" {
				return fmt.Sprintf("%s calls %s in %q", ctx, name, hook)
			}
		}
	}
	return s.lockedModules(ctx, m, rules)
}

// lockedModules goes by the lock file, or by the manifest where there is none.
func (s *swap) lockedModules(ctx string, m manifest, rules installRules) string {
	dir := path.Dir(ctx)
	for _, lock := range []struct {
		name string
		read func(name, text string, rules installRules) string
	}{{"npm-shrinkwrap.json", npmLock}, {"package-lock.json", npmLock}, {"yarn.lock", yarnLock}, {"pnpm-lock.yaml", pnpmLock}} {
		name := path.Join(dir, lock.name)
		if data, ok := s.p.Build.Read(name); ok {
			return first(lock.read(name, string(data), rules), m.notLocked(ctx, name, string(data), rules))
		}
	}
	for _, list := range m.wanted(rules) {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			if version := list[name]; strings.Contains(version, "git") || strings.Contains(version, "/") {
				return fmt.Sprintf("%s fetches %s from %s", ctx, name, version)
			}
			if !isPureModule(name) && !rules.compiles(name) {
				return fmt.Sprintf("%s of %s is in no table of modules that need no compiler, and there is no lock file", name, ctx)
			}
		}
	}
	return ""
}

// wanted are the lists of modules that an install takes.
func (m manifest) wanted(rules installRules) []map[string]string {
	if rules.production {
		return []map[string]string{m.Dependencies}
	}
	return []map[string]string{m.Dependencies, m.DevDependencies}
}

// notLocked names a module that an out-of-date lock file does not have, so that what
// it is and needs stands nowhere.
func (m manifest) notLocked(ctx, lock, text string, rules installRules) string {
	for _, list := range m.wanted(rules) {
		for _, name := range slices.Sorted(maps.Keys(list)) {
			forms := []string{"node_modules/" + name + `"`, `"` + name + `": {`} // npm's from version 2 on, and before
			switch path.Base(lock) {
			case "yarn.lock":
				forms = []string{"\n" + name + "@", `"` + name + "@"}
			case "pnpm-lock.yaml":
				forms = []string{name}
			}
			if !isPureModule(name) && !slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) }) {
				return fmt.Sprintf("%s of %s is not in %s, so what it needs cannot be told", name, ctx, lock)
			}
		}
	}
	return ""
}

// npmModule is one entry of package-lock.json.
type npmModule struct {
	Resolved, Version               string
	HasInstallScript, Dev, Optional bool
	DevOptional                     bool
	Dependencies                    map[string]json.RawMessage
}

// npmLock reads package-lock.json of every version.
func npmLock(name, text string, rules installRules) string {
	var lock struct {
		Packages     map[string]npmModule
		Dependencies map[string]npmModule
	}
	if json.Unmarshal([]byte(text), &lock) != nil {
		return name + " cannot be read"
	}
	list := lock.Packages
	if len(list) == 0 {
		list, rules.compilers = lock.Dependencies, false // the old form does not mark what has C sources
	}
	for _, key := range slices.Sorted(maps.Keys(list)) {
		m := list[key]
		if key == "" || m.Optional || m.DevOptional || m.Dev && rules.production {
			continue
		}
		module := key[strings.LastIndex(key, "node_modules/")+1:]
		module = strings.TrimPrefix(module, "ode_modules/")
		if key == module || !strings.Contains(key, "node_modules/") {
			module = key
		}
		if why := m.wants(module, rules); why != "" {
			return why + " (" + name + ")"
		}
	}
	return ""
}

// wants says what one locked module asks of the image.
func (m npmModule) wants(module string, rules installRules) string {
	switch {
	case strings.HasPrefix(m.Resolved, "git") || strings.HasPrefix(m.Version, "git") || strings.HasPrefix(m.Version, "github:"):
		return module + " is fetched from git"
	case rules.compiles(module):
		return ""
	case compileMark(module):
		return module + " is there to compile C sources or to load what was compiled"
	case m.HasInstallScript && !quietScript(module):
		return module + " runs a script when it is installed"
	case bringsProgram(module):
		return module + " downloads or compiles a program when it is installed"
	}
	return ""
}

// yarnBlock is an entry of yarn.lock: its name, and the modules that it needs.
type yarnBlock struct {
	name  string
	needs []string
}

// yarnLock reads yarn.lock, which does not tell what is optional: what only
// fsevents needs is left out, since that is for macOS alone.
func yarnLock(name, text string, rules installRules) string {
	blocks := yarnBlocks(text)
	for _, b := range blocks {
		if strings.Contains(b.name, "git") && strings.Contains(b.name, "/") && strings.Contains(b.name, ":") {
			return b.name + " is fetched from git (" + name + ")"
		}
		if b.name == "fsevents" || rules.compiles(b.name) {
			continue
		}
		for _, need := range b.needs {
			if compileMark(need) {
				return b.name + " needs " + need + ", which is there to compile C sources or to load what was compiled (" + name + ")"
			}
		}
		if bringsProgram(b.name) {
			return b.name + " downloads or compiles a program when it is installed (" + name + ")"
		}
	}
	return ""
}

func yarnBlocks(text string) (out []yarnBlock) {
	for l := range strings.Lines(text) {
		l = strings.TrimRight(l, "\r\n")
		switch {
		case l == "" || strings.HasPrefix(l, "#"):
		case !strings.HasPrefix(l, " "):
			spec := strings.Trim(strings.Split(l, ",")[0], `":`)
			out = append(out, yarnBlock{name: moduleName(spec)})
		case strings.HasPrefix(l, "    ") && len(out) > 0:
			need, _, _ := strings.Cut(strings.TrimSpace(l), " ")
			last := &out[len(out)-1]
			last.needs = append(last.needs, strings.Trim(need, `":`))
		}
	}
	return out
}

var pnpmKey = regexp.MustCompile(`^ {2}['"]?/?(@?[^@'":\s(]+)@`)

// pnpmLock reads pnpm-lock.yaml.
func pnpmLock(name, text string, _ installRules) string {
	module := ""
	for l := range strings.Lines(text) {
		if m := pnpmKey.FindStringSubmatch(l); m != nil {
			if module = m[1]; compileMark(module) {
				return module + " is there to compile C sources or to load what was compiled (" + name + ")"
			}
			if bringsProgram(module) {
				return module + " downloads or compiles a program when it is installed (" + name + ")"
			}
		}
		if strings.Contains(l, "requiresBuild: true") && !quietScript(module) && module != "fsevents" {
			return module + " runs a script when it is installed (" + name + ")"
		}
		if strings.Contains(l, "type: git") || strings.Contains(l, "codeload.github.com") {
			return module + " is fetched from git (" + name + ")"
		}
	}
	return ""
}

var nodeCall = regexp.MustCompile("(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|execa)\\(\\s*[\"'`]([^\"'`\\s]+)")

// nodeCalls names a place where a source starts a program that only the full image has.
func (s *swap) nodeCalls() (why string) {
	for _, ext := range words(".js .ts .mjs .cjs") {
		s.eachSource(ext, func(p, text string) {
			if why != "" || !strings.Contains(text, "child_process") && !strings.Contains(text, "execa") && !strings.Contains(text, "shelljs") {
				return
			}
			for _, m := range nodeCall.FindAllStringSubmatchIndex(text, -1) {
				if name := path.Base(text[m[2]:m[3]]); fullOnly(name) || slices.Contains(words("python python3 bash perl"), name) {
					why = fmt.Sprintf("%s:%d calls %s, which it lacks", p, lineOf(text, m[0]), name)
					return
				}
			}
		})
	}
	return why
}
