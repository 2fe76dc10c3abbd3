package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/templates"
)

// linkage is what a binary needs of the system it runs on, the least first.
type linkage int

const (
	linkStatic   linkage = iota // nothing
	linkGlibc                   // glibc
	linkGlibcCxx                // glibc, and perhaps libgcc and libstdc++
	linkMusl                    // musl of the builder's Alpine release
)

// runtimeNeeds is what a program needs of its runtime base.
type runtimeNeeds struct {
	linkage  linkage
	suite    string           // the builder's release, "bookworm" or "alpine3.19"; "" where unknown
	newest   string           // where suite is unknown, the newest release that the builder may stand on; "" where that is unknown too
	shell    string           // why a shell is needed; "" where none is
	bash     bool             // that shell is bash
	scripts  []string         // scripts of the image that go along
	calls    []call           // programs that are called
	packages []packageInstall // that the author installs and the program may need
	certs    bool             // CA certificates
	zones    bool             // the time zone database
	user     string           // an account that the base has to have; "" for none
	blind    string           // why the program cannot be seen through; "" where it can
	root     bool             // the author names no user
	starts   bool             // the author names an entrypoint, so that the base's own does not count
	policy   *Policy
}

// call is a program that is called at run time, and where that is said.
type call struct{ program, where string }

func (n *runtimeNeeds) call(program, where string) {
	for _, c := range n.calls {
		if c.program == program {
			return
		}
	}
	n.calls = append(n.calls, call{program, where})
}

// runtimeBase is a base to ship from.
type runtimeBase struct {
	ref    string
	run    []string // commands that install what the program needs
	shell  bool
	asUser string // the user to state, where the base starts as another than root; "" for none
}

// chooseBase goes down the ladder. refused says for each rung that was passed why.
func chooseBase(n runtimeNeeds, prefer []string) (base runtimeBase, refused []string, ok bool) {
	for _, family := range prefer {
		try := map[string]func(runtimeNeeds) (runtimeBase, string){
			"distroless": tryDistroless, "alpine": tryAlpine, "slim": trySlim, "chainguard": tryChainguardStatic, "dhi": tryDHI,
		}[family]
		b, why := try(n)
		if why == "" && !hasAccount(n.policy, b.ref, n.user) {
			why = "it does not have the account " + n.user
		}
		if why == "" {
			b, why = n.policy.settle(b, n)
		}
		if why == "" {
			return b, refused, true
		}
		refused = append(refused, family+": "+why)
	}
	return runtimeBase{}, refused, false
}

// hasAccount reports whether an image is known to have the account; "" is one that every image has.
func hasAccount(o *Policy, ref, name string) bool {
	img, _ := o.image(ref)
	_, ok := img.Account(name)
	return ok || name == ""
}

// tryDistroless takes the smallest distroless image that has what the binary links to.
func tryDistroless(n runtimeNeeds) (runtimeBase, string) {
	switch {
	case n.shell != "":
		return runtimeBase{}, n.shell + ", and it has no shell"
	case len(n.calls) > 0:
		return runtimeBase{}, fmt.Sprintf("%s is called (%s), and it has no other programs", n.calls[0].program, n.calls[0].where)
	case len(n.packages) > 0:
		return runtimeBase{}, "the package " + n.packages[0].name + " may be needed, and it has no package manager"
	case n.linkage == linkMusl:
		return runtimeBase{}, "the binary links to musl, and it has glibc"
	case n.linkage != linkStatic && !suiteAtMost(n.suite, "trixie"):
		return runtimeBase{}, "the builder's glibc may be newer than its own"
	}
	kind := map[linkage]string{linkStatic: "static", linkGlibc: "base", linkGlibcCxx: "cc"}[n.linkage]
	ref, ok := templates.Distroless(kind, 0)
	if !ok {
		return runtimeBase{}, "no image of it fits"
	}
	return runtimeBase{ref: ref + ":latest"}, ""
}

// suiteAtMost reports whether glibc of the builder's release is not newer than the other's. An
// unknown release is taken for one of today: no image of the field is newer than trixie.
func suiteAtMost(suite, limit string) bool {
	if suite == "" {
		return true
	}
	runs, known := templates.RunsOn(suite, limit)
	return runs && known
}

// tryAlpine takes the builder's Alpine release for a musl binary, the current one for a static binary.
func tryAlpine(n runtimeNeeds) (runtimeBase, string) {
	if n.linkage == linkGlibc || n.linkage == linkGlibcCxx {
		return runtimeBase{}, "the binary links to glibc, and it has musl"
	}
	release := templates.CurrentAlpine()
	if own, ok := strings.CutPrefix(n.suite, "alpine"); ok {
		release = own
	} else if n.linkage == linkMusl {
		return runtimeBase{}, "the binary links to musl, and the builder's Alpine release is not known"
	}
	names, why := alpinePackages(n, release)
	if why != "" {
		return runtimeBase{}, why
	}
	b := runtimeBase{ref: "alpine:" + release, shell: true}
	if len(names) > 0 {
		b.run = []string{"apk add --no-cache " + strings.Join(names, " ")}
	}
	return b, ""
}

// alpinePackages are the packages to add on Alpine, by its own names.
func alpinePackages(n runtimeNeeds, release string) (names []string, why string) {
	if n.bash {
		names = append(names, "bash")
	}
	if n.zones {
		names = append(names, "tzdata")
	}
	for _, c := range n.calls {
		if isBusybox(c.program) || n.hasPackage(c.program) {
			continue
		}
		provider, known := providerOf(c.program)
		more, ok := alpineNames(n.policy, provider, release)
		if differsOnAlpine(provider) {
			return nil, provider + " differs on Alpine, and " + c.program + " is called (" + c.where + ")"
		}
		if !known || !ok {
			return nil, "no Alpine package is known for " + c.program + ", which is called (" + c.where + ")"
		}
		names = append(append(names, more...), companions(provider)...)
	}
	for _, p := range n.packages {
		if p.manager == "apk" {
			names = append(names, p.text)
			continue
		}
		more, ok := alpineNames(n.policy, p.name, release)
		switch {
		case p.manager != "apt" || !ok:
			return nil, "no Alpine package is known for " + p.name
		case p.text != p.name:
			return nil, "the version of " + p.name + " is pinned to one of Debian's"
		case differsOnAlpine(p.name):
			return nil, p.name + " differs on Alpine"
		}
		names = append(append(names, more...), companions(p.name)...)
	}
	return unique(names), ""
}

// differsOnAlpine reports whether a Debian package is another thing on Alpine: a service or a
// browser with other folders, glibc's own, a language of another version, ImageMagick
// without what reads most formats.
func differsOnAlpine(debian string) bool {
	return keepsElsewhere(debian) || glibcPackage(debian) || debian == "imagemagick" ||
		slices.ContainsFunc(runtimes(), func(start string) bool { return strings.HasPrefix(debian, start) })
}

// hasPackage reports whether the author installs a package of that name.
func (n runtimeNeeds) hasPackage(name string) bool {
	return slices.ContainsFunc(n.packages, func(p packageInstall) bool { return p.name == name })
}

// alpineNames are the run-time packages of an Alpine release for a Debian one.
func alpineNames(o *Policy, debian, release string) ([]string, bool) {
	pkg, ok := o.pkg(debian)
	if !ok || !pkg.InAlpine("alpine"+release) {
		return nil, false
	}
	return pkg.AlpineRuntime()
}

// trySlim takes the slim Debian of the builder's release.
func trySlim(n runtimeNeeds) (runtimeBase, string) {
	if n.linkage == linkMusl {
		return runtimeBase{}, "the binary links to musl, and it has glibc"
	}
	suite := n.suite
	if suite == "" && len(n.packages) == 0 {
		suite = n.newest // a C library runs what was linked to an older one
	}
	if suite == "" || strings.HasPrefix(suite, "alpine") {
		if n.linkage != linkStatic {
			return runtimeBase{}, "the builder's Debian release is not known"
		}
		suite = templates.CurrentDebian
	}
	ref, ok := templates.DebianSlimFor(suite)
	if !ok {
		return runtimeBase{}, "there is no slim image of " + suite
	}
	names, why := debianPackages(n, suite)
	if why != "" {
		return runtimeBase{}, why
	}
	b := runtimeBase{ref: ref, shell: true}
	if len(names) > 0 {
		b.run = []string{"apt-get update && apt-get install -y " + n.recommends() + strings.Join(names, " ") + " && rm -rf /var/lib/apt/lists/*"}
	}
	return b, ""
}

// recommends is apt's word for leaving out what packages recommend, with a space behind it; ""
// where the author installs a program with it, such as a browser with its fonts.
func (n runtimeNeeds) recommends() string {
	if slices.ContainsFunc(n.packages, func(p packageInstall) bool {
		pkg, known := n.policy.pkg(p.name)
		return p.more && (!known || pkg.Kind != templates.DevLibrary)
	}) {
		return ""
	}
	return "--no-install-recommends "
}

// debianPackages are the packages to add on a slim Debian.
func debianPackages(n runtimeNeeds, suite string) (names []string, why string) {
	if n.certs {
		names = append(names, "ca-certificates")
	}
	if n.zones {
		names = append(names, "tzdata")
	}
	for _, c := range n.calls {
		if isEssential(c.program) || n.hasPackage(c.program) {
			continue
		}
		provider, known := providerOf(c.program)
		if !known {
			return nil, "no package is known that brings " + c.program + ", which is called (" + c.where + ")"
		}
		names = append(names, provider)
	}
	for _, p := range n.packages {
		if p.manager != "apt" {
			return nil, "the builder installs packages of another distribution"
		}
		pkg, _ := n.policy.pkg(p.name)
		if more, known := pkg.DebianRuntime(suite); known {
			names = append(names, more...)
			continue
		}
		if pkg.Kind == templates.DevLibrary {
			return nil, "the run-time library of " + p.name + " in " + suite + " is not known"
		}
		names = append(names, p.text)
	}
	return unique(names), ""
}

// unique keeps the first of each, in order.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
