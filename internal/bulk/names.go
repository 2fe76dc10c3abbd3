package bulk

import (
	"path/filepath"
	"slices"
	"strings"
)

// IsDockerfile reports whether a file of this name is taken for a Dockerfile when
// a folder is searched: Dockerfile, Dockerfile.NAME, NAME.Dockerfile and the same
// with Containerfile, in any case. Ignore files, documents, templates and backups
// that are named after a Dockerfile are none.
func IsDockerfile(name string) bool {
	lower := strings.ToLower(name)
	for _, word := range []string{"dockerfile", "containerfile"} {
		if lower == word || strings.HasSuffix(lower, "."+word) {
			return true
		}
		if tail, ok := strings.CutPrefix(lower, word+"."); ok {
			return isVariant(tail) && !isSource(name, tail)
		}
	}
	return false
}

// isVariant tells "Dockerfile.prod" from "Dockerfile.md" and "Dockerfile.prod.j2".
func isVariant(tail string) bool {
	if tail == "" || strings.HasSuffix(tail, "~") {
		return false
	}
	for part := range strings.SplitSeq(tail, ".") {
		if strings.HasPrefix(part, "bak") {
			return false
		}
	}
	last := strings.TrimPrefix(filepath.Ext("."+tail), ".")
	return !slices.Contains([]string{
		"dockerignore", "containerignore", // ignore files
		"md", "rst", "txt", "adoc", "html", "pdf", "png", "svg", // documents
		"j2", "jinja", "jinja2", "tmpl", "tpl", "template", "erb", "in", "m4", "mustache", "hbs", "ejs", "gotmpl", "liquid", // templates
		"orig", "rej", "save", "swp", "swo", "tmp", "patch", "diff", // left by editors and tools
		"json", "yml", "yaml", "toml", "lock", "sha256", "sig", "asc", // data about Dockerfiles
	}, last)
}

// isSource tells a program about Dockerfiles, dockerfile.go, from the Dockerfile
// of a Go program, Dockerfile.go.
func isSource(name, tail string) bool {
	return name == strings.ToLower(name) && slices.Contains([]string{
		"go", "js", "mjs", "ts", "tsx", "py", "rb", "rs", "java", "kt", "php", "c", "cc", "cpp", "h", "cs", "sh", "lua", "vim", "tf",
	}, strings.TrimPrefix(filepath.Ext("."+tail), "."))
}

// isSkipped reports whether a folder of this name is left out of a search: it
// holds what others wrote.
func isSkipped(dir string) bool {
	return slices.Contains([]string{".git", ".hg", ".svn", "node_modules", "vendor"}, dir)
}

// isCompose reports whether a file of this name is a compose file.
func isCompose(name string) bool {
	ext := filepath.Ext(name)
	if ext != ".yml" && ext != ".yaml" {
		return false
	}
	return strings.HasPrefix(name, "docker-compose") || strings.HasPrefix(name, "compose.")
}
