package templates

import "testing"

const digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestParseRef(t *testing.T) {
	for _, c := range []struct{ in, registry, repository, tag, digest, familiar string }{
		{"node", "docker.io", "library/node", "", "", "node"},
		{"node:18", "docker.io", "library/node", "18", "", "node:18"},
		{"library/node:18", "docker.io", "library/node", "18", "", "node:18"},
		{"docker.io/node:18", "docker.io", "library/node", "18", "", "node:18"},
		{"index.docker.io/library/node:18", "docker.io", "library/node", "18", "", "node:18"},
		{"docker.io/bitnami/redis:7", "docker.io", "bitnami/redis", "7", "", "bitnami/redis:7"},
		{"localhost:5000/team/app:1.2", "localhost:5000", "team/app", "1.2", "", "localhost:5000/team/app:1.2"},
		{"localhost:5000/team/app", "localhost:5000", "team/app", "", "", "localhost:5000/team/app"},
		{"localhost/app", "localhost", "app", "", "", "localhost/app"},
		{"mcr.microsoft.com/dotnet/sdk:8.0", "mcr.microsoft.com", "dotnet/sdk", "8.0", "", "mcr.microsoft.com/dotnet/sdk:8.0"},
		{"debian@" + digest, "docker.io", "library/debian", "", digest, "debian@" + digest},
		{"debian:12@" + digest, "docker.io", "library/debian", "12", digest, "debian:12@" + digest},
	} {
		r, err := ParseRef(c.in)
		if err != nil {
			t.Errorf("ParseRef(%q): %v", c.in, err)
			continue
		}
		if r.Registry != c.registry || r.Repository != c.repository || r.Tag != c.tag || r.Digest != c.digest {
			t.Errorf("ParseRef(%q) = %+v", c.in, r)
		}
		if r.String() != c.in {
			t.Errorf("ParseRef(%q).String() = %q", c.in, r)
		}
		if r.Familiar() != c.familiar {
			t.Errorf("ParseRef(%q).Familiar() = %q, want %q", c.in, r.Familiar(), c.familiar)
		}
	}
}

func TestParseRefRefuses(t *testing.T) {
	for _, in := range []string{"", "$BASE", "node:${V}", "${R}/node", "Node", "node:", "node@sha256:12", "a b", ":18", "node:18:3", "http://x/y", `a\b`} {
		if r, err := ParseRef(in); err == nil {
			t.Errorf("ParseRef(%q) = %+v, want an error", in, r)
		}
	}
}

func TestWithTagKeepsTheSpelling(t *testing.T) {
	for in, want := range map[string]string{
		"docker.io/library/python:3.9":          "docker.io/library/python:3.9-slim",
		"localhost:5000/python":                 "localhost:5000/python:3.9-slim",
		"python:3.9@" + digest:                  "python:3.9-slim",
		"public.ecr.aws/docker/library/node:18": "public.ecr.aws/docker/library/node:3.9-slim",
	} {
		r, err := ParseRef(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.WithTag("3.9-slim").String(); got != want {
			t.Errorf("%s with another tag = %q, want %q", in, got, want)
		}
	}
}

func TestScratchIsNoImage(t *testing.T) {
	for in, want := range map[string]bool{"scratch": true, "scratch:1": false, "docker.io/library/scratch": false, "node": false} {
		r, err := ParseRef(in)
		if err != nil {
			t.Fatal(err)
		}
		if r.Scratch() != want {
			t.Errorf("Scratch of %s = %v", in, !want)
		}
	}
}

func FuzzParseRef(f *testing.F) {
	for _, seed := range []string{"node:18", "localhost:5000/team/app:1.2", "debian:12@" + digest, "gcr.io/distroless/nodejs22-debian13:nonroot", "python:3.9.7-slim-bullseye", "a/b:c-d_e.f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRef(s)
		if err != nil {
			return
		}
		if r.String() != s {
			t.Errorf("%q prints as %q", s, r)
		}
		again, err := ParseRef(r.Familiar())
		if err != nil || again.Registry != r.Registry || again.Repository != r.Repository || again.Tag != r.Tag {
			t.Errorf("%q is familiar as %q, which is %+v, %v", s, r.Familiar(), again, err)
		}
		r.Image()
		for _, c := range []Counterpart{Slim(r), Alpine(r), JRE(r)} {
			if c.OK == (c.Why != "") {
				t.Errorf("%q: neither a counterpart nor a reason, or both: %+v", s, c)
			}
		}
	})
}
