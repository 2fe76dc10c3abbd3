package proof

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// server is an image as it is before: a web server that runs as root.
func server() *Side {
	s := &Side{
		Took: 3 * time.Second,
		Inventory: &wire.Inventory{Size: 200_000_000, Files: []wire.File{
			{Path: "/app/main", Size: 1000, Mode: 0o755}, {Path: "/bin/sh", Size: 100, Mode: 0o755},
		}},
		Packages: []wire.Package{{Manager: "dpkg", Name: "libc6", Version: "1"}},
		Seen: &wire.Seen{
			UIDs: []int{0}, Ports: []wire.Port{{Number: 8080}}, Stopped: true,
			Answers: []wire.HTTP{{
				Request: wire.Request{Path: "/", Port: 8080}, Status: 200, Type: "text/plain; charset=utf-8", Body: "hello\n",
			}},
			Wrote:    []string{"/data"},
			Writable: []wire.Dir{{Path: "/data", Exists: true, Writable: true}},
			Smoke:    &wire.Smoke{Stdout: "ok\n"},
		},
	}
	s.Config.ExposedPorts = map[string]struct{}{"8080/tcp": {}}
	s.Config.Volumes = map[string]struct{}{"/data": {}}
	s.Config.Env = []string{"PATH=/usr/bin:/bin", "MODE=prod", "GOLANG_VERSION=1"}
	s.Config.Cmd = []string{"/app/main"}
	s.Config.Labels = map[string]string{"a": "1", "base": "x"}
	return s
}

// job is one that ends.
func job() *Side {
	s := server()
	s.Seen = &wire.Seen{Exit: new(0), Stdout: "one\ntwo\n"}
	return s
}

func unrun() *Side {
	s := server()
	s.Seen, s.NotRun = nil, "asked not to"
	return s
}

var own = Expect{Own: []string{"MODE", "PATH"}, OwnLabels: []string{"a"}, OwnPorts: []string{"8080"}, OwnVolumes: []string{"/data/"}}

func TestSame(t *testing.T) {
	got := Compare(server(), server(), own)
	if got.Verdict != Same || got.Why != "no difference was seen" || len(got.Findings) > 0 {
		t.Errorf("%s: %s\n%v", got.Verdict, got.Why, got.Findings)
	}
	want := []string{
		"stays up", "runs as root", "port 8080 listens", "GET / on 8080: 200 text/plain; charset=utf-8",
		"smoke command ends with 0", "can write to /data", "SIGTERM ends it", "size 200 MB", "shell: sh", "1 package",
		"ENV MODE, PATH", "EXPOSE 8080/tcp", "VOLUME /data", "LABEL a, base", `CMD ["/app/main"]`,
	}
	if diff := cmp.Diff(want, got.Assured); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestInconclusive(t *testing.T) {
	died := func(code int) *Side {
		s := server()
		s.Seen = &wire.Seen{Exit: &code, Stderr: "warning: errors ahead\nError: no config\n  at main.js:1\n"}
		return s
	}
	tests := []struct {
		name          string
		before, after *Side
		expect        Expect
		want          string // "" where it is conclusive
	}{
		{"no original", nil, nil, Expect{}, "there is no original"},
		{"does not build", &Side{Failed: "solving:\nprocess \"make\" did not complete successfully: exit code: 2", Log: "cc a.c\nmake: gcc: not found\n"}, nil, Expect{},
			"the original does not build: `make` ends with 2: make: gcc: not found"},
		{"does not start", &Side{Seen: &wire.Seen{Failed: "no such file: /x"}}, nil, Expect{}, "the original does not start: no such file: /x"},
		{"runs away", &Side{Seen: &wire.Seen{Runaway: "more than 500 processes"}}, nil, Expect{}, "the original had to be ended: more than 500 processes"},
		{"dies", died(1), nil, Expect{}, "the original ends with 1: Error: no config"},
		{"is killed", died(137), nil, Expect{}, "the original ends with 137 (signal 9): Error: no config"},
		{"dies as expected", died(3), died(3), Expect{Exit: new(3)}, ""},
		{"ends with another", died(2), nil, Expect{Exit: new(0)}, "the original ends with 2, where 0 was expected: Error: no config"},
		{"was to end", server(), nil, Expect{Exit: new(0)}, "the original stays up, where it was to end with 0"},
		{"ends", job(), job(), Expect{}, ""},
		{"no rewrite", server(), nil, Expect{}, "there is no rewrite to compare with"},
		{"the rewrite alone was not run", server(), unrun(), Expect{}, "the rewrite was not run: asked not to"},
		{"the original alone was not run", unrun(), server(), Expect{}, "the original was not run: asked not to"},
		{"both not run", unrun(), unrun(), Expect{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Compare(tt.before, tt.after, tt.expect)
			if want := tt.want != ""; want != (got.Verdict == Inconclusive) || want && got.Why != tt.want {
				t.Errorf("%s: %s", got.Verdict, got.Why)
			}
		})
	}
}

// found shows findings as tests have them.
func found(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		line := string(f.Effect) + " " + f.Aspect + ": " + f.Before + " > " + f.After
		if f.Why != "" {
			line += " (" + f.Why + ")"
		}
		out = append(out, line)
	}
	return out
}

// The findings about what runs, each with its opposite.
func TestRun(t *testing.T) {
	seen := func(change func(*wire.Seen)) func(*Side) { return func(s *Side) { change(s.Seen) } }
	answer := func(change func(*wire.HTTP)) func(*Side) {
		return func(s *Side) { change(&s.Seen.Answers[0]) }
	}
	end := func(code int, said string) func(*Side) {
		return func(s *Side) { s.Seen = &wire.Seen{Exit: &code, Stderr: said} }
	}
	keep := func(*Side) {}
	tests := []struct {
		name          string
		before, after func(*Side)
		want          []string
	}{
		{"fault: a missing file", keep, end(1, "Traceback (most recent call last):\n  File \"a.py\"\nFileNotFoundError: '/app/x'\n"),
			[]string{"broken start: stays up > ends with 1 (FileNotFoundError: '/app/x')"}},
		{"fault: an unwritable folder", keep, seen(func(s *wire.Seen) { s.Wrote, s.Writable[0].Writable = nil, false }),
			[]string{"broken folder /data: writable > read-only (unwritable for the user that the program runs as)"}},
		{"fault: lost environment", keep, func(s *Side) { s.Config.Env = s.Config.Env[:1] },
			[]string{"broken ENV MODE: prod > lost (the author set it)", "differs other ENV: 3 variables > 1 variable (gone: GOLANG_VERSION)"}},
		{"fault: the wrong port", keep, seen(func(s *wire.Seen) { s.Ports[0].Number, s.Answers[0].Port = 80, 80 }),
			[]string{"broken port 8080: listens > closed", "differs port 80: closed > listens"}},
		{"fault: the wrong user", seen(func(s *wire.Seen) { s.UIDs = []int{1000} }), keep,
			[]string{"broken user: 1000 > root (more privileged)"}},

		{"does not start", keep, seen(func(s *wire.Seen) { s.Failed = "no user app" }), []string{"broken start: stays up > does not start (no user app)"}},
		{"runs away", keep, seen(func(s *wire.Seen) { s.Runaway = "too many processes" }), []string{"broken start: stays up > had to be ended (too many processes)"}},
		{"ends at once", keep, end(0, ""), []string{"broken start: stays up > ends with 0"}},
		{"does not end", end(0, ""), keep, []string{"broken start: ends with 0 > stays up"}},

		{"no longer root", keep, seen(func(s *wire.Seen) { s.UIDs = []int{65532} }), []string{"better user: root > 65532"}},
		{"another user", seen(func(s *wire.Seen) { s.UIDs = []int{1000} }), seen(func(s *wire.Seen) { s.UIDs = []int{65532, 65532} }), []string{"differs user: 1000 > 65532"}},
		{"root and workers", keep, seen(func(s *wire.Seen) { s.UIDs = []int{33, 0} }), []string{"differs user: root > root and 33"}},
		{"another USER, the same owner", keep, func(s *Side) { s.Config.User = "app" }, []string{"differs USER: none > app (it runs as root all the same)"}},
		{"no processes seen", seen(func(s *wire.Seen) { s.UIDs = nil }), func(s *Side) { s.Config.User = "65532:65532" }, []string{"better user: root > 65532"}},

		{"on loopback only", keep, seen(func(s *wire.Seen) { s.Ports[0].Loopback = true }),
			[]string{"broken port 8080: listens > listens on loopback only (nobody outside the container reaches it)"}},
		{"no longer on loopback", seen(func(s *wire.Seen) { s.Ports[0].Loopback = true }), keep,
			[]string{"worse port 8080: listens on loopback only > listens (it can be reached from outside the container now)"}},
		{"one of two is enough", keep, seen(func(s *wire.Seen) { s.Ports = append(s.Ports, wire.Port{Number: 8080, Loopback: true}) }), nil},
		{"UDP", seen(func(s *wire.Seen) { s.Ports = append(s.Ports, wire.Port{Number: 53, UDP: true}) }), keep, []string{"broken port 53/udp: listens > closed"}},
		{"a new port", keep, seen(func(s *wire.Seen) { s.Ports = append(s.Ports, wire.Port{Number: 9090}) }), []string{"differs port 9090: closed > listens"}},
		{"passing numbers", seen(func(s *wire.Seen) { s.Ports = append(s.Ports, wire.Port{Number: 40001}) }), seen(func(s *wire.Seen) { s.Ports = append(s.Ports, wire.Port{Number: 40002}) }), nil},
		{"a passing number, lost", seen(func(s *wire.Seen) { s.Ports = append(s.Ports, wire.Port{Number: 40001}) }), keep, []string{"broken port 40001: listens > closed"}},
		{"a query's socket", seen(func(s *wire.Seen) { s.Ports = append(s.Ports, wire.Port{Number: 40001, UDP: true}) }), keep,
			[]string{"differs port 40001/udp: listens > closed (a UDP socket of a passing number may belong to a query)"}},

		{"no answer", keep, answer(func(h *wire.HTTP) { *h = wire.HTTP{Request: h.Request, Problem: "connection reset"} }),
			[]string{"broken GET / on 8080: 200 text/plain; charset=utf-8 > no answer (connection reset)"}},
		{"not asked", keep, seen(func(s *wire.Seen) { s.Answers = nil }), []string{"broken GET / on 8080: 200 text/plain; charset=utf-8 > no answer"}},
		{"an answer at last", answer(func(h *wire.HTTP) { h.Status = 0 }), keep, []string{"differs GET / on 8080: no answer > 200 text/plain; charset=utf-8"}},
		{"both no answer", answer(func(h *wire.HTTP) { h.Status = 0 }), answer(func(h *wire.HTTP) { h.Status, h.Problem = 0, "x" }), nil},
		{"status", keep, seen(func(s *wire.Seen) { s.Answers[0].Status, s.Stderr = 500, "PermissionError: /data/x" }),
			[]string{"broken GET / on 8080: 200 text/plain; charset=utf-8 > 500 text/plain; charset=utf-8 (PermissionError: /data/x)"}},
		{"status, told in the answer", keep, seen(func(s *wire.Seen) {
			s.Answers[0].Status, s.Answers[0].Body = 500, "[Errno 13] Permission denied: 'notes'\n"
			s.Stderr = "127.0.0.1 - - \"GET / HTTP/1.1\" 500 -\n"
		}), []string{"broken GET / on 8080: 200 text/plain; charset=utf-8 > 500 text/plain; charset=utf-8 ([Errno 13] Permission denied: 'notes')"}},
		{"TLS", answer(func(h *wire.HTTP) { h.TLS = true }), keep, []string{"broken GET / on 8080: TLS > plain HTTP"}},
		{"type", keep, answer(func(h *wire.HTTP) { h.Type = "application/octet-stream" }), []string{"broken GET / on 8080: type text/plain; charset=utf-8 > type application/octet-stream"}},
		{"charset", keep, answer(func(h *wire.HTTP) { h.Type = "text/plain" }), []string{"broken GET / on 8080: type text/plain; charset=utf-8 > type text/plain"}},
		{"charset, written differently", keep, answer(func(h *wire.HTTP) { h.Type = "Text/Plain;charset=UTF-8" }), nil},
		{"location", answer(func(h *wire.HTTP) { h.Status, h.Location = 302, "/login" }), answer(func(h *wire.HTTP) { h.Status, h.Location = 302, "/setup" }),
			[]string{"broken GET / on 8080: redirects to /login > redirects to /setup"}},
		{"location with a token", answer(func(h *wire.HTTP) { h.Location = "/s/3f2a6c1e9b7d4508" }), answer(func(h *wire.HTTP) { h.Location = "/s/0011223344556677" }), nil},
		{"body", keep, answer(func(h *wire.HTTP) { h.Body = "Directory not found\n" }), []string{"broken GET / on 8080: hello > Directory not found (the body has another shape)"}},
		{"empty body", keep, answer(func(h *wire.HTTP) { h.Body = "" }), []string{"broken GET / on 8080: hello > none (the body has another shape)"}},
		{"values", answer(func(h *wire.HTTP) { h.Body = "up 12 s" }), answer(func(h *wire.HTTP) { h.Body = "up 7 s" }), []string{"differs GET / on 8080: up 12 s > up 7 s (the body differs in its values)"}},
		{"volatile values", answer(func(h *wire.HTTP) { h.Body, h.Volatile = "up 12 s", true }), answer(func(h *wire.HTTP) { h.Body, h.Volatile = "up 7 s", true }), nil},
		{"volatile, other shape", answer(func(h *wire.HTTP) { h.Body, h.Volatile = "up 12 s", true }), answer(func(h *wire.HTTP) { h.Body, h.Volatile = "Internal error", true }),
			[]string{"broken GET / on 8080: up 12 s > Internal error (the body has another shape)"}},

		{"smoke fails", keep, seen(func(s *wire.Seen) { s.Smoke = &wire.Smoke{Exit: 1, Stderr: "assertion failed"} }), []string{"broken smoke command: ends with 0 > ends with 1 (assertion failed)"}},
		{"smoke cannot be started", keep, seen(func(s *wire.Seen) { s.Smoke = &wire.Smoke{Failed: "no such file"} }), []string{"broken smoke command: ends with 0 > cannot be started (no such file)"}},
		{"smoke passes at last", seen(func(s *wire.Seen) { s.Smoke = &wire.Smoke{Exit: 1} }), keep, []string{"differs smoke command: ends with 1 > ends with 0 (it did not pass on the original)"}},
		{"smoke says something else", keep, seen(func(s *wire.Seen) { s.Smoke = &wire.Smoke{Stdout: "okay\n"} }), []string{"differs smoke command's output: ok > okay (the first line that differs)"}},

		{"temporary folders of other names", seen(func(s *wire.Seen) { s.Wrote = []string{"/data", "/tmp/tomcat.8080.41", "/tmp/a_root"} }),
			seen(func(s *wire.Seen) {
				s.Wrote = []string{"/data", "/tmp/tomcat.8080.93", "/tmp/a_app"}
				s.Writable = append(s.Writable, wire.Dir{Path: "/tmp", Exists: true, Writable: true}, wire.Dir{Path: "/tmp/tomcat.8080.41"}, wire.Dir{Path: "/tmp/a_root"})
			}), nil},
		{"a temporary folder where there was none", keep, seen(func(s *wire.Seen) { s.Wrote = []string{"/data", "/tmp/x"} }), []string{"differs files also written to:  > /tmp/x"}},
		{"what moved with the home, told once", seen(func(s *wire.Seen) { s.Wrote = []string{"/data", "/root/.npm/_logs"} }), seen(func(s *wire.Seen) {
			s.Wrote = []string{"/data", "/home/app/.npm", "/home/app/.npm/_logs"}
			s.Writable = append(s.Writable, wire.Dir{Path: "/root/.npm/_logs"})
		}), []string{"differs folder /root/.npm/_logs: writable > does not exist (it writes to /home/app/.npm/_logs instead: its home is another)"}},
		{"folder is gone", keep, seen(func(s *wire.Seen) { s.Wrote, s.Writable[0] = nil, wire.Dir{Path: "/data"} }),
			[]string{"broken folder /data: writable > does not exist (unwritable for the user that the program runs as)"}},
		{"where it wrote, not asked before", seen(func(s *wire.Seen) { s.Writable = nil }), seen(func(s *wire.Seen) { s.Wrote, s.Writable[0].Writable = nil, false }),
			[]string{"broken folder /data: writable > read-only (unwritable for the user that the program runs as)"}},
		{"folder becomes writable", seen(func(s *wire.Seen) { s.Wrote, s.Writable[0].Writable = nil, false }), seen(func(s *wire.Seen) { s.Wrote = nil }), []string{"differs folder /data: read-only > writable"}},
		{"home has moved", seen(func(s *wire.Seen) { s.Wrote = []string{"/root/.cache"} }), func(s *Side) {
			s.Config.Env = append(s.Config.Env, "HOME=/home/app")
			s.Seen.Wrote, s.Seen.Writable = []string{"/home/app/.cache"}, append(s.Seen.Writable, wire.Dir{Path: "/root/.cache"})
		}, []string{
			"differs folder /root/.cache: writable > does not exist (it writes to /home/app/.cache instead: its home is another)",
			"differs other ENV: 3 variables > 4 variables (new: HOME)",
		}},
		{"home has moved, without HOME", seen(func(s *wire.Seen) { s.Wrote = []string{"/root", "/root/.cache"} }), seen(func(s *wire.Seen) {
			s.Wrote, s.Writable = []string{"/home/app", "/home/app/.cache"}, []wire.Dir{{Path: "/root", Exists: true}, {Path: "/root/.cache"}}
		}), []string{
			"differs folder /root: writable > read-only (it writes to /home/app instead: its home is another)",
		}},
		{"a tool's folder in the home of an account", seen(func(s *wire.Seen) {
			s.Home, s.Wrote = "/home/node", []string{"/home/node/.npm", "/home/node/.npm/_logs"}
		}), seen(func(s *wire.Seen) {
			s.Home, s.Wrote, s.Writable = "/nonexistent", nil, []wire.Dir{{Path: "/home/node/.npm"}, {Path: "/home/node/.npm/_logs"}}
		}), []string{"differs folder /home/node/.npm: writable > does not exist (a tool keeps its own things there, and does without)"}},
		{"what lies below is no news", seen(func(s *wire.Seen) { s.Wrote = []string{"/data", "/data/new"} }), seen(func(s *wire.Seen) {
			s.Wrote, s.Writable = nil, []wire.Dir{{Path: "/data", Exists: true}, {Path: "/data/new"}}
		}), []string{"broken folder /data: writable > read-only (unwritable for the user that the program runs as)"}},
		{"a temporary folder", seen(func(s *wire.Seen) { s.Wrote = []string{"/tmp", "/tmp/x1"} }), seen(func(s *wire.Seen) {
			s.Wrote, s.Writable = []string{"/tmp", "/tmp/y2"}, []wire.Dir{{Path: "/tmp", Exists: true, Writable: true}, {Path: "/tmp/x1"}}
		}), nil},
		{"a folder that it could make", seen(func(s *wire.Seen) { s.Wrote = []string{"/tmp", "/tmp/x/y"} }), seen(func(s *wire.Seen) {
			s.Wrote, s.Writable = nil, []wire.Dir{{Path: "/tmp", Exists: true, Writable: true}, {Path: "/tmp/x/y"}}
		}), []string{"differs files written to: /tmp > none there (it can, but did not)"}},
		{"a folder that it could not make", seen(func(s *wire.Seen) { s.Wrote = []string{"/app/logs"} }), seen(func(s *wire.Seen) {
			s.Wrote, s.Writable = nil, []wire.Dir{{Path: "/app", Exists: true}, {Path: "/app/logs"}}
		}), []string{"broken folder /app/logs: writable > does not exist (unwritable for the user that the program runs as)"}},
		{"a volume with a slash", seen(func(s *wire.Seen) { s.Wrote, s.Writable[0].Path = nil, "/data/" }), seen(func(s *wire.Seen) { s.Wrote, s.Writable[0].Writable = nil, false }),
			[]string{"broken folder /data: writable > read-only (unwritable for the user that the program runs as)"}},
		{"did not write", keep, seen(func(s *wire.Seen) { s.Wrote = nil }), []string{"differs files written to: /data > none there (it can, but did not)"}},
		{"wrote more", keep, seen(func(s *wire.Seen) { s.Wrote = []string{"/data", "/tmp"} }), []string{"differs files also written to:  > /tmp"}},

		{"does not stop", keep, seen(func(s *wire.Seen) { s.Stopped = false }), []string{"broken SIGTERM: ends it > is ignored (an orchestrator would have to kill it)"}},
		{"stops at last", seen(func(s *wire.Seen) { s.Stopped = false }), keep, []string{"better SIGTERM: is ignored > ends it"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := server(), server()
			tt.before(before)
			tt.after(after)
			got := Compare(before, after, own)
			if diff := cmp.Diff(tt.want, found(got.Findings)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			checkVerdict(t, got)
		})
	}
}

// checkVerdict holds the rule on a proof, whatever it is about.
func checkVerdict(t *testing.T, p *Proof) {
	t.Helper()
	want := Same
	if slices.ContainsFunc(p.Findings, func(f Finding) bool { return f.Effect == Improves }) {
		want = Better
	}
	if slices.ContainsFunc(p.Findings, func(f Finding) bool { return f.Effect == Breaks }) {
		want = Broken
	}
	if p.Verdict != want || p.Why == "" {
		t.Errorf("%s (%q), want %s", p.Verdict, p.Why, want)
	}
}

func TestOutput(t *testing.T) {
	other := job()
	other.Seen.Stdout = "one\nthree\n"
	got := Compare(job(), other, own)
	want := []string{"differs output: two > three (the first line that differs)"}
	if diff := cmp.Diff(want, found(got.Findings)); diff != "" || got.Verdict != Same {
		t.Errorf("%s (-want +got)\n%s", got.Verdict, diff)
	}
	other.Seen.Stdout, other.Inventory = "2026-11-24T14:03:07Z took 12 ms\n", nil
	before := job()
	before.Seen.Stdout = "2026-11-24T14:02:59Z took 7 ms\n"
	if got := Compare(before, other, own); len(got.Findings) > 0 || !slices.Contains(got.Assured, "prints the same but for numbers and dates") {
		t.Error(found(got.Findings), got.Assured)
	}
	if got := Compare(job(), job(), own); !slices.Contains(got.Assured, "prints the same") ||
		got.Assured[0] != "ends with 0 by itself, though it exposes 8080/tcp: what it serves was not seen" {
		t.Error(got.Assured)
	}
}

// An account more is no other size.
func TestSizeThatShowsNoDifference(t *testing.T) {
	larger := server()
	larger.Inventory.Size += 968
	if got := Compare(server(), larger, own); len(got.Findings) > 0 || !slices.Contains(got.Assured, "size 200 MB (+968 B)") {
		t.Errorf("%v\n%v", found(got.Findings), got.Assured)
	}
}

// What the layers hold beyond the files that are seen in the end is told.
func TestLayers(t *testing.T) {
	for name, test := range map[string]struct {
		before, after int64
		want          []string
	}{
		"not known":       {0, 300_000_000, nil},
		"the same":        {300_000_000, 300_000_900, nil},
		"handed over":     {300_000_000, 400_000_000, []string{"worse layers above the base: 300 MB > 400 MB (+33.3 %; a file that a later step hands over or changes is in two layers)"}},
		"fewer":           {300_000_000, 100_000_000, []string{"differs layers above the base: 300 MB > 100 MB (−66.7 %)"}},
		"an account more": {300_000, 360_000, nil},
		"some more":       {30_000_000, 30_600_000, []string{"differs layers above the base: 30.0 MB > 30.6 MB (+2.0 %)"}},
	} {
		before, after := server(), server()
		before.Layers, after.Layers = test.before, test.after
		p := Compare(before, after, own)
		if diff := cmp.Diff(test.want, found(p.Findings)); diff != "" || p.Why == "" {
			t.Errorf("%s: %q (-want +got)\n%s", name, p.Why, diff)
		}
	}
	smaller := server()
	smaller.Inventory.Size, smaller.Layers = 100_000_000, 80_000_000 // on a smaller base
	before := server()
	before.Layers = 30_000_000
	if got, want := Compare(before, smaller, own).Why, "200 MB → 100 MB (−50.0 %)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestDoesNotBuild(t *testing.T) {
	got := Compare(server(), &Side{Failed: "failed to solve: COPY: \"/x\": not found"}, own)
	want := []string{`broken build: builds > does not build (failed to solve: COPY: "/x": not found)`}
	if diff := cmp.Diff(want, found(got.Findings)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if want := `build: builds → does not build (failed to solve: COPY: "/x": not found)`; got.Verdict != Broken || got.Why != want {
		t.Errorf("%s: %s", got.Verdict, got.Why)
	}
}

func TestWhy(t *testing.T) {
	after := server()
	after.Seen.UIDs = []int{65532}
	after.Inventory = &wire.Inventory{Size: 12_000_000, Files: after.Inventory.Files[:1]}
	after.Packages = nil
	got := Compare(server(), after, own)
	if want := "runs as 65532 instead of root, 200 MB → 12.0 MB (−94.0 %), no shell, no packages"; got.Why != want || got.Verdict != Better {
		t.Errorf("%s: %s", got.Verdict, got.Why)
	}
	if got := got.Rest(); got != "no packages" {
		t.Errorf("the rest: %q", got)
	}
	got = Compare(after, server(), own)
	if want := "user: 65532 → root (more privileged)"; got.Why != want || got.Rest() != want || got.Verdict != Broken {
		t.Errorf("%s: %s", got.Verdict, got.Why)
	}
	larger := server()
	larger.Inventory.Size *= 2
	got = Compare(server(), larger, own)
	if want := "nothing is better, and there is a drawback: size: 200 MB → 400 MB (+100.0 %)"; got.Why != want || got.Verdict != Same {
		t.Errorf("%s: %s", got.Verdict, got.Why)
	}
	nobody := unrun()
	nobody.Config.User = "nobody"
	got = Compare(unrun(), nobody, own)
	if want := "runs as nobody instead of root; not run: asked not to"; got.Why != want || got.Rest() != "not run: asked not to" || got.Verdict != Better {
		t.Errorf("%s: %s", got.Verdict, got.Why)
	}
}

// What is shown of a hostile image is bounded, and the two sides stay as they are.
func TestBounds(t *testing.T) {
	after := server()
	after.Config.Cmd = []string{strings.Repeat("ü", 50_000)}
	after.Seen.Answers[0].Body = strings.Repeat("x ", 20_000)
	for _, f := range Compare(server(), after, own).Findings {
		if n := len([]rune(f.Before + f.After + f.Why)); n > 3*(maxShown+2) {
			t.Errorf("%s: %d runes", f.Aspect, n)
		}
	}
	if diff := cmp.Diff(server(), func() *Side { s := server(); Compare(s, after, own); return s }()); diff != "" {
		t.Error(diff)
	}
}
