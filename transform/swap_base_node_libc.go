package transform

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// prebuiltName finds the names of modules that hold a program for Linux alone, by
// the way that they are named in every kind of lock file.
var prebuiltName = regexp.MustCompile(`(?:@[\w.-]+/)?[\w.-]+-linux-?(?:x64|arm64)(?:-(?:gnu|glibc))?\b`)

// nodeLibc names a module whose program the lock file has for glibc and not for
// musl: an install on Alpine would go without it.
func (s *swap) nodeLibc() (why string) {
	for _, one := range s.nodeInstalls() {
		ctx, _, ok := s.placesOf(stageChain(one.stage)).contextOf(path.Join(one.c.dir, "package.json"))
		if !ok || len(one.global) > 0 {
			continue
		}
		for _, lock := range words("npm-shrinkwrap.json package-lock.json yarn.lock pnpm-lock.yaml") {
			name := path.Join(path.Dir(ctx), lock)
			data, ok := s.p.Build.Read(name)
			if !ok {
				continue
			}
			if module, at := glibcOnly(string(data)); module != "" {
				return fmt.Sprintf("%s (%s:%d) is for glibc, and the lock file has none for musl", module, name, at)
			}
			break
		}
	}
	return ""
}

// glibcOnly is the first module of a lock file that is a program for glibc without
// one for musl beside it, and its line. A program that names no C library, as
// esbuild's, counts where the lock file says that it wants glibc.
func glibcOnly(text string) (module string, at int) {
	wants := glibcMarked(text)
	for _, m := range prebuiltName.FindAllStringIndex(text, -1) {
		name := text[m[0]:m[1]]
		plain, marked := strings.CutSuffix(name, "-gnu")
		if !marked {
			plain, marked = strings.CutSuffix(name, "-glibc")
		}
		if !marked && !slices.Contains(wants, name) {
			continue
		}
		musl := []string{plain + "-musl", strings.Replace(plain, "-linux-", "-linuxmusl-", 1), strings.Replace(plain, "-linux-", "-linux-musl-", 1)}
		if !slices.ContainsFunc(musl, func(other string) bool { return strings.Contains(text, other) }) {
			return name, lineOf(text, m[0])
		}
	}
	return "", 0
}

// glibcMarked are the modules of package-lock.json that are for glibc by its word.
func glibcMarked(text string) (out []string) {
	var lock struct {
		Packages map[string]struct{ Libc []string }
	}
	if json.Unmarshal([]byte(text), &lock) != nil {
		return nil
	}
	for key, m := range lock.Packages {
		if slices.Contains(m.Libc, "glibc") && !slices.Contains(m.Libc, "musl") {
			out = append(out, strings.TrimPrefix(key[strings.LastIndex(key, "node_modules/")+1:], "ode_modules/"))
		}
	}
	return out
}
