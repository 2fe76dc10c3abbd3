package evidence

import (
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// DotnetProject is what the project files and sources tell of one .NET program:
// its own project and all that it refers to.
type DotnetProject struct {
	File       string          // of the project; the main one
	Assembly   string          // name of the assembly without ".dll"; "" where it cannot be told
	Frameworks []string        // TargetFramework(s): "net8.0"
	Runtimes   []string        // RuntimeIdentifier(s), under a condition or not: "linux-x64"
	Bundles    []Place         // where SelfContained, PublishAot, PublishTrimmed or PublishSingleFile is set to other than false
	Invariant  bool            // it turns cultures off: InvariantGlobalization, in every build
	Packages   []DotnetNamed   // NuGet packages, of lock files those of packages too
	Projects   []string        // the project files that it is made of, itself first
	Unclear    []DotnetNamed   // what keeps it from being told: Name is a clause, "refers to x.csproj, which is not there"
	Sources    int             // files of code that were read
	Outside    []DotnetNamed   // places that start programs, load libraries or name files of the system
	Zones      []DotnetNamed   // places that speak of time zones
	done       map[string]bool // files that were read
}

// DotnetNamed is a name and where it stands.
type DotnetNamed struct {
	Place
	Name string
}

// DotnetProjects lists the project files (csproj, fsproj, vbproj) that the builder
// would see. It returns false where the context is too large to be looked through.
func (c *Context) DotnetProjects() (list []string, ok bool) {
	ok = c.Walk(".", func(p string, e fs.DirEntry) {
		if !e.IsDir() && slices.Contains([]string{".csproj", ".fsproj", ".vbproj"}, path.Ext(p)) {
			list = append(list, p)
		}
	})
	return list, ok
}

// DotnetAssembly gives the name of the assembly that a project makes: AssemblyName,
// else the file's own name. It is "" where a variable or a condition decides.
func (c *Context) DotnetAssembly(file string) string {
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	data, ok := c.Read(file)
	if !ok {
		return ""
	}
	if err := eachElement(data, func(e msElement) {
		if e.is("AssemblyName") {
			name = e.text
			if e.conditional || strings.Contains(name, "$(MSBuildProjectName)") {
				name = ""
			}
		}
	}); err != nil || strings.Contains(name, "$") {
		return ""
	}
	return name
}

// maxProjects bounds what one program may be made of.
const maxProjects = 200

// DotnetProject reads a project and all that it refers to. A main file that is not
// there, or is no XML, is an *Error; of another one it is told in Unclear.
func (c *Context) DotnetProject(file string) (*DotnetProject, error) {
	p := &DotnetProject{File: file, Assembly: c.DotnetAssembly(file), done: map[string]bool{}}
	if err := c.dotnetFile(p, file); err != nil {
		return nil, err
	}
	for i := 0; i < len(p.Projects) && i < maxProjects; i++ {
		c.dotnetAround(p, p.Projects[i])
	}
	if len(p.Projects) > maxProjects {
		p.unclear(Place{file, 0}, "is made of very many projects")
	}
	c.dotnetConfig(p)
	c.dotnetSources(p)
	return p, nil
}

func (p *DotnetProject) unclear(at Place, why string) {
	p.Unclear = append(p.Unclear, DotnetNamed{at, why})
}

// dotnetAround reads what MSBuild takes along with a project without being told:
// the Directory.* files of its folder and those above, and NuGet's lock file.
func (c *Context) dotnetAround(p *DotnetProject, project string) {
	if project != p.File {
		if err := c.dotnetFile(p, project); err != nil {
			p.unclear(Place{project, 0}, "cannot be read")
		}
	}
	for dir := path.Dir(project); ; dir = path.Dir(dir) {
		for _, name := range []string{"Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"} {
			if f := path.Join(dir, name); c.Exists(f) {
				if err := c.dotnetFile(p, f); err != nil {
					p.unclear(Place{f, 0}, "cannot be read")
				}
			}
		}
		if dir == "." {
			break
		}
	}
	c.dotnetLock(p, path.Join(path.Dir(project), "packages.lock.json"))
}

// dotnetFile reads one file of MSBuild's, once.
func (c *Context) dotnetFile(p *DotnetProject, file string) error {
	if p.done[file] {
		return nil
	}
	p.done[file] = true
	if ext := path.Ext(file); strings.HasSuffix(ext, "proj") {
		if !slices.Contains(p.Projects, file) {
			p.Projects = append(p.Projects, file)
		}
	}
	data, ok := c.Read(file)
	if !ok {
		return &Error{Place{file, 0}, fs.ErrNotExist}
	}
	at := 0
	err := eachElement(data, func(e msElement) { at = e.line; c.dotnetElement(p, file, e) })
	if err != nil {
		return &Error{Place{file, at}, err}
	}
	return nil
}

// dotnetElement takes one element of a project file.
func (c *Context) dotnetElement(p *DotnetProject, file string, e msElement) {
	at := Place{file, e.line}
	own := file == p.File || !strings.HasSuffix(path.Ext(file), "proj")
	list := strings.FieldsFunc(e.text, func(r rune) bool { return r == ';' || r == ' ' })
	switch {
	case e.is("PackageReference"), e.is("GlobalPackageReference"):
		for name := range strings.SplitSeq(e.attrs["include"], ";") {
			if name = strings.TrimSpace(name); name != "" {
				p.Packages = append(p.Packages, DotnetNamed{at, name})
			}
		}
	case e.is("ProjectReference"), e.is("Import") && e.attrs["sdk"] == "":
		c.dotnetRefers(p, at, e)
	case e.is("HintPath"):
		p.unclear(at, "takes along "+path.Base(slashes(e.text))+", a library that is not built from sources here")
	case e.is("Compile") && strings.HasPrefix(slashes(e.attrs["include"]), "../"), e.is("NativeLibrary"), e.is("NativeReference"):
		p.unclear(at, "takes along "+first2(e.attrs["include"], e.name)+" from elsewhere")
	case !own:
	case e.is("TargetFramework"), e.is("TargetFrameworks"):
		p.Frameworks = append(p.Frameworks, list...)
	case e.is("RuntimeIdentifier"), e.is("RuntimeIdentifiers"):
		p.Runtimes = append(p.Runtimes, list...)
	case e.is("SelfContained"), e.is("PublishAot"), e.is("PublishTrimmed"), e.is("PublishSingleFile"):
		if !strings.EqualFold(e.text, "false") {
			p.Bundles = append(p.Bundles, at)
		}
	case e.is("InvariantGlobalization"):
		on := strings.EqualFold(e.text, "true")
		p.Invariant = on && (!e.conditional || p.Invariant)
	}
}

func first2(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// slashes writes a path as MSBuild takes it with slashes.
func slashes(p string) string { return strings.ReplaceAll(strings.TrimSpace(p), `\`, "/") }

// dotnetRefers follows a ProjectReference, or an Import.
func (c *Context) dotnetRefers(p *DotnetProject, at Place, e msElement) {
	for to := range strings.SplitSeq(first2(e.attrs["include"], e.attrs["project"]), ";") {
		if to = slashes(to); to == "" {
			continue
		}
		if e.is("Import") && strings.Contains(to, "Directory.") && strings.Contains(to, "GetPathOfFileAbove") {
			continue // all of them are read anyway
		}
		to = strings.TrimPrefix(to, "$(MSBuildThisFileDirectory)")
		to = strings.TrimPrefix(to, "$(MSBuildProjectDirectory)/")
		file := path.Join(path.Dir(at.File), to)
		if strings.ContainsAny(to, "$*%@") || path.IsAbs(to) || !c.Exists(file) {
			p.unclear(at, "refers to "+to+", which is not in the build context")
			continue
		}
		if strings.HasSuffix(path.Ext(file), "proj") {
			if !slices.Contains(p.Projects, file) {
				p.Projects = append(p.Projects, file)
			}
		} else if err := c.dotnetFile(p, file); err != nil {
			p.unclear(at, "refers to "+to+", which cannot be read")
		}
	}
}

// dotnetLock reads packages.lock.json, which names what packages bring along.
func (c *Context) dotnetLock(p *DotnetProject, file string) {
	if p.done[file] || !c.Exists(file) {
		return
	}
	p.done[file] = true
	var lock struct {
		Dependencies map[string]map[string]struct{ Type string }
	}
	data, ok := c.readUpTo(file, maxBig)
	if !ok || json.Unmarshal(data, &lock) != nil {
		p.unclear(Place{file, 0}, "cannot be read")
		return
	}
	var names []string
	for _, list := range lock.Dependencies {
		for name, one := range list {
			if one.Type != "Project" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		p.Packages = append(p.Packages, DotnetNamed{Place{file, 0}, name})
	}
}

// dotnetConfig reads runtimeconfig.template.json beside the project, which is
// another place to turn cultures off.
func (c *Context) dotnetConfig(p *DotnetProject) {
	var config struct {
		ConfigProperties map[string]any `json:"configProperties"`
	}
	data, ok := c.Read(path.Join(path.Dir(p.File), "runtimeconfig.template.json"))
	if ok && json.Unmarshal(data, &config) == nil {
		if on, said := config.ConfigProperties["System.Globalization.Invariant"].(bool); said {
			p.Invariant = on
		}
	}
}
