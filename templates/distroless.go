package templates

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed data/distroless.tsv
var distrolessText string

// Distroless gives the name, without a tag, of the distroless image of a kind
// ("static", "base", "base-nossl", "cc", "java-base", "nodejs", "java",
// "python3") that is kept up. major is the version for nodejs and java, 0 or 3
// for python3, 0 for the others. The tags are latest, nonroot, debug and
// debug-nonroot; latest runs as root.
func Distroless(kind string, major int) (ref string, ok bool) {
	version := ""
	switch {
	case kind == "python3" && major == 3:
	case major != 0:
		version = strconv.Itoa(major)
	}
	for _, row := range rows(distrolessText) {
		if row[0] == kind && row[1] == version {
			return "gcr.io/distroless/" + kind + version + "-debian13", true
		}
	}
	return "", false
}

// DistrolessPython is the one minor version of Python that distroless carries.
const DistrolessPython = "3.13"

// DistrolessSuite is the release that the distroless images given by Distroless
// stand on.
const DistrolessSuite = "trixie"

// DistrolessArches gives the architectures for which such an image is published.
func DistrolessArches(kind string, major int) []string {
	ref, ok := Distroless(kind, major)
	if !ok {
		return nil
	}
	name := strings.TrimSuffix(strings.TrimPrefix(ref, "gcr.io/distroless/"), "-debian13")
	for _, row := range rows(distrolessText) {
		if row[0]+row[1] == name {
			return strings.Fields(row[2])
		}
	}
	return nil
}
