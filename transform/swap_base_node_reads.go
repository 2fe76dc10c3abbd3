package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/evidence"
	"github.com/bulwark-cli/bulwark/templates"
)

// modules wants no module with machine code among those that run, and none that is
// there to start programs.
func (n *bareNode) modules() string {
	s := n.s
	seen := false
	for _, st := range s.sourceStages() {
		for _, in := range st.Instrs {
			if in.Name != "run" {
				continue
			}
			if _, unknown := s.runCommands(in); unknown != "" {
				return "RUN of " + line(in) + " cannot be read: " + unknown
			}
		}
	}
	for _, one := range s.nodeInstalls() {
		if len(one.global) > 0 {
			continue
		}
		seen = true
		if why := n.installed(one); why != "" {
			return why
		}
	}
	if !seen && !n.withoutModules() {
		return "no RUN is seen to install the modules, so what they are cannot be told"
	}
	return ""
}

// withoutModules reports whether the program's package.json names none, or there is none.
func (n *bareNode) withoutModules() bool {
	text, from := n.s.fileBehind(n.s.chain, path.Join(n.s.state.Workdir, "package.json"))
	if from == "" {
		return true
	}
	p, err := n.s.p.Build.NodePackage(path.Dir(from))
	return err == nil && p != nil && len(p.Deps)+len(p.Optional) == 0 && text != ""
}

// installed judges the modules of one install by the manifest and the lock file.
func (n *bareNode) installed(one nodeInstall) string {
	s := n.s
	rules := installRules{production: !n.early, compilers: s.compiledFor(one.stage)}
	if why := s.packageJSON(one.stage, one.c.dir, rules); why != "" {
		return why
	}
	_, ctx := s.fileBehind(stageChain(one.stage), path.Join(one.c.dir, "package.json"))
	dir := path.Dir(ctx)
	if s.p.Build.Exists(path.Join(dir, "binding.gyp")) {
		return path.Join(dir, "binding.gyp") + " has C sources compiled"
	}
	p, err := s.p.Build.NodePackage(dir)
	switch {
	case err != nil || p == nil:
		return ctx + " cannot be read"
	case p.LockFile == "" && p.Workspaces:
		return ctx + " has workspaces and no lock file, so what is installed cannot be told"
	}
	for _, name := range slices.Concat(p.Deps, p.Optional) {
		if startsPrograms(name) {
			return name + " (" + ctx + ") is there to start programs"
		}
	}
	return first(n.natives(p, rules, s.installedOnMusl(one.stage)), s.muslLocked(p, one.stage))
}

// natives judges the modules with machine code. Those that bring all their sources link
// to what distroless has; of another module it has to be the build for glibc.
func (n *bareNode) natives(p *evidence.NodePackage, rules installRules, onMusl bool) string {
	for _, native := range p.Native {
		switch {
		case native.Dev && !n.early:
			n.devOnly = first(n.devOnly, native.Name)
		case onMusl && strings.Contains(native.Name, "linux"):
			return native.Name + " (" + p.LockFile + ") is installed as its build for musl, and it has glibc"
		case rules.compiles(native.Name):
			n.compiled = first(n.compiled, native.Name)
		case !p.LockRead && native.Name != "fsevents":
			return native.Name + " (" + first(p.LockFile, p.File) + ") has machine code"
		}
	}
	return ""
}

// muslLocked names a build for musl in a lock file that does not tell what is installed.
func (s *swap) muslLocked(p *evidence.NodePackage, st *dockerfile.Stage) string {
	if p.LockRead || p.LockFile == "" || !s.installedOnMusl(st) {
		return ""
	}
	data, _ := s.p.Build.Read(p.LockFile)
	if at := muslMark.FindIndex(data); at != nil {
		return fmt.Sprintf("%s:%d names a build for musl, and it has glibc", p.LockFile, lineOf(string(data), at[0]))
	}
	return ""
}

// compiledFor reports whether what a stage compiles runs on distroless: its C library is
// known to be no newer.
func (s *swap) compiledFor(st *dockerfile.Stage) bool {
	img, ok := s.p.image(st)
	suite := builderSuite(img)
	return ok && img.Libc == "glibc" && suite != "" && suiteAtMost(suite, templates.DistrolessSuite)
}

// muslMark is how lock files name builds for musl.
var muslMark = regexp.MustCompile(`linuxmusl|-musl\b`)

// installedOnMusl reports whether a stage's modules are those for musl.
func (s *swap) installedOnMusl(st *dockerfile.Stage) bool {
	img, ok := s.p.image(root(st))
	return !ok || img.Libc != "glibc"
}

// startsPrograms reports whether a module is there to start programs that a system
// has, or that it fetches. Put together by hand, November 2026.
func startsPrograms(name string) bool {
	return slices.Contains(words(`execa shelljs zx cross-spawn node-cmd simple-git nodegit node-pty fluent-ffmpeg @ffmpeg-installer/ffmpeg ffmpeg-static ffprobe-static gm imagemagick easyimage
		graphicsmagick pdf-poppler node-poppler pdf-image pdf2pic html-pdf wkhtmltopdf puppeteer puppeteer-core playwright playwright-core chrome-launcher chrome-aws-lambda @sparticuz/chromium phantom
		phantomjs phantomjs-prebuilt python-shell pythonia pidusage ps-list ps-tree ps-node tree-kill systeminformation node-os-utils ping net-ping open opn sendmail youtube-dl youtube-dl-exec yt-dlp-wrap
		node-tesseract-ocr exiftool-vendored textract libreoffice-convert carbone node-notifier kill-port mongodb-memory-server ngrok localtunnel`), name)
}

// sources wants the program's sources to start no other program, and to ask for
// nothing that node's own image has besides node.
func (n *bareNode) sources() (why string) {
	seen := false
	n.s.eachNodeSource(func(p, text string) {
		seen = true
		if why == "" {
			why = n.outside(p, text)
		}
	})
	if !seen {
		return "the sources of the program are not in the build context, so what it calls at run time cannot be told"
	}
	return why
}

var (
	spawns      = regexp.MustCompile(`\b(?:exec|execSync|execFile|execFileSync|spawn|spawnSync)\b`)
	otherStarts = regexp.MustCompile(`\b(?:require\(|from |import\()\s*['"](?:execa|shelljs|zx|cross-spawn|simple-git|pm2|nodemon|forever-monitor)['"/]|\bBun\.spawn|\bDeno\.|\bprocess\.dlopen\(|['"]ffi-napi['"]`)
	ofImage     = regexp.MustCompile("['\"`](?:/usr/local/|/usr/bin/|/bin/|/usr/lib/|/opt/yarn)|process\\.env\\.(?:NODE_VERSION|YARN_VERSION)\\b")
	ofAccount   = regexp.MustCompile(`\b(?:userInfo|homedir)\(|process\.env\.HOME\b|['"]/home/node`)
)

// outside names where a source reaches outside of node. fork is node itself.
func (n *bareNode) outside(p, text string) string {
	at := func(re *regexp.Regexp) string {
		if m := re.FindStringIndex(text); m != nil {
			return fmt.Sprintf("%s:%d", p, lineOf(text, m[0]))
		}
		return ""
	}
	if i := strings.Index(text, "child_process"); i >= 0 && spawns.MatchString(text) {
		return fmt.Sprintf("the program may start another one (%s:%d)", p, lineOf(text, i))
	}
	if where := at(otherStarts); where != "" {
		return "the program may start another one (" + where + ")"
	}
	if where := at(ofImage); where != "" {
		return "the program speaks of what node's own image has (" + where + ")"
	}
	if where := at(ofAccount); where != "" && n.asNode {
		return "the program asks for the user's name or home folder (" + where + "), and 1000 has neither there"
	}
	return ""
}

// mentions reports whether a source of the program has the pattern.
func (s *swap) mentions(re *regexp.Regexp) (found bool) {
	s.eachNodeSource(func(_, text string) { found = found || re.MatchString(text) })
	return found
}

// eachNodeSource calls visit for the JavaScript and TypeScript that the stage, and
// those that it copies from, take from the build context. Tests and the settings of
// build tools are left out.
func (s *swap) eachNodeSource(visit func(p, text string)) {
	seen := map[string]bool{}
	look := func(p string) {
		if seen[p] || !slices.Contains(words(".js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte"), path.Ext(p)) || beside(p) {
			return
		}
		seen[p] = true
		if data, ok := s.p.Build.Read(p); ok {
			visit(p, string(data))
		}
	}
	for _, st := range s.sourceStages() {
		for _, one := range s.placesOf(stageChain(st)).placed {
			switch {
			case one.from != "" || one.src == "":
			case one.dir:
				s.walkFiles(one.src, look)
			default:
				look(one.src)
			}
		}
	}
}

// beside reports whether a file stands beside the program: tests and build tools.
func beside(p string) bool {
	name := path.Base(p)
	for dir := range strings.SplitSeq(path.Dir(p), "/") {
		if slices.Contains(words("node_modules test tests __tests__ __mocks__ spec e2e cypress playwright .storybook .github .yarn"), dir) {
			return true
		}
	}
	return strings.Contains(name, ".test.") || strings.Contains(name, ".spec.") || strings.Contains(name, ".config.") || strings.HasPrefix(name, "gulpfile") || strings.HasPrefix(name, "Gruntfile") || strings.HasSuffix(name, ".d.ts")
}
