// Command gen makes the embedded tables of templates out of recorded histories
// and surveys, so that the repository holds only what the rules look up. The
// recordings are given on the command line and are not part of the repository:
//
//	go run ./templates/gen tags official_tags_floating.tsv dotnet_tags_history.tsv > templates/data/tags.txt
//	go run ./templates/gen packages packages_debian_alpine.tsv > templates/data/packages.tsv
//	go run ./templates/gen rpm packages_rpm_alpine.tsv > templates/data/rpm.tsv
//	go run ./templates/gen releases templates/data/packages.tsv SUITE=INDEX... > templates/data/releases.tsv
//	go run ./templates/gen names templates/data/packages.tsv templates/data/releases.tsv SUITE=INDEX... > templates/data/debian-names.tsv
//	go run ./templates/gen alpine templates/data/packages.tsv templates/data/rpm.tsv alpine_names.txt > templates/data/alpine-names.txt
//
// An INDEX holds the unpacked Packages files of a release's sections one after
// the other, as the mirrors of Debian and Ubuntu have them below
// dists/SUITE/SECTION/binary-amd64 and, for Ubuntu, dists/SUITE-updates; for
// Debian those of its security mirror, too.
//
// All inputs are tab separated with a header line. Those of tags have the columns
// image, tag, first_seen, last_seen, in_head, suite; and repo, tag, first_seen,
// last_seen, os.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

const tagsHeader = `# group: floating tags that were ever listed
# source: docker-library/official-images @ 37079fb3 and dotnet/dotnet-docker @ 3ed00b61, whole histories
# date: 2026-08-21
# Made by templates/gen; edit that, not this.
# "= IMAGE" opens an image. A line: what follows the version in the tag ("-" for nothing), what the tag
# stands on ("?" unknown), the versions. VERSION@FIRST-LAST are days YYMMDD on which the tag was listed
# first and last (nothing: still listed); without @ they are those of the plain VERSION.
`

func main() {
	if err := write(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// write writes the table that the first argument names.
func write(w io.Writer, args []string) error {
	switch {
	case len(args) == 3 && args[0] == "tags":
		return generateTags(w, args[1], args[2])
	case len(args) == 2 && args[0] == "packages":
		return generatePackages(w, args[1])
	case len(args) == 2 && args[0] == "rpm":
		return generateRPM(w, args[1])
	case len(args) > 2 && args[0] == "releases":
		return generateReleases(w, args[1], args[2:])
	case len(args) > 3 && args[0] == "names":
		return generateNames(w, args[1], args[2], args[3:])
	case len(args) == 4 && args[0] == "alpine":
		return generateAlpine(w, args[1:3], args[3])
	}
	return errors.New("usage: gen tags OFFICIAL.tsv DOTNET.tsv | packages DEBIAN.tsv | rpm RPM.tsv | releases PACKAGES.tsv SUITE=INDEX... | names PACKAGES.tsv RELEASES.tsv SUITE=INDEX... | alpine PACKAGES.tsv RPM.tsv NAMES.txt")
}

// generateTags reads both recordings and writes the compact form of the tags that
// the catalogue covers.
func generateTags(w io.Writer, official, dotnet string) error {
	tags, err := readTags(official, 6, officialTag)
	if err != nil {
		return fmt.Errorf("reading %s: %w", official, err)
	}
	more, err := readTags(dotnet, 5, dotnetTag)
	if err != nil {
		return fmt.Errorf("reading %s: %w", dotnet, err)
	}
	out := bufio.NewWriter(w)
	fmt.Fprint(out, tagsHeader)
	writeTags(out, append(tags, more...))
	return out.Flush()
}
