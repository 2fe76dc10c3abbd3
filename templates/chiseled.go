package templates

import "fmt"

// Chiseled gives the build without a shell of a .NET runtime image of the same
// version: the one with ICU and time zones where it exists, since the other
// turns culture and time zones off.
func Chiseled(r Ref) Counterpart {
	s, c := look(r)
	if s == nil {
		return c
	}
	switch r.official() {
	case dotnet + "aspnet", dotnet + "runtime", dotnet + "runtime-deps":
	default:
		return s.none("%s is not a runtime image of .NET", r)
	}
	version := s.tag.version()
	for _, suite := range []string{s.stands(), "noble", "jammy"} {
		if system, _ := SystemOf(suite); system.Distro != "ubuntu" {
			continue
		}
		if c = s.try(tagParts{version, suite, "chiseled", "extra"}); c.OK {
			return c
		}
		if c = s.try(tagParts{version, suite, "chiseled"}); c.OK {
			c.Notes = []string{fmt.Sprintf("%s has no ICU and no time zones", c.Ref)}
			return c
		}
	}
	return s.none("no chiseled build of %s was listed as long as it", r)
}

const dotnet = "mcr.microsoft.com/dotnet/"

// stands gives the release that the image asked for stands on.
func (s *search) stands() string {
	rec, _ := s.tags.find(s.as[0].String())
	return rec.suite
}
