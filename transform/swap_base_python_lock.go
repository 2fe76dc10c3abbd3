package transform

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	tomlName    = regexp.MustCompile(`(?m)^name = "([^"]+)"\r?$`)
	tomlVersion = regexp.MustCompile(`(?m)^version = "([^"]+)"\r?$`)
	tomlFile    = regexp.MustCompile(`(?:file|url) = "([^"]+)"`)
	tomlVirtual = regexp.MustCompile(`(?m)^source = \{ (?:virtual|editable) = `)
)

// tomlLock reads poetry.lock and uv.lock: the packages with the files that each is
// published as. The project itself, which uv lists among them, is left out.
func tomlLock(text, name string) (out []requirement, ok bool) {
	if strings.Contains(text, "type = \"git\"") || strings.Contains(text, "{ git = ") {
		return nil, false
	}
	text, _, _ = strings.Cut(text, "\n[metadata") // there older forms list the files of all packages
	at := 0
	for block := range strings.SplitSeq(text, "[[package]]") {
		start := at
		at += len(block) + len("[[package]]")
		n, v := tomlName.FindStringSubmatchIndex(block), tomlVersion.FindStringSubmatch(block)
		if n == nil || v == nil || tomlVirtual.MatchString(block) {
			continue
		}
		r := requirement{name: pythonName(block[n[2]:n[3]]), op: "==", version: v[1], where: fmt.Sprintf("%s:%d", name, lineOf(text, start+n[0]))}
		for _, f := range tomlFile.FindAllStringSubmatch(block, -1) {
			r.files = append(r.files, path.Base(f[1]))
		}
		out = append(out, r)
	}
	return out, len(out) > 0
}

// pipfileLock reads Pipfile.lock, which names no files.
func pipfileLock(text, name string) (out []requirement, ok bool) {
	var lock struct {
		Default map[string]struct{ Version, Git string }
	}
	if json.Unmarshal([]byte(text), &lock) != nil {
		return nil, false
	}
	for pkg, v := range lock.Default {
		if v.Git != "" {
			return nil, false
		}
		out = append(out, requirement{name: pythonName(pkg), op: "==", version: strings.TrimPrefix(v.Version, "=="), where: name})
	}
	slices.SortFunc(out, func(a, b requirement) int { return strings.Compare(a.name, b.name) })
	return out, true
}

// wheels says by the files of a lock whether pip finds a wheel, "manylinux" or
// "musllinux", for this minor version of Python. told is false where the lock
// lists no wheels to judge by.
func (r requirement) wheels(kind string, minor int, arches []string) (why string, told bool) {
	if !slices.ContainsFunc(r.files, func(f string) bool { return strings.HasSuffix(f, ".whl") || strings.HasSuffix(f, ".tar.gz") }) {
		return "", false
	}
	other := map[string]string{"manylinux": "musllinux", "musllinux": "manylinux"}[kind]
	others := false
	lacks := map[string]bool{}
	for _, arch := range arches {
		lacks[arch] = true
	}
	for _, f := range r.files {
		tags, is := strings.CutSuffix(f, ".whl")
		parts := strings.Split(tags, "-")
		if !is || len(parts) < 5 || !fitsPython(parts[len(parts)-3], parts[len(parts)-2], minor) {
			continue
		}
		platform := parts[len(parts)-1]
		if platform == "any" {
			return "", true
		}
		others = others || strings.Contains(platform, other)
		for _, arch := range arches {
			if strings.Contains(platform, kind) && strings.Contains(platform, arch) {
				delete(lacks, arch)
			}
		}
	}
	switch {
	case len(lacks) == 0:
		return "", true
	case others:
		return fmt.Sprintf("%s %s (%s) has wheels for %s and none for %s", r.name, r.version, r.where, other, kind), true
	}
	return fmt.Sprintf("%s %s (%s) has no wheel that fits, so it has to be compiled", r.name, r.version, r.where), true
}

// fitsPython reports whether a wheel's tags suit Python 3 of a minor version.
func fitsPython(python, abi string, minor int) bool {
	for tag := range strings.SplitSeq(python, ".") {
		switch {
		case tag == "py3", tag == fmt.Sprintf("py3%d", minor), tag == fmt.Sprintf("cp3%d", minor) && abi != fmt.Sprintf("cp3%dt", minor):
			return true
		case abi == "abi3" && strings.HasPrefix(tag, "cp3"):
			if n, err := strconv.Atoi(tag[3:]); err == nil && n <= minor {
				return true
			}
		}
	}
	return false
}

// arches are the architectures that the image may be built for, as wheels name them.
func (s *swap) arches() []string {
	switch s.root.Platform {
	case "linux/amd64":
		return []string{"x86_64"}
	case "linux/arm64":
		return []string{"aarch64"}
	}
	return []string{"x86_64", "aarch64"}
}
