package templates

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed data/chainguard.tsv
var chainguardText string

// ChainguardOptions say what may be written of cgr.dev.
type ChainguardOptions struct {
	// Org is the organisation with a subscription of its own ("example" for
	// cgr.dev/example), whose images have tags of versions; "" for the free ones.
	Org string
	// Float allows latest, the one tag that the free images have.
	Float bool
}

var chainguardImages = sync.OnceValue(func() map[string]hardenedRow {
	all := map[string]hardenedRow{}
	for _, row := range rows(chainguardText) {
		all[row[0]+" "+row[1]] = hardenedRow{name: row[2], versions: row[3], account: newAccount(row[4], row[5])}
	}
	return all
})

// Chainguard gives the image of cgr.dev for the same version. The free images
// have latest alone, so they stand in only where versions may float and latest
// held the image's version when it was recorded. Those of an organisation have
// tags of versions that nobody recorded here, which a note says. Where there is
// none, Why says so. All stand on Wolfi, which has glibc and apk.
func Chainguard(img *Image, use Use, o ChainguardOptions) Hardened {
	row, ok := chainguardImages()[img.Family+map[Use]string{Runtime: " run", Builder: " build"}[use]]
	tag := splitTag(img.Ref.Tag)
	if why := chainguardRefuses(img, tag, row, ok, o); why != "" {
		return Hardened{Counterpart: Counterpart{Why: why}}
	}
	org, version := "chainguard", "latest"
	if o.Org != "" {
		org, version = o.Org, minorVersion(img.Version)
	}
	switch {
	case use == Builder:
		version += "-dev"
	case slices.Contains(tag, "fpm"):
		version += "-fpm"
	}
	path := org + "/" + row.name
	ref := Ref{Registry: "cgr.dev", Repository: path, Tag: version, written: "cgr.dev/" + path}
	c := Counterpart{OK: true, Ref: ref, From: img.Suite, Moves: true, Notes: chainguardNotes(ref, row, use, o)}
	return Hardened{Counterpart: c, Account: row.account}
}

// chainguardRefuses gives the reason for which no image of cgr.dev can stand in.
func chainguardRefuses(img *Image, tag tagParts, row hardenedRow, there bool, o ChainguardOptions) string {
	switch {
	case img.Ref.Digest != "":
		return fmt.Sprintf("%s is pinned by digest, and the digest of another build is not recorded", img.Ref)
	case !there:
		return fmt.Sprintf("cgr.dev was not recorded with an image for %s and that use", img.Family)
	case img.Libc == "musl":
		return fmt.Sprintf("%s has musl and cgr.dev's images have glibc, so programs built for the one do not run on the other", img.Ref)
	case ownBuild(tag) != "":
		return fmt.Sprintf("%s is a build of its own (%s), which cgr.dev was not recorded with", img.Ref, ownBuild(tag))
	case o.Org != "" && img.Version == "":
		return fmt.Sprintf("%s names no version to ask cgr.dev/%s for", img.Ref, o.Org)
	case o.Org != "":
		return frozen(img, tag)
	case !o.Float:
		return "the free images of cgr.dev have no tag but latest, which moves to each new version"
	case tag.patch():
		return fmt.Sprintf("%s names a full patch version, and cgr.dev/chainguard/%s has latest alone", img.Ref, row.name)
	case img.Version != "" && compareVersions(img.Version, row.versions) != 0:
		return fmt.Sprintf("%s is version %s, and cgr.dev/chainguard/%s:latest was %s when it was recorded", img.Ref, img.Version, row.name, row.versions)
	}
	return frozen(img, tag)
}

func chainguardNotes(ref Ref, row hardenedRow, use Use, o ChainguardOptions) []string {
	var notes []string
	if o.Org == "" {
		notes = append(notes, fmt.Sprintf("%s moves to each new version; it was %s when it was recorded", ref, row.versions))
	} else {
		notes = append(notes, fmt.Sprintf("the tags of cgr.dev/%s are not recorded, so nobody checked that %s exists", o.Org, ref))
	}
	switch {
	case use == Builder && row.account.Name != "":
		notes = append(notes, fmt.Sprintf("%s runs as %s, so installing packages wants USER root first", ref, row.account.Name))
	case use == Runtime:
		notes = append(notes, fmt.Sprintf("%s is not sure to have a shell, and has no package manager", ref))
	}
	return notes
}

// minorVersion cuts a version after its minor number, as cgr.dev's tags do.
func minorVersion(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(len(parts), 2)], ".")
}
