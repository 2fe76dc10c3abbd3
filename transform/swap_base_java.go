package transform

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bulwark-cli/bulwark/templates"
)

// isJavaKit reports whether the image holds a Java development kit or runtime.
func isJavaKit(product string) bool {
	return slices.Contains(words("openjdk eclipse-temurin amazoncorretto ibm-semeru-runtimes sapmachine azul-zulu"), product)
}

// decideJava goes to distroless, or to the runtime of the same vendor, where the
// stage only starts Java.
func (s *swap) decideJava() *Skip {
	refused := []string{}
	if slices.Contains(s.p.Options.Prefer, "distroless") {
		c, why := s.tryDistrolessJava()
		if why == "" {
			why = s.propose(c, nil)
		}
		if why == "" {
			return nil
		}
		refused = append(refused, "not distroless: "+why)
	}
	if slices.Contains(s.p.Options.Prefer, "alpine") && s.img.Distro != "alpine" {
		refused = append(refused, "not alpine: the jars may hold libraries for glibc, into which is not looked")
	}
	return s.decideRuntime(refused)
}

// tryDistrolessJava asks for distroless, whose Java is Eclipse Temurin's.
func (s *swap) tryDistrolessJava() (*candidate, string) {
	major, _ := strconv.Atoi(s.img.Version)
	ref, ok := templates.Distroless("java", major)
	switch {
	case s.product() != "eclipse-temurin":
		return nil, "its Java is Eclipse Temurin's, another vendor's"
	case major == 0:
		return nil, "its tags are as exact as a major version, and " + s.written() + " is more"
	case !ok:
		return nil, "it has no Java " + s.img.Version
	case s.img.Distro == "alpine":
		return nil, "what was built for musl need not run on glibc"
	case namesRelease(s.ref.Tag) && s.img.Suite != templates.DistrolessSuite:
		return nil, fmt.Sprintf("it stands on Debian %s, and %s names another release", templates.DistrolessSuite, s.written())
	case !s.starts || s.start.instr == nil:
		return nil, "no CMD or ENTRYPOINT tells what runs in it"
	case s.start.needsShell != "":
		return nil, s.start.needsShell + ", and it has no shell"
	case s.start.argv[0] != "java" && s.start.argv[0] != "/usr/bin/java":
		return nil, s.start.argv[0] + " is not in it"
	case s.setsEnv("USE_SYSTEM_CA_CERTS"):
		return nil, "USE_SYSTEM_CA_CERTS is for the entrypoint of " + s.written()
	case s.state.Health != nil || len(s.runtimeCalls()) > 0:
		return nil, "a health check or a compose file calls something in the container"
	}
	c := &candidate{ref: ref + ":latest"}
	for _, check := range []func() string{
		s.accountAllowed, s.namesKnownTo(distrolessNames()), s.copiesAreData,
		func() string { return s.javaStart(c) },
		func() string { return s.dropRuns(&shippedBinary{linkage: linkGlibc}, c) },
		s.javaCalls, s.orchestrated,
	} {
		if why := check(); why != "" {
			return nil, why
		}
	}
	c.why = append([]string{"the stage only runs a jar with Java " + s.img.Version + ", and its sources start no other program"}, c.why...)
	c.assumes = append([]string{"the program, and the libraries in its jar, start no other program", "the program does not depend on the locale en_US.UTF-8, which becomes C.UTF-8"}, c.assumes...)
	return c, ""
}

// javaStart takes a start in exec form, or in a shell form of one plain command. A CMD
// stands behind distroless' own entrypoint, java -jar: it keeps what follows -jar
// alone, and becomes the ENTRYPOINT where java has other options.
func (s *swap) javaStart(c *candidate) string {
	if s.state.Entrypoint != nil && s.state.Entrypoint.Instr != nil && len(s.state.Entrypoint.Words) > 0 {
		if s.start.execForm && s.state.Cmd != nil && s.state.Cmd.Instr != nil {
			return "CMD (" + line(s.state.Cmd.Instr) + ") would become arguments of the ENTRYPOINT, whose shell form passes it over"
		}
		return s.startsWithoutShell(c)
	}
	if why := s.startsWithoutShell(&candidate{}); why != "" {
		return why
	}
	in, argv := s.start.instr, s.start.argv
	body, exact := in.Body.Source(spanOf(in.Body.String()))
	switch {
	case s.clearsEntrypoint():
		return s.startsWithoutShell(c)
	case !exact:
		return "the start command is broken over lines"
	case len(argv) > 2 && argv[1] == "-jar":
		c.edits = append(c.edits, replaceSpan(body, jsonWords(argv[2:])))
	default:
		c.edits = append(c.edits, replaceSpan(in.Keyword, keywordLike(s.p.File, in.Stage, "ENTRYPOINT")), replaceSpan(body, jsonWords(argv)))
	}
	c.alters = append(c.alters, FieldStart)
	c.assumes = append(c.assumes, "nothing starts the container with a command of its own (docker run, a compose file above the build context, Kubernetes): java is the entrypoint")
	return ""
}

// javaCalls names a place where a source starts another program.
func (s *swap) javaCalls() (why string) {
	found := false
	s.walkFiles(".", func(p string) {
		if why != "" || !slices.Contains(words(".java .kt .scala .groovy"), path.Ext(p)) {
			return
		}
		data, ok := s.p.Build.Read(p)
		found = found || ok
		for _, mark := range []string{"ProcessBuilder(", "getRuntime().exec(", "System.load", "getSystemJavaCompiler("} {
			if i := strings.Index(string(data), mark); i >= 0 {
				why = fmt.Sprintf("the program calls outside itself (%s:%d)", p, lineOf(string(data), i))
			}
		}
	})
	if !found {
		return "the sources of the program are not in the build context, so what it calls at run time cannot be told"
	}
	return why
}

// decideRuntime goes to the runtime of the same vendor.
func (s *swap) decideRuntime(refused []string) *Skip {
	to := templates.JRE(s.ref)
	if s.isRuntime() {
		return &Skip{NotNeeded, s.at, strings.Join(append([]string{s.written() + " is a Java runtime already"}, refused[:min(1, len(refused))]...), "; ")}
	}
	if why := s.onlyStartsJava(); why != "" {
		return &Skip{Unsure, s.at, s.written() + " stays: " + why}
	}
	switch {
	case !to.OK:
		return &Skip{Unsupported, s.at, s.written() + " stays: " + to.Why}
	case to.Ref.Name() != s.ref.Name():
		return &Skip{Unsure, s.at, fmt.Sprintf("%s has no runtime of this version; %s is the same version by another vendor, which is for its owner to choose", s.written(), to.Ref)}
	case to.Moves && s.img.Suite != "":
		return &Skip{Unsure, s.at, s.written() + " stays: " + to.Ref.String() + " is not known to stand on the same release"}
	}
	c := &candidate{
		ref:     to.Ref.String(),
		why:     []string{"the stage only starts java, and no RUN, start or health check calls a program of the development kit"},
		assumes: append([]string{"the program does not compile Java at run time, and nobody attaches jcmd, jmap or jstack to it"}, to.Notes...),
	}
	if why := s.propose(c, refused); why != "" {
		return &Skip{Unsure, s.at, s.written() + " stays: " + why}
	}
	return nil
}

// onlyStartsJava says what in the stage wants the development kit.
func (s *swap) onlyStartsJava() (why string) {
	if !s.starts || s.start.instr == nil {
		return "no CMD or ENTRYPOINT tells what runs in it"
	}
	for _, in := range s.instrs() {
		if in.Name == "onbuild" {
			return "ONBUILD (" + line(in) + ") runs in images that build on it"
		}
		if in.Name != "run" {
			continue
		}
		list, unknown := s.runCommands(in)
		if unknown != "" {
			return "RUN of " + line(in) + " cannot be read: " + unknown
		}
		for _, c := range list {
			if why := s.wantsKit(c); why != "" {
				return why + " (" + line(in) + ")"
			}
		}
	}
	for _, word := range append(s.start.argv, s.environment()...) {
		if strings.Contains(word, "jdwp") {
			return "it asks for the debugger (" + word + ")"
		}
	}
	java := false
	for _, call := range append(s.startCalls(), s.runtimeCalls()...) {
		name := path.Base(call.argv[0])
		java = java || name == "java"
		if isKitTool(name) || fullOnly(name) && !slices.Contains(words("curl wget"), name) {
			return call.where + " calls " + name
		}
	}
	if !java {
		return "the start command is not seen to start java"
	}
	return ""
}

// wantsKit says what in a command is not known to be the same without the kit.
func (s *swap) wantsKit(c *command) string {
	switch {
	case len(c.words) == 0, isShellBuiltin(c.name), isEssential(c.name):
		return ""
	case slices.Contains(words("apt-get apt apk curl wget keytool java groupadd useradd adduser addgroup usermod update-ca-certificates locale-gen ldconfig dpkg"), c.name):
		return ""
	}
	if strings.Contains(c.scriptOf(s), "#!") {
		return ""
	}
	return c.quoted() + " may want the development kit"
}

// isKitTool reports whether only the development kit has the program.
func isKitTool(name string) bool {
	return slices.Contains(words("javac jar jlink jdeps jshell jcmd jmap jstack jps jstat jconsole jdb javap javadoc mvn mvnw gradle gradlew sbt ant lein jarsigner jpackage"), name)
}

// isRuntime reports whether the tag names the runtime alone.
func (s *swap) isRuntime() bool {
	return strings.Contains(s.ref.Tag, "jre") || strings.Contains(s.ref.Tag, "headless")
}

// environment are the values of the variables that the Dockerfile sets.
func (s *swap) environment() []string {
	var out []string
	for _, v := range s.state.Env {
		out = append(out, v.Value)
	}
	return out
}
