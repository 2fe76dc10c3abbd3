package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

const packagesHeader = `# group: packages of Debian and Ubuntu
# source: Debian's package indices of bookworm and trixie, aports at the releases 3.12 to 3.24
# date: 2026-11-24
# Made by templates/gen; a new row may be added by hand.
# name	kind	Alpine to build	Alpine to run ("=" the same)	bookworm to run ("=" the name)	trixie to run ("=" as bookworm)	releases that have it	Alpine releases that have all ("" since 3.12)	note
# "-" nothing is needed, "!none" there is none, "!busybox" is in every Alpine, "?" not recorded
`

const rpmHeader = `# group: packages of Red Hat and its relatives
# source: aports at the releases 3.12 to 3.24 for the Alpine names; the names of the rpms are from memory
# date: 2026-11-24
# name	Alpine to build	Alpine to run ("=" the same)	Alpine releases that have all ("" since 3.12)	note
`

// generatePackages compacts the table of Debian names.
func generatePackages(w io.Writer, path string) error {
	return compact(w, path, packagesHeader, 10, func(row []string) []string {
		complete(row)
		return []string{
			row[0], kinds[row[9]], row[1], same(row[2], row[1]),
			same(run(row[3]), row[0]), same(run(row[4]), run(row[3])),
			where(row[6], row[7]), since(row[8]), row[5],
		}
	})
}

// generateRPM compacts the table of Red Hat names.
func generateRPM(w io.Writer, path string) error {
	return compact(w, path, rpmHeader, 5, func(row []string) []string {
		return []string{row[0], row[1], same(row[2], row[1]), since(row[4]), row[3]}
	})
}

// compact rewrites each row after the first, which names the columns.
func compact(w io.Writer, path, header string, columns int, row func([]string) []string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out := bufio.NewWriter(w)
	fmt.Fprint(out, header)
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != columns {
			return fmt.Errorf("%s:%d: %d columns, want %d", path, n, len(cells), columns)
		}
		if n > 1 {
			fmt.Fprintln(out, strings.TrimRight(strings.Join(row(cells), "\t"), "\t"))
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return out.Flush()
}

var kinds = map[string]string{"build-tool": "tool", "dev-lib": "dev", "runtime-or-tool": "run", "drop": "drop"}

func same(value, as string) string {
	if value == as {
		return "="
	}
	return value
}

func run(names string) string {
	if strings.HasPrefix(names, "n/a") {
		return "?"
	}
	return names
}

// where gives the releases of Debian that have a package, with the one that
// provides it where it is virtual: "b t:libssl3t64".
func where(bookworm, trixie string) string {
	var all []string
	for i, is := range []string{bookworm, trixie} {
		letter := "bt"[i : i+1]
		if provider, ok := strings.CutPrefix(is, "virtual:"); ok {
			all = append(all, letter+":"+provider)
		} else if is == "yes" {
			all = append(all, letter)
		}
	}
	return strings.Join(all, " ")
}

// since gives the Alpine releases of a row, without the names that limit them.
func since(verified string) string {
	releases, _, _ := strings.Cut(verified, " ")
	releases = strings.TrimSuffix(releases, "..edge")
	if releases == "3.12" || releases == "-" || releases == "none" {
		return ""
	}
	return releases
}
