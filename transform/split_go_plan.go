package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/evidence"
	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// buildsGo reports whether the stage is a Go toolchain's, by its base or by a go command in it.
func buildsGo(p *Pass, s *dockerfile.Stage) bool {
	img, ok := p.image(s)
	if golang := ok && img.Family == "golang"; golang && p.runsMore(s) {
		return true
	}
	if st, ok := startOf(p.endState(s)); ok && len(st.argv) > 1 && (path.Base(st.argv[0]) == "go" || goRunAt(st.argv) >= 0) {
		return true
	}
	for _, in := range lineage(s) {
		if in.Name != "run" {
			continue
		}
		for _, c := range runScript(p.File, in, p.stateAt(in.Stage, in)).Commands {
			if words, _ := c.Unwrap(); len(words) > 1 && words[0].Text == "go" {
				return true
			}
		}
	}
	return false
}

// runsMore reports whether a RUN of the stage does more than set folders, packages
// and accounts up: where it does not, the stage only ships what it was given.
func (p *Pass) runsMore(s *dockerfile.Stage) bool {
	setUp := words("mkdir chmod chown apt-get apt apk rm ln echo useradd adduser groupadd addgroup update-ca-certificates cp mv touch set true")
	for _, in := range lineage(s) {
		if in.Name != "run" {
			continue
		}
		script := runScript(p.File, in, p.stateAt(in.Stage, in))
		if script.Unknown != "" || slices.ContainsFunc(script.Commands, func(c *shell.Command) bool {
			return len(c.Words) > 0 && !slices.Contains(setUp, c.Base())
		}) {
			return true
		}
	}
	return false
}

// planGo decides the split of a Go stage, or says why not.
func planGo(p *Pass, s *dockerfile.Stage) (*splitPlan, *Skip) {
	if base := root(s); isOpenRef(p.File, base) {
		return nil, &Skip{Unsure, base.From.Span, "the base image is given by a build argument without a default"}
	}
	g := &goPlanner{p: p, env: map[string]string{}}
	st, ok := startOf(p.endState(s))
	if !ok || st.instr == nil {
		return nil, &Skip{NotNeeded, s.From.Span, "no CMD or ENTRYPOINT: an image for building with, not an application"}
	}
	if end := p.endState(s); st.execForm && end.Entrypoint != nil && end.Entrypoint.Shell && end.Cmd != nil && end.Cmd.Instr != nil {
		st.execForm, st.needsShell = false, "ENTRYPOINT has the shell form, which leaves CMD out"
	}
	if tool := devServer(st.argv); tool != "" {
		return nil, &Skip{Unsupported, st.at, tool + " rebuilds or debugs the program while it runs: a development image needs its toolchain"}
	}
	w, skip := stageWalk(p, s, g.handle)
	if skip != nil {
		return nil, skip
	}
	d := newGoDecision(g, w, s, &splitPlan{p: p, stage: s, start: st, buildEnv: goBuildEnv})
	for _, step := range []func() *Skip{d.leadStart, d.compose, d.program, d.unknowns, d.link, d.packages, d.healthcheck, d.files, d.absent, d.choose} {
		if skip := step(); skip != nil {
			return nil, skip
		}
	}
	return d.plan, nil
}

// isOpenRef reports whether the base of a stage is given by a build argument without a default.
func isOpenRef(f *dockerfile.File, s *dockerfile.Stage) bool {
	_, vars, _ := f.ExpandRef(s)
	return len(vars) == 0 && strings.Contains(s.Base.Value, "$")
}

// devServer names a program that watches sources and rebuilds; "" for none.
func devServer(argv []string) string {
	for _, a := range argv {
		switch name := path.Base(a); name {
		case "air", "fresh", "realize", "CompileDaemon", "reflex", "gin", "modd", "nodemon", "dlv", "bee", "gowatch", "watchexec", "entr":
			return name
		}
	}
	return ""
}

// BuildOnlyEnv lists the environment variables that only a Go build reads: a split
// leaves them in the builder.
func BuildOnlyEnv() []string {
	return words(`GOPATH GOROOT GOBIN GOPROXY GOSUMDB GOPRIVATE GONOPROXY GONOSUMDB GOINSECURE GOFLAGS GOOS GOARCH GOARM GOAMD64
		GOCACHE GOMODCACHE GOTOOLCHAIN GOVCS GOWORK GO111MODULE GOEXPERIMENT GOTMPDIR
		CGO_ENABLED CGO_CFLAGS CGO_CPPFLAGS CGO_CXXFLAGS CGO_LDFLAGS CC CXX PKG_CONFIG_PATH
		DEBIAN_FRONTEND GOLANG_VERSION GO_VERSION GIT_TERMINAL_PROMPT`)
}

func goBuildEnv(name string) bool { return slices.Contains(BuildOnlyEnv(), name) }

// goDecision is the way from what the build makes to the plan.
type goDecision struct {
	*goPlanner
	walk   *walk
	stage  *dockerfile.Stage
	end    *dockerfile.State // of the image at the end of the stage
	plan   *splitPlan
	main   *artefact   // what the start command leads to
	led    []*artefact // what it leads to besides
	ship   []*artefact // all that go along, main first
	needs  runtimeNeeds
	byPath []string // binaries that something starts by their path
	byName []string // binaries that something finds along PATH
	// whole says why the whole working directory goes along; "" where single files do.
	whole string
}

func newGoDecision(g *goPlanner, w *walk, s *dockerfile.Stage, plan *splitPlan) *goDecision {
	return &goDecision{goPlanner: g, walk: w, stage: s, end: g.p.endState(s), plan: plan}
}

// program checks what the sources say of the programs that go along.
func (d *goDecision) program() *Skip {
	for i := 0; i < len(d.ship); i++ { // it grows by what the programs start
		a := d.ship[i]
		if a.remote && (a.program == nil || strings.Contains(d.plan.scripts, "sqlite")) {
			return d.at(a, "%s comes from a module outside the build context, so what it reads and calls at run time cannot be told", a.pkg)
		}
		if a.program == nil {
			d.needs.blind = "the sources of " + a.pkg + " are not in the build context"
			continue
		}
		if !a.program.Complete {
			d.needs.blind = missingWhy(a.program)
		}
		if skip := d.calls(a); skip != nil {
			return skip
		}
		d.needs.certs = d.needs.certs || len(a.program.Network) > 0
		d.needs.zones = d.needs.zones || len(a.program.TimeZones) > 0
	}
	if d.needs.blind != "" {
		d.needs.certs, d.needs.zones = true, true
		along := "the whole working directory goes along"
		if amongOthers(d.end.Workdir) && d.main.program != nil {
			along = "what is no source goes along"
		}
		d.assume("%s: %s, and the program is taken to start no other program", d.needs.blind, along)
	}
	return nil
}

func missingWhy(p *evidence.GoProgram) string {
	if len(p.Missing) == 0 {
		return "not all sources of the program in " + p.Dir + " can be read"
	}
	return p.Missing[0] + ", which the program imports, is not in the build context"
}

// calls looks at the programs that the binary starts.
func (d *goDecision) calls(a *artefact) *Skip {
	for _, use := range a.program.Execs {
		where := use.Where()
		switch name := path.Base(use.Value); {
		case use.Known && d.ownProgram(use.Value):
		case !use.Known:
			return d.at(a, "the program starts another one whose name cannot be told (%s)", where)
		case name == "go" || name == "gcc" || name == "make":
			return d.at(a, "the program calls %s at run time (%s)", name, where)
		case name == "sh" || name == "ash":
			d.needs.shell = "the program calls a shell (" + where + ")"
		default:
			d.needs.call(name, where)
		}
	}
	for _, use := range a.program.Plugins {
		return d.at(a, "the program loads plugins (%s), which tie it to its toolchain", use.Where())
	}
	return nil
}

// ownProgram reports whether a program that the binary starts is made here too, and sees that it goes along.
func (d *goDecision) ownProgram(name string) bool {
	a := d.artefactOf(name)
	if a == nil {
		return false
	}
	if !d.within(a.path) {
		d.ship = append(d.ship, a)
	}
	d.calledAs(a, name)
	return true
}

// at declines at the build command of an artefact.
func (d *goDecision) at(a *artefact, format string, args ...any) *Skip {
	return &Skip{Unsure, a.at, fmt.Sprintf(format, args...)}
}

func (d *goDecision) assume(format string, args ...any) {
	d.plan.assumes = append(d.plan.assumes, fmt.Sprintf(format, args...))
}

// unknowns decides on commands whose products cannot be told: they do not matter
// to a program that is known to call no other and to read nothing outside the context.
func (d *goDecision) unknowns() *Skip {
	if len(d.unknown) == 0 {
		return nil
	}
	c := d.unknown[0]
	if d.needs.blind != "" {
		return c.unsure("cannot tell what %s leaves behind that the program needs, and %s", c.quoted(), d.needs.blind)
	}
	if len(d.needs.calls) > 0 || d.needs.shell != "" {
		return c.unsure("cannot tell what %s leaves behind, and the program calls other programs", c.quoted())
	}
	for _, a := range d.ship {
		for _, r := range a.program.Reads {
			if !fixed(r) || path.IsAbs(r.Value) {
				return c.unsure("cannot tell what %s leaves behind, and the program reads files whose names cannot be told (%s:%d)", c.quoted(), r.File, r.Line)
			}
		}
	}
	return nil
}

// link decides how the binaries are linked, which decides what they can run on.
func (d *goDecision) link() *Skip {
	img, known := d.p.image(d.stage)
	if !known && d.needs.linkage != linkStatic {
		img = templates.Image{Libc: "unknown"}
	}
	setCgo := false
	for _, a := range d.ship {
		l, set, skip := d.linkageOf(a, img)
		if skip != nil {
			return skip
		}
		setCgo = setCgo || set
		d.needs.linkage = max(d.needs.linkage, l)
	}
	d.needs.suite, d.needs.newest = img.Suite, newestOf(img.Suites)
	if setCgo {
		d.turnCgoOff()
	}
	return nil
}

// newestOf is the release with the newest C library; "" where one of them is not known to have glibc.
func newestOf(suites []string) string {
	newest := ""
	for _, s := range suites {
		_, minor, ok := templates.GlibcOf(s)
		if _, slim := templates.DebianSlimFor(s); !ok || !slim {
			return ""
		}
		if _, than, _ := templates.GlibcOf(newest); minor > than {
			newest = s
		}
	}
	return newest
}

// linkageOf tells how one binary is linked; set asks for CGO_ENABLED=0 in the builder.
func (d *goDecision) linkageOf(a *artefact, img templates.Image) (l linkage, set bool, skip *Skip) {
	musl := img.Libc == "musl"
	dynamic := linkGlibcCxx
	if musl {
		dynamic = linkMusl
	}
	switch {
	case a.build.cgo == "0", a.build.static:
		return linkStatic, false, nil
	case a.program != nil && a.program.Pure && a.build.cgo != "1" && a.build.dynamic == "" && !(musl && d.cgoOff(img)) && !d.buildsForOthers():
		return linkStatic, true, nil
	case img.Libc != "musl" && img.Libc != "glibc":
		return 0, false, d.at(a, "the C library of %s is not known, and neither is whether the binary uses it", root(d.stage).Base.Value)
	case a.build.dynamic != "":
		return dynamic, false, nil
	case a.program != nil && len(a.program.Cgo) > 0:
		use := a.program.Cgo[0]
		d.assume("the binary links C code (%s, %s:%d)", use.Value, use.File, use.Line)
		if !musl && onlyLibc(a.program) {
			return linkGlibc, false, nil
		}
		return dynamic, false, nil
	case musl && d.cgoOff(img):
		return linkStatic, false, nil
	case !musl && a.program != nil && a.program.Pure:
		return linkGlibc, false, nil
	}
	return dynamic, false, nil
}

// cgoOff reports whether an Alpine builder has no C compiler: since Go 1.20 the
// toolchain then turns cgo off by itself.
func (d *goDecision) cgoOff(img templates.Image) bool {
	return img.Family == "golang" && !d.hasPackage("gcc", "build-base", "musl-dev", "g++", "clang", "alpine-sdk") && goAtLeast(img.Version, 20)
}

// linksOnlyLibc reports whether all that goes along is known to need no C library but libc, or none.
func (d *goDecision) linksOnlyLibc() bool {
	return d.needs.linkage == linkStatic || !slices.ContainsFunc(d.ship, func(a *artefact) bool {
		return a.program == nil || len(a.build.tags) > 0 || !onlyLibc(a.program) // a tag may ask for the system's library
	})
}

// onlyLibc reports whether the C code is known to need no library but the C library's own.
func onlyLibc(p *evidence.GoProgram) bool {
	for _, use := range p.Cgo {
		if libs, known := evidence.GoCgoLibraries(use.Value); !known || len(libs) > 0 {
			return false
		}
	}
	return p.Complete && len(p.UnknownModules) == 0
}

// goAtLeast reports whether a golang tag's version is 1.minor or later; a floating tag is the newest.
func goAtLeast(version string, minor int) bool {
	if version == "" || version == "latest" || version == "1" {
		return true
	}
	var major, have int
	if n, _ := fmt.Sscanf(version, "%d.%d", &major, &have); n != 2 {
		return false
	}
	return major > 1 || have >= minor
}

// buildsForOthers reports whether the build runs in a stage that others stand on too: a
// setting put there would be theirs as well.
func (d *goDecision) buildsForOthers() bool {
	builds := func(in *dockerfile.Instr) bool { return in.Span == d.firstRun }
	for s := d.stage; s.Parent != nil && !slices.ContainsFunc(s.Instrs, builds); s = s.Parent {
		if shared(d.p.File, s.Parent) && slices.ContainsFunc(lineage(s.Parent), builds) {
			return true
		}
	}
	return false
}

func (d *goDecision) hasPackage(names ...string) bool {
	for _, p := range d.walk.packages {
		if slices.Contains(names, p.name) {
			return true
		}
	}
	return false
}

// turnCgoOff states CGO_ENABLED=0 above the RUN of the first build.
func (d *goDecision) turnCgoOff() {
	d.assume("nothing that the program imports needs cgo, so CGO_ENABLED=0 gives a static binary (names are then looked up by Go's own resolver)")
	line := d.plan.keyword("ENV") + " CGO_ENABLED=0"
	for _, in := range lineage(d.stage) {
		if in.Span == d.firstRun {
			d.plan.before = append(d.plan.before, insertAt(tailOffset(d.p.File, in), line+d.p.File.EOL))
			return
		}
	}
	d.plan.steps = append([]string{line}, d.plan.steps...)
}

// compose checks how compose files start this image.
func (d *goDecision) compose() *Skip {
	for _, s := range d.p.servicesOf() {
		for _, argv := range s.starts() {
			if devServer(argv) != "" || slices.Contains(argv, "go") {
				return &Skip{Unsure, d.plan.start.at, s.Where() + " starts it with " + strings.Join(argv, " ") + ", which needs the toolchain"}
			}
			if skip := d.composeStart(s, argv); skip != nil {
				return skip
			}
		}
	}
	return nil
}

// composeStart takes a command or entrypoint of a compose file: another binary of the
// stage, a script of the context, a shell text, a program that the base has to have.
func (d *goDecision) composeStart(s service, argv []string) *Skip {
	name := path.Base(argv[0])
	d.plan.scripts += "\n" + strings.Join(argv, " ")
	if isShellName(name) {
		d.needs.shell = s.Where() + " starts it through " + name
		d.needs.bash = d.needs.bash || name == "bash"
		switch {
		case len(argv) > 2 && strings.HasPrefix(argv[1], "-"):
			return d.script(shell.ParseText(argv[2]), s.Where())
		case len(argv) > 1 && d.isScript(argv[1]):
			return d.scriptFile(argv[1], nil)
		}
		return nil
	}
	if a := d.artefactOf(argv[0]); a != nil {
		d.calledAs(a, argv[0])
		if !d.within(a.path) {
			d.ship = append(d.ship, a)
		}
		return nil
	}
	switch arguments := d.end.Entrypoint != nil || len(s.Entrypoint) > 0 && len(s.Command) > 0; {
	case d.isScript(argv[0]):
		skip := d.scriptFile(argv[0], argv[1:])
		d.needs.shell = s.Where() + " starts the script " + argv[0]
		return skip
	case !arguments && !d.mountsOver(s, argv[0]):
		d.needs.call(name, s.Where())
	}
	return nil
}

// mountsOver reports whether the program is one that the service mounts into the container.
func (d *goDecision) mountsOver(s service, program string) bool {
	return strings.Contains(program, "/") && s.mountsOver(path.Dir(d.absolute(program)))
}

// isScript reports whether the path names a shell script of the build context.
func (d *goDecision) isScript(name string) bool {
	ctx, _, ok := d.walk.contextOf(d.absolute(name))
	if !ok || !strings.Contains(name, "/") && path.Ext(name) != ".sh" {
		return false
	}
	data, ok := d.p.Build.Read(ctx)
	return ok && (strings.HasPrefix(string(data), "#!") || path.Ext(name) == ".sh")
}
