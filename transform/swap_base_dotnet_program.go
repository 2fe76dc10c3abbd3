package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// dotnetProgram is the program that the stage starts, and how it is published.
type dotnetProgram struct {
	assembly  string // without ".dll"
	host      bool   // started by its own file, not by dotnet
	project   *evidence.DotnetProject
	invariant bool
	kerberos  bool // it may log in to a database with Kerberos, whose library is not known to be there

	runtimes []string // runtime identifiers that it is published for; none: for every system
	bundles  string   // what says that .NET or compiled code goes into it
	musl     bool     // the builder stands on Alpine
}

// dotnetProgram finds the program's project and reads what it is made of. why says
// what cannot be told.
func (s *swap) dotnetProgram() (d *dotnetProgram, why string) {
	d = &dotnetProgram{}
	if why := s.dotnetStart(d); why != "" {
		return nil, why
	}
	if why := s.dotnetPublish(d); why != "" {
		return nil, why
	}
	if why := s.dotnetProject(d); why != "" {
		return nil, why
	}
	return d, ""
}

// asks says what the program asks of the image besides .NET, or what hides that.
func (d *dotnetProgram) asks() string {
	return first(d.told(), first(d.packages(), d.staysInside()))
}

// dotnetStart takes the assembly from `dotnet x.dll`, or the program's own file.
func (s *swap) dotnetStart(d *dotnetProgram) (why string) {
	for _, call := range s.startCalls() {
		name := path.Base(call.argv[0])
		if name == "dotnet" {
			args := call.argv[1:]
			if len(args) > 0 && args[0] == "exec" {
				args = args[1:]
			}
			if len(args) == 0 || !strings.HasSuffix(args[0], ".dll") {
				return "dotnet is not seen to start a published program (" + call.where + ")"
			}
			d.assembly = strings.TrimSuffix(path.Base(args[0]), ".dll")
			return ""
		}
	}
	if p := s.start.argv[0]; s.start.needsShell == "" && strings.Contains(p, "/") && !isShellScript(p, s.fileAt(absIn(s.state.Workdir, p))) {
		d.assembly, d.host = path.Base(p), true
		return ""
	}
	return "the start command is not seen to start a published program"
}

// dotnetPublish looks through the other stages for how the program is published.
func (s *swap) dotnetPublish(d *dotnetProgram) (why string) {
	published := false
	for _, st := range s.p.File.Stages {
		if slices.Contains(s.chain, st) {
			continue
		}
		for _, in := range st.Instrs {
			if in.Name != "run" {
				continue
			}
			list, unknown := s.runCommands(in)
			if unknown != "" {
				return "RUN of " + line(in) + " cannot be read: " + unknown
			}
			for _, c := range list {
				if slices.Contains(words("make cmake gcc g++ cc c++ clang cargo rustc go ninja"), c.name) {
					return fmt.Sprintf("%s compiles native code (%s)", c.quoted(), line(in))
				}
				published = s.dotnetCommand(d, st, c) || published
			}
		}
	}
	if !published {
		return "no stage of the Dockerfile is seen to publish " + d.assembly + ", so how it is built cannot be told"
	}
	return ""
}

// dotnetCommand reads the options of a dotnet publish or build.
func (s *swap) dotnetCommand(d *dotnetProgram, st *dockerfile.Stage, c *command) bool {
	list := texts(c.words)
	if c.name != "dotnet" || len(list) < 2 || !slices.Contains(words("publish build msbuild"), list[1]) {
		return false
	}
	if img, ok := s.p.image(st); !ok || img.Libc != "glibc" {
		d.musl = true
	}
	for i, w := range list {
		next := ""
		if i+1 < len(list) {
			next = list[i+1]
		}
		d.option(w, next)
	}
	return true
}

// option takes one option of dotnet publish, and what follows it.
func (d *dotnetProgram) option(w, next string) {
	name, value, joined := cutOption(w)
	if !joined {
		value = next
	}
	switch name {
	case "-r", "--runtime", "--use-current-runtime", "--ucr":
		d.runtimes = append(d.runtimes, value)
	case "-a", "--arch":
		d.runtimes = append(d.runtimes, "linux-"+value)
	case "--os":
		d.runtimes = append(d.runtimes, value+"-")
	case "--self-contained", "--sc":
		if !strings.EqualFold(value, "false") {
			d.bundles = w
		}
	case "-p", "/p", "--property", "-property", "/property":
		property, is, _ := strings.Cut(value, "=")
		switch strings.ToLower(property) {
		case "runtimeidentifier", "runtimeidentifiers":
			d.runtimes = append(d.runtimes, is)
		case "selfcontained", "publishaot", "publishtrimmed", "publishsinglefile":
			if !strings.EqualFold(is, "false") {
				d.bundles = w
			}
		}
	}
}

// cutOption parts "--runtime=linux-x64" and "-p:A=b" into the name and the rest.
func cutOption(w string) (name, value string, joined bool) {
	if i := strings.IndexAny(w, ":="); i > 0 && (w[0] == '-' || w[0] == '/') {
		return w[:i], strings.Trim(w[i+1:], `"'`), true
	}
	return w, "", false
}

// dotnetProject finds the one project of the build context that makes the assembly.
func (s *swap) dotnetProject(d *dotnetProgram) (why string) {
	if s.p.Build.Empty() {
		return "there is no build context that tells what " + d.assembly + " is"
	}
	all, ok := s.p.Build.DotnetProjects()
	if !ok {
		return "the build context is too large to be looked through"
	}
	var found []string
	for _, file := range all {
		if s.p.Build.DotnetAssembly(file) == d.assembly && s.inBuilder(file) {
			found = append(found, file)
		}
	}
	switch {
	case len(found) == 0:
		return "no project in the build context is seen to make " + d.assembly
	case len(found) > 1:
		return fmt.Sprintf("%s and %s both make %s", found[0], found[1], d.assembly)
	}
	p, err := s.p.Build.DotnetProject(found[0])
	if err != nil {
		return found[0] + " cannot be read"
	}
	d.project = p
	d.invariant = p.Invariant
	d.runtimes = append(d.runtimes, p.Runtimes...)
	if len(p.Bundles) > 0 {
		d.bundles = p.Bundles[0].Where()
	}
	return ""
}

// inBuilder reports whether another stage copies the file from the build context.
func (s *swap) inBuilder(file string) bool {
	for _, st := range s.p.File.Stages {
		if slices.Contains(s.chain, st) {
			continue
		}
		for _, one := range s.placesOf(stageChain(st)).placed {
			if one.from != "" || one.src == "" {
				continue
			}
			if _, in := within(one.src, file); in || one.src == "." {
				return true
			}
		}
	}
	return false
}

// told wants the project to be seen as a whole, sources too.
func (d *dotnetProgram) told() string {
	p := d.project
	if len(p.Unclear) > 0 {
		one := p.Unclear[0]
		return fmt.Sprintf("%s %s", placeOf(one.Place), one.Name)
	}
	if p.Sources == 0 {
		return "the sources of " + p.File + " are not in the build context, so what it calls at run time cannot be told"
	}
	return ""
}

// placeOf names a place without a line where there is none.
func placeOf(at evidence.Place) string {
	if at.Line == 0 {
		return at.File
	}
	return at.Where()
}

// packages wants every package to be in the table, and to need nothing but .NET.
func (d *dotnetProgram) packages() string {
	for _, one := range d.project.Packages {
		switch nugetOf(one.Name) {
		case nugetUnknown:
			return fmt.Sprintf("the package %s (%s) is in no table of those that need nothing but .NET", one.Name, placeOf(one.Place))
		case nugetNative:
			return fmt.Sprintf("the package %s (%s) has or wants native libraries", one.Name, placeOf(one.Place))
		case nugetStarts:
			return fmt.Sprintf("the package %s (%s) starts other programs", one.Name, placeOf(one.Place))
		case nugetCulture:
			if d.invariant {
				return fmt.Sprintf("the package %s (%s) does not run with cultures turned off, as the project has them", one.Name, placeOf(one.Place))
			}
			d.kerberos = true
		case nugetManaged, nugetCarries:
		}
	}
	return ""
}

// staysInside wants the sources to start nothing and to load nothing.
func (d *dotnetProgram) staysInside() string {
	if out := d.project.Outside; len(out) > 0 {
		return fmt.Sprintf("the program reaches outside of itself: %s (%s)", out[0].Name, out[0].Where())
	}
	return ""
}

// assumes are what a reader has to check of the program on a small image; plain
// tells that the image has neither ICU nor time zones.
func (d *dotnetProgram) assumes(plain bool) []string {
	out := []string{"no NuGet package that another one brings along starts a program or wants a library of the system"}
	if d.kerberos {
		out = append(out, "no connection to a database logs in with Kerberos")
	}
	if plain {
		out = append(out, "nobody gives the container TZ, and no culture is asked for: it has no ICU and no time zones")
	}
	return out
}

// cultures says why ICU may be wanted.
func (d *dotnetProgram) cultures() string {
	return d.project.File + " does not turn cultures off (InvariantGlobalization)"
}

// glibc wants what is compiled for one system to be for one with glibc.
func (d *dotnetProgram) glibc() string {
	for _, r := range d.runtimes {
		if !strings.HasPrefix(r, "linux-") || strings.HasPrefix(r, "linux-musl") {
			return "the program is published for " + r
		}
	}
	if (d.host || d.bundles != "") && d.musl {
		return "the program is compiled on Alpine, and it has glibc"
	}
	return ""
}

// portable wants the program to be published for every system: dotnet finds what
// it needs for the one that it runs on.
func (d *dotnetProgram) portable() string {
	switch {
	case len(d.runtimes) > 0:
		return "the program is published for " + d.runtimes[0]
	case d.bundles != "":
		return "the program brings .NET along, built for one system (" + d.bundles + ")"
	case d.host:
		return "it is started by its own file, which is built for glibc"
	}
	return ""
}
