// Command gen makes templates/data/tags.txt out of recorded tag histories, so
// that the repository holds only what the rules look up. The recordings are
// given on the command line and are not part of the repository:
//
//	go run ./templates/gen official_tags_floating.tsv dotnet_tags_history.tsv > templates/data/tags.txt
//
// Both inputs are tab separated with a header line. The first has the columns
// image, tag, first_seen, last_seen, in_head, suite; the second repo, tag,
// first_seen, last_seen, os.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

const header = `# group: floating tags that were ever listed
# source: docker-library/official-images @ 37079fb3 and dotnet/dotnet-docker @ 3ed00b61, whole histories
# date: 2026-08-21
# Made by templates/gen; edit that, not this.
# "= IMAGE" opens an image. A line: what follows the version in the tag ("-" for nothing), what the tag
# stands on ("?" unknown), the versions. VERSION@FIRST-LAST are days YYMMDD on which the tag was listed
# first and last (nothing: still listed); without @ they are those of the plain VERSION.
`

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen official.tsv dotnet.tsv > tags.txt")
		os.Exit(2)
	}
	if err := generate(os.Stdout, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate reads both recordings and writes the compact form of the tags that
// the catalogue covers.
func generate(w io.Writer, official, dotnet string) error {
	tags, err := readTags(official, 6, officialTag)
	if err != nil {
		return fmt.Errorf("reading %s: %w", official, err)
	}
	more, err := readTags(dotnet, 5, dotnetTag)
	if err != nil {
		return fmt.Errorf("reading %s: %w", dotnet, err)
	}
	out := bufio.NewWriter(w)
	fmt.Fprint(out, header)
	writeTags(out, append(tags, more...))
	return out.Flush()
}
