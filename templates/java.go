package templates

import (
	"fmt"
	"strings"
)

// JRE gives the image with the runtime alone for an image with a Java
// development kit: of the same vendor and major version where there is one,
// else the Eclipse Temurin one with a note that the vendor changes. Images of
// Maven and Gradle lead to the runtime of the kit they hold.
func JRE(r Ref) Counterpart {
	s, c := look(r)
	if s == nil {
		return c
	}
	switch r.official() {
	case "maven", "gradle":
		return toolJRE(r, s.tag)
	case "openjdk", "eclipse-temurin", "amazoncorretto", "ibm-semeru-runtimes", "sapmachine", "azul-zulu":
	default:
		return s.none("%s is not an image of a Java development kit", r)
	}
	if s.tag.jre() {
		return s.none("%s is a Java runtime already", r)
	}
	if c = s.first("JRE", s.tag.asJRE()); c.OK {
		return s.withArchitectures(c)
	}
	if r.official() != "openjdk" {
		return c
	}
	return s.temurin()
}

// jre reports whether one of the words says that it is the runtime alone.
func (t tagParts) jre() bool {
	for _, word := range t {
		if strings.HasPrefix(word, "jre") || word == "headless" || word == "headful" {
			return true
		}
	}
	return false
}

// asJRE gives the tags of the runtime that stand beside the tag of a kit.
func (t tagParts) asJRE() []tagParts {
	for i, word := range t {
		if word == "jdk" {
			tag := append(tagParts{}, t...)
			tag[i] = "jre"
			return []tagParts{tag}
		}
	}
	return t.insertions("jre")
}

// temurin gives the Eclipse Temurin runtime of the same major version, which is
// only as exact as a major version can be.
func (s *search) temurin() Counterpart {
	version := s.tag.version()
	if version == "" || strings.Trim(version, "0123456789") != "" {
		return s.none("openjdk has no JRE of %s, and a runtime of another vendor for exactly this version is not recorded", s.tag)
	}
	c := temurinJRE(version, s.tag.alpine())
	if !c.OK {
		return c
	}
	c.Notes = append(c.Notes, fmt.Sprintf("openjdk never had a JRE for %s, Eclipse Temurin is another vendor's build of the same version", version))
	return c
}

// temurinJRE gives the Temurin runtime of a major version.
func temurinJRE(major string, alpine bool) Counterpart {
	tag := major + "-jre"
	if alpine {
		tag += "-alpine"
	}
	r := Ref{Registry: "docker.io", Repository: "library/eclipse-temurin", Tag: tag, written: "eclipse-temurin"}
	to, ok := tagsOf("eclipse-temurin").find(tag)
	if !ok {
		return Counterpart{Why: fmt.Sprintf("%s was never listed", r)}
	}
	s := search{ref: r, tag: splitTag(tag)}
	return s.withArchitectures(Counterpart{OK: true, Ref: r, Moves: true, To: to.suite})
}

// toolJRE gives the runtime for the kit that an image of Maven or Gradle holds.
func toolJRE(r Ref, t tagParts) Counterpart {
	k := kitOf(t)
	if k.major == "" {
		return Counterpart{Why: fmt.Sprintf("the tag %s does not tell the Java version", t)}
	}
	if k.vendor == "openjdk" {
		tag := k.major + "-jre"
		if to, ok := tagsOf("openjdk").find(tag); ok && !t.alpine() {
			ref := Ref{Registry: "docker.io", Repository: "library/openjdk", Tag: tag, written: "openjdk"}
			return Counterpart{OK: true, Ref: ref, Moves: true, To: to.suite}
		}
	}
	c := temurinJRE(k.major, t.alpine())
	if c.OK && k.vendor != "eclipse-temurin" {
		c.Notes = append(c.Notes, fmt.Sprintf("%s is not known to hold Eclipse Temurin, so the vendor may change", r))
	}
	return c
}

// kit is the Java development kit in an image.
type kit struct{ vendor, major string }

// vendors are the words of tags that name the vendor of a kit.
func vendorOf(word string) (vendor string, ok bool) {
	switch word {
	case "openjdk", "jdk", "jre":
		return "openjdk", true
	case "eclipse", "temurin":
		return "eclipse-temurin", true
	case "amazoncorretto", "corretto":
		return "amazoncorretto", true
	case "ibmjava", "ibm", "semeru", "sapmachine", "adoptopenjdk", "azulzulu", "graalvm", "graal", "libericaopenjdk", "microsoft":
		return word, true
	}
	return "", false
}

// kitOf reads the kit from the tag of a build tool's image, such as
// 3.8-openjdk-11-slim, 3.9-eclipse-temurin-21 or 7.6-jdk17-alpine.
func kitOf(t tagParts) kit {
	var k kit
	for i, word := range t {
		if v, ok := vendorOf(word); ok && (k.vendor == "" || v != "openjdk") {
			k.vendor = v
			if i+1 < len(t) && k.major == "" {
				k.major = javaMajor(t[i+1])
			}
		}
		for _, prefix := range []string{"jdk", "jre"} {
			if major, ok := strings.CutPrefix(word, prefix); ok && javaMajor(major) != "" {
				k.major = major
			}
		}
	}
	return k
}

// javaMajor gives the word if it is the number of a Java version.
func javaMajor(word string) string {
	if word == "" || len(word) > 2 || strings.Trim(word, "0123456789") != "" {
		return ""
	}
	return word
}

// withArchitectures notes where a build is published for one architecture only.
// In the manifest of 2026-08-21 Temurin on Alpine for 8, 11 and 17 is amd64 alone.
func (s *search) withArchitectures(c Counterpart) Counterpart {
	if !c.OK || c.Ref.official() != "eclipse-temurin" || !splitTag(c.Ref.Tag).alpine() {
		return c
	}
	version, _, _ := strings.Cut(c.Ref.Tag, ".")
	switch version, _, _ = strings.Cut(version, "-"); version {
	case "8", "11", "17":
		c.Notes = append(c.Notes, fmt.Sprintf("%s is published for amd64 only", c.Ref))
	}
	return c
}
