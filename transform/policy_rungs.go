package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/templates"
)

// policyFirst tries what the policy puts before all else: the organisation's own
// runtime, then the hardened families that are named before the others. It proposes
// a change, or notes in s.refused why not.
func (s *swap) policyFirst() (done bool) {
	if o := s.p.Options.Policy; o != nil {
		if as, why, ok := o.Overrides.Runtime(s.ref); ok {
			if why == "" {
				why = s.toRuntime(as)
			}
			if s.tried(fmt.Sprintf("%s's runtime (%s)", s.ref.Name(), as.Where), why) {
				return true
			}
		}
	}
	for _, family := range s.p.Options.Prefer {
		if !slices.Contains(hardenedFamilies, family) {
			return false
		}
		if s.tryNamed(family) {
			return true
		}
	}
	return false
}

// tryNamed tries a hardened family, for a copied binary or what the image is of.
func (s *swap) tryNamed(family string) (done bool) {
	c, why := s.tryHardened(family)
	if why == "" {
		why = s.propose(c, nil)
	}
	return s.tried(family, why)
}

// tried notes why something was passed; done where there is no reason against it.
func (s *swap) tried(what, why string) (done bool) {
	if why != "" {
		s.refused.add(what, why)
	}
	return why == ""
}

// toRuntime proposes the runtime that the organisation names. Its word is that it
// can stand in for the image; that the stage can do without what it lacks is shown here.
func (s *swap) toRuntime(as templates.RuntimeOverride) (why string) {
	var c *candidate
	if as.Like.Repository != "" {
		c, why = s.alike(as)
	} else {
		c, why = s.unlike(as)
	}
	if why != "" {
		return why
	}
	c.ref = as.Ref.String()
	if len(s.runs()) > 0 {
		c.assumes = append(c.assumes, c.ref+" starts as root, as RUN may want it")
	}
	c.why = append([]string{as.Where + " names it as the runtime of " + s.written()}, c.why...)
	return s.propose(c, nil)
}

// alike wants the image that the runtime is like to be one that a rung finds fit,
// or the one that the stage has.
func (s *swap) alike(as templates.RuntimeOverride) (c *candidate, why string) {
	if s.ref.Digest != "" {
		return nil, s.written() + " is pinned by digest, and the digest of another image is not known here"
	}
	if why := s.forWorkingIn(); why != "" {
		return nil, why
	}
	like := as.Like.Familiar()
	if like == s.ref.Familiar() {
		return &candidate{}, ""
	}
	why = "the rules of no family lead to " + like + ", which it is like"
	rungs := s.rungs()
	for _, family := range families {
		if rungs[family] == nil {
			continue
		}
		c, refused := rungs[family]()
		switch {
		case refused != "":
			if img, ok := templates.Lookup(like); ok && familyOf(img) == family {
				why = "it is like " + like + ": " + refused
			}
		case s.familiar(c.ref) == like:
			return c, ""
		}
	}
	return nil, why
}

// sameImage reports whether two references name one image: no tag is latest.
func sameImage(a, b templates.Ref) bool {
	return a.Name() == b.Name() && a.Digest == b.Digest && first(a.Tag, "latest") == first(b.Tag, "latest")
}

// ofPolicy is the reference to write for one that a rung found: what the organisation
// has in the place of another image than the stage's own, at its mirror. why says
// what is against it.
func (s *swap) ofPolicy(found string) (to, ref, why string) {
	o := s.p.Options.Policy
	if o == nil {
		return found, found, ""
	}
	r, err := o.ref(found)
	if err != nil {
		return "", "", err.Error()
	}
	if as, why, ok := o.Overrides.Runtime(r); ok && r.Name() != s.ref.Name() {
		switch {
		case why != "":
			return "", "", why
		case !sameImage(as.Like, r):
			return "", "", fmt.Sprintf("%s names %s in its place, which is not said to be like it", as.Where, as.Ref)
		}
		found = as.Ref.String()
	}
	ref, why = o.written(found)
	return found, ref, why
}

// familiar is a reference in its shortest spelling, a mirror's as what it mirrors.
func (s *swap) familiar(ref string) string {
	r, err := s.p.Options.Policy.ref(ref)
	if err != nil {
		return ref
	}
	return r.Familiar()
}

// rungs are the families that are tried for the stage.
func (s *swap) rungs() map[string]tryRung {
	if b, ok := s.startsBinary(); ok {
		return s.binaryRungs(b)
	}
	return s.productRungs()
}

// startsBinary finds the copied program that the stage only starts.
func (s *swap) startsBinary() (*shippedBinary, bool) {
	if !s.onPlainSystem() || !s.starts || s.start.instr == nil {
		return nil, false
	}
	return s.shippedBinary()
}

// unlike takes a runtime of which no more is known than whether it has a shell:
// nothing may run at build time, and the start must be all the Dockerfile's own.
func (s *swap) unlike(as templates.RuntimeOverride) (*candidate, string) {
	if why := s.startsAlone(as.Shell); why != "" {
		return nil, why
	}
	c := &candidate{assumes: []string{as.Ref.String() + " has the programs and libraries that " + s.written() + " gave to the program"}}
	return c, s.keepsSettings(c)
}

// keepsSettings states the user and the working directory, where the stage leaves
// them to an image whose own are others or not known.
func (s *swap) keepsSettings(c *candidate) (why string) {
	f, text := s.p.File, ""
	state := func(keyword, value string) { text += f.EOL + keywordLike(f, s.root, keyword) + " " + value }
	if s.state.UserInstr == nil {
		if !isRoot(s.state.User) {
			return s.written() + " starts as " + s.state.User + ", who is not there"
		}
		state("USER", "0")
		c.why = append(c.why, "USER 0 keeps the user as it was, for its own may be another")
	}
	if !s.statesWorkdir() && !s.p.Options.Policy.versionless(c.ref) {
		state("WORKDIR", first(s.img.Workdir, "/"))
	}
	if text != "" {
		c.edits = append(c.edits, insertAt(s.root.From.Span.End, text))
	}
	return ""
}

// startsAlone wants a stage without RUN, and a start that the base has no part in.
func (s *swap) startsAlone(shell bool) (why string) {
	if s.ref.Digest != "" {
		return s.written() + " is pinned by digest, and the digest of another image is not known here"
	}
	for _, in := range s.instrs() {
		if in.Name == "run" || in.Name == "onbuild" {
			return "what " + strings.ToUpper(in.Name) + " of " + line(in) + " wants is not known to be there"
		}
	}
	switch e := s.state.Entrypoint; {
	case !s.starts || e == nil || e.Instr == nil:
		return "its own entrypoint is not known, and would come before CMD"
	case !shell && (s.start.needsShell != "" || s.start.execForm):
		return first(s.start.needsShell, "ENTRYPOINT has the shell form") + ", and it has no shell"
	case s.state.Health != nil || len(s.runtimeCalls()) > 0:
		return "a health check or a compose file calls something in the container"
	}
	return s.namesKnownTo(words("root nonroot"))()
}

// tryHardened asks for the image of chainguard or dhi. Both run as another user
// than root; where the stage says nothing of one, USER 0 keeps what the program can
// do until non-root has shown that it needs no root.
func (s *swap) tryHardened(family string) (c *candidate, why string) {
	if b, ok := s.startsBinary(); ok {
		c, why = s.hardenedStatic(family, b)
	} else {
		c, why = s.hardenedProduct(family)
	}
	if why != "" {
		return nil, why
	}
	return c, s.keepsSettings(c)
}

// hardenedStatic asks for the image for static binaries: by the rules of distroless,
// whose static image has the same in it.
func (s *swap) hardenedStatic(family string, b *shippedBinary) (*candidate, string) {
	if family != "chainguard" {
		return nil, "dhi.io was not recorded with an image without a program"
	}
	c, why := s.tryDistrolessBinary(b)
	switch {
	case why != "":
		return nil, why
	case b.linkage != linkStatic:
		return nil, "the binary links to glibc, and its image without a version is for static ones"
	case s.root.Platform != "" && s.root.Platform != "linux/amd64" && s.root.Platform != "linux/arm64":
		return nil, "whether there is one for " + s.root.Platform + " is not recorded"
	}
	c.ref = chainguardStatic(s.p.Options.Policy)
	return c, ""
}

// chainguardStatic is cgr.dev's image for static binaries: certificates, time zones
// and the account nonroot, 65532. It has no tags of versions (edu.chainguard.dev,
// image overview of static, read 2026-11-24).
func chainguardStatic(o *Policy) string {
	org := "chainguard"
	if o != nil && o.Chainguard != "" {
		org = o.Chainguard
	}
	return "cgr.dev/" + org + "/static:latest"
}

// hardenedProduct asks for the same version of what the image is of, where the stage
// only adds files to it and starts its program.
func (s *swap) hardenedProduct(family string) (*candidate, string) {
	h := s.hardenedCounterpart(family)
	if !h.OK {
		return nil, h.Why
	}
	for _, check := range []func() string{
		func() string { return s.startsAlone(false) }, s.startsItself, s.bringsData, s.callsNoProgram,
	} {
		if why := check(); why != "" {
			return nil, why
		}
	}
	c := &candidate{
		ref:     h.Ref.String(),
		why:     []string{"the stage only adds files to " + s.written() + " and starts its program, and the sources start no other"},
		assumes: append([]string{"the program starts no other, and needs no shell and no library of the system besides those of " + s.product()}, h.Notes...),
	}
	return c, ""
}

func (s *swap) hardenedCounterpart(family string) templates.Hardened {
	if family == "dhi" {
		return templates.DHI(&s.img, templates.Runtime)
	}
	o := templates.ChainguardOptions{}
	if s.p.Options.Policy != nil {
		o.Org = s.p.Options.Policy.Chainguard
	}
	return templates.Chainguard(&s.img, templates.Runtime, o)
}

// startsItself wants the start to be the image's own program, called by its name.
func (s *swap) startsItself() string {
	own := s.product()
	if isJavaKit(own) {
		own = "java"
	}
	if program := s.start.argv[0]; program != own && !(own == "python" && program == "python3") {
		return program + " is not known to be there"
	}
	return ""
}

// bringsData wants nothing to be copied along that was built on another system,
// but for jars.
func (s *swap) bringsData() string {
	if isJavaKit(s.product()) {
		return s.copiesAreData()
	}
	return first(s.copiesPackages(), s.bringsBinaries())
}

// startsProgram is how a source starts another program.
var startsProgram = regexp.MustCompile(`\b(?:subprocess|os\.system|os\.popen|os\.spawn|os\.exec|pty\.spawn|multiprocessing|child_process|execa|shelljs|Process\.spawn|Open3|proc_open|shell_exec|passthru)\b|\bsystem\(`)

// callsNoProgram names a place where a source starts another program.
func (s *swap) callsNoProgram() (why string) {
	if isJavaKit(s.product()) {
		return s.javaCalls()
	}
	found := false
	s.walkFiles(".", func(p string) {
		if why != "" || !slices.Contains(words(".py .js .mjs .cjs .ts .rb .php"), path.Ext(p)) {
			return
		}
		data, ok := s.p.Build.Read(p)
		found = found || ok
		if at := startsProgram.FindIndex(data); at != nil {
			why = fmt.Sprintf("the program may start another one (%s:%d)", p, lineOf(string(data), at[0]))
		}
	})
	if why == "" && !found {
		return "the sources of the program are not in the build context, so what it calls at run time cannot be told"
	}
	return why
}

// familyOf is the rung that an image stands on; "" for a full one.
func familyOf(img templates.Image) string {
	switch {
	case img.Distro == "distroless":
		return "distroless"
	case img.Distro == "alpine" || img.Distro == "busybox":
		return "alpine"
	case slices.Contains(strings.Split(img.Variant, "-"), "slim"):
		return "slim"
	}
	return ""
}

// settle makes of the base that a split chose the one that the policy has for it.
// why says what is against that.
func (o *Policy) settle(b runtimeBase, n runtimeNeeds) (runtimeBase, string) {
	if o == nil {
		return b, ""
	}
	r, err := templates.ParseRef(b.ref)
	if err != nil {
		return b, err.Error()
	}
	if as, why, ok := o.Overrides.Runtime(r); ok {
		alike := sameImage(as.Like, r)
		plain := n.starts && n.linkage == linkStatic && len(b.run) == 0 && n.user == "" && (as.Shell || n.shell == "") && len(n.calls) == 0
		switch {
		case why != "":
			return b, why
		case !alike && !plain:
			return b, fmt.Sprintf("%s names %s in its place, which is not said to be like it: its entrypoint and what it has are not known", as.Where, as.Ref)
		}
		if b.ref = as.Ref.String(); !alike && n.root {
			b.asUser = "0"
		}
	}
	ref, why := o.written(b.ref)
	b.ref = ref
	return b, why
}

// tryChainguardStatic is the hardened family that a split may go to: for static
// binaries, as distroless is. USER 0 keeps the user as it was.
func tryChainguardStatic(n runtimeNeeds) (runtimeBase, string) {
	b, why := tryDistroless(n)
	switch {
	case why != "":
		return b, why
	case n.linkage != linkStatic:
		return b, "the binary links to glibc, and its image without a version is for static ones"
	}
	b.ref = chainguardStatic(n.policy)
	if n.root {
		b.asUser = "0"
	}
	return b, ""
}

// tryDHI says why a split does not go to dhi.io.
func tryDHI(runtimeNeeds) (runtimeBase, string) {
	return runtimeBase{}, "dhi.io was not recorded with an image without a program"
}
