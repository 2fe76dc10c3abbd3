//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// summary is what a test expects of a run, in JSON of the fields that are the same at each.
func summary(t *testing.T, s *wire.Seen) string {
	t.Helper()
	short := *s
	short.Ready, short.Stdout, short.Stderr = 0, "", ""
	text, err := json.Marshal(short)
	put(t, err)
	var m map[string]any
	put(t, json.Unmarshal(text, &m))
	delete(m, "Ready") // a time
	for key, value := range m {
		if value == nil || value == false || value == "" {
			delete(m, key)
		}
	}
	text, err = json.Marshal(m)
	put(t, err)
	return string(text)
}

func TestRun(t *testing.T) {
	for name, tc := range map[string]struct {
		task *wire.Run
		edit func(*wire.Run)
		want string
	}{
		"late server": {
			task: task("serve", ":8080", "700"),
			edit: func(r *wire.Run) { r.Ports = []int{8080} },
			want: `{"Ports":[{"Number":8080,"UID":0}],"Stopped":true,"UIDs":[0]}`,
		},
		"server of a user on a low port": {
			task: task("serve", "127.0.0.1:80"),
			edit: func(r *wire.Run) { r.User = "app" },
			want: `{"Ports":[{"Loopback":true,"Number":80,"UID":1000}],"Stopped":true,"UIDs":[1000]}`,
		},
		"one awaited port of two": {
			task: task("serve", "[::1]:8080"),
			edit: func(r *wire.Run) { r.Ports = []int{8080, 9090} },
			want: `{"Ports":[{"Loopback":true,"Number":8080,"UID":0}],"Stopped":true,"UIDs":[0]}`,
		},
		"awaited in vain": {
			task: task("drop"),
			edit: func(r *wire.Run) { r.Ports, r.Start = []int{1}, time.Second },
			want: `{"Stopped":true,"UIDs":[1000]}`,
		},
		"udp": {
			task: task("udp", ":514"),
			want: `{"Ports":[{"Number":514,"UDP":true,"UID":0}],"Stopped":true,"UIDs":[0]}`,
		},
		"fails while it listens": {
			task: task("stillborn", ":8080", "700"),
			edit: func(r *wire.Run) { r.Requests = []wire.Request{{Path: "/"}} },
			want: `{"Exit":1}`,
		},
		"exit 3":                 {task: task("exit", "3"), want: `{"Exit":3}`},
		"exit while awaited":     {task: task("exit", "0", "300"), edit: func(r *wire.Run) { r.Ports = []int{1} }, want: `{"Exit":0}`},
		"killed by signal":       {task: task("signal", "9"), want: `{"Exit":137}`},
		"drops privileges":       {task: task("drop"), want: `{"Stopped":true,"UIDs":[1000]}`},
		"ignores SIGTERM":        {task: task("deaf"), want: `{"NoTerm":true,"UIDs":[0]}`},
		"floods standard output": {task: task("flood"), want: `{"Stopped":true,"UIDs":[0]}`},
		"leaves orphans":         {task: task("orphans"), want: `{"Stopped":true,"UIDs":[0]}`},
		"attacks the probe":      {task: task("attack"), want: `{"Stopped":true,"UIDs":[0]}`},
		"forks without end": {
			task: task("fork"),
			edit: func(r *wire.Run) { r.Processes = 50 },
			want: `{"Runaway":"…"}`,
		},
		"fills the disk": {
			task: task("fill", "/tmp/x"),
			edit: func(r *wire.Run) { r.Disk, r.Grace = 32<<20, time.Minute },
			want: `{"Runaway":"it wrote more than 33554432 bytes"}`,
		},
		"smoke beside the program": {
			task: task("serve", ":8080"),
			edit: func(r *wire.Run) { r.Smoke = []string{"actor", "exit", "4"} },
			want: `{"Ports":[{"Number":8080,"UID":0}],"Smoke":{"Exit":4,"Stderr":"","Stdout":""},"Stopped":true,"UIDs":[0]}`,
		},
		"smoke after a good end": {
			task: task("exit", "0"),
			edit: func(r *wire.Run) { r.Smoke = []string{"actor", "exit", "0"} },
			want: `{"Exit":0,"Smoke":{"Exit":0,"Stderr":"","Stdout":""}}`,
		},
		"no smoke after a bad end": {
			task: task("exit", "1"),
			edit: func(r *wire.Run) { r.Smoke = []string{"actor", "exit", "0"} },
			want: `{"Exit":1,"Smoke":{"Exit":0,"Failed":"not started: the program had ended with an error","Stderr":"","Stdout":""}}`,
		},
		"no such smoke command": {
			task: task("exit", "0"),
			edit: func(r *wire.Run) { r.Smoke = []string{"curl"} },
			want: `{"Exit":0,"Smoke":{"Exit":0,"Failed":"exec: \"curl\": executable file not found in $PATH","Stderr":"","Stdout":""}}`,
		},
		"writes": {
			task: task("write", "/data/new/", "/data/new/deeper/", "/tmp/file", "/etc/passwd", "/data/new/deeper/a", "/etc/hosts", "/data/__pycache__/", "/data/__pycache__/a.pyc"),
			edit: func(r *wire.Run) { r.Dir = "/made/by/engine" },
			want: `{"Stopped":true,"UIDs":[0],"Wrote":["/data/new","/data/new/deeper","/etc","/tmp"]}`,
		},
		"writes where it may not": {
			task: task("write", "/etc/x"),
			edit: func(r *wire.Run) { r.User = "app" },
			want: `{"Exit":1}`,
		},
		"writable": {
			task: task("drop"),
			edit: func(r *wire.Run) {
				r.User, r.Writable = "0", []string{"/data", "/link", "/etc", "/secret", "/none", "/etc/passwd"}
			},
			want: `{"Stopped":true,"UIDs":[1000],"Writable":[{"Exists":true,"Path":"/data","Writable":true},{"Exists":true,"Path":"/link","Writable":true},{"Exists":true,"Path":"/etc","Writable":true},{"Exists":true,"Path":"/secret","Writable":true},{"Exists":false,"Path":"/none","Writable":false},{"Exists":false,"Path":"/etc/passwd","Writable":false}]}`,
		},
		"writable by a user": {
			task: task("udp", ":5000"),
			edit: func(r *wire.Run) { r.User, r.Writable = "app", []string{"/data", "/link", "/etc", "/secret"} },
			want: `{"Ports":[{"Number":5000,"UDP":true,"UID":1000}],"Stopped":true,"UIDs":[1000],"Writable":[{"Exists":true,"Path":"/data","Writable":true},{"Exists":true,"Path":"/link","Writable":true},{"Exists":true,"Path":"/etc","Writable":false},{"Exists":true,"Path":"/secret","Writable":false}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.edit != nil {
				tc.edit(tc.task)
			}
			s := probe(t, image(t), tc.task)
			if strings.HasPrefix(s.Runaway, "it had ") {
				s.Runaway = "…" // the number is another each time
			}
			if name == "fails while it listens" {
				s.Answers, s.Ports, s.UIDs = nil, nil, nil // as far as it was looked at by then
			}
			s.Home = "" // TestRunAs asks for it
			got := summary(t, s)
			if !sameJSON(t, got, tc.want) {
				t.Errorf("got  %s\nwant %s\nstderr %s", got, tc.want, s.Stderr)
			}
			if len(s.Stdout) > keep {
				t.Errorf("%d bytes of output are kept", len(s.Stdout))
			}
		})
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	put(t, json.Unmarshal([]byte(a), &x))
	put(t, json.Unmarshal([]byte(b), &y))
	return reflect.DeepEqual(x, y)
}

func TestRunAs(t *testing.T) {
	for name, tc := range map[string]struct{ user, dir, want string }{
		"root":       {"", "", "/ 0 0 [0] HOME=/root"},
		"by name":    {"app", "/data", "/data 1000 1001 [1001 2000] HOME=/home/app"},
		"by number":  {"1000", "/secret", "/secret 1000 1001 [1001 2000] HOME=/home/app"}, // where the engine goes as root
		"unknown":    {"4000", "/", "/ 4000 0 [0] HOME=/"},
		"with group": {"app:extra", "/made/here", "/made/here 1000 2000 [2000] HOME=/home/app"},
	} {
		t.Run(name, func(t *testing.T) {
			run := task("say")
			run.User, run.Dir, run.Env = tc.user, tc.dir, []string{"PATH=/bin", "HOSTNAME=h"}
			s := probe(t, image(t), run)
			where, home, _ := strings.Cut(strings.TrimSpace(s.Stdout), " PATH=/bin HOSTNAME=h ")
			if got := where + " " + home; got != tc.want || s.Exit == nil || *s.Exit != 0 {
				t.Errorf("got %q, want %q; %s%s", got, tc.want, s.Failed, s.Stderr)
			}
			if "HOME="+s.Home != home {
				t.Errorf("home %q, and the program has %s", s.Home, home)
			}
		})
	}
}

func TestRunFails(t *testing.T) {
	root := image(t)
	elf, err := os.ReadFile("/bin/sh") // dynamically linked, and its linker is not in the image
	put(t, err)
	for name, text := range map[string]string{
		"bin/dynamic": string(elf), "bin/script": "#!/bin/none -x\n", "bin/dos": "#!/bin/actor\r\n", "bin/text": "echo\n",
		"bin/empty": "", "secret/actor": "#!/bin/actor\n",
	} {
		put(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o755))
	}
	put(t, os.WriteFile(filepath.Join(root, "bin/data"), []byte("x"), 0o644))
	for name, tc := range map[string]struct {
		user, dir, program, want string
	}{
		"no user":      {"web", "", "actor", "unable to find user web: no matching entries in passwd file"},
		"no group":     {"app:web", "", "actor", "unable to find group web: no matching entries in group file"},
		"large uid":    {"4294967296", "", "actor", "uids and gids must be in range 0-2147483647"},
		"not in PATH":  {"", "", "foo", `exec: "foo": executable file not found in $PATH`},
		"no file":      {"", "", "/x", `exec: "/x": stat /x: no such file or directory`},
		"a folder":     {"", "", "/bin", `exec: "/bin": is a directory`},
		"no right":     {"app", "", "/bin/data", `exec: "/bin/data": permission denied`},
		"root, no bit": {"", "", "data", `exec: "data": permission denied`},
		"no way":       {"app", "", "/secret/actor", `exec: "/secret/actor": stat /secret/actor: permission denied`},
		"script":       {"", "", "script", "exec /bin/script: no such file or directory: its interpreter /bin/none is not there"},
		"dos":          {"", "", "/bin/dos", `exec /bin/dos: no such file or directory: its interpreter "/bin/actor\r" is not there`},
		"text":         {"", "", "text", "exec /bin/text: exec format error: it is neither an ELF file nor does it start with #!"},
		"dynamic":      {"", "", "dynamic", "exec /bin/dynamic: no such file or directory: its interpreter " + interpreter("/bin/sh") + " is not there"},
		"dir":          {"", "/etc/passwd", "actor", "mkdir /etc/passwd: not a directory"},
		"relative dir": {"", "etc", "actor", `the working directory "etc" is invalid, it needs to be an absolute path`},
	} {
		t.Run(name, func(t *testing.T) {
			run := task()
			run.User, run.Dir, run.Argv = tc.user, tc.dir, []string{tc.program}
			if got := probe(t, root, run); got.Failed != tc.want || got.Exit != nil {
				t.Errorf("got  %s\nwant %s", got.Failed, tc.want)
			}
		})
	}
	if s := probe(t, root, &wire.Run{}); s.Failed != "no command specified" {
		t.Errorf("without argv: %+v", s)
	}
}

func TestRunAsks(t *testing.T) {
	get := func(paths ...string) []wire.Request {
		var out []wire.Request
		for _, p := range paths {
			out = append(out, wire.Request{Path: p})
		}
		return out
	}
	for name, tc := range map[string]struct {
		program  []string
		requests []wire.Request
		want     []string // TLS status type location body volatile problem
	}{
		"http": {
			program:  []string{"serve", ":8080"},
			requests: append(get("/x?y=1", "/time", "/away", "/bad", "/early"), wire.Request{Method: "POST", Path: "/p", Body: "a=b"}, wire.Request{Path: "/", Port: 99}),
			want: []string{
				`false 200 "text/plain; charset=utf-8" "" "GET /x?y=1 localhost:8080 " false ""`,
				`false 200 "text/plain; charset=utf-8" "" "…" true ""`,
				`false 302 "text/html; charset=utf-8" "http://elsewhere.example/x" "<a href=\"http://elsewhere.example/x\">Found</a>.\n\n" false ""`,
				`false 500 "" "" "" false ""`,
				`false 200 "text/plain; charset=utf-8" "" "then" false ""`,
				`false 200 "text/plain; charset=utf-8" "" "POST /p localhost:8080 a=b" false ""`,
				`false 0 "" "" "" false "connection refused"`,
			},
		},
		"tls": {
			program: []string{"tls", "127.0.0.1:8443"}, requests: get("/", "/x"),
			want: []string{
				`true 200 "text/plain; charset=utf-8" "" "GET / localhost:8443 " false ""`,
				`true 200 "text/plain; charset=utf-8" "" "GET /x localhost:8443 " false ""`,
			},
		},
		"ipv6 only": {program: []string{"serve", "[::1]:8080"}, requests: get("/"), want: []string{`false 200 "text/plain; charset=utf-8" "" "GET / localhost:8080 " false ""`}},
		"banner":    {program: []string{"talk", ":22", "SSH-2.0-x"}, requests: get("/", "/x"), want: []string{`false 0 "" "" "" false "not HTTP"`, `false 0 "" "" "" false "not HTTP"`}},
		"like http": {program: []string{"talk", ":22", "HELLO\r\n"}, requests: get("/"), want: []string{`false 0 "" "" "" false "not HTTP"`}},
		"silent":    {program: []string{"hang", ":22"}, requests: get("/", "/x"), want: []string{`false 0 "" "" "" false "no answer within 10s"`, `false 0 "" "" "" false "no answer within 10s"`}},
		"late":      {program: []string{"boot", ":8080", "2"}, requests: get("/"), want: []string{`false 200 "text/plain; charset=utf-8" "" "GET / localhost:8080 " false ""`}},
		"reset":     {program: []string{"reset", ":22"}, requests: get("/"), want: []string{`false 0 "" "" "" false "connection reset"`}},
	} {
		t.Run(name, func(t *testing.T) {
			run := task(tc.program...)
			run.Requests = tc.requests
			s := probe(t, image(t), run)
			var got []string
			for _, h := range s.Answers {
				if h.Volatile {
					h.Body = "…"
				}
				got = append(got, line(h))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"), s.Stderr)
			}
		})
	}
}

func TestRunKeepsTheBeginningOfAnswers(t *testing.T) {
	run := task("serve", ":8080")
	run.Requests = []wire.Request{{Path: "/long"}}
	s := probe(t, image(t), run)
	if len(s.Answers) != 1 || len(s.Answers[0].Body) != keep || s.Answers[0].Volatile || s.Answers[0].Problem != "" {
		t.Errorf("%+v", s.Answers)
	}
}

func line(h wire.HTTP) string {
	return fmt.Sprintf("%t %d %q %q %q %t %q", h.TLS, h.Status, h.Type, h.Location, h.Body, h.Volatile, h.Problem)
}
