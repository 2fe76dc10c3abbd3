package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

const indicesHeader = `# source: package indices of Debian bullseye, bookworm, trixie (main, contrib, non-free, security) and of Ubuntu focal, jammy, noble (main, universe, restricted, multiverse, updates), amd64
# date: 2026-11-24
# Made by templates/gen; edit that, not this.
`

const releasesHeader = `# group: what Debian's packages need at run time in releases beside bookworm and trixie
` + indicesHeader + `# name	bullseye	focal	jammy	noble; "=" as bookworm, "?" not recorded
`

const namesHeader = `# group: names of packages and the releases that have them
` + indicesHeader + `# name	l bullseye, b bookworm, t trixie, f focal, j jammy, n noble; "l:name,name" those that provide it
`

// beside are the releases of the table of run-time names, in its order.
var beside = []string{"bullseye", "focal", "jammy", "noble"}

// row is what the table of packages says of one.
type row struct{ name, kind, bookworm, trixie string }

// readRows reads the table of packages as generated.
func readRows(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []row
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		cells := append(strings.Split(lines.Text(), "\t"), make([]string, 6)...)
		r := row{name: cells[0], kind: cells[1], bookworm: cells[4], trixie: cells[5]}
		if r.bookworm == "=" {
			r.bookworm = r.name
		}
		if r.trixie == "=" {
			r.trixie = r.bookworm
		}
		all = append(all, r)
	}
	return all, lines.Err()
}

// generateReleases writes the run-time names of the releases beside the two
// that the survey covers.
func generateReleases(w io.Writer, table string, args []string) error {
	rows, indices, err := readBoth(table, args)
	if err != nil {
		return err
	}
	by := map[string]*index{}
	for _, x := range indices {
		by[x.suite] = x
	}
	out := bufio.NewWriter(w)
	fmt.Fprint(out, releasesHeader)
	for _, r := range rows {
		cells := []string{r.name}
		for _, suite := range beside {
			cells = append(cells, same(r.runtime(by[suite], by["bookworm"]), r.bookworm))
		}
		if strings.Join(cells[1:], "") != "====" {
			fmt.Fprintln(out, strings.Join(cells, "\t"))
		}
	}
	return out.Flush()
}

// runtime gives what stands in for the package at run time in a release: what
// bookworm has where the release has it too, for a library to build with what
// its own dependencies say, provided that they say in bookworm what the survey
// does.
func (r row) runtime(x, bookworm *index) string {
	if r.bookworm == "-" || r.bookworm == "?" || x == nil {
		return r.bookworm
	}
	names := strings.Fields(r.bookworm)
	if r.kind == "dev" {
		slices.Sort(names)
		if slices.Equal(bookworm.libraries(r.name), names) {
			if libraries := x.libraries(r.name); len(libraries) > 0 {
				if slices.Equal(libraries, names) {
					return r.bookworm
				}
				return strings.Join(libraries, " ")
			}
		}
	}
	for _, name := range names {
		if !x.installs(name) {
			return "?"
		}
	}
	return r.bookworm
}

// generateNames writes which releases have the names that the tables use.
func generateNames(w io.Writer, table, releases string, args []string) error {
	rows, indices, err := readBoth(table, args)
	if err != nil {
		return err
	}
	names, err := namesIn(releases)
	if err != nil {
		return fmt.Errorf("reading %s: %w", releases, err)
	}
	for _, r := range rows {
		names = append(append(append(names, r.name), strings.Fields(r.bookworm)...), strings.Fields(r.trixie)...)
	}
	slices.Sort(names)
	out := bufio.NewWriter(w)
	fmt.Fprint(out, namesHeader)
	for _, name := range slices.Compact(names) {
		var in []string
		for _, x := range indices {
			if has := x.has(name); has != "" {
				in = append(in, has)
			}
		}
		if len(in) > 0 {
			fmt.Fprintf(out, "%s\t%s\n", name, strings.Join(in, " "))
		}
	}
	return out.Flush()
}

// namesIn gives every word of a table of run-time names.
func namesIn(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			names = append(names, strings.Fields(line)...)
		}
	}
	return names, nil
}

func readBoth(table string, args []string) ([]row, []*index, error) {
	rows, err := readRows(table)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", table, err)
	}
	indices, err := readIndices(args)
	return rows, indices, err
}
