package proof

import (
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// What the user is told to try, by what the original said when it ended.
func TestHint(t *testing.T) {
	const apart = "--no-run judges the images alone"
	variable := func(name string) string {
		return "it looks for the variable " + name + ": give it with --env " + name + "=VALUE, or " + apart
	}
	host := func(name string) string {
		return "it looks for the host " + name + ", which is not there: --add-host " + name + " lets the name be found, or " + apart
	}
	for said, want := range map[string]string{
		"Traceback\n  File \"x\"\nKeyError: 'SECRET_KEY'\n":                                  variable("SECRET_KEY"),
		"/start.sh: line 3: DATABASE_URL: unbound variable":                                  variable("DATABASE_URL"),
		"sh: 1: PORT: parameter not set":                                                     variable("PORT"),
		"panic: environment variable BOT_TOKEN is not set":                                   variable("BOT_TOKEN"),
		"Error: Missing required environment variable: API_KEY":                              variable("API_KEY"),
		"JWT_SECRET must be defined":                                                         variable("JWT_SECRET"),
		"TypeError: JWT_SECRET is undefined":                                                 variable("JWT_SECRET"),
		"DB_HOST environment variable not set":                                               variable("DB_HOST"),
		"GET / HTTP/1.1 was not found":                                                       apart,
		"KeyError: 'name'":                                                                   apart,
		"nginx: [emerg] host not found in upstream \"web:8000\" in /etc/nginx/nginx.conf:73": host("web"),
		"Error: getaddrinfo ENOTFOUND db":                                                    host("db"),
		"Error: getaddrinfo EAI_AGAIN redis-1":                                               host("redis-1"),
		"dial tcp: lookup postgres on 10.0.0.1:53: no such host":                             host("postgres"),
		"could not translate host name \"db\" to address: Name or service not known":         host("db"),
		"Caused by: java.net.UnknownHostException: mysql: Name or service not known":         host("mysql"),
		"Error: connect ECONNREFUSED 127.0.0.1:5432":                                         "it looks for a service that is not there: " + apart,
		"\x1b[31mKeyError: 'TOKEN'\x1b[0m\nretrying\nError: getaddrinfo ENOTFOUND db":        host("db"),
		"Segmentation fault":                                                                 apart,
		"curl: (6) Could not resolve host: api.example.com":                                  host("api.example.com"),
		strings.Repeat("x", 1<<16):                                                           apart,
	} {
		code := 1
		p := Compare(&Side{Seen: &wire.Seen{Exit: &code, Stderr: said}}, nil, Expect{})
		if p.Verdict != Inconclusive || p.Hint != want {
			t.Errorf("%.80q: %s: %q, want %q", said, p.Verdict, p.Hint, want)
		}
	}
	for name, s := range map[string]*Side{
		"does not build": {Failed: "x"}, "runs away": {Seen: &wire.Seen{Runaway: "x"}},
	} {
		if p := Compare(s, nil, Expect{}); p.Verdict != Inconclusive || p.Hint != "" {
			t.Errorf("%s: %q", name, p.Hint)
		}
	}
	if p := Compare(&Side{Seen: &wire.Seen{Failed: "exec: no such file"}}, nil, Expect{}); p.Hint != apart {
		t.Errorf("does not start: %q", p.Hint)
	}
	if p := Compare(server(), server(), own); p.Hint != "" {
		t.Errorf("a proof needs no hint: %q", p.Hint)
	}
}
