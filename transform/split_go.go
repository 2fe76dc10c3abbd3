package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/evidence"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// goPlanner reads what a Go build makes of the stage: which binaries, where, how linked.
type goPlanner struct {
	p         *Pass
	artefacts []*artefact
	unknown   []*command // commands whose products cannot be told; they matter only if the program could use them
	module    string     // as given to `go mod init` in a RUN
	env       map[string]string
	firstRun  edit.Span // the RUN of the first build
}

// artefact is one binary that the build makes.
type artefact struct {
	path    string // absolute in the builder
	from    string // where the builder has it, if elsewhere
	program *evidence.GoProgram
	pkg     string // the package as the command names it
	build   goBuild
	at      edit.Span
	step    int
	remote  bool // built from a module that is not in the context
	// open is true where the sources do not tell the name: path is the folder that the binary lies in.
	open bool
	weak bool // a side effect of `go get`: only of use when the start command names it
}

// goBuild is how a go command builds.
type goBuild struct {
	cgo      string // value of CGO_ENABLED; "" where the toolchain decides
	static   bool   // linked statically by flags
	dynamic  string // the flag that makes it dynamic: -race, -buildmode, -linkshared
	out      string // -o as an absolute path; "" without
	outIsDir bool
	packages []string
	files    bool     // the package is given by its .go files
	named    []string // their names
	tags     []string // -tags
	skip     *Skip
}

// goTools are programs that generate or fetch Go sources, or look at them. What
// they write is compiled in or thrown away.
var goTools = words(`dep glide govendor godep gofmt goimports golint golangci-lint staticcheck revive swag wire protoc buf templ sqlc
	mockgen mockery go-bindata packr packr2 rice statik esc pkger stringer easyjson ent gqlgen oapi-codegen goose-gen goreleaser gox strip upx
	govulncheck gosec errcheck go-licenses cyclonedx-gomod git hg svn bzr`)

func words(s string) []string { return strings.Fields(s) }

// handle takes the commands of a Go build.
func (g *goPlanner) handle(w *walk, c *command) (bool, *Skip) {
	switch {
	case c.name == "go":
		return true, g.goCommand(w, c)
	case c.name == "make" || c.name == "gmake":
		return true, g.make(w, c)
	case c.name == "sh" || c.name == "bash" || c.name == "ash" || c.name == "source" || c.name == ".":
		return true, g.shellFile(w, c, 1)
	case slices.Contains(goTools, c.name):
		return true, nil
	}
	if done, skip := w.common(c); done || skip != nil {
		return done, skip
	}
	if len(c.words) > 0 && strings.Contains(c.words[0].Text, "/") {
		if _, _, ok := g.scriptFile(w, c, 0); ok {
			return true, g.shellFile(w, c, 0)
		}
	}
	if eco := otherEcosystem(c.name); eco != "" {
		return true, &Skip{Unsupported, c.at, fmt.Sprintf("builds with %s beside Go; bulwark splits one ecosystem at a time", eco)}
	}
	g.unknown = append(g.unknown, c)
	return true, nil
}

// otherEcosystem names the ecosystem that a build command belongs to; "" for none.
func otherEcosystem(program string) string {
	switch program {
	case "npm", "npx", "yarn", "pnpm", "bun", "node":
		return "Node"
	case "pip", "pip3", "poetry", "uv", "pipenv", "python", "python3":
		return "Python"
	case "mvn", "mvnw", "gradle", "gradlew":
		return "Java"
	case "cargo", "rustup":
		return "Rust"
	case "bundle", "gem":
		return "Ruby"
	case "composer":
		return "PHP"
	case "dotnet":
		return ".NET"
	}
	return ""
}

func (g *goPlanner) goCommand(w *walk, c *command) *Skip {
	sub, _ := c.arg(1)
	switch sub {
	case "build", "install":
		return g.build(w, c, sub)
	case "get":
		g.get(w, c)
	case "mod":
		if verb, _ := c.arg(2); verb == "init" {
			g.module, _ = c.arg(3)
		}
	case "env":
		g.goEnv(c)
	}
	return nil
}

// arg is the i-th word's value; "" and false where it is not there or computed.
func (c *command) arg(i int) (string, bool) {
	if i >= len(c.words) {
		return "", false
	}
	return c.expand(c.words[i])
}

// goEnv takes `go env -w NAME=value`.
func (g *goPlanner) goEnv(c *command) {
	for i := 2; i < len(c.words); i++ {
		v, _ := c.arg(i)
		if name, value, ok := strings.Cut(v, "="); ok {
			g.env[name] = value
		}
	}
}

// variable is a setting of the toolchain: the command's own, the shell's, ENV, go env -w.
func (g *goPlanner) variable(c *command, name string) string {
	if v, ok := c.lookup(name); ok {
		return v
	}
	return g.env[name]
}

// build takes go build and go install.
func (g *goPlanner) build(w *walk, c *command, sub string) *Skip {
	b := g.readBuild(w, c)
	if b.skip != nil {
		return b.skip
	}
	if c.Flow&(shell.Conditional|shell.Loop) != 0 {
		return c.unsure("%s runs under a condition or in a loop", c.quoted())
	}
	if !c.dirOK {
		return c.unsure("cannot tell in which folder %s runs", c.quoted())
	}
	if g.firstRun == (edit.Span{}) {
		g.firstRun = c.in.Span
	}
	for _, pkg := range b.packages {
		if skip := g.addPackage(w, c, sub, b, pkg); skip != nil {
			return skip
		}
	}
	return nil
}

// goValueFlags are the flags of go build, install, get and run that are followed by a value.
var goValueFlags = words(`-o -ldflags -gcflags -asmflags -gccgoflags -tags -mod -modfile -p -pkgdir -toolexec -buildmode -compiler -installsuffix -overlay -C -exec -coverpkg -covermode -pgo -modcacherw -buildvcs`)

// readBuild reads the flags of a build command.
func (g *goPlanner) readBuild(w *walk, c *command) goBuild {
	b := goBuild{cgo: g.variable(c, "CGO_ENABLED")}
	if goos := g.variable(c, "GOOS"); goos != "" && goos != "linux" {
		b.skip = c.unsure("%s builds for %s", c.quoted(), goos)
		return b
	}
	for i := 2; i < len(c.words); i++ {
		v, known := c.expand(c.words[i])
		if !strings.HasPrefix(c.words[i].Text, "-") {
			if !known {
				b.skip = c.unsure("cannot tell what %s builds: %s depends on a variable without a known value", c.quoted(), c.words[i].Text)
				return b
			}
			b.packages = append(b.packages, v)
			continue
		}
		name, value, hasValue := strings.Cut(v, "=")
		name = strings.Replace(name, "--", "-", 1)
		if !known { // -ldflags="-X main.v=$VERSION": the value does not matter, the flag's name is in its text
			name, _, hasValue = strings.Cut(c.words[i].Text, "=")
		}
		if !hasValue && slices.Contains(goValueFlags, name) && !boolFlag(name) {
			i++
			value, known = c.arg(i)
		}
		if skip := b.flag(c, name, value, known); skip != nil {
			b.skip = skip
			return b
		}
	}
	if len(b.packages) == 0 {
		b.packages = []string{"."}
	}
	b.files = strings.HasSuffix(b.packages[0], ".go")
	if b.files {
		for _, f := range b.packages {
			b.named = append(b.named, path.Base(f))
		}
		b.packages = b.packages[:1]
	}
	b.outIsDir = b.out != "" && (b.outIsDir || w.isDir(b.out))
	return b
}

func boolFlag(name string) bool { return name == "-modcacherw" || name == "-buildvcs" }

func (b *goBuild) flag(c *command, name, value string, known bool) *Skip {
	switch name {
	case "-o":
		if !known {
			return c.unsure("the output of %s depends on a variable without a known value", c.quoted())
		}
		b.out, b.outIsDir = absIn(c.dir, value), strings.HasSuffix(value, "/")
	case "-C":
		if !known {
			return c.unsure("cannot tell in which folder %s runs", c.quoted())
		}
		c.dir = absIn(c.dir, value)
	case "-tags":
		b.tags = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
	case "-race", "-msan", "-asan", "-linkshared":
		b.dynamic = name
	case "-buildmode":
		if value != "exe" && value != "default" && value != "pie" {
			return c.unsure("%s makes no program of its own", c.quoted())
		}
		if value == "pie" {
			b.dynamic = "-buildmode=pie"
		}
	case "-ldflags":
		if strings.Contains(value, "-extldflags") && strings.Contains(value, "-static") {
			b.static = true
		}
	}
	return nil
}

// get notes what `go get` leaves in the bin folder besides the sources it fetches.
func (g *goPlanner) get(w *walk, c *command) {
	for i := 2; i < len(c.words); i++ {
		v, ok := c.arg(i)
		switch {
		case !ok || v == "-d":
			return
		case strings.HasPrefix(v, "-"):
		case strings.HasPrefix(v, "."):
			g.weakOwn(w, c)
			return
		default:
			name := path.Base(strings.TrimSuffix(strings.Split(v, "@")[0], "/..."))
			tool := runtimeTool(v, nil)
			if tool != nil && g.firstRun == (edit.Span{}) {
				g.firstRun = c.in.Span
			}
			g.artefacts = append(g.artefacts, &artefact{path: path.Join(g.binDir(c), name), program: tool, pkg: v, at: c.at, step: w.step, remote: true, weak: true})
		}
	}
	if len(c.words) == 2 {
		g.weakOwn(w, c)
	}
}

// weakOwn is for `go get ./...` in the days of GOPATH, which also installed.
func (g *goPlanner) weakOwn(w *walk, c *command) {
	if g.moduleMode(w, c) {
		return
	}
	b := goBuild{cgo: g.variable(c, "CGO_ENABLED")}
	program := g.program(w, c.dir, b)
	if program == nil {
		return
	}
	g.artefacts = append(g.artefacts, &artefact{path: path.Join(g.binDir(c), path.Base(c.dir)), program: program, pkg: ".", build: b, at: c.at, step: w.step, weak: true})
	if g.firstRun == (edit.Span{}) {
		g.firstRun = c.in.Span
	}
}

// binDir is where go install puts binaries.
func (g *goPlanner) binDir(c *command) string {
	if bin := g.variable(c, "GOBIN"); bin != "" {
		return bin
	}
	if gopath := g.variable(c, "GOPATH"); gopath != "" {
		return path.Join(strings.Split(gopath, ":")[0], "bin")
	}
	return "/go/bin"
}

// moduleMode reports whether a go.mod governs the command's folder.
func (g *goPlanner) moduleMode(w *walk, c *command) bool {
	if g.variable(c, "GO111MODULE") == "off" {
		return false
	}
	if g.module != "" {
		return true
	}
	for dir := c.dir; ; dir = path.Dir(dir) {
		if ctx, listed, ok := w.contextOf(path.Join(dir, "go.mod")); ok && listed && g.p.Build.Exists(ctx) {
			return true
		}
		if dir == path.Dir(dir) {
			return false
		}
	}
}
