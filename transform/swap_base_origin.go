package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/templates"
)

// origin finds out from the builder stage what the binary links to, and from its
// sources that it starts no other program. why says what cannot be told.
func (s *swap) origin(b *shippedBinary) (why string) {
	if !buildsGo(s.p, b.builder) {
		return s.rustOrigin(b)
	}
	d, a, why := s.goArtefact(b)
	if why != "" {
		return why
	}
	if why := selfContained(a); why != "" {
		return why
	}
	return s.goLinkage(b, d, a)
}

// goArtefact reads the builder as a split does, and finds the binary among what it builds.
func (s *swap) goArtefact(b *shippedBinary) (*goDecision, *artefact, string) {
	g := &goPlanner{p: s.p, env: map[string]string{}}
	w := &walk{p: s.p, handle: g.handle}
	for _, st := range stageChain(b.builder) {
		w.stage = st
		for _, in := range st.Instrs {
			if in.Name == "onbuild" {
				continue
			}
			if skip := w.instr(in); skip != nil {
				return nil, nil, fmt.Sprintf("%s (line %d), so how %s is built cannot be told", skip.Why, s.p.File.Line(skip.At.Start), b.path)
			}
		}
	}
	d := newGoDecision(g, w, b.builder, &splitPlan{p: s.p})
	for _, src := range b.sources {
		if a := d.built(src); a != nil {
			return d, a, ""
		}
	}
	return nil, nil, fmt.Sprintf("the builder is not seen to make %s, so what it links to cannot be told", b.sources[0])
}

// selfContained wants the sources to show that the program starts no other program.
func selfContained(a *artefact) (why string) {
	switch {
	case a.remote:
		return "the sources of " + a.pkg + " are not in the build context, so what it calls at run time cannot be told"
	case a.program == nil:
		return "the sources of " + path.Base(a.path) + " are not in the build context, so what it calls at run time cannot be told"
	case !a.program.Complete:
		return missingWhy(a.program)
	case len(a.program.Plugins) > 0:
		return fmt.Sprintf("the program loads plugins (%s)", a.program.Plugins[0].Where())
	}
	if len(a.program.Execs) > 0 {
		use := a.program.Execs[0]
		if use.Known {
			return fmt.Sprintf("the program starts %s (%s)", use.Value, use.Where())
		}
		return fmt.Sprintf("the program starts another one whose name cannot be told (%s)", use.Where())
	}
	for _, use := range a.program.Reads {
		if use.Known && path.IsAbs(use.Value) && strings.HasPrefix(use.Value, "/usr/") {
			return fmt.Sprintf("the program reads %s (%s)", use.Value, use.Where())
		}
	}
	return ""
}

// goLinkage settles what the binary links to, without a change to the builder.
func (s *swap) goLinkage(b *shippedBinary, d *goDecision, a *artefact) (why string) {
	img, _ := s.p.image(b.builder)
	l, wouldBe, skip := d.linkageOf(a, img)
	if skip != nil {
		return skip.Why
	}
	if wouldBe { // static only once CGO_ENABLED=0 is set: as it is, libc may be linked for names and users
		l = linkGlibc
		if img.Libc != "glibc" {
			l = linkMusl
		}
	}
	b.linkage, b.zones, b.certs = l, len(a.program.TimeZones) > 0, len(a.program.Network) > 0
	if l == linkStatic || l == linkMusl {
		return ""
	}
	b.suite = builderSuite(img)
	return d.libraryInstalled()
}

// builderSuite is the newest release that the builder may stand on; "" where a
// floating tag can move on.
func builderSuite(img templates.Image) string {
	if img.Version == "" && img.Suite != img.Variant || len(img.Suites) == 0 {
		return ""
	}
	if ok, known := img.RunsOn(templates.DistrolessSuite); !ok || !known {
		return img.Suites[len(img.Suites)-1]
	}
	if img.Suite != "" {
		return img.Suite
	}
	return templates.DistrolessSuite
}

// libraryInstalled names a package of the builder that the binary may link to.
func (d *goDecision) libraryInstalled() (why string) {
	for _, p := range d.walk.packages {
		pkg, known := d.p.pkg(p.name)
		switch {
		case p.name == "ca-certificates", p.name == "tzdata", strings.HasPrefix(p.name, "-"):
		case isBuildPackage(p, pkg, known, linkGlibc):
		case known && pkg.Kind == templates.Program:
		default:
			return "the binary may link to a library of " + p.name + ", which the builder installs"
		}
	}
	return ""
}

// rustOrigin tells what a binary of a Rust builder links to.
func (s *swap) rustOrigin(b *shippedBinary) (why string) {
	img, ok := s.p.image(b.builder)
	if !ok || img.Family != "rust" {
		return fmt.Sprintf("how the stage of line %d makes %s cannot be told", b.builder.From.Line, b.path)
	}
	if img.Libc != "glibc" {
		return "what Rust on Alpine links to is not followed"
	}
	if !slices.ContainsFunc(b.sources, func(src string) bool {
		dir := path.Base(path.Dir(src))
		return dir == "release" || dir == "debug" || path.Dir(src) == "/usr/local/cargo/bin"
	}) {
		return "the builder is not seen to make " + b.sources[0] + " with cargo"
	}
	if why := s.crates(b); why != "" {
		return why
	}
	b.linkage, b.suite = linkGlibcCxx, builderSuite(img)
	return ""
}

// crates reads the lock file beside the sources for crates that link to libraries
// of the system, and the sources for calls of other programs.
func (s *swap) crates(b *shippedBinary) (why string) {
	w := s.placesOf(stageChain(b.builder))
	lock, ok := s.lockOf(w, s.p.endState(b.builder).Workdir)
	if !ok {
		return "there is no Cargo.lock in the build context that tells which crates are linked"
	}
	for l := range strings.Lines(lock) {
		name, is := strings.CutPrefix(strings.TrimSpace(l), `name = "`)
		name = strings.TrimSuffix(name, `"`)
		if is && strings.HasSuffix(name, "-sys") && !slices.Contains(harmlessCrates(), name) {
			return "the crate " + name + " may link to a library that is not in it"
		}
	}
	return s.rustSources(w)
}

// rustSources looks for calls of other programs in the sources that were copied.
func (s *swap) rustSources(w *walk) (why string) {
	found := false
	for _, one := range w.placed {
		call, seen := s.rustCalls(one.src, one.dir)
		found = found || seen
		if call != "" {
			return "the program may start another one (" + call + ")"
		}
	}
	if !found {
		return "the sources of the program are not in the build context, so what it calls at run time cannot be told"
	}
	return ""
}

// lockOf reads the Cargo.lock of the folder in the builder.
func (s *swap) lockOf(w *walk, dir string) (string, bool) {
	ctx, _, ok := w.contextOf(path.Join(dir, "Cargo.lock"))
	if !ok {
		return "", false
	}
	data, ok := s.p.Build.Read(ctx)
	return string(data), ok
}

// harmlessCrates link to libc alone, or carry their C sources.
func harmlessCrates() []string {
	return words(`linux-raw-sys js-sys web-sys windows-sys core-foundation-sys security-framework-sys zstd-sys wasi-sys
		fsevent-sys kqueue-sys inotify-sys wepoll-sys libz-ng-sys aws-lc-sys tikv-jemalloc-sys jemalloc-sys libmimalloc-sys`)
}

// rustCalls names a place where a source of the folder starts another program;
// seen tells whether there is any source.
func (s *swap) rustCalls(src string, dir bool) (where string, seen bool) {
	look := func(p string) {
		if where != "" || path.Ext(p) != ".rs" || path.Base(p) == "build.rs" {
			return
		}
		data, ok := s.p.Build.Read(p)
		seen = seen || ok
		if i := strings.Index(string(data), "Command::new("); i >= 0 {
			where = fmt.Sprintf("%s:%d", p, lineOf(string(data), i))
		}
	}
	if !dir {
		look(src)
		return where, seen
	}
	s.walkFiles(src, look)
	return where, seen
}
