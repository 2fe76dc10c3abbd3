package transform

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bulwark-cli/bulwark/templates"
)

const dotnetImages = "mcr.microsoft.com/dotnet/"

// isDotnet reports whether the image is one of Microsoft's for .NET on Linux.
func (s *swap) isDotnet() bool {
	return strings.HasPrefix(s.img.Family, dotnetImages) && slices.Contains(words("aspnet runtime runtime-deps sdk"), s.product())
}

// decideDotnet goes to Ubuntu's build without a shell, which Microsoft calls
// chiseled, or to Alpine's, of the same version of .NET.
func (s *swap) decideDotnet() *Skip {
	stays := func(why string) *Skip { return &Skip{Unsure, s.at, s.written() + " stays: " + why} }
	switch {
	case s.family() == "alpine":
		return &Skip{NotNeeded, s.at, s.written() + " is a small image already"}
	case s.ref.Digest != "":
		return &Skip{Unsupported, s.at, s.written() + " is pinned by digest, and the digest of a smaller image is not known here"}
	case s.product() == "sdk":
		return stays("it is the development kit, and the runtime takes a program that another stage has published")
	case s.floats():
		return &Skip{Unsure, s.at, s.written() + " names no version; it needs an exact tag first, since every other image of it would float as well"}
	case !s.copies():
		return &Skip{Unsure, s.at, s.written() + " gets no files from COPY, so what runs in it cannot be seen"}
	case s.root.Platform != "" && strings.Contains(s.root.Platform, "windows"):
		return stays("it is for " + s.root.Platform)
	}
	if why := s.forWorkingIn(); why != "" {
		return stays(why)
	}
	d, why := s.dotnetProgram()
	if why != "" {
		return stays(why)
	}
	return s.ladder(map[string]tryRung{
		"distroless": func() (*candidate, string) { return s.tryChiseled(d) },
		"alpine":     func() (*candidate, string) { return s.tryAlpineDotnet(d) },
	})
}

// dotnetMajor is the major version of the image; 0 where it cannot be told.
func (s *swap) dotnetMajor() int {
	major, _, _ := strings.Cut(s.img.Version, ".")
	n, _ := strconv.Atoi(major)
	return n
}

// tryChiseled asks for the build without a shell. It has the same .NET, and with
// -extra the same ICU and time zones. Its user is app, so root is stated where the
// stage ran as root: whether it can do without is for non-root to find out.
func (s *swap) tryChiseled(d *dotnetProgram) (*candidate, string) {
	to, why := s.chiseledOf(d)
	if why != "" {
		return nil, why
	}
	if why := d.asks(); why != "" {
		return nil, why
	}
	c := &candidate{ref: to.Ref.String()}
	for _, check := range []func() string{
		func() string { return s.startsWithoutShell(c) },
		s.dotnetAlone,
		s.namesKnownTo(s.dotnetAccounts()), s.namesRootsHome,
		func() string { return s.dropRuns(&shippedBinary{linkage: linkGlibc}, c) },
		s.copiesAreData, d.glibc,
	} {
		if why := check(); why != "" {
			return nil, why
		}
	}
	c.why = append([]string{fmt.Sprintf("the stage only runs %s of %s, which starts no other program and has no package that needs more than .NET; it is the same .NET without a shell and a package manager", d.assembly, d.project.File)}, c.why...)
	c.assumes = append(c.assumes, d.assumes(!strings.HasSuffix(c.ref, "-extra"))...)
	if to.Moves {
		c.assumes = append(c.assumes, fmt.Sprintf("the program does the same with the libraries of Ubuntu %s (OpenSSL among them) as with those of %s", to.To, first(to.From, "its release")))
	}
	s.keepAsItWas(c)
	return c, ""
}

// chiseledOf is the build for the program: with ICU and time zones, unless the
// project turns cultures off and nothing speaks of time zones.
func (s *swap) chiseledOf(d *dotnetProgram) (to templates.Counterpart, why string) {
	if n := s.dotnetMajor(); n > 0 && n < 6 {
		return to, fmt.Sprintf(".NET %s has no build without a shell", s.img.Version)
	}
	to = templates.Chiseled(s.ref)
	switch {
	case !to.OK:
		return to, to.Why
	case s.root.Platform != "" && strings.Contains(s.root.Platform, "arm/"):
		return to, "whether there is one for " + s.root.Platform + " is not recorded"
	}
	zones := s.dotnetZones(d)
	if d.invariant && zones == "" {
		bare := to.Ref.WithTag(strings.TrimSuffix(to.Ref.Tag, "-extra"))
		if exists, known := templates.TagExists(bare.Name(), bare.Tag); exists && known {
			to.Ref = bare
		}
	} else if len(to.Notes) > 0 {
		return to, to.Notes[0] + ", and " + first(zones, d.cultures())
	}
	return to, ""
}

// dotnetZones says what asks for time zones.
func (s *swap) dotnetZones(d *dotnetProgram) string {
	for _, v := range s.state.Env {
		if v.Name == "TZ" && v.Instr != nil {
			return "TZ is set (" + line(v.Instr) + ")"
		}
	}
	if zones := d.project.Zones; len(zones) > 0 {
		return fmt.Sprintf("the program speaks of time zones (%s)", zones[0].Where())
	}
	return ""
}

// dotnetAccounts are the accounts of the image; APP_UID is the number of app.
func (s *swap) dotnetAccounts() []string {
	known := words("root 0")
	if s.dotnetMajor() >= 8 {
		known = append(known, words("app $APP_UID ${APP_UID}")...)
	}
	return known
}

// dotnetAlone looks at the health check and at compose files: they may call the
// program and dotnet, no other.
func (s *swap) dotnetAlone() string {
	for _, call := range s.runtimeCalls() {
		switch {
		case call.shell:
			return call.where + " asks for a shell, and it has none"
		case call.argv[0] == "dotnet", call.argv[0] == s.start.argv[0]:
		case s.state.Entrypoint != nil && !strings.HasPrefix(call.where, "HEALTHCHECK") && !strings.HasPrefix(call.where, "the health"):
			// a compose command: arguments of the entrypoint
		default:
			return call.where + " calls " + call.argv[0] + ", which it lacks"
		}
	}
	for _, v := range s.state.Env {
		if v.Instr != nil && (strings.HasPrefix(v.Name, "LD_") || strings.HasPrefix(v.Name, "CORECLR_") || v.Name == "DOTNET_STARTUP_HOOKS") {
			return v.Name + " loads a library into the program (" + line(v.Instr) + ")"
		}
	}
	return ""
}

// keepAsItWas states what the old image sets and the chiseled one sets otherwise:
// root, and until .NET 7 the port. Root comes first, where non-root takes it out again.
func (s *swap) keepAsItWas(c *candidate) {
	text := ""
	add := func(keyword, value string) {
		text += s.p.File.EOL + keywordLike(s.p.File, s.root, keyword) + " " + value
	}
	now, ok := s.p.lookup(c.ref)
	if (!ok || now.User != "") && s.img.User == "" && s.runsAsRoot() {
		add("USER", "0")
		c.why = append(c.why, "its own user is app, so root is stated, as it was")
		if isRoot(s.state.User) {
			c.assumes = append(c.assumes, "no volume and no other image counts on the home folder of root")
		}
	}
	old, had := s.img.Getenv("ASPNETCORE_URLS")
	if is, _ := now.Getenv("ASPNETCORE_URLS"); had && is.Value != old.Value && s.product() != "runtime" && !s.setsEnv("ASPNETCORE_URLS") {
		add("ENV", "ASPNETCORE_URLS="+old.Value)
		c.why = append(c.why, "its own port is another, so "+old.Value+" is stated")
	}
	if text != "" {
		c.edits = append(c.edits, insertAt(s.root.From.Span.End, text))
	}
}

// namesRootsHome names an instruction that speaks of root's home folder, which is
// not recorded for the build without a shell.
func (s *swap) namesRootsHome() string {
	for _, in := range s.instrs() {
		if strings.Contains(in.Body.String(), "/root/") {
			return line(in) + " speaks of root's home folder"
		}
	}
	return ""
}

func (s *swap) setsEnv(name string) bool {
	for _, v := range s.state.Env {
		if v.Name == name && v.Instr != nil {
			return true
		}
	}
	return false
}

// runsAsRoot reports whether the image's own user does something: makes a working
// directory, or runs the program.
func (s *swap) runsAsRoot() bool {
	for _, in := range s.instrs() {
		switch in.Name {
		case "user":
			return false
		case "workdir":
			return true
		}
	}
	return true
}

// tryAlpineDotnet asks for Alpine's build, with ICU and time zones where the
// program may want them.
func (s *swap) tryAlpineDotnet(d *dotnetProgram) (*candidate, string) {
	if s.product() == "runtime-deps" {
		return nil, "a program that brings .NET along is built for one C library"
	}
	if _, why := s.alpineOf(); why != "" {
		return nil, why
	}
	to := templates.Alpine(s.ref).Ref
	m := &alpineMove{release: s.alpineRelease(), tools: words("dotnet"), has: words("ca-certificates ca-certificates-bundle libgcc libstdc++")}
	if s.dotnetMajor() >= 8 {
		m.users = words("app $APP_UID ${APP_UID}")
	}
	if zones := s.dotnetZones(d); !d.invariant || zones != "" {
		extra := to.WithTag(to.Tag + "-extra")
		if exists, known := templates.TagExists(extra.Name(), extra.Tag); !exists || !known {
			return nil, to.String() + " has no ICU and no time zones, and " + first(zones, d.cultures())
		}
		to, m.has = extra, append(m.has, words("tzdata icu-libs icu-data-full")...)
	}
	if why := first(d.asks(), d.portable()); why != "" {
		return nil, why
	}
	c, why := s.onAlpine(m, to.String(), s.dotnetElsewhere)
	if why != "" {
		return nil, why
	}
	c.why = append([]string{fmt.Sprintf("the stage runs %s of %s, which is published for every system and starts no other program", d.assembly, d.project.File)}, c.why...)
	c.assumes = append(d.assumes(!strings.HasSuffix(c.ref, "-extra")), c.assumes...)
	return c, ""
}

// dotnetElsewhere names a COPY that brings what was made neither by .NET nor for a browser.
func (s *swap) dotnetElsewhere() string {
	for _, in := range s.instrs() {
		f := in.FlagNamed("from")
		if in.Name != "copy" || f == nil {
			continue
		}
		if st := s.p.File.StageNamed(f.Value, in.Stage.Index); st != nil {
			if img, ok := s.p.image(st); ok && slices.Contains(words("sdk node"), path.Base(img.Family)) {
				continue
			}
		}
		return "COPY of " + line(in) + " brings what was built on another system"
	}
	return ""
}
