package templates

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every table: groups with their source and date before the first row, and no
// row twice.
func TestTablesAreSourced(t *testing.T) {
	for name, text := range map[string]string{
		"tags": tagsText, "images": imagesText, "systems": systemsText, "packages": packagesText,
		"rpm": rpmText, "eol": eolText, "distroless": distrolessText, "undescribed": undescribedText, "dhi": dhiText, "chainguard": chainguardText,
		"releases": releasesText, "debian names": namesText, "alpine names": alpineNamesText,
	} {
		checkGroups(t, name, text)
	}
}

func checkGroups(t *testing.T, name, text string) {
	t.Helper()
	var group []string
	seen := map[string]bool{}
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "# group: "):
			group = []string{"group"}
		case strings.HasPrefix(line, "# source: ") && len(group) == 1:
			group = append(group, "source")
		case regexp.MustCompile(`^# date: 20\d\d-\d\d-\d\d$`).MatchString(line) && len(group) == 2:
			group = append(group, "date")
		case strings.HasPrefix(line, "#"):
		case len(group) != 3:
			t.Fatalf("%s:%d: a row without group, source and date", name, n+1)
		case name != "tags" && seen[line] || line != strings.TrimRight(line, " ") || line == "":
			t.Errorf("%s:%d: %q is empty, occurs twice, or ends in a blank", name, n+1, line)
		default:
			seen[line] = true
		}
	}
}

func TestImageRows(t *testing.T) {
	kinds := strings.Fields("base suite like libc packages shell usertools user workdir stopsignal needsroot drops entrypoint cmd unknown env account expose volume installed tools")
	for _, row := range rows(imagesText) {
		if len(row) != 4 {
			t.Errorf("%q has %d columns", row, len(row))
			continue
		}
		if !slices.Contains(kinds, row[2]) {
			t.Errorf("%q: no such fact", row)
		}
		checkImageValue(t, row[2], row[3])
		if strings.HasPrefix(row[2], "entrypoint") && row[1] == "" {
			t.Errorf("%q has no condition", row)
		}
	}
}

func checkImageValue(t *testing.T, fact, value string) {
	t.Helper()
	switch fact {
	case "entrypoint", "cmd":
		if list := argv(value); list == nil {
			t.Errorf("%s %s is not a list", fact, value)
		}
	case "account":
		f := &filler{}
		if f.account(value); value != "none" && (len(f.accounts) != 1 || f.accounts[0].Home == "") {
			t.Errorf("account %s cannot be read", value)
		}
	case "like":
		if name, _ := likeOf(value, nil); len(factsOf(name)) == 0 {
			t.Errorf("like %s: no such image", value)
		}
	case "base":
		if len(factsOf("@"+value)) == 0 {
			t.Errorf("base %s: no such distribution", value)
		}
	case "suite":
		if _, ok := SystemOf(value); !ok {
			t.Errorf("suite %s: no such release", value)
		}
	}
}

// Every image with recorded tags has facts, so that a counterpart can be judged.
func TestRecordedImagesHaveFacts(t *testing.T) {
	for image := range tagIndex() {
		if len(factsOf(image)) == 0 {
			t.Errorf("%s has recorded tags and no facts", image)
		}
	}
}

// Every recorded tag leads to an image whose distribution, C library and
// package manager are known, but for those that do not tell.
func TestRecordedTagsAreKnown(t *testing.T) {
	unknown := map[string]int{}
	n := 0
	eachTag(func(image, tag, suite, _ string) {
		if n++; testing.Short() && n%7 != 0 {
			return
		}
		i, ok := Lookup(image + ":" + tag)
		if !ok {
			t.Fatalf("%s:%s is not known", image, tag)
		}
		if i.Distro == "unknown" {
			unknown[image]++
			return
		}
		if i.Libc == "" || i.PackageManager == "" {
			t.Errorf("%s:%s: C library %q, package manager %q", image, tag, i.Libc, i.PackageManager)
		}
		if s, ok := SystemOf(suite); ok && s.Distro != i.Distro {
			t.Errorf("%s:%s stands on %s and is taken for %s", image, tag, suite, i.Distro)
		}
	})
	for image, n := range unknown {
		if !slices.Contains([]string{"maven", "tomcat", "jetty", "mysql", "kong", "percona"}, image) {
			t.Errorf("%d tags of %s stand on nothing known", n, image)
		}
	}
}
