package transform

import (
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// fromRuns carries the files and folders that RUN made and the program may use.
func (d *goDecision) fromRuns() *Skip {
	for _, m := range d.walk.made {
		if d.carriedAlready(m.path) || d.walk.gone(m.path, m.step) || d.forBuild(m) {
			continue
		}
		if m.dir && (d.walk.stageHas(m.path) || d.holdsCarried(m.path)) {
			continue
		}
		d.plan.carry = append(d.plan.carry, carried{from: m.path, to: m.path, dir: m.dir, owner: d.walk.ownerOf(m.path)})
	}
	for _, l := range d.walk.links {
		if l.path == "/etc/localtime" {
			d.plan.carry = append(d.plan.carry, carried{from: l.path, to: l.path})
		}
	}
	return nil
}

// forBuild reports whether what a RUN made is of use to the build alone.
func (d *goDecision) forBuild(m made) bool {
	for _, dir := range words("/go /root /tmp /var/cache /var/lib/apt /usr/local/go /usr/include /etc/apt /etc/apk /etc/ssl /etc/nsswitch.conf /proc /sys") {
		if _, in := within(dir, m.path); in {
			return true
		}
	}
	if src, ok := cutCopy(m.by); ok {
		if d.origin(src, 0) != nil {
			return true // a binary: it goes along when the start command or the author's -o leads to it
		}
	}
	if d.readsNothing() && d.needs.shell == "" {
		return !m.dir
	}
	return false
}

// carriedAlready reports whether the path goes along as it is or in a folder.
func (d *goDecision) carriedAlready(p string) bool {
	return slices.ContainsFunc(d.plan.carry, func(c carried) bool {
		_, in := within(c.to, p)
		return c.to == p || in && c.dir
	})
}

// holdsCarried reports whether something that goes along lies in the folder, which makes the folder.
func (d *goDecision) holdsCarried(dir string) bool {
	return slices.ContainsFunc(d.plan.carry, func(c carried) bool {
		_, in := within(dir, c.to)
		return in
	})
}

// stageHas reports whether the runtime stage has the folder anyway: a WORKDIR, or
// a folder that the copied sources fill.
func (w *walk) stageHas(p string) bool {
	if w.p.endState(w.stage).Workdir == p {
		return true
	}
	return slices.ContainsFunc(w.placed, func(one placed) bool {
		_, in := within(p, one.dest)
		return in
	})
}

// accounts takes the accounts along that the author made and runs as.
func (d *goDecision) accounts() {
	users := []string{d.end.User}
	for _, o := range d.walk.owners {
		users = append(users, o.who)
	}
	if slices.ContainsFunc(users, d.makes) {
		d.plan.carry = append([]carried{{from: "/etc/passwd", to: "/etc/passwd"}, {from: "/etc/group", to: "/etc/group"}}, d.plan.carry...)
		return
	}
}

// makes reports whether a RUN of the stage creates the user of a USER or an owner.
func (d *goDecision) makes(user string) bool {
	name, _, _ := strings.Cut(user, ":")
	return slices.ContainsFunc(d.walk.accounts, func(a account) bool {
		return a.name == name || a.uid != "" && a.uid == name
	})
}

// user is the account that the author runs as where the base has to have it: it is
// given by name and not made here. "" for none.
func (d *goDecision) user() string {
	name, _, _ := strings.Cut(d.end.User, ":")
	if isRoot(name) || d.makes(name) || strings.Trim(name, "0123456789") == "" {
		return ""
	}
	return name
}

// packages settles which of the installed packages the program needs.
func (d *goDecision) packages() *Skip {
	for _, p := range d.walk.packages {
		pkg, known := d.p.pkg(p.name)
		switch {
		case p.name == "ca-certificates":
			d.needs.certs = true
		case p.name == "tzdata":
			d.needs.zones = true
		case isBuildPackage(p, pkg, known, d.needs.linkage), d.linksOnlyLibc() && isBuildPackage(p, pkg, known, linkStatic):
		case d.needsNoPackage():
		default:
			d.needs.packages = append(d.needs.packages, p)
		}
	}
	return nil
}

// isBuildPackage reports whether a package only serves the build. A -dev package
// of a dynamically linked binary is not: its library is needed.
func isBuildPackage(p packageInstall, pkg templates.Pkg, known bool, l linkage) bool {
	switch p.name {
	case "git", "make", "gcc", "g++", "build-base", "build-essential", "musl-dev", "libc-dev", "libc6-dev", "linux-headers", "pkg-config", "pkgconf", "mercurial", "bzr", "subversion", "upx", "cmake",
		"protobuf-compiler", "protobuf", "protobuf-dev", "protoc", "autoconf", "automake", "libtool", "binutils", "binutils-gold", "golang", "golang-go", "go", "openssh-client", "openssh", "gcc-multilib", "alpine-sdk", "gnupg", "apt-utils", "software-properties-common", "apt-transport-https":
		return true
	}
	return known && (pkg.BuildOnly() || pkg.Kind == templates.DevLibrary && l == linkStatic)
}

// needsNoPackage reports whether the sources show that the program uses nothing
// that a package brings: no C library, no other program.
func (d *goDecision) needsNoPackage() bool {
	return d.needs.blind == "" && d.linksOnlyLibc() && len(d.needs.calls) == 0 && d.needs.shell == "" && d.readsNoSystemFile()
}

// readsNoSystemFile reports whether every file that the sources open lies in the working directory.
func (d *goDecision) readsNoSystemFile() bool {
	for _, a := range d.ship {
		for _, r := range a.program.Reads {
			if !fixed(r) || path.IsAbs(r.Value) {
				return false
			}
		}
	}
	return true
}

// choose takes the base and puts the reasons together.
func (d *goDecision) choose() *Skip {
	d.needs.user = d.user()
	d.needs.policy, d.needs.root = d.p.Options.Policy, d.end.UserInstr == nil
	d.needs.starts = d.end.Entrypoint != nil && d.end.Entrypoint.Instr != nil
	base, refused, ok := chooseBase(d.needs, d.p.Options.Prefer)
	if !ok {
		return &Skip{Unsure, d.stage.From.Span, "no runtime base fits: " + strings.Join(refused, "; ")}
	}
	d.plan.base, d.plan.name = base, path.Base(d.main.path)
	d.plan.alters = append(d.plan.alters, FieldEnv)
	if !d.plan.setsWorkdir() && d.readsNothing() && d.plan.tailIsFree() {
		d.plan.noWorkdir = true
		d.plan.alters = append(d.plan.alters, FieldWorkdir)
	}
	d.plan.why = d.reasons(refused)
	return nil
}

// healthcheck asks what the health check calls.
func (d *goDecision) healthcheck() *Skip {
	h := d.end.Health
	if h == nil {
		return nil
	}
	check := h.Health()
	if check == nil || check.None {
		return nil
	}
	var script *shell.Script
	if check.Shell {
		d.needs.shell = "HEALTHCHECK has the shell form"
		script = shell.Parse(check.Text, false)
	} else if len(check.Words) > 0 {
		script = shell.Exec([]shell.Word{shell.Literal(check.Words[0].Span, true, check.Words[0].Value)})
	}
	if script == nil {
		return nil
	}
	for _, c := range script.Commands {
		words, _ := c.Unwrap()
		if len(words) == 0 {
			continue
		}
		name, ok := words[0].Literal()
		switch a := d.artefactOf(name); {
		case !ok || isShellBuiltin(name):
		case a != nil:
			d.calledAs(a, name)
			if !d.within(a.path) {
				d.ship = append(d.ship, a)
			}
		case d.isScript(name):
			if skip := d.scriptFile(name, nil); skip != nil {
				return skip
			}
		case !isBusybox(path.Base(name)):
			d.needs.call(path.Base(name), "HEALTHCHECK")
		}
	}
	return nil
}

// reasons is the evidence in one paragraph.
func (d *goDecision) reasons(refused []string) string {
	var parts []string
	names := make([]string, 0, len(d.ship))
	for _, a := range d.ship {
		names = append(names, a.path)
	}
	parts = append(parts, "the start command leads to "+names[0]+", which the build makes from "+d.main.pkg)
	if len(names) > 1 {
		parts = append(parts, "the other binaries go along: "+strings.Join(names[1:], ", "))
	}
	parts = append(parts, map[linkage]string{
		linkStatic: "it is linked statically", linkGlibc: "it links to glibc", linkGlibcCxx: "it may link to glibc, libgcc and libstdc++", linkMusl: "it links to musl",
	}[d.needs.linkage])
	if d.whole != "" {
		parts = append(parts, "all of "+d.whole+" goes along")
	}
	for _, r := range refused {
		parts = append(parts, "not "+r)
	}
	return strings.Join(parts, "; ")
}
