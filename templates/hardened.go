package templates

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed data/dhi.tsv
var dhiText string

// Use says what an image of a hardened family is wanted for.
type Use int

const (
	Runtime Use = iota // to start the program on: no shell, no package manager
	Builder            // to build in: a shell and a package manager
)

// Hardened is what a family of hardened images has for an image.
type Hardened struct {
	Counterpart
	// Account is the one that it runs as; without a name it is root. The UID is
	// 0 where it is not recorded.
	Account Account
}

// hardenedRow is one row of a family's table.
type hardenedRow struct {
	name, tag, versions string
	account             Account
}

func newAccount(name, ids string) Account {
	a := Account{Name: name}
	if name == "root" {
		return Account{}
	}
	if _, err := fmt.Sscanf(ids, "%d:%d", &a.UID, &a.GID); err != nil {
		return Account{Name: name}
	}
	return a
}

var dhiImages = sync.OnceValue(func() map[string][]hardenedRow {
	all := map[string][]hardenedRow{}
	for _, row := range rows(dhiText) {
		all[row[0]] = append(all[row[0]], hardenedRow{name: row[1], tag: row[2], account: newAccount(row[3], row[4]), versions: row[5]})
	}
	return all
})

// DHI gives the image of dhi.io for the same version: on the distribution that
// the image stands on where there is one, else on the newest of its C library.
// Only tags that were recorded are given. Where there is none, Why says so.
func DHI(img *Image, use Use) Hardened {
	family, tag := img.Family, splitTag(img.Ref.Tag)
	sdk := family == dotnet+"sdk"
	if sdk {
		family = dotnet + "runtime" // one image has both
	}
	images := dhiImages()[family]
	if why := dhiRefuses(img, tag, use, len(images) > 0); why != "" {
		return Hardened{Counterpart: Counterpart{Why: why}}
	}
	for _, distro := range dhiDistros(img) {
		want := dhiTag(family, tag, distro, use, sdk)
		for _, row := range images {
			if row.tag == want && slices.Contains(strings.Fields(row.versions), img.Version) {
				return row.dhi(img, distro, use)
			}
		}
	}
	return Hardened{Counterpart: Counterpart{Why: fmt.Sprintf("dhi.io was not recorded with %s %s for that use", family, img.Version)}}
}

// dhiRefuses gives the reason for which no image of dhi.io can stand in.
func dhiRefuses(img *Image, tag tagParts, use Use, there bool) string {
	switch {
	case img.Ref.Digest != "":
		return fmt.Sprintf("%s is pinned by digest, and the digest of another build is not recorded", img.Ref)
	case !there:
		return fmt.Sprintf("dhi.io was not recorded with an image for %s", img.Family)
	case img.Version == "":
		return fmt.Sprintf("%s names no version, and dhi.io has no tag without one", img.Ref)
	case tag.patch():
		return fmt.Sprintf("%s names a full patch version, and those of dhi.io are not recorded", img.Ref)
	case img.Family == dotnet+"sdk" && use == Runtime:
		return fmt.Sprintf("%s is for building, and a program runs on the runtime image", img.Ref)
	}
	if word := ownBuild(tag); word != "" {
		return fmt.Sprintf("%s is a build of its own (%s), which dhi.io was not recorded with", img.Ref, word)
	}
	return frozen(img, tag)
}

// frozen gives the reason against a tag that was dropped and does not name the
// minor version at which it stopped.
func frozen(img *Image, tag tagParts) string {
	if img.Last == "" || tag.exact() {
		return ""
	}
	return fmt.Sprintf("%s was dropped on %s, and its tag does not tell the minor version at which it stopped", img.Ref, img.Last)
}

// ownBuild gives the word of a tag that says more than version, size and
// distribution, "" for none.
func ownBuild(tag tagParts) string {
	for i, word := range tag {
		_, release := SystemOf(word)
		plain := slices.Contains([]string{"slim", "alpine", "jdk", "jre", "cli", "fpm", "sdk", "headless"}, word)
		if !plain && !release && !(i == 0 && tag.version() != "") && word != "latest" {
			return word
		}
	}
	return ""
}

// dhiDistros gives the words for the distributions to look for, the image's own
// first.
func dhiDistros(img *Image) []string {
	if img.Libc == "musl" {
		all := []string{img.Suite}
		for minor := newestAlpine; minor >= 22; minor-- {
			all = append(all, fmt.Sprintf("alpine3.%d", minor))
		}
		return all
	}
	if s, ok := SystemOf(img.Suite); ok && s.Distro == "debian" {
		return []string{"debian" + s.Version, "debian13"}
	}
	return []string{"debian13"}
}

// dhiTag writes a tag as dhi.io does, with "*" for the version.
func dhiTag(family string, tag tagParts, distro string, use Use, sdk bool) string {
	switch {
	case sdk:
		return "*-sdk-" + distro
	case use == Builder && family == "eclipse-temurin":
		return "*-jdk-" + distro + "-dev"
	case use == Builder:
		return "*-" + distro + "-dev"
	case slices.Contains(tag, "fpm"):
		return "*-" + distro + "-fpm"
	}
	return "*-" + distro
}

// dhi makes the answer of a row.
func (row hardenedRow) dhi(img *Image, distro string, use Use) Hardened {
	to := distro
	if s, ok := SystemOf(distro); ok {
		to = s.Name
	}
	tag := strings.Replace(row.tag, "*", img.Version, 1)
	ref := Ref{Registry: "dhi.io", Repository: row.name, Tag: tag, written: "dhi.io/" + row.name}
	c := Counterpart{OK: true, Ref: ref, From: img.Suite, To: to, Moves: to != img.Suite,
		Notes: []string{"dhi.io wants a login, which a free Docker account gives"}}
	if use == Runtime {
		c.Notes = append(c.Notes, fmt.Sprintf("%s has no shell and no package manager", ref))
	}
	return Hardened{Counterpart: c, Account: row.account}
}
