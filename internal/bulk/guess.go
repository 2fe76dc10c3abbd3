package bulk

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
)

// guess returns the build context of a file that nobody states one for, and why
// where it is not the file's own folder. That happens to Dockerfiles in a folder
// such as docker/ that are built from above it: a folder above, up to the path
// the user gave and the top of the repository, is taken where it has all that
// COPY and ADD name and the own folder has not.
func (t Target) guess(text string) (dir, why string) {
	own := filepath.Dir(t.file)
	file, err := dockerfile.Parse(t.Path, text)
	if err != nil {
		return own, "" // the error is reported by whoever works on the file
	}
	sources := copied(file)
	fits := holds(own, sources)
	if fits && !(copiesAll(sources) && isAside(own) && !hasManifest(own)) {
		return own, ""
	}
	for dir := own; dir != t.within && inside(t.within, dir) && !exists(dir, ".git"); {
		dir = filepath.Dir(dir)
		// `COPY . .` fits every folder; one above is better only where it says what is built.
		if holds(dir, sources) && (!fits || hasManifest(dir)) {
			return dir, "what its COPY lines name is there, not beside it"
		}
	}
	return own, ""
}

// maxSources is how many sources are looked for; a few tell the folder.
const maxSources = 300

// copied returns what the COPY and ADD lines of the file take from the build
// context, as far as it is written down: not what holds a variable.
func copied(file *dockerfile.File) []string {
	var out []string
	for _, in := range file.Instrs {
		if in.FlagNamed("from") != nil {
			continue
		}
		for _, s := range in.CopySources() {
			if s.Heredoc == nil && isLocal(s.Arg.Value) && len(out) < maxSources {
				out = append(out, s.Arg.Value)
			}
		}
	}
	return out
}

// isLocal tells a path from a variable and an address.
func isLocal(source string) bool {
	return !strings.Contains(source, "$") && !strings.Contains(source, "://") && !strings.HasPrefix(source, "git@")
}

// copiesAll reports whether the whole context is among the sources.
func copiesAll(sources []string) bool {
	return slices.ContainsFunc(sources, func(s string) bool { return relativeSource(s) == "." })
}

// relativeSource is a source of COPY as a local path: all of them start at the
// context's root.
func relativeSource(source string) string {
	return filepath.Clean(filepath.FromSlash(strings.TrimLeft(source, "/")))
}

// holds reports whether dir has every source. What leads upwards is nowhere.
func holds(dir string, sources []string) bool {
	return !slices.ContainsFunc(sources, func(s string) bool {
		path := relativeSource(s)
		return !filepath.IsLocal(path) || !exists(dir, path)
	})
}

// exists reports whether dir has the path, or a match for the pattern as far as
// its first wildcard: to follow all of it might mean to read the whole folder.
func exists(dir, path string) bool {
	if _, err := os.Lstat(filepath.Join(dir, path)); err == nil {
		return true
	}
	at := strings.IndexAny(path, `*?[`)
	if at < 0 {
		return false
	}
	if end := strings.IndexByte(path[at:], filepath.Separator); end >= 0 {
		path = path[:at+end]
	}
	found, err := filepath.Glob(filepath.Join(escapeGlob(dir), path))
	return err == nil && len(found) > 0
}

// escapeGlob makes a folder's name stand for itself in a pattern.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// isAside reports whether a folder's name says that it holds what is needed to
// build, and not what is built.
func isAside(dir string) bool {
	return slices.Contains([]string{
		"docker", ".docker", "dockerfiles", "dockerfile", "build", ".build", "ci", ".ci", "deploy", "deployment",
		"deployments", "containers", "container", "infra", "ops",
	}, strings.ToLower(filepath.Base(dir)))
}

// hasManifest reports whether dir holds a file that says how its sources are built.
func hasManifest(dir string) bool {
	return slices.ContainsFunc([]string{
		"go.mod", "package.json", "requirements.txt", "pyproject.toml", "setup.py", "Pipfile", "Gemfile", "composer.json",
		"Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "build.sbt", "mix.exs", "Makefile", "CMakeLists.txt",
	}, func(name string) bool { return exists(dir, name) })
}
