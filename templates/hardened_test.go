package templates

import (
	"slices"
	"strings"
	"testing"
)

func hardened(h Hardened) string {
	if !h.OK {
		return "-"
	}
	user := h.Account.Name
	if user == "" {
		user = "root"
	}
	return h.Ref.String() + " " + user
}

func TestDHI(t *testing.T) {
	for _, c := range []struct{ in, run, build string }{
		{"python:3.13", "dhi.io/python:3.13-debian13 nonroot", "dhi.io/python:3.13-debian13-dev root"},
		{"python:3.12-slim-bookworm", "dhi.io/python:3.12-debian12 nonroot", "dhi.io/python:3.12-debian12-dev root"},
		{"python:3.13-alpine3.23", "dhi.io/python:3.13-alpine3.23 nonroot", "dhi.io/python:3.13-alpine3.23-dev root"},
		{"node:24", "dhi.io/node:24-debian12 node", "dhi.io/node:24-debian12-dev root"},
		{"node:18", "-", "-"},
		{"python", "-", "-"},
		{"python:3.13.1", "-", "-"},
		{"python:3.13@" + digest, "-", "-"},
		{"php:8.4-fpm", "dhi.io/php:8.4-debian13-fpm nonroot", "dhi.io/php:8.4-debian13-dev root"},
		{"php:8.4-apache", "-", "-"},
		{"eclipse-temurin:21-jre", "dhi.io/eclipse-temurin:21-debian13 nonroot", "dhi.io/eclipse-temurin:21-jdk-debian13-dev root"},
		{"mcr.microsoft.com/dotnet/sdk:10.0", "-", "dhi.io/dotnet:10.0-sdk-debian13 root"},
		{"mcr.microsoft.com/dotnet/aspnet:10.0", "dhi.io/aspnetcore:10.0-debian13 nonroot", "dhi.io/aspnetcore:10.0-debian13-dev root"},
		{"ghost:6", "-", "-"},
	} {
		i, ok := Lookup(c.in)
		if !ok {
			t.Errorf("%s is not known", c.in)
			continue
		}
		if got := hardened(DHI(&i, Runtime)); got != c.run {
			t.Errorf("DHI(%s) to run = %s, want %s", c.in, got, c.run)
		}
		if got := hardened(DHI(&i, Builder)); got != c.build {
			t.Errorf("DHI(%s) to build = %s, want %s", c.in, got, c.build)
		}
	}
}

func TestChainguard(t *testing.T) {
	float, org := ChainguardOptions{Float: true}, ChainguardOptions{Org: "example"}
	for _, c := range []struct {
		in   string
		use  Use
		o    ChainguardOptions
		want string
	}{
		{"python:3.14", Runtime, float, "cgr.dev/chainguard/python:latest nonroot"},
		{"python:3.14", Builder, float, "cgr.dev/chainguard/python:latest-dev nonroot"},
		{"python", Runtime, float, "cgr.dev/chainguard/python:latest nonroot"},
		{"python:3.14", Runtime, ChainguardOptions{}, "-"},
		{"python:3.12", Runtime, float, "-"},
		{"python:3.12", Runtime, org, "cgr.dev/example/python:3.12 nonroot"},
		{"python:3.12.4-slim", Builder, org, "cgr.dev/example/python:3.12-dev nonroot"},
		{"python", Runtime, org, "-"},
		{"python:3.14-alpine", Runtime, float, "-"},
		{"golang:1.27", Builder, float, "cgr.dev/chainguard/go:latest-dev root"},
		{"golang:1.27", Runtime, float, "-"},
		{"eclipse-temurin:17-jdk", Runtime, org, "cgr.dev/example/jre:17 nonroot"},
		{"php:8.5-fpm", Runtime, float, "cgr.dev/chainguard/php:latest-fpm nonroot"},
		{"php:8.5-apache", Runtime, float, "-"},
	} {
		i, _ := Lookup(c.in)
		if got := hardened(Chainguard(&i, c.use, c.o)); got != c.want {
			t.Errorf("Chainguard(%s, %d, %+v) = %s, want %s", c.in, c.use, c.o, got, c.want)
		}
	}
}

// Asked for every recorded tag of every image, the rules of the hardened
// families write nothing that their tables do not have, and give a reason where
// they write nothing.
func TestEveryHardenedTagIsRecorded(t *testing.T) {
	recorded := map[string]bool{}
	for _, images := range dhiImages() {
		for _, row := range images {
			for version := range strings.FieldsSeq(row.versions) {
				recorded["dhi.io/"+row.name+":"+strings.Replace(row.tag, "*", version, 1)] = true
			}
		}
	}
	for _, row := range chainguardImages() {
		for _, tag := range []string{"latest", "latest-dev", "latest-fpm"} {
			recorded["cgr.dev/chainguard/"+row.name+":"+tag] = tag != "latest-fpm" || row.name == "php"
		}
	}
	asked, found := 0, 0
	eachTag(func(image, tag, _, _ string) {
		if asked++; testing.Short() && asked%7 != 0 {
			return
		}
		i, _ := refOf(image, tag).Image()
		for _, use := range []Use{Runtime, Builder} {
			for _, h := range []Hardened{DHI(&i, use), Chainguard(&i, use, ChainguardOptions{Float: true})} {
				switch {
				case h.OK && !recorded[h.Ref.String()]:
					t.Errorf("%s:%s to %s, which is not recorded", image, tag, h.Ref)
				case h.OK == (h.Why != ""):
					t.Errorf("%s:%s: neither an image nor a reason, or both: %+v", image, tag, h)
				case h.OK:
					found++
				}
			}
		}
	})
	t.Logf("%d recorded tags, %d hardened images, %d recorded", asked, found, len(recorded))
	if !testing.Short() && found < 200 {
		t.Errorf("only %d hardened images for %d tags", found, asked)
	}
}

// Users of Alpine are told of musl, users of Debian of the login.
func TestHardenedNotes(t *testing.T) {
	i, _ := Lookup("python:3.13")
	if h := DHI(&i, Runtime); !slices.ContainsFunc(h.Notes, func(n string) bool { return strings.Contains(n, "login") }) || h.Account.UID != 65532 {
		t.Errorf("DHI(python:3.13) = %+v", h)
	}
	i, _ = Lookup("python:3.14-alpine")
	if h := Chainguard(&i, Runtime, ChainguardOptions{Float: true}); !strings.Contains(h.Why, "musl") {
		t.Errorf("Chainguard(python:3.14-alpine) = %+v", h)
	}
}
