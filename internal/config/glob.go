package config

import (
	"path"
	"strings"
)

// validGlob reports whether a pattern can be matched and stays below the file.
func validGlob(glob string) bool {
	if glob == "" || strings.HasPrefix(glob, "/") || strings.Contains(glob, "\\") {
		return false
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(glob, "/"), "/") {
		if _, err := path.Match(part, ""); err != nil || part == "" || part == ".." || part == "." {
			return false
		}
	}
	return true
}

// matches reports whether a glob names a slash separated path or a folder above it.
// "**" stands for any number of folders, none included; the other wildcards do not
// match a slash.
func matches(glob, name string) bool {
	parts := strings.Split(strings.TrimSuffix(glob, "/"), "/")
	names := strings.Split(name, "/")
	// reach[i] tells whether the parts so far match the first i names.
	reach := make([]bool, len(names)+1)
	reach[0] = true
	for _, part := range parts {
		next := make([]bool, len(names)+1)
		for i := range next {
			switch {
			case part == "**":
				next[i] = reach[i] || i > 0 && next[i-1]
			case i > 0 && reach[i-1]:
				next[i], _ = path.Match(part, names[i-1])
			}
		}
		reach = next
	}
	for _, r := range reach[1:] {
		if r {
			return true
		}
	}
	return false
}
