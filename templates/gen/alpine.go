package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

const alpineHeader = `# group: names of Alpine's packages
# source: aports at the releases 3.18 to 3.24: every name that one of them had and the tables use
# date: 2026-11-24
# Made by templates/gen; edit that, not this.
`

// generateAlpine writes those of the recorded names that the tables use.
func generateAlpine(w io.Writer, tables []string, recorded string) error {
	text, err := os.ReadFile(recorded)
	if err != nil {
		return err
	}
	var used []string
	for i, table := range tables {
		names, err := alpineColumns(table, 2-i) // the table of rpms has no column of kinds
		if err != nil {
			return fmt.Errorf("reading %s: %w", table, err)
		}
		used = append(used, names...)
	}
	slices.Sort(used)
	out := bufio.NewWriter(w)
	fmt.Fprint(out, alpineHeader)
	all := strings.Fields(string(text))
	slices.Sort(all)
	for _, name := range slices.Compact(used) {
		if _, ok := slices.BinarySearch(all, name); ok {
			fmt.Fprintln(out, name)
		}
	}
	return out.Flush()
}

// alpineColumns gives the names in the column at that place and the next.
func alpineColumns(path string, at int) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var names []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if cells := strings.Split(lines.Text(), "\t"); cells[0] != "" && cells[0][0] != '#' {
			names = append(names, strings.Fields(strings.Join(cells[min(at, len(cells)):min(at+2, len(cells))], " "))...)
		}
	}
	return names, lines.Err()
}
