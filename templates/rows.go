package templates

import "strings"

// rows gives the rows of a table, each its tab separated columns. Lines that
// start with # describe the group of rows below them: what it is, where it is
// from, and when it was looked up.
func rows(text string) [][]string {
	var all [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line != "" && line[0] != '#' {
			all = append(all, strings.Split(line, "\t"))
		}
	}
	return all
}
