package proof

import (
	"fmt"
	"testing"

	image "github.com/moby/docker-image-spec/specs-go/v1"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

func TestConfig(t *testing.T) {
	type cfg = image.DockerOCIImageConfig
	check := func(c *cfg, words ...string) { c.Healthcheck = &image.HealthcheckConfig{Test: words} }
	keep := func(*cfg) {}
	const hidden = "API_TOKEN"
	tests := []struct {
		name          string
		before, after func(*cfg)
		expect        func(*Expect)
		want          []string
	}{
		{"EXPOSE lost", keep, func(c *cfg) { c.ExposedPorts = nil }, nil, []string{"broken EXPOSE 8080/tcp: declared > lost (the author declared it)"}},
		{"EXPOSE of the base lost", func(c *cfg) { c.ExposedPorts["443/tcp"] = struct{}{} }, keep, nil, []string{"differs EXPOSE of the base image: 443/tcp > "}},
		{"EXPOSE added", keep, func(c *cfg) { c.ExposedPorts["443"] = struct{}{} }, nil, []string{"differs EXPOSE:  > 443/tcp (it was not declared before)"}},
		{"VOLUME lost", keep, func(c *cfg) { c.Volumes = nil }, nil, []string{"broken VOLUME /data: declared > lost (the author declared it)"}},
		{"VOLUME of the base lost", func(c *cfg) { c.Volumes["/var/lib/x"] = struct{}{} }, keep, nil, []string{"differs VOLUME of the base image: /var/lib/x > "}},
		{"VOLUME added", keep, func(c *cfg) { c.Volumes["/x/"] = struct{}{} }, nil, []string{"differs VOLUME:  > /x (it was not declared before)"}},
		{"LABEL lost", keep, func(c *cfg) { delete(c.Labels, "a") }, nil, []string{"broken LABEL a: 1 > lost (the author set it)"}},
		{"LABEL changed", keep, func(c *cfg) { c.Labels["a"] = "2" }, nil, []string{"broken LABEL a: 1 > 2 (the author set it)"}},
		{"LABEL of the base", keep, func(c *cfg) { delete(c.Labels, "base") }, nil, []string{"differs LABEL of the base image: base >  (lost, or with another value)"}},
		{"LABEL added", keep, func(c *cfg) { c.Labels["b"] = "2" }, nil, []string{"differs LABEL:  > b (it was not set before)"}},

		{"ENV changed", keep, func(c *cfg) { c.Env[1] = "MODE=dev" }, nil, []string{"broken ENV MODE: prod > dev (the author set it)"}},
		{"ENV emptied", keep, func(c *cfg) { c.Env[1] = "MODE=" }, nil, []string{`broken ENV MODE: prod > "" (the author set it)`}},
		{"ENV dropped on purpose", keep, func(c *cfg) { c.Env[1] = "X=" }, func(e *Expect) { e.Dropped = []string{"MODE"} }, []string{"differs other ENV: 3 variables > 3 variables (gone: MODE; new: X)"}},
		{"ENV of the base", keep, func(c *cfg) { c.Env[2] = "GOLANG_VERSION=2" }, nil, []string{"differs other ENV: 3 variables > 3 variables (another value: GOLANG_VERSION)"}},
		{"ENV with a secret", func(c *cfg) { c.Env[1] = hidden + "=x" }, func(c *cfg) { c.Env[1] = hidden + "=y" }, func(e *Expect) { e.Own = append(e.Own, hidden) }, []string{"broken ENV " + hidden + ": (hidden) > (hidden) (the author set it)"}},
		{"PATH, a folder of the base", func(c *cfg) { c.Env[0] = "PATH=/usr/local/go/bin:/usr/bin:/bin" }, keep, nil, []string{"differs other ENV: 3 variables > 3 variables (another value: PATH)"}},
		{"PATH, a folder with programs", func(c *cfg) { c.Env[0] = "PATH=/app:/usr/bin" }, keep, nil, []string{"broken ENV PATH: /app:/usr/bin > /usr/bin:/bin (the author set it)"}},

		{"HEALTHCHECK lost", func(c *cfg) { check(c, "CMD", "/app/main", "-check") }, keep, nil,
			[]string{`broken HEALTHCHECK: ["CMD", "/app/main", "-check"] > none`}},
		{"HEALTHCHECK changed", func(c *cfg) { check(c, "CMD", "a") }, func(c *cfg) { check(c, "CMD", "b") }, nil,
			[]string{`broken HEALTHCHECK: ["CMD", "a"] > ["CMD", "b"]`}},
		{"HEALTHCHECK of the base", func(c *cfg) { check(c, "CMD", "a") }, keep, func(e *Expect) { e.Inherited = []string{"HEALTHCHECK"} },
			[]string{`differs HEALTHCHECK: ["CMD", "a"] > none`}},
		{"HEALTHCHECK added", keep, func(c *cfg) { check(c, "CMD", "a") }, nil, []string{`differs HEALTHCHECK: none > ["CMD", "a"]`}},
		{"HEALTHCHECK, another pace", func(c *cfg) { check(c, "CMD", "a"); c.Healthcheck.Interval, c.Healthcheck.Retries = 5e9, 3 }, func(c *cfg) { check(c, "CMD", "a") }, nil,
			[]string{`broken HEALTHCHECK: ["CMD", "a"], interval 5s, retries 3 > ["CMD", "a"]`}},
		{"HEALTHCHECK NONE", func(c *cfg) { check(c, "NONE") }, keep, nil, nil},
		{"STOPSIGNAL lost", func(c *cfg) { c.StopSignal = "SIGQUIT" }, keep, nil, []string{"broken STOPSIGNAL: SIGQUIT > SIGTERM"}},
		{"STOPSIGNAL of the base", func(c *cfg) { c.StopSignal = "SIGQUIT" }, keep, func(e *Expect) { e.Inherited = []string{"STOPSIGNAL"} }, []string{"differs STOPSIGNAL: SIGQUIT > SIGTERM"}},
		{"STOPSIGNAL, another spelling", func(c *cfg) { c.StopSignal = "3" }, func(c *cfg) { c.StopSignal = "quit" }, nil, nil},
		{"STOPSIGNAL, the default", func(c *cfg) { c.StopSignal = "SIGTERM" }, keep, nil, nil},

		{"CMD", keep, func(c *cfg) { c.Cmd = []string{"sh", "-c", `echo "x"`} }, nil, []string{`differs CMD: ["/app/main"] > ["sh", "-c", "echo \"x\""]`}},
		{"ENTRYPOINT", keep, func(c *cfg) { c.Entrypoint = []string{"tini"} }, nil, []string{`differs ENTRYPOINT: none > ["tini"]`}},
		{"WORKDIR", keep, func(c *cfg) { c.WorkingDir = "/app" }, nil, []string{"differs WORKDIR: / > /app"}},
		{"WORKDIR, the default", func(c *cfg) { c.WorkingDir = "/" }, keep, nil, nil},
		{"SHELL", func(c *cfg) { c.Shell = []string{"bash", "-c"} }, keep, nil, []string{`differs SHELL: ["bash", "-c"] > none`}},
		{"ONBUILD lost", func(c *cfg) { c.OnBuild = []string{"COPY . ."} }, keep, nil, []string{"broken ONBUILD: COPY . . > none (images built from it rely on it)"}},
		{"ONBUILD added", keep, func(c *cfg) { c.OnBuild = []string{"COPY . ."} }, nil, []string{"differs ONBUILD: none > COPY . ."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after, expect := server(), server(), own
			tt.before(&before.Config)
			tt.after(&after.Config)
			if tt.expect != nil {
				tt.expect(&expect)
			}
			got := Compare(before, after, expect)
			if diff := cmp.Diff(tt.want, found(got.Findings)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			checkVerdict(t, got)
		})
	}
}

func TestConfigOfWhatWasNotRun(t *testing.T) {
	before, after := unrun(), unrun()
	after.Config.Cmd, before.Config.User = nil, "app"
	got := Compare(before, after, own)
	want := []string{"broken user: app > root (more privileged)", `differs CMD: ["/app/main"] > none (not run: whether it starts the same is not known)`}
	if diff := cmp.Diff(want, found(got.Findings)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for user, want := range map[string]string{"": "root", "0": "root", "00:5": "root", "root:app": "root", "0:0": "root", "app:0": "app", "65532:65532": "65532"} {
		if got := ShownUser(user); got != want {
			t.Errorf("%q is %q", user, got)
		}
	}
}

// content builds a side of which only the content is of interest.
func content(size int64, files ...wire.File) *Side {
	return &Side{Inventory: &wire.Inventory{Size: size, Files: files}}
}

func program(path string) wire.File        { return wire.File{Path: path, Mode: 0o755} }
func link(path, target string) wire.File   { return wire.File{Path: path, Mode: 0o777, Link: target} }
func mode(path string, m uint32) wire.File { return wire.File{Path: path, Mode: m} }

func TestContent(t *testing.T) {
	withPackages := func(list ...wire.Package) *Side { return &Side{Packages: list} }
	dpkg := func(name, version string) wire.Package {
		return wire.Package{Manager: "dpkg", Name: name, Version: version}
	}
	tests := []struct {
		name                  string
		before, after         *Side
		forwards, backwards   string // the finding one way and the other; "" for none
		deltaForth, deltaBack int64
	}{
		{"size", content(812_000_000), content(12_000_000),
			"better size: 812 MB > 12.0 MB (−98.5 %)", "worse size: 12.0 MB > 812 MB (+6666.7 %)", -800_000_000, 800_000_000},
		{"size, less than one in a hundred", content(100_000_000), content(99_900_000), "differs size: 100 MB > 99.9 MB (−0.1 %)", "differs size: 99.9 MB > 100 MB (+0.1 %)", -100_000, 100_000},
		{"size, a trifle", content(1_000_000), content(900_001), "differs size: 1.00 MB > 900 kB (−10.0 %)", "worse size: 900 kB > 1.00 MB (+11.1 %)", -99_999, 99_999},
		{"shell", content(0, program("/bin/busybox"), link("/bin/sh", "busybox")), content(0, program("/x1"), program("/x2")),
			"better shell: busybox, sh > none", "worse shell: none > busybox, sh", -2, 2},
		{"another shell", content(0, program("/bin/dash")), content(0, program("/bin/ash")), "differs shell: dash > ash", "differs shell: ash > dash", 0, 0},
		{"package manager", content(0, program("/usr/bin/apt-get"), program("/usr/local/bin/pip3.11")), content(0, program("/x1"), program("/x2")),
			"better package manager: apt-get, pip > none", "worse package manager: none > apt-get, pip", -2, 2},
		{"compiler", content(0, program("/usr/bin/x86_64-linux-gnu-gcc-12"), program("/usr/local/go/bin/go")), content(0, program("/x1"), program("/x2")),
			"better compiler or build tool: gcc, go > none", "worse compiler or build tool: none > gcc, go", -2, 2},
		{"network tool", content(0, program("/usr/bin/curl")), content(0, program("/x")), "better network tool: curl > none", "worse network tool: none > curl", -1, 1},
		{"setuid", content(0, mode("/a", 0o4755), mode("/b", 0o2755)), content(0, mode("/a", 0o4755), mode("/b", 0o755)),
			"better setuid files: 2 > 1 (gone: /b)", "worse setuid files: 1 > 2 (new: /b)", -1, 1},
		{"other setuid files", content(0, mode("/a", 0o4755), mode("/b", 0o755)), content(0, mode("/a", 0o755), mode("/b", 0o4755)),
			"differs setuid files: 1 > 1 (gone: /a; new: /b)", "differs setuid files: 1 > 1 (gone: /b; new: /a)", 0, 0},
		{"world-writable", content(0, mode("/a", 0o666)), content(0, mode("/a", 0o644)),
			"better world-writable files: 1 > none (gone: /a)", "worse world-writable files: none > 1 (new: /a)", -1, 1},
		{"packages", withPackages(dpkg("a", "1"), dpkg("b", "1"), dpkg("c", "1")), withPackages(wire.Package{Manager: "apk", Name: "z"}, dpkg("b", "2")),
			"better packages: 3 dpkg > 1 apk, 1 dpkg (gone: a, c; new: z; 1 package with another version)",
			"worse packages: 1 apk, 1 dpkg > 3 dpkg (gone: z; new: a, c; 1 package with another version)", -1, 1},
		{"versions", withPackages(dpkg("a", "1")), withPackages(dpkg("a", "2")),
			"differs packages: 1 dpkg > 1 dpkg (1 package with another version)", "differs packages: 1 dpkg > 1 dpkg (1 package with another version)", 0, 0},

		{"no programs: not executable", content(0, mode("/bin/sh", 0o644)), content(0, mode("/bin/sh", 0)), "", "", 0, 0},
		{"no programs: a dangling link", content(0, link("/bin/sh", "/usr/bin/dash")), content(0, link("/bin/sh", "sh")), "", "", 0, 0},
		{"no programs: elsewhere", content(0, program("/app/node_modules/.bin/tsc"), program("/app/sh")), content(0, mode("/app/node_modules/.bin/tsc", 0), mode("/app/sh", 0)), "", "", 0, 0},
		{"a link by way of a link", content(0, link("/bin", "usr/bin"), link("/usr/bin/sh", "/bin/dash2"), program("/usr/bin/dash2")),
			content(0, link("/bin", "usr/bin"), link("/usr/bin/sh", "/bin/dash2"), mode("/usr/bin/dash2", 0)), "better shell: dash, sh > none", "worse shell: none > dash, sh", -2, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			checkContent(t, tt.before, tt.after, tt.forwards, tt.deltaForth)
			checkContent(t, tt.after, tt.before, tt.backwards, tt.deltaBack)
		})
	}
}

func checkContent(t *testing.T, before, after *Side, want string, delta int64) {
	t.Helper()
	c := &comparison{before: before, after: after}
	c.content()
	if want == "" {
		if len(c.findings) > 0 {
			t.Errorf("found %v", found(c.findings))
		}
		return
	}
	if len(c.findings) != 1 || found(c.findings)[0] != want || *c.findings[0].Delta != delta {
		t.Errorf("found %q, want %q, %d", found(c.findings), want, delta)
	}
}

func TestTree(t *testing.T) {
	file := func(path string, size int64) wire.File { return wire.File{Path: path, Size: size} }
	before := content(0, file("/a", 5), file("/bin/x", 10), file("/usr/a", 2000), file("/usr/b", 1000))
	after := content(0, file("/app/a", 7), file("/bin/x", 11), file("/usr/b", 1000), file("/usr/c", 5000))
	c := &comparison{before: before, after: after}
	c.tree()
	want := []string{
		"differs files only in one, /usr: 1 file, 2.00 kB > 1 file, 5.00 kB",
		"differs files only in one, /app: none > 1 file, 7 B", "differs files only in one, /: 1 file, 5 B > none",
	}
	if diff := cmp.Diff(want, found(c.findings)); diff != "" || *c.findings[0].Delta != 3000 || *c.findings[2].Delta != -5 {
		t.Errorf("(-want +got)\n%s", diff)
	}
	c = &comparison{before: before, after: content(0)}
	c.after.Inventory.Truncated = true
	c.tree()
	if len(c.findings) > 0 {
		t.Errorf("a list that is cut off shows %v", found(c.findings))
	}
	var many []wire.File
	for i := range 30 {
		many = append(many, file(fmt.Sprintf("/%02d/x", i), int64(i+1)))
	}
	c = &comparison{before: content(0, many...), after: content(0)}
	c.tree()
	if got := found(c.findings); len(got) != maxFolders+1 || got[maxFolders] != "differs files only in one, elsewhere: 18 files, 171 B > none" {
		t.Error(got)
	}
}

func TestScan(t *testing.T) {
	scan := func(target string, critical, low int) *Scan {
		return &Scan{Target: target, BySeverity: map[string]int{"CRITICAL": critical, "LOW": low}}
	}
	tests := []struct {
		name          string
		before, after *Scan
		want          []string
	}{
		{"none asked for", nil, nil, nil},
		{"the same", scan("debian 12.5", 1, 2), scan("debian 12.5", 1, 2), nil},
		{"fewer and more", scan("debian 12.5", 3, 2), scan("debian 12.5", 1, 4),
			[]string{"better critical vulnerabilities: 3 > 1", "worse low vulnerabilities: 2 > 4"}},
		{"another system", scan("debian 12.5", 3, 2), scan("alpine 3.20", 0, 2), []string{"better critical vulnerabilities: 3 > 0 (debian 12.5 → alpine 3.20)"}},
		{"no system", scan("debian 12.5", 3, 2), scan("none", 0, 0),
			[]string{"differs vulnerabilities: 3 critical, 2 low > none found (not comparable: debian 12.5 and an image without a system are read in different ways)"}},
		{"a system at last", scan("none", 0, 0), scan("debian 12", 0, 1),
			[]string{"differs vulnerabilities: none found > 1 low (not comparable: an image without a system and debian 12 are read in different ways)"}},
		{"no system twice", scan("none", 0, 1), scan("none", 0, 0), []string{"better low vulnerabilities: 1 > 0"}},
		{"unknown twice", scan("unknown", 0, 1), scan("", 0, 0),
			[]string{"differs vulnerabilities: 1 low > none found (not comparable: an unknown system and an unknown system are read in different ways)"}},
		{"a problem", scan("debian 12", 1, 0), &Scan{Problem: "trivy was stopped"}, []string{"differs vulnerabilities: 1 critical > not counted (trivy was stopped)"}},
		{"a problem first", &Scan{Problem: "no database"}, scan("debian 12", 1, 0), []string{"differs vulnerabilities: not counted > 1 critical (no database)"}},
		{"one not scanned", scan("debian 12", 1, 0), nil, []string{"differs vulnerabilities: 1 critical > not scanned (not comparable: only one of the two was scanned)"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &comparison{before: &Side{Scan: tt.before}, after: &Side{Scan: tt.after}}
			c.scans()
			if diff := cmp.Diff(tt.want, found(c.findings)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
