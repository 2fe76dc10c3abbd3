package evidence

import (
	"path"
	"regexp"
	"strings"
)

// Version is what one file of the context says of the version that a language is
// to have.
type Version struct {
	Place
	Says string // as written: "v20.11.1", "lts/hydrogen", ">=18"
	// Value is the version as image tags begin with it: "20.11.1", "20", "1.22". It is "" where what is
	// said fixes none, and Why then says so in one clause about Says.
	Value string
	Why   string
}

// versionFile is a file that states versions.
type versionFile struct {
	name string
	read func(f *versionText) []Version
}

// versionText is such a file at work.
type versionText struct {
	c    *Context
	name string
	text string
	lang string // the language asked for
}

func (f *versionText) at(line int) Place { return Place{f.name, line} }

// lines are those of the file without their ends.
func (f *versionText) lines() []string {
	return strings.Split(strings.ReplaceAll(f.text, "\r\n", "\n"), "\n")
}

// versionFiles are the files that speak of a language, its own first, then those
// of version managers for all.
func versionFiles(lang string) []versionFile {
	var own []versionFile
	switch lang {
	case "bun":
		own = []versionFile{{".bun-version", onlyLine}, {"package.json", packageVersions}}
	case "deno":
		own = []versionFile{{".dvmrc", onlyLine}}
	case "dotnet":
		own = []versionFile{{"global.json", globalVersions}}
	case "go":
		own = []versionFile{{"go.mod", goModVersions}, {".go-version", onlyLine}}
	case "java":
		own = []versionFile{{"pom.xml", pomVersions}, {"build.gradle", gradleVersions}, {"build.gradle.kts", gradleVersions},
			{".java-version", onlyLine}, {".sdkmanrc", propertyVersions}, {"system.properties", propertyVersions}}
	case "node":
		own = []versionFile{{".nvmrc", onlyLine}, {".node-version", onlyLine}, {"package.json", packageVersions}}
	case "php":
		own = []versionFile{{"composer.json", composerVersions}, {".php-version", onlyLine}}
	case "python":
		own = []versionFile{{".python-version", onlyLine}, {"runtime.txt", onlyLine}, {"pyproject.toml", pyprojectVersions}, {"Pipfile", pipfileVersions}}
	case "ruby":
		own = []versionFile{{".ruby-version", onlyLine}, {"Gemfile", gemfileVersions}, {"Gemfile.lock", gemLockVersions}}
	case "rust":
		own = []versionFile{{"rust-toolchain.toml", rustVersions}, {"rust-toolchain", rustVersions}}
	}
	return append(own, versionFile{".tool-versions", toolVersions}, versionFile{"mise.toml", miseVersions}, versionFile{".mise.toml", miseVersions})
}

// Versions returns what the files of the folders say of the version of a language
// ("node", "go", "java" ...), in a fixed order. What a file says that fixes no
// version is among them, with the reason.
func (c *Context) Versions(lang string, dirs ...string) []Version {
	var out []Version
	seen := map[string]bool{}
	for _, dir := range dirs {
		for _, file := range versionFiles(lang) {
			name, ok := cleanPath(path.Join(dir, file.name))
			if !ok || seen[name] {
				continue
			}
			seen[name] = true
			if text, ok := c.Read(name); ok {
				f := &versionText{c: c, name: name, text: strings.TrimPrefix(string(text), "\xef\xbb\xbf"), lang: lang}
				out = append(out, file.read(f)...)
			}
		}
	}
	return out
}

var (
	plainVersion = regexp.MustCompile(`^\d{1,4}(\.\d{1,4}){0,3}$`)
	anyVersion   = regexp.MustCompile(`^(\d{1,4}(?:\.\d{1,4}){0,2})\.[xX*]$`)
	caretVersion = regexp.MustCompile(`^\^([1-9]\d{0,3})(?:\.\d{1,4}){0,2}$`)
	tildeVersion = regexp.MustCompile(`^~(\d{1,4}\.\d{1,4})(?:\.\d{1,4})?$`)
)

// maxSays bounds what a report quotes of a file.
const maxSays = 40

// version reads a version as people and managers write it.
func (f *versionText) version(line int, says string) Version {
	v := Version{Place: f.at(line), Says: says}
	if len(says) > maxSays {
		v.Says = strings.ToValidUTF8(says[:maxSays], "") + " ..."
	}
	v.Value, v.Why = f.value(says)
	return f.tagged(v)
}

// tagged takes a value away that says less than a tag has to: of Python or Go the
// first number alone lets everything in.
func (f *versionText) tagged(v Version) Version {
	least := 2
	switch f.lang {
	case "bun", "deno", "erlang", "java", "node":
		least = 1
	}
	if v.Value != "" && strings.Count(v.Value, ".")+1 < least {
		v.Value, v.Why = "", "leaves the minor version open"
	}
	return v
}

func (f *versionText) value(says string) (value, why string) {
	plain := strings.TrimSpace(says)
	for _, prefix := range versionPrefixes(f.lang) {
		plain = strings.TrimPrefix(plain, prefix)
	}
	plain = strings.TrimPrefix(plain, "v")
	if f.lang == "elixir" {
		plain, _, _ = strings.Cut(plain, "-otp-")
	}
	if major := nodeRelease(plain); f.lang == "node" && major != "" {
		return major, ""
	}
	if f.lang == "java" {
		return javaMajor(plain)
	}
	switch {
	case plainVersion.MatchString(plain):
		return plain, ""
	case plain == "":
		return "", "is empty"
	case strings.ContainsAny(plain, "<>=|, ^~*"), strings.HasSuffix(plain, ".x"):
		return "", "is a range"
	}
	return "", "is no number of a version"
}

// versionRange reads a requirement. Those that leave open no more than what a
// floating tag such as 20 or 20.11 leaves open name that tag; others name none.
func (f *versionText) versionRange(line int, says string) Version {
	v := f.version(line, says)
	plain := strings.TrimSpace(says)
	for _, form := range []*regexp.Regexp{anyVersion, caretVersion, tildeVersion} {
		if m := form.FindStringSubmatch(plain); m != nil {
			v.Value, v.Why = m[1], ""
		}
	}
	return f.tagged(v)
}

// versionPrefixes are the words that files put before the number.
func versionPrefixes(lang string) []string {
	switch lang {
	case "bun":
		return []string{"bun-"}
	case "go":
		return []string{"go"}
	case "java":
		return []string{"temurin-", "openjdk-", "openjdk64-", "corretto-", "zulu-", "liberica-", "adoptopenjdk-"}
	case "python":
		return []string{"python-", "cpython-"}
	case "ruby":
		return []string{"ruby-"}
	}
	return nil
}

// nodeRelease gives the major version of a release line by its name, as in
// "lts/hydrogen"; "" for other names. Source: the schedule of the Node.js project.
func nodeRelease(name string) string {
	lines := map[string]string{"argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14",
		"gallium": "16", "hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24"}
	return lines[strings.ToLower(strings.TrimPrefix(name, "lts/"))]
}

// javaVersion is the number of a Java release with what builds and vendors add:
// 17, 1.8.0_372, 17.0.8+7, 17.0.8-tem.
var javaVersion = regexp.MustCompile(`^(\d{1,2})(?:\.(\d{1,2}))?(?:[.+_-][0-9A-Za-z.+_-]*)?$`)

// javaMajor gives the major version, under which images of Java are tagged.
func javaMajor(says string) (value, why string) {
	m := javaVersion.FindStringSubmatch(says)
	switch {
	case m == nil && strings.Contains(says, "${"):
		return "", "is computed"
	case m == nil:
		return "", "is no number of a version"
	case m[1] == "1" && m[2] != "":
		return m[2], ""
	}
	return m[1], ""
}
