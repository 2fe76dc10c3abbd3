package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/templates"
)

// shippedBinary is the program that the shipped stage starts, which another
// stage made and a COPY brought.
type shippedBinary struct {
	path    string            // in the shipped image
	copied  *dockerfile.Instr // the COPY
	builder *dockerfile.Stage
	sources []string // where it may lie in the builder

	linkage linkage
	suite   string // "" where the builder's release is not known
	zones   bool   // its sources load time zones
	certs   bool   // its sources open network connections
}

// onPlainSystem reports whether the image is a distribution's own or a
// toolchain's: one that starts nothing by itself.
func (s *swap) onPlainSystem() bool {
	switch s.product() {
	case "alpine", "debian", "ubuntu", "busybox", "golang", "rust", "gcc", "buildpack-deps":
		return true
	}
	return slices.Contains(redHats(), s.product())
}

// standardPath is where every base looks for programs.
const standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// shippedBinary finds the COPY --from that brought what the start command starts.
func (s *swap) shippedBinary() (*shippedBinary, bool) {
	for _, program := range s.startedPrograms() {
		for _, p := range s.programPaths(program) {
			for _, in := range slices.Backward(s.instrs()) {
				if b := s.broughtBy(in, p); b != nil {
					return b, true
				}
			}
		}
	}
	return nil, false
}

// startedPrograms are the programs of the start command, through the shell where
// it asks for one.
func (s *swap) startedPrograms() []string {
	out := []string{s.start.argv[0]}
	if s.start.needsShell == "" || s.start.script == nil {
		return out
	}
	for _, raw := range s.start.script.Commands {
		if list, _ := raw.Unwrap(); len(list) > 0 {
			if name, ok := list[0].Literal(); ok {
				out = append(out, name)
			}
		}
	}
	return out
}

// programPaths are the places that a program's name may mean.
func (s *swap) programPaths(program string) []string {
	if strings.Contains(program, "/") {
		return []string{absIn(s.state.Workdir, program)}
	}
	search := standardPath
	for _, v := range s.state.Env {
		if v.Name == "PATH" && v.Instr != nil && v.Known {
			search = v.Value
		}
	}
	var out []string
	for dir := range strings.SplitSeq(search, ":") {
		out = append(out, path.Join(dir, program))
	}
	return out
}

// broughtBy tells whether a COPY from a stage brings the file p.
func (s *swap) broughtBy(in *dockerfile.Instr, p string) *shippedBinary {
	from := in.FlagNamed("from")
	if in.Name != "copy" || from == nil {
		return nil
	}
	builder := s.p.File.StageNamed(from.Value, in.Stage.Index)
	if builder == nil {
		return nil
	}
	state := s.p.stateAt(in.Stage, in)
	dest, _ := in.CopyDest()
	to, ok := state.Expand(dest.Raw())
	if !ok {
		return nil
	}
	var sources []string
	for _, src := range in.CopySources() {
		v, ok := state.Expand(src.Arg.Raw())
		if !ok || src.Heredoc != nil {
			return nil
		}
		src, into := path.Join("/", v), absIn(state.Workdir, to)
		if p == path.Join(into, path.Base(src)) {
			sources = []string{src} // of its own name: no folder's content
			break
		}
		sources = append(sources, copyOrigins(src, into, p)...)
	}
	if len(sources) == 0 {
		return nil
	}
	return &shippedBinary{path: p, copied: in, builder: builder, sources: sources}
}

// copyOrigins are the places that p may come from when src is copied to dest: src
// itself as a file, or a file in the folder src.
func copyOrigins(src, dest, p string) []string {
	var out []string
	if p == dest {
		out = append(out, src)
	}
	if rest, ok := within(dest, p); ok && rest != "" {
		out = append(out, path.Join(src, rest))
	}
	return out
}

// decideBinary goes down the ladder for a stage that only runs a copied binary.
func (s *swap) decideBinary(b *shippedBinary) *Skip {
	if s.ref.Digest != "" {
		return &Skip{Unsupported, s.at, s.written() + " is pinned by digest, and the digest of another image is not known here"}
	}
	return s.ladder(s.binaryRungs(b))
}

// binaryRungs are the families that are tried for a copied binary.
func (s *swap) binaryRungs(b *shippedBinary) map[string]tryRung {
	return map[string]tryRung{
		"distroless": func() (*candidate, string) { return s.tryDistrolessBinary(b) },
		"alpine":     func() (*candidate, string) { return s.tryAlpineBinary(b) },
		"slim":       s.trySlimSystem,
	}
}

// tryDistrolessBinary asks for the distroless image that has what the binary links to.
func (s *swap) tryDistrolessBinary(b *shippedBinary) (*candidate, string) {
	c := &candidate{}
	for _, check := range []func() string{
		func() string { return s.startsWithoutShell(c) },
		func() string { return s.callsNothingElse(b) },
		s.namesKnownTo(distrolessNames()),
		func() string { return s.origin(b) },
		func() string { return s.fitsDistroless(b, c) },
		func() string { return s.dropRuns(b, c) },
		s.copiesAreData,
	} {
		if why := check(); why != "" {
			return nil, why
		}
	}
	c.why = append([]string{b.evidence()}, c.why...)
	c.edits = append(c.edits, s.keepWorkdir()...)
	return c, ""
}

// statesWorkdir reports whether the stage states an absolute WORKDIR before anything relative hangs on one.
func (s *swap) statesWorkdir() bool {
	if s.root != s.stage {
		return false
	}
	for _, in := range s.stage.Instrs {
		switch in.Name {
		case "workdir":
			return len(in.Args) == 1 && path.IsAbs(in.Args[0].Value)
		case "run", "copy", "add":
			return false
		}
	}
	return false
}

// keepWorkdir states the working directory that the old base sets and the new one does not.
func (s *swap) keepWorkdir() []edit.Edit {
	if s.img.Workdir == "" || s.img.Workdir == "/" || s.statesWorkdir() {
		return nil
	}
	return []edit.Edit{insertAt(s.root.From.Span.End, s.p.File.EOL+keywordLike(s.p.File, s.root, "WORKDIR")+" "+s.img.Workdir)}
}

// evidence says what is known of the binary.
func (b *shippedBinary) evidence() string {
	links := map[linkage]string{
		linkStatic: "is linked statically", linkGlibc: "links to glibc at most", linkGlibcCxx: "links to glibc, libgcc and libstdc++ at most", linkMusl: "links to musl",
	}[b.linkage]
	return fmt.Sprintf("the stage only runs %s, which %s and starts no other program", b.path, links)
}

// startsWithoutShell takes exec forms, and shell forms of one plain command.
func (s *swap) startsWithoutShell(c *candidate) string {
	for _, in := range s.instrs() {
		switch in.Name {
		case "shell":
			return "SHELL (" + line(in) + ") asks for a shell"
		case "onbuild":
			return "ONBUILD (" + line(in) + ") runs in images that build on it"
		}
	}
	switch {
	case s.start.needsShell != "":
		return s.start.needsShell + ", and it has no shell"
	case s.start.execForm:
		c.edits = append(c.edits, s.execFormEdit())
		c.why = append(c.why, "the shell form on "+line(s.start.instr)+" is one plain command")
	}
	return ""
}

// callsNothingElse looks at the health check and at compose files: what they call
// has to be the binary.
func (s *swap) callsNothingElse(b *shippedBinary) string {
	for _, call := range s.runtimeCalls() {
		if call.shell {
			return call.where + " asks for a shell, and it has none"
		}
		if strings.HasPrefix(call.argv[0], "-") || slices.Contains(s.programPaths(call.argv[0]), b.path) {
			continue
		}
		if s.state.Entrypoint != nil && !strings.HasPrefix(call.where, "HEALTHCHECK") && !strings.HasPrefix(call.where, "the health") {
			continue // a compose command: arguments of the entrypoint
		}
		return call.where + " calls " + call.argv[0] + ", which it lacks"
	}
	return ""
}

func distrolessNames() []string { return words("root nonroot nobody") }

// namesKnownTo wants every user and group that is named, not numbered, to be among the base's.
func (s *swap) namesKnownTo(known []string) func() string {
	fits := func(who string) bool {
		for part := range strings.SplitSeq(who, ":") {
			if strings.Trim(part, "0123456789") != "" && !slices.Contains(known, part) {
				return false
			}
		}
		return true
	}
	return func() string {
		for _, in := range s.instrs() {
			if in.Name == "user" && !fits(in.Args[0].Value) {
				return "it has no account " + in.Args[0].Value + " (" + line(in) + ")"
			}
			if f := in.FlagNamed("chown"); f != nil && !fits(f.Value) {
				return "it has no account " + f.Value + " (" + line(in) + ")"
			}
		}
		return ""
	}
}

// fitsDistroless picks the image by what the binary links to.
func (s *swap) fitsDistroless(b *shippedBinary, c *candidate) string {
	kind := map[linkage]string{linkStatic: "static", linkGlibc: "base", linkGlibcCxx: "cc"}[b.linkage]
	switch {
	case b.linkage == linkMusl:
		return "the binary may link to musl, and it has glibc"
	case b.linkage != linkStatic && b.suite == "":
		return "the release of the builder is not known, and its glibc may be newer"
	case b.linkage != linkStatic && !suiteAtMost(b.suite, templates.DistrolessSuite):
		return "the builder's glibc is not known to be as old as its own"
	}
	if arg := s.sharedArg(b); arg != "" && b.linkage != linkStatic {
		return "the argument " + arg + " keeps the builder and the image on one release, and its own is fixed"
	}
	ref, ok := templates.Distroless(kind, 0)
	if !ok {
		return "no image of it fits"
	}
	if arch, ok := strings.CutPrefix(s.root.Platform, "linux/"); ok {
		arch, _, _ = strings.Cut(arch, "/")
		if !slices.Contains(templates.DistrolessArches(kind, 0), arch) {
			return "there is none for " + s.root.Platform
		}
	}
	c.ref = ref + ":latest"
	return ""
}

// dropRuns takes out the RUN lines that are needless there, or names the first that is not.
func (s *swap) dropRuns(b *shippedBinary, c *candidate) string {
	for _, in := range s.runs() {
		if why := s.needless(in, b); why != "" {
			return why
		}
		c.edits = append(c.edits, removeInstr(s.p.File, in))
		c.why = append(c.why, fmt.Sprintf("what RUN of line %d brings is in the image or of no use there", in.Line))
	}
	return ""
}

// copiesAreData declines libraries and authorities that come along: they tell of
// links, or of changes to the system, that the copy alone does not make up.
func (s *swap) copiesAreData() string {
	for _, in := range s.instrs() {
		for _, src := range in.CopySources() {
			if v := src.Arg.Value; strings.Contains(v, ".so") || strings.HasPrefix(v, "/lib/") || strings.HasPrefix(v, "/usr/lib/") {
				return v + " is copied along (" + line(in) + "), a library that belongs to its system"
			}
		}
		dest, ok := in.CopyDest()
		if ok && (strings.HasPrefix(dest.Value, "/usr/local/share/ca-certificates") || strings.HasPrefix(dest.Value, "/lib") || in.FlagNamed("link") != nil && (strings.HasPrefix(dest.Value, "/bin") || strings.HasPrefix(dest.Value, "/sbin"))) {
			return "what is copied to " + dest.Value + " (" + line(in) + ") needs the system's own tools or folders"
		}
	}
	return ""
}

// tryAlpineBinary asks for Alpine: for a static binary, and RUN lines that mean the same there.
func (s *swap) tryAlpineBinary(b *shippedBinary) (*candidate, string) {
	if why := s.origin(b); why != "" {
		return nil, why
	}
	if b.linkage != linkStatic {
		return nil, "the binary may link to the C library of its builder"
	}
	c, why := s.onAlpine(&alpineMove{binary: b, needsZones: b.zones}, "alpine:"+templates.CurrentAlpine())
	if why != "" {
		return nil, why
	}
	c.why = append([]string{b.evidence()}, c.why...)
	c.edits = append(c.edits, s.keepWorkdir()...)
	return c, ""
}

// sharedArg names a build argument that both the builder's reference and the image's use.
func (s *swap) sharedArg(b *shippedBinary) string {
	below := root(b.builder)
	for _, u := range s.uses {
		if usesVar(below.Base.Value, u.Name) {
			return u.Name
		}
	}
	return ""
}
