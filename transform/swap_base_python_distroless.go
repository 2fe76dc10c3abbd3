package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/templates"
)

// tryDistrolessPython asks for distroless, whose Python is Debian's at /usr/bin: the
// stage must only hold files and start Python of the same minor version, and packages
// have to lie where PYTHONPATH says.
func (s *swap) tryDistrolessPython() (*candidate, string) {
	c := &candidate{}
	for _, check := range []func() string{
		s.pythonRuns, func() string { return s.dropRuns(&shippedBinary{linkage: linkGlibc}, c) },
		func() string { return s.pythonVersion(c) }, s.accountAllowed, s.pythonSettings,
		func() string { return s.pythonStart(c) }, s.pythonHealth, s.orchestrated,
		s.namesKnownTo(distrolessNames()), s.pythonCopies, s.copiesAreData, s.bringsBinaries,
		s.pythonPlaces, func() string { return s.pythonPackages(true) }, s.callsNoProgram, s.loadsLibraries, s.pythonImports,
	} {
		if why := check(); why != "" {
			return nil, why
		}
	}
	c.alters = append(c.alters, FieldStart)
	c.why = append([]string{"the stage only holds files and starts Python " + templates.DistrolessPython + ", and the sources start no other program"}, c.why...)
	c.assumes = append(c.assumes,
		"nothing starts the container with a command of its own (docker run, a compose file above the build context, Kubernetes, a platform's settings): Python is the entrypoint, and there is no shell and no pip",
		"no package starts another program, and the program does not depend on a patch release newer than Debian's")
	return c, ""
}

// pythonRuns wants every RUN to be one that distroless does without.
func (s *swap) pythonRuns() string {
	for _, in := range s.instrs() {
		if in.Name == "run" && s.needless(in, &shippedBinary{linkage: linkGlibc}) != "" {
			return "RUN wants a shell, and it has none"
		}
	}
	return ""
}

// pythonVersion wants the one minor version that distroless has, and no patch release.
func (s *swap) pythonVersion(c *candidate) string {
	ref, ok := templates.Distroless("python3", 0)
	arch, isLinux := strings.CutPrefix(s.root.Platform, "linux/")
	switch {
	case strings.HasPrefix(s.img.Version, templates.DistrolessPython+"."):
		return "its tags name no patch release, which is a weaker pin than " + s.written()
	case !ok || s.img.Version != templates.DistrolessPython:
		return "its Python is " + templates.DistrolessPython + ", at another path than the official image's"
	case namesRelease(s.ref.Tag) && s.img.Suite != templates.DistrolessSuite:
		return fmt.Sprintf("it stands on Debian %s, and %s names another release", templates.DistrolessSuite, s.written())
	case s.root.Platform != "" && s.root.Platform != "$TARGETPLATFORM" && (!isLinux || !slices.Contains(templates.DistrolessArches("python3", 0), arch)):
		return "whether there is one for " + s.root.Platform + " is not recorded"
	}
	c.ref = ref + ":latest"
	return ""
}

// pythonSettings names what only the official image, or a virtual environment of it,
// makes sense of.
func (s *swap) pythonSettings() string {
	for _, v := range s.state.Env {
		if v.Instr != nil && (strings.HasPrefix(v.Name, "LD_") || v.Name == "PYTHONHOME" || v.Name == "VIRTUAL_ENV" || strings.Contains(v.Value, "/usr/local/lib")) {
			return v.Name + " (" + line(v.Instr) + ") speaks of what the official image has"
		}
	}
	return ""
}

// pythonStart takes the word python off CMD, which stands behind distroless' own
// entrypoint. An ENTRYPOINT stays: python and python3 are on PATH there as well.
func (s *swap) pythonStart(c *candidate) string {
	argv := s.start.argv
	if why := s.startsWithoutShell(&candidate{}); why != "" {
		return why
	}
	if !slices.Contains(words("python python3"), argv[0]) {
		return argv[0] + " is not in it"
	}
	own := s.state.Entrypoint != nil && s.state.Entrypoint.Instr != nil || s.clearsEntrypoint()
	switch {
	case own && s.start.execForm && s.state.Entrypoint != nil && s.state.Cmd != nil && s.state.Cmd.Instr != nil && s.start.instr == s.state.Entrypoint.Instr:
		return "CMD (" + line(s.state.Cmd.Instr) + ") would become arguments of the ENTRYPOINT, whose shell form passes it over"
	case own:
		return s.startsWithoutShell(c)
	case len(argv) < 2:
		return "Python is started without a program"
	}
	e, why := s.startEdit(s.state.Cmd, argv[1:], "", true)
	if why == "" {
		c.edits = append(c.edits, e)
	}
	return why
}

// pythonHealth wants a health check to be Python in exec form, and compose files to
// leave the start alone.
func (s *swap) pythonHealth() string {
	for _, call := range s.runtimeCalls() {
		if call.shell || !strings.HasPrefix(call.where, "HEALTHCHECK") || !slices.Contains(words("python python3"), call.argv[0]) {
			return call.where + " calls " + call.argv[0] + ", which it lacks or which would come behind its entrypoint"
		}
	}
	return ""
}

// pythonCopies wants what other stages give to be made on Python of the same minor
// version with glibc.
func (s *swap) pythonCopies() string {
	for _, in := range s.instrs() {
		if in.Name != "copy" && in.Name != "add" {
			continue
		}
		if f := in.FlagNamed("from"); f != nil && !s.samePython(s.p.File.StageNamed(f.Value, in.Stage.Index)) {
			return "COPY of " + line(in) + " brings what was not made on Python " + templates.DistrolessPython + " with glibc"
		}
		if why := systemCopy(in); why != "" {
			return why
		}
	}
	return ""
}

func (s *swap) samePython(st *dockerfile.Stage) bool {
	if st == nil {
		return false
	}
	img, ok := s.p.image(st)
	return ok && path.Base(img.Family) == "python" && img.Libc == "glibc" && (img.Version == templates.DistrolessPython || strings.HasPrefix(img.Version, templates.DistrolessPython+"."))
}

// pythonPlaces wants packages to be installed with --target, and to lie where
// PYTHONPATH says: distroless' Python looks into folders of its own.
func (s *swap) pythonPlaces() string {
	for _, st := range s.sourceStages() {
		for _, in := range st.Instrs {
			if in.Name != "run" {
				continue
			}
			list, _ := s.runCommands(in)
			for _, c := range list {
				if reqs, why := s.installs(c, st); (len(reqs) > 0 || why != "") && !s.lookedInto(c) {
					return c.quoted() + " (" + line(in) + ") puts packages where its Python does not look"
				}
			}
		}
	}
	return ""
}

// lookedInto reports whether pip's --target lies in the shipped stage where PYTHONPATH says.
func (s *swap) lookedInto(c *command) bool {
	target := ""
	for i, w := range c.words {
		value, joined := strings.CutPrefix(w.Text, "--target=")
		if joined {
			target = value
		} else if (w.Text == "--target" || w.Text == "-t") && i+1 < len(c.words) {
			target = c.words[i+1].Text
		}
	}
	search, known := variable(s.state, "PYTHONPATH")
	if target == "" || !known || strings.Contains(target, "$") {
		return false
	}
	target = absIn(c.dir, target)
	for _, one := range s.places().placed {
		if rest, in := within(path.Join("/", one.src), target); one.from != "" && in {
			return slices.Contains(strings.Split(search, ":"), path.Join(one.dest, rest))
		}
	}
	return false
}

// pythonMissing are the modules of the library that Debian has in packages of their own.
var pythonMissing = regexp.MustCompile(`(?m)^\s*(?:import|from)\s+(?:tkinter|turtle|idlelib|ensurepip|venv|pip|setuptools|pkg_resources|dbm\.gnu|_gdbm)\b`)

// pythonImports names an import of what distroless' Python lacks.
func (s *swap) pythonImports() (why string) {
	s.walkFiles(".", func(p string) {
		if why != "" || path.Ext(p) != ".py" || path.Base(p) == "setup.py" {
			return
		}
		data, _ := s.p.Build.Read(p)
		if at := pythonMissing.FindIndex(data); at != nil {
			why = fmt.Sprintf("%s:%d imports what it lacks", p, lineOf(string(data), at[0]+1))
		}
	})
	return why
}
