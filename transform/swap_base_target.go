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

// swap is the shipped stage with the image it stands on.
type swap struct {
	p        *Pass
	stage    *dockerfile.Stage
	chain    []*dockerfile.Stage // from the one on an image to the shipped one
	root     *dockerfile.Stage   // the first of chain
	at       edit.Span           // of the root's FROM
	expanded string              // the reference with its arguments put in
	uses     []dockerfile.VarUse
	ref      templates.Ref
	img      templates.Image
	state    *dockerfile.State // at the end
	start    start
	starts   bool     // there is a start command
	refused  refusals // what the policy puts first and was passed
	placed   *walk    // see places
}

// newSwap finds the image to be swapped, or says why it is not to be touched.
func newSwap(p *Pass) (*swap, *Skip) {
	s := &swap{p: p, stage: shipped(p.File)}
	s.chain = stageChain(s.stage)
	s.root = s.chain[0]
	s.at = s.root.From.Span
	if skip := s.reference(); skip != nil {
		return nil, skip
	}
	if skip := s.shared(); skip != nil {
		return nil, skip
	}
	s.state = p.endState(s.stage)
	s.start, s.starts = startOf(s.state)
	if c := s.state.Cmd; s.starts && s.start.instr == nil && c != nil && c.Instr != nil {
		s.start = startFrom(c) // the entrypoint is the image's own, which every build of it has
	}
	return s, nil
}

// reference reads what FROM names and looks it up.
func (s *swap) reference() *Skip {
	ref, uses, ok := s.p.File.ExpandRef(s.root)
	if !ok {
		return &Skip{Unsure, s.at, s.root.Base.Value + " depends on a build argument without a default"}
	}
	s.expanded, s.uses = ref, uses
	switch {
	case ref == "scratch":
		return &Skip{NotNeeded, s.at, "it starts from scratch: nothing is smaller"}
	case isDistroless(s.familiar(ref)):
		return &Skip{NotNeeded, s.at, "it stands on distroless already"}
	}
	var err error
	if s.ref, err = s.p.Options.Policy.ref(ref); err != nil {
		return &Skip{Unsupported, s.at, ref + " cannot be read as an image reference"}
	}
	if o := s.p.Options.Policy; o != nil && o.Overrides.IsRuntime(s.ref) {
		return &Skip{NotNeeded, s.at, s.written() + " is the organisation's own runtime already"}
	}
	if s.img, ok = s.p.lookup(ref); !ok {
		return &Skip{Unsupported, s.at, s.written() + " is not in the catalogue, so no smaller image of it is known"}
	}
	if !s.img.Shell && s.img.PackageManager == "none" {
		return &Skip{NotNeeded, s.at, s.written() + " has no shell and no package manager already"}
	}
	return nil
}

// written is the reference for a report, without a digest's 64 digits.
func (s *swap) written() string {
	ref, _, _ := strings.Cut(s.expanded, "@")
	return ref
}

// shared declines where another stage uses the base, or a stage that stands on it.
func (s *swap) shared() *Skip {
	for _, other := range s.p.File.Stages {
		if slices.Contains(s.chain, other) {
			continue
		}
		if slices.Contains(s.chain, other.Parent) {
			return s.sharedWith(other)
		}
		for _, in := range other.Instrs {
			for _, from := range fromNames(in) {
				if slices.Contains(s.chain, s.p.File.StageNamed(from, other.Index)) {
					return s.sharedWith(other)
				}
			}
		}
	}
	return nil
}

func (s *swap) sharedWith(other *dockerfile.Stage) *Skip {
	name := other.Name
	if name == "" {
		name = fmt.Sprint(other.Index)
	}
	return &Skip{Unsure, s.at, fmt.Sprintf("%s is also what the stage %s (line %d) builds on, and what fits the one need not fit the other", s.written(), name, other.From.Line)}
}

// fromNames are the stages and images that an instruction takes files from.
func fromNames(in *dockerfile.Instr) []string {
	var out []string
	if f := in.FlagNamed("from"); f != nil {
		out = append(out, f.Value)
	}
	for _, m := range in.Mounts() {
		if m.From != "" {
			out = append(out, m.From)
		}
	}
	return out
}

// instrs are the instructions of the whole chain in order.
func (s *swap) instrs() []*dockerfile.Instr { return lineage(s.stage) }

// runs are the RUN lines among them.
func (s *swap) runs() []*dockerfile.Instr {
	var out []*dockerfile.Instr
	for _, in := range s.instrs() {
		if in.Name == "run" {
			out = append(out, in)
		}
	}
	return out
}

// eachRun hands over the RUN lines in order, until one is not to be taken: why says
// so, with its line.
func (s *swap) eachRun(take func(*dockerfile.Instr) string) (why string) {
	for _, in := range s.runs() {
		if why := take(in); why != "" {
			return why + " (" + line(in) + ")"
		}
	}
	return ""
}

// family is the rung that the image stands on; "" for a full one.
func (s *swap) family() string {
	switch {
	case s.img.Distro == "alpine" || s.img.Distro == "busybox":
		return "alpine"
	case slices.Contains(strings.Split(s.img.Variant, "-"), "slim"):
		return "slim"
	}
	return ""
}

// product is the image's plain name: "python", "alpine", "ubi-minimal".
func (s *swap) product() string { return path.Base(s.img.Family) }

// floats reports whether the reference names no version.
func (s *swap) floats() bool {
	return s.ref.Digest == "" && (s.ref.Tag == "" || s.ref.Tag == "latest")
}

// decide does what the policy puts first, else what the stage's own ladder finds.
func (s *swap) decide() *Skip {
	if s.policyFirst() {
		return nil
	}
	skip := s.decideOwn()
	if skip != nil && len(s.refused) > 0 {
		skip.Why += "; " + strings.Join(s.refused.reasons(), "; ")
	}
	return skip
}

// decideOwn takes the plan for what the stage is, and goes down its ladder.
func (s *swap) decideOwn() *Skip {
	if b, ok := s.startsBinary(); ok {
		return s.decideBinary(b)
	}
	if s.isDotnet() {
		return s.decideDotnet()
	}
	if skip := s.interpreterStays(); skip != nil {
		return skip
	}
	return s.decideProduct()
}

// decideProduct goes by what the image is of.
func (s *swap) decideProduct() *Skip {
	switch s.product() {
	case "python", "node", "ruby":
		if why := s.forWorkingIn(); why != "" {
			return &Skip{Unsure, s.at, s.written() + " stays: " + why}
		}
	}
	if isJavaKit(s.product()) {
		return s.decideJava()
	}
	if rungs := s.productRungs(); rungs != nil {
		if s.family() != "" {
			rungs = map[string]tryRung{"distroless": rungs["distroless"]} // from a small image no other rung is tried
		}
		return s.ladder(rungs)
	}
	return &Skip{Unsupported, s.at, "no smaller image is recorded that is sure to do what " + s.written() + " does"}
}

// productRungs are the families that are tried for what the image is of.
func (s *swap) productRungs() map[string]tryRung {
	switch s.product() {
	case "debian":
		return map[string]tryRung{"alpine": s.tryAlpineScript, "slim": s.trySlimDebian}
	case "ubuntu":
		return map[string]tryRung{"alpine": s.tryAlpineScript}
	case "python":
		return s.pythonRungs()
	case "node":
		return s.nodeRungs()
	case "ruby":
		return s.rubyRungs()
	case "nginx":
		return map[string]tryRung{"alpine": s.tryAlpineNginx}
	case "httpd":
		return map[string]tryRung{"alpine": s.tryAlpineHTTPD}
	case "php":
		return map[string]tryRung{"alpine": s.tryAlpinePHP}
	case "almalinux", "rockylinux":
		return map[string]tryRung{"slim": s.tryMinimal}
	}
	return nil
}

// interpreterStays tells the images that no ladder starts from: small ones,
// those without a version, those pinned by digest, and systems of one size.
func (s *swap) interpreterStays() *Skip {
	switch {
	case s.family() != "" && !isJavaKit(s.product()) && !s.mayGoBare():
		return &Skip{NotNeeded, s.at, s.written() + " is a small image already"}
	case s.product() == "ubuntu" && s.scriptOnly() != "":
		return &Skip{NotNeeded, s.at, "Ubuntu has no smaller image of its own"}
	case slices.Contains(redHats(), s.product()) && s.noMinimal() != "":
		return &Skip{NotNeeded, s.at, s.noMinimal()}
	case s.img.Drops != "":
		return &Skip{Unsupported, s.at, s.written() + " is a data store, which is not moved to another build"}
	case s.ref.Digest != "":
		return &Skip{Unsupported, s.at, s.written() + " is pinned by digest, and the digest of a smaller image is not known here"}
	case !s.copies() && s.product() != "debian":
		return &Skip{Unsure, s.at, s.written() + " gets no files from COPY, so what runs in it cannot be seen"}
	case s.floats():
		return &Skip{Unsure, s.at, s.written() + " names no version; it needs an exact tag first, since every other image of it would float as well"}
	}
	return nil
}

func redHats() []string {
	return words("amazonlinux centos fedora rockylinux almalinux oraclelinux ubi ubi7 ubi8 ubi9 ubi10 ubi-minimal ubi7-minimal ubi8-minimal ubi9-minimal ubi10-minimal fedora-minimal ubi-micro")
}

// copies reports whether the Dockerfile puts anything into the image.
func (s *swap) copies() bool {
	return slices.ContainsFunc(s.instrs(), func(in *dockerfile.Instr) bool { return in.Name == "copy" || in.Name == "add" })
}

// forWorkingIn says why the image is one to work in by hand: no start command of
// its own, or a bare shell. What is typed into it cannot be seen.
func (s *swap) forWorkingIn() string {
	if !s.starts || s.start.instr == nil {
		return "no CMD or ENTRYPOINT tells what runs in it"
	}
	switch path.Base(s.start.argv[0]) {
	case "sh", "bash", "ash", "zsh", "tail", "sleep":
		if len(s.start.argv) == 1 || strings.HasPrefix(path.Base(s.start.argv[0]), "tail") || path.Base(s.start.argv[0]) == "sleep" {
			return "the start command is " + s.start.argv[0] + ": an image to work in"
		}
	}
	return ""
}
