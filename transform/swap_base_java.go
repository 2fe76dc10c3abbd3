package transform

import (
	"fmt"
	"path"
	"strings"

	"github.com/bulwark-cli/bulwark/templates"
)

// isJavaKit reports whether the image holds a Java development kit or runtime.
func isJavaKit(product string) bool {
	return contains(words("openjdk eclipse-temurin amazoncorretto ibm-semeru-runtimes sapmachine azul-zulu"), product)
}

// decideJava goes to the runtime of the same vendor where the stage only starts Java.
func (s *swap) decideJava() *Skip {
	if why := s.onlyStartsJava(); why != "" {
		return &Skip{Unsure, s.at, s.written() + " stays: " + why}
	}
	to := templates.JRE(s.ref)
	switch {
	case !to.OK && strings.HasSuffix(to.Why, "already"):
		return &Skip{NotNeeded, s.at, s.written() + " is a Java runtime already"}
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
	if why := s.propose(c, []string{"distroless: its Java is another build than " + s.written()}); why != "" {
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
	java := false
	for _, call := range append(s.startCalls(), s.runtimeCalls()...) {
		name := path.Base(call.argv[0])
		java = java || name == "java"
		if isKitTool(name) || fullOnly(name) && !contains(words("curl wget"), name) {
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
	case contains(words("apt-get apt apk curl wget keytool java groupadd useradd adduser addgroup usermod update-ca-certificates locale-gen ldconfig dpkg"), c.name):
		return ""
	}
	if strings.Contains(c.scriptOf(s), "#!") {
		return ""
	}
	return c.quoted() + " may want the development kit"
}

// isKitTool reports whether only the development kit has the program.
func isKitTool(name string) bool {
	return contains(words("javac jar jlink jdeps jshell jcmd jmap jstack jps jstat jconsole jdb javap javadoc mvn mvnw gradle gradlew sbt ant lein jarsigner jpackage"), name)
}
