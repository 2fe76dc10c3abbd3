package templates

import (
	"regexp"
	"strings"
	"testing"
)

// eachTag calls f for every entry of the record, in its order.
func eachTag(f func(image, tag, suite, life string)) {
	image := ""
	for line := range strings.SplitSeq(strings.TrimSuffix(tagsText, "\n"), "\n") {
		if name, ok := strings.CutPrefix(line, "= "); ok {
			image = name
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			continue
		}
		for entry := range strings.FieldsSeq(cells[2]) {
			tag, life, _ := strings.Cut(entry, "@")
			if cells[0] != "-" {
				tag += "-" + cells[0]
			}
			f(image, tag, cells[1], life)
		}
	}
}

func TestRecordIsWellFormed(t *testing.T) {
	life := regexp.MustCompile(`^([0-9]{6}-([0-9]{6})?)?$`)
	seen := map[string]bool{}
	eachTag(func(image, tag, suite, days string) {
		key := image + ":" + tag
		if image == "" || seen[key] || !life.MatchString(days) {
			t.Errorf("%s (%s, %q) has no image, or occurs twice, or has no days", key, suite, days)
		}
		seen[key] = true
		if _, ok := SystemOf(suite); !ok && suite != "?" && suite != "alpine" {
			t.Errorf("%s stands on %s, which systems.tsv does not have", key, suite)
		}
	})
	if len(seen) < 15000 {
		t.Errorf("only %d tags", len(seen))
	}
}

// Every entry is found again by the way that rules look.
func TestRecordIsFound(t *testing.T) {
	lists := map[string]tagList{}
	eachTag(func(image, tag, suite, _ string) {
		if lists[image] == "" {
			lists[image] = tagsOf(image)
		}
		r, ok := lists[image].find(tag)
		if !ok || r.suite != strings.TrimPrefix(suite, "?") || len(r.first) != 6 {
			t.Errorf("%s:%s is found as %+v, %v", image, tag, r, ok)
		}
	})
}

func TestTagExists(t *testing.T) {
	for _, c := range []struct {
		image, tag    string
		exists, known bool
	}{
		{"golang", "1.20", true, true},
		{"library/golang", "1.20-alpine3.19", true, true},
		{"docker.io/library/golang", "1.20-bookworm", true, true},
		{"golang", "1.20-slim", false, true},
		{"golang", "slim", false, true},
		{"php", "8.1-slim", false, true},
		{"php", "8.1-apache-alpine", false, true},
		{"nginx", "1.25-slim", false, true},
		{"httpd", "2.4-slim", false, true},
		{"openjdk", "11-jre-alpine", false, true},
		{"openjdk", "17-jre", false, true},
		{"openjdk", "17-jre-slim", false, true},
		{"openjdk", "8-jre-alpine", true, true},
		{"perl", "5.36-alpine", false, true},
		{"haskell", "9.2-alpine", false, true},
		{"dart", "3.0-alpine", false, true},
		{"gcc", "12-alpine", false, true},
		{"mysql", "8.0-alpine", false, true},
		{"mariadb", "10.6-alpine", false, true},
		{"mongo", "6.0-alpine", false, true},
		{"node", "24-lts-alpine", false, true},
		{"mcr.microsoft.com/dotnet/aspnet", "8.0-slim", false, true},
		{"mcr.microsoft.com/dotnet/aspnet", "8.0-bookworm-slim", true, true},
		{"node", "18.12.1", false, false},
		{"node", "99", false, false},
		{"golang", "1.27-alpine3.25", false, false},
		{"debian", "bookworm-20230522-slim", false, false},
		{"bitnami/redis", "7", false, false},
		{"", "1", false, false},
		{"node", "", false, false},
		{"node", "18\n= x", false, false},
	} {
		exists, known := TagExists(c.image, c.tag)
		if c.tag == "" || strings.Contains(c.tag, "\n") {
			if exists {
				t.Errorf("TagExists(%q, %q) exists", c.image, c.tag)
			}
			continue
		}
		if exists != c.exists || known != c.known {
			t.Errorf("TagExists(%q, %q) = %v, %v, want %v, %v", c.image, c.tag, exists, known, c.exists, c.known)
		}
	}
}
