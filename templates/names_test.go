package templates

import (
	_ "embed"
	"slices"
	"strings"
	"testing"
)

//go:embed data/alpine-names.txt
var alpineNamesText string

// Every name that the tables give for Alpine is one that a release from 3.18 to
// 3.24 had, but for those of rows that end before.
func TestAlpineNamesAreRecorded(t *testing.T) {
	recorded := map[string]bool{}
	for name := range strings.Lines(alpineNamesText) {
		recorded[strings.TrimSpace(name)] = true
	}
	checked, ended := 0, 0
	for _, table := range []map[string]Pkg{packages(), rpms()} {
		for _, p := range table {
			run, _ := p.AlpineRuntime()
			for _, name := range append(slices.Clone(p.AlpineBuild), run...) {
				if p.lastAlpine != 0 && p.lastAlpine < 18 {
					ended++
					continue
				}
				if checked++; !recorded[name] && !virtualInAlpine[name] {
					t.Errorf("%s: Alpine has no %s", p.Name, name)
				}
			}
		}
	}
	if checked < 1500 {
		t.Errorf("only %d names were checked", checked)
	}
	t.Logf("%d Alpine names in %d recorded ones, %d of rows that ended before 3.18", checked, len(recorded), ended)
}

// virtualInAlpine are the names that another package provides, by the record of
// which packages provide what (knowledge C.md).
var virtualInAlpine = map[string]bool{"openssh-client": true, "clang-dev": true, "clang-libs": true}

// The survey of bookworm and trixie agrees with their package indices.
func TestSurveyAgreesWithTheIndices(t *testing.T) {
	for _, p := range packages() {
		for _, in := range p.in {
			letter, _, _ := strings.Cut(in, ":")
			if !slices.ContainsFunc(debianNames()[p.Name], func(have string) bool { return strings.HasPrefix(have, letter) }) {
				t.Errorf("%s: the survey has it in %s, the index has not", p.Name, letter)
			}
		}
	}
}

func TestRunTimeOfOtherReleases(t *testing.T) {
	for _, c := range []struct{ name, bullseye, focal, jammy, noble string }{
		{"libffi-dev", "libffi7", "libffi7", "libffi8", "libffi8"},
		{"libpq-dev", "libpq5", "libpq5", "libpq5", "libpq5"},
		{"libicu-dev", "libicu67", "libicu66", "libicu70", "libicu74"},
		{"libssl-dev", "libssl1.1", "libssl1.1", "libssl3", "libssl3t64"},
		{"libjpeg-dev", "libjpeg62-turbo", "libjpeg8", "libjpeg8", "libjpeg8"},
		{"curl", "curl", "curl", "curl", "curl"},
		{"make", "", "", "", ""},
		{"tk-dev", "libtk8.6", "libtk8.6", "libtk8.6", "libtk8.6"},
		{"dialog", "dialog", "dialog", "dialog", "dialog"},
		{"ed", "ed", "ed", "ed", "ed"},
		{"libicu72", "?", "?", "?", "?"},
		{"awscli", "awscli", "awscli", "awscli", "?"},
	} {
		p, _ := Package(c.name)
		for suite, want := range map[string]string{"bullseye": c.bullseye, "focal": c.focal, "jammy": c.jammy, "noble": c.noble} {
			names, known := p.DebianRuntime(suite)
			got := strings.Join(names, " ")
			if !known {
				got = "?"
			}
			if got != want {
				t.Errorf("%s on %s at run time: %q, want %q", c.name, suite, got, want)
			}
		}
	}
	p, _ := Package("libpq-dev")
	for _, suite := range []string{"buster", "stretch", "bionic", "alpine3.19", ""} {
		if _, known := p.DebianRuntime(suite); known {
			t.Errorf("%s is not recorded", suite)
		}
		if _, known := p.In(suite); known {
			t.Errorf("%s is not recorded", suite)
		}
	}
}

func TestAlpinePackage(t *testing.T) {
	for name, want := range map[string]string{"curl": "curl", "libpq-dev": "libpq-dev", "bash": "bash", "openssl-dev": "libssl-dev", "tk-dev": "tk-dev", "ed": "ed", "dialog": "dialog", "no-such": ""} {
		got, ok := AlpinePackage(name)
		if ok != (want != "") || ok && got[0] != want {
			t.Errorf("AlpinePackage(%s) = %q, %v, want %q", name, got, ok, want)
		}
	}
}
