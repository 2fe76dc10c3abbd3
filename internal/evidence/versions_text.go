package evidence

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// onlyLine reads a file whose first line that says anything is the version.
func onlyLine(f *versionText) []Version {
	for i, line := range f.lines() {
		if before, _, cut := strings.Cut(line, "#"); cut {
			line = before
		}
		if line = strings.TrimSpace(line); line != "" {
			return []Version{f.version(i+1, line)}
		}
	}
	return nil
}

// goModVersions reads the toolchain line, else the go line of a go.mod. Up to Go
// 1.20 the go line names the language that the sources are written in and holds
// nobody to a toolchain; since 1.21 it is the oldest that the module and all it
// needs can be built with.
func goModVersions(f *versionText) []Version {
	m, err := f.c.modFile(f.name)
	switch {
	case err != nil:
		return nil
	case m.Toolchain != nil && m.Toolchain.Name != "default":
		return []Version{f.version(modLine(m.Toolchain.Syntax), m.Toolchain.Name)}
	case m.Go == nil:
		return nil
	}
	v := f.version(modLine(m.Go.Syntax), m.Go.Version)
	if v.Value != "" && semver.Compare("v"+v.Value, "v1.21") < 0 {
		v.Value, v.Why = "", "is a version of the language, not of the toolchain (before 1.21)"
	}
	return []Version{v}
}

// property is a line of Java's properties.
var property = regexp.MustCompile(`^\s*(java\.runtime\.version|java)\s*[=:]\s*(\S+)\s*$`)

func propertyVersions(f *versionText) []Version { return f.matching(property, 2) }

var gradleToolchain = regexp.MustCompile(`\bJavaLanguageVersion\.of\(\s*["']?([0-9.]+)["']?\s*\)|\bjvmToolchain\(\s*([0-9]+)\s*\)|` +
	`^\s*(?:java\.)?(?:sourceCompatibility|targetCompatibility)\s*=?\s*(?:JavaVersion\.VERSION_|JavaVersion\.toVersion\()?["']?([0-9][0-9._]*)["']?\)?\s*;?\s*$`)

// gradleVersions reads the toolchain that a build asks for, and the versions it
// compiles for.
func gradleVersions(f *versionText) []Version {
	var out []Version
	for i, line := range f.lines() {
		if before, _, cut := strings.Cut(line, "//"); cut {
			line = before
		}
		m := gradleToolchain.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		out = append(out, f.version(i+1, strings.ReplaceAll(m[1]+m[2]+m[3], "_", ".")))
	}
	return out
}

var (
	gemfileRuby = regexp.MustCompile(`^\s*ruby[\s(]+["']([^"']+)["']`)
	gemLockRuby = regexp.MustCompile(`^\s+ruby (\d+\.\d+\.\d+)(?:p\d+)?\s*$`)
)

// gemfileVersions reads the ruby line. `ruby file: ".ruby-version"` says nothing
// that the other file does not.
func gemfileVersions(f *versionText) []Version {
	var out []Version
	for i, line := range f.lines() {
		if m := gemfileRuby.FindStringSubmatch(line); m != nil {
			v := f.version(i+1, m[1])
			// With three numbers it reaches as far as ~ elsewhere.
			if rest, ok := strings.CutPrefix(m[1], "~>"); ok && strings.Count(rest, ".") == 2 {
				v = f.versionRange(i+1, "~"+strings.TrimSpace(rest))
				v.Says = m[1]
			}
			out = append(out, v)
		}
	}
	return out
}

func gemLockVersions(f *versionText) []Version {
	if !slices.ContainsFunc(f.lines(), func(l string) bool { return strings.TrimSpace(l) == "RUBY VERSION" }) {
		return nil
	}
	return f.matching(gemLockRuby, 1)
}

// matching reads the version in a group of every line that matches.
func (f *versionText) matching(form *regexp.Regexp, group int) []Version {
	var out []Version
	for i, line := range f.lines() {
		if m := form.FindStringSubmatch(line); m != nil {
			out = append(out, f.version(i+1, m[group]))
		}
	}
	return out
}

// toolNames are the names that version managers give a language.
func toolNames(lang string) []string {
	switch lang {
	case "dotnet":
		return []string{"dotnet", "dotnet-core", "dotnet-sdk"}
	case "go":
		return []string{"golang", "go"}
	case "node":
		return []string{"nodejs", "node"}
	}
	return []string{lang}
}

// toolVersions reads the lines "name version ..." of asdf and its like; the first
// version is the one in use.
func toolVersions(f *versionText) []Version {
	var out []Version
	for i, line := range f.lines() {
		line, _, _ = strings.Cut(line, "#")
		if fields := strings.Fields(line); len(fields) > 1 && slices.Contains(toolNames(f.lang), fields[0]) {
			out = append(out, f.version(i+1, fields[1]))
		}
	}
	return out
}

// miseVersions reads the [tools] of mise.
func miseVersions(f *versionText) []Version {
	return f.toml(func(table, key string) bool { return table == "tools" && slices.Contains(toolNames(f.lang), key) }, f.version)
}

func rustVersions(f *versionText) []Version {
	if !strings.Contains(f.text, "[toolchain]") {
		return onlyLine(f) // the older form
	}
	return f.toml(func(table, key string) bool { return table == "toolchain" && key == "channel" }, f.version)
}

func pipfileVersions(f *versionText) []Version {
	return f.toml(func(table, key string) bool {
		return table == "requires" && (key == "python_version" || key == "python_full_version")
	}, f.version)
}

// pyprojectVersions reads requires-python, and Poetry's python. "==3.11.*" and
// "3.11.*" name 3.11.
func pyprojectVersions(f *versionText) []Version {
	return f.toml(func(table, key string) bool {
		return table == "project" && key == "requires-python" || table == "tool.poetry.dependencies" && key == "python"
	}, func(line int, says string) Version {
		v := f.versionRange(line, strings.TrimSpace(strings.TrimPrefix(says, "==")))
		v.Says = f.version(line, says).Says
		return v
	})
}

// toml reads the strings of the pairs that are wanted.
func (f *versionText) toml(want func(table, key string) bool, read func(int, string) Version) []Version {
	var out []Version
	for _, t := range tomlLines(f.lines()) {
		if t.key == "" || !want(t.table, t.key) {
			continue
		}
		if s := tomlStrings(t.value); len(s) > 0 {
			out = append(out, read(t.line, s[0]))
		}
	}
	return out
}
