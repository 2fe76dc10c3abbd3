package evidence

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// dotnetOutside finds what reaches outside of the program: other programs, native
// libraries, and files where a distribution keeps its programs.
var dotnetOutside = regexp.MustCompile(`\bProcess\s*\.\s*Start\b|\bProcessStartInfo\b|\bnew\s+(?:System\.Diagnostics\.)?Process\b|using\s+static\s+System\.Diagnostics\.Process|\bCliWrap\b|` +
	`\bDllImport(?:Attribute)?\b|\bLibraryImport\b|\bNativeLibrary\s*\.|\bdlopen\b|"/(?:usr|bin|sbin|lib)/[^"\n]{0,80}|"(?:/bin/)?(?:ba)?sh"`)

var dotnetZones = regexp.MustCompile(`\bTimeZone|\bFindSystemTimeZoneById\b|\bToLocalTime\b|\bDateTimeZoneProviders\b|\bZonedDateTime\b`)

// dotnetSources looks through the folders of all projects, as the SDK takes them:
// everything below, but for what a build left there.
func (c *Context) dotnetSources(p *DotnetProject) {
	seen := map[string]bool{}
	for _, project := range p.Projects {
		whole := c.walk(path.Dir(project), func(file string, e fs.DirEntry) bool {
			if e.IsDir() {
				return !slices.Contains([]string{"bin", "obj", ".git", "node_modules", ".vs"}, e.Name())
			}
			if !seen[file] {
				seen[file] = true
				c.dotnetSource(p, file)
			}
			return true
		})
		if !whole {
			p.unclear(Place{project, 0}, "lies in a folder too large to be looked through")
		}
	}
}

func (c *Context) dotnetSource(p *DotnetProject, file string) {
	base := path.Base(file)
	switch ext := path.Ext(file); {
	case ext == ".so", strings.Contains(base, ".so."), ext == ".nupkg":
		p.unclear(Place{file, 0}, "is a compiled library")
	case slices.Contains([]string{".cs", ".fs", ".vb", ".cshtml", ".razor"}, ext):
		data, ok := c.Read(file)
		if !ok {
			p.unclear(Place{file, 0}, "cannot be read")
			return
		}
		text := string(utf8Of(data))
		if strings.Contains(text, "\x00") {
			p.unclear(Place{file, 0}, "is no text that can be read")
			return
		}
		p.Sources++
		p.Outside = append(p.Outside, named(file, text, dotnetOutside)...)
		p.Zones = append(p.Zones, named(file, text, dotnetZones)...)
	}
}

// named is the first match in a file; comments count too, which errs on the safe side.
func named(file, text string, what *regexp.Regexp) []DotnetNamed {
	at := what.FindStringIndex(text)
	if at == nil {
		return nil
	}
	return []DotnetNamed{{Place{file, lineAt(text, at[0])}, strings.Trim(text[at[0]:at[1]], `"`)}}
}
