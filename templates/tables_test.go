package templates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestDistroless(t *testing.T) {
	for _, c := range []struct {
		kind  string
		major int
		want  string
	}{
		{"static", 0, "gcr.io/distroless/static-debian13"}, {"base", 0, "gcr.io/distroless/base-debian13"}, {"cc", 0, "gcr.io/distroless/cc-debian13"},
		{"nodejs", 22, "gcr.io/distroless/nodejs22-debian13"}, {"nodejs", 24, "gcr.io/distroless/nodejs24-debian13"}, {"nodejs", 26, "gcr.io/distroless/nodejs26-debian13"},
		{"nodejs", 18, ""}, {"nodejs", 20, ""}, {"nodejs", 0, ""}, {"java", 17, "gcr.io/distroless/java17-debian13"}, {"java", 11, ""}, {"java", 8, ""},
		{"python3", 3, "gcr.io/distroless/python3-debian13"}, {"python3", 0, "gcr.io/distroless/python3-debian13"}, {"python3", 2, ""}, {"ruby", 3, ""}, {"static", 1, ""},
	} {
		got, ok := Distroless(c.kind, c.major)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("Distroless(%s, %d) = %q, %v", c.kind, c.major, got, ok)
		}
		if ok && !slices.Contains(DistrolessArches(c.kind, c.major), "amd64") {
			t.Errorf("%s is not for amd64", got)
		}
	}
	if slices.Contains(DistrolessArches("nodejs", 24), "arm") || !slices.Contains(DistrolessArches("nodejs", 22), "arm") {
		t.Error("nodejs24 is not for 32-bit arm, nodejs22 is")
	}
}

func TestRunsOn(t *testing.T) {
	for _, c := range []struct {
		built, run string
		ok, known  bool
	}{
		{"bookworm", "trixie", true, true}, {"trixie", "bookworm", false, true}, {"bullseye", "bullseye", true, true},
		{"trixie", "jammy", false, true}, {"bullseye", "focal", true, true}, {"jammy", "bookworm", true, true},
		{"bookworm", "alpine3.19", false, true}, {"alpine3.19", "bookworm", false, true}, {"alpine3.19", "alpine3.20", false, false},
		{"", "trixie", false, false}, {"resolute", "trixie", false, false}, {"trixie", "resolute", false, false},
	} {
		if ok, known := RunsOn(c.built, c.run); ok != c.ok || known != c.known {
			t.Errorf("RunsOn(%s, %s) = %v, %v", c.built, c.run, ok, known)
		}
	}
	i, _ := Lookup("golang:1.20.3")
	if ok, known := i.RunsOn(DistrolessSuite); !ok || !known {
		t.Error("golang:1.20.3 stands on bookworm at most and so runs on trixie")
	}
	if ok, _ := i.RunsOn("buster"); ok {
		t.Error("golang:1.20.3 may stand on bookworm and so may not run on buster")
	}
}

func TestGlibcAndDebianSlim(t *testing.T) {
	for suite, want := range map[string]string{"buster": "2.28", "bullseye": "2.31", "bookworm": "2.36", "trixie": "2.41", "focal": "2.31", "jammy": "2.35", "noble": "2.39", "debian12": "2.36", "alpine3.19": "", "x": ""} {
		major, minor, ok := GlibcOf(suite)
		if got := fmt.Sprintf("%d.%d", major, minor); ok != (want != "") || ok && got != want {
			t.Errorf("GlibcOf(%s) = %s, %v", suite, got, ok)
		}
	}
	for suite, want := range map[string]string{"bookworm": "debian:bookworm-slim", "buster": "debian:buster-slim", "trixie": "debian:trixie-slim", "noble": "", "alpine3.19": "", "": ""} {
		if got, ok := DebianSlimFor(suite); ok != (want != "") || ok && got != want {
			t.Errorf("DebianSlimFor(%s) = %s, %v", suite, got, ok)
		}
	}
}

func TestPackages(t *testing.T) {
	for _, c := range []struct {
		name                     string
		kind                     Kind
		alpine, bookworm, trixie string // at run time; "?" not known
		buildOnly                bool
	}{
		{"libpq-dev", DevLibrary, "libpq", "libpq5", "libpq5", false},
		{"libssl-dev", DevLibrary, "libssl3 libcrypto3", "libssl3", "libssl3t64", false},
		{"make", BuildTool, "", "", "", true},
		{"build-essential", BuildTool, "libstdc++ libgcc", "", "", false},
		{"curl", Program, "curl", "curl", "curl", false},
		{"libpq5", Library, "libpq", "libpq5", "libpq5", false},
		{"apt-transport-https", Needless, "", "", "", true},
		{"openjdk-17-jdk", BuildTool, "openjdk17-jre", "openjdk-17-jre", "?", false},
		{"python3-pip", BuildTool, "python3", "python3", "python3", false},
		{"gfortran", BuildTool, "libgfortran libquadmath libgcc", "libgfortran5", "libgfortran5", false},
		{"libssl1.1", Library, "?", "?", "?", false},
	} {
		p, ok := Package(c.name)
		if !ok || p.Kind != c.kind || p.BuildOnly() != c.buildOnly {
			t.Errorf("Package(%s) = %+v, %v; build only %v", c.name, p, ok, p.BuildOnly())
		}
		runtime := func(names []string, known bool) string {
			if !known {
				return "?"
			}
			return strings.Join(names, " ")
		}
		got := []string{runtime(p.AlpineRuntime()), runtime(p.DebianRuntime("bookworm")), runtime(p.DebianRuntime("trixie"))}
		if want := []string{c.alpine, c.bookworm, c.trixie}; !slices.Equal(got, want) {
			t.Errorf("%s at run time: %q, want %q", c.name, got, want)
		}
	}
}

func TestPackagesUnknown(t *testing.T) {
	if _, ok := Package("no-such-package"); ok {
		t.Error("a package that is not in the table is known")
	}
	p, _ := Package("libpq-dev")
	if _, known := p.DebianRuntime("buster"); known {
		t.Error("buster is not recorded")
	}
	if p.InAlpine("alpine3.14") || !p.InAlpine("alpine3.15") || !p.InAlpine("") || p.InAlpine("alpine3.9") || p.InAlpine("3.18") {
		t.Error("libpq-dev is in Alpine since 3.15")
	}
	netcat, _ := Package("netcat")
	if ok, known := netcat.In("bookworm"); ok || !known {
		t.Error("netcat has two providers, so apt cannot install it by that name")
	}
	ssl, _ := Package("libssl3")
	if ok, known := ssl.In("trixie"); !ok || !known {
		t.Error("one package provides libssl3 in trixie")
	}
	if p, _ := Package("adduser"); !p.BusyBox || p.NoAlpine {
		t.Error("adduser is an applet of busybox")
	}
	if p, _ := Package("wkhtmltopdf"); !p.NoAlpine {
		t.Error("Alpine has no wkhtmltopdf")
	}
}

func TestPackageTables(t *testing.T) {
	if n := len(packages()); n < 900 || n != len(rows(packagesText)) {
		t.Errorf("%d Debian packages in %d rows", n, len(rows(packagesText)))
	}
	if n := len(rpms()); n < 200 || n != len(rows(rpmText)) {
		t.Errorf("%d rpms in %d rows", n, len(rows(rpmText)))
	}
	for name, p := range packages() {
		if !p.NoAlpine && !p.BusyBox && p.AlpineBuild == nil && p.Kind != Needless && p.Note == "" {
			t.Errorf("%s: no Alpine package and no word why", name)
		}
	}
	if p, ok := RPM("gcc-c++"); !ok || !slices.Equal(p.AlpineBuild, []string{"g++"}) || p.BuildOnly() {
		t.Errorf("gcc-c++ = %+v", p)
	}
}

func TestUserCommands(t *testing.T) {
	debian := "groupadd --gid 10001 app && useradd --no-log-init --uid 10001 --gid app --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app"
	for distro, want := range map[string]string{
		"debian": debian, "ubuntu": debian, "rhel": strings.ReplaceAll(debian, "/usr/sbin", "/sbin"), "amazon": strings.ReplaceAll(debian, "/usr/sbin", "/sbin"),
		"alpine":     "addgroup -S -g 10001 app && adduser -S -D -H -u 10001 -G app -h /nonexistent -s /sbin/nologin app",
		"distroless": "", "scratch": "", "unknown": "", "": "",
	} {
		if got, ok := UserCommands(distro, "app", AppID, AppID, ""); got != want || ok != (want != "") {
			t.Errorf("UserCommands(%s) = %q, %v", distro, got, ok)
		}
	}
	for _, c := range []struct {
		name, home string
		uid        int
	}{
		{"App", "", 1}, {"", "", 1}, {"a b", "", 1}, {"a;b", "", 1}, {"-a", "", 1}, {"app", "home", 1}, {"app", "/a b", 1}, {"app", "/a/../b", 1}, {"app", "/$HOME", 1}, {"app", "", 0}, {"app", "", 65534},
	} {
		if got, ok := UserCommands("debian", c.name, c.uid, AppID, c.home); ok {
			t.Errorf("UserCommands with %+v = %q", c, got)
		}
	}
}
