package templates

import "testing"

func mirrors(t *testing.T, list ...string) Mirrors {
	t.Helper()
	var all Mirrors
	for _, s := range list {
		m, err := ParseMirror(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func TestMirrorsRead(t *testing.T) {
	all := mirrors(t, "docker.io=mirror.example:5000/hub", "mcr.microsoft.com=mirror.example:5000/ms/", "docker.io/library=base.example")
	for in, slim := range map[string]string{
		"mirror.example:5000/hub/library/python:3.9":     "mirror.example:5000/hub/library/python:3.9-slim",
		"mirror.example:5000/hub/python:3.9":             "mirror.example:5000/hub/python:3.9-slim",
		"base.example/node:18":                           "base.example/node:18-slim",
		"python:3.9":                                     "python:3.9-slim",
		"other.example/python:3.9":                       "-",
		"mirror.example:5000/hubs/library/python:3.9":    "-",
		"mirror.example:5000/ms/dotnet/runtime-deps:8.0": "-",
	} {
		c := Slim(all.Read(ref(t, in)))
		if got := c.Ref.String(); c.OK && got != slim || c.OK != (slim != "-") {
			t.Errorf("Slim of %s = %s, %v, want %s", in, got, c.OK, slim)
		}
	}
	i, ok := all.Read(ref(t, "mirror.example:5000/ms/dotnet/aspnet:8.0")).Image()
	if !ok || i.Suite != "bookworm" || i.Ref.String() != "mirror.example:5000/ms/dotnet/aspnet:8.0" {
		t.Errorf("the mirrored aspnet:8.0 is %+v, %v", i, ok)
	}
}

func TestMirrorsWrite(t *testing.T) {
	all := mirrors(t, "docker.io/library=base.example", "docker.io=mirror.example/hub", "gcr.io=mirror.example/gcr")
	for in, want := range map[string]string{
		"python:3.9":                       "base.example/python:3.9",
		"oven/bun:1":                       "mirror.example/hub/oven/bun:1",
		"gcr.io/distroless/static:nonroot": "mirror.example/gcr/distroless/static:nonroot",
		"python:3.9@" + digest:             "base.example/python:3.9@" + digest,
		"quay.io/a/b":                      "quay.io/a/b",
		"scratch":                          "scratch",
		"docker.io/library/alpine:3.19":    "base.example/alpine:3.19",
	} {
		if got := all.Write(ref(t, in)).String(); got != want {
			t.Errorf("%s at a mirror = %s, want %s", in, got, want)
		}
	}
	if r := ref(t, "python:3.9"); Mirrors(nil).Write(r) != r || Mirrors(nil).Read(r) != r {
		t.Error("without mirrors a reference changes")
	}
}

func TestParseMirrorRefuses(t *testing.T) {
	for _, s := range []string{"", "docker.io", "=", "docker.io=", "=mirror.example", "docker.io=Mirror/X", "docker.io=mirror.example:tag", "docker.io=https://mirror.example", "node=mirror.example", "docker.io=mirror.example/$X"} {
		if m, err := ParseMirror(s); err == nil {
			t.Errorf("ParseMirror(%q) = %+v, want an error", s, m)
		}
	}
}

func FuzzParseMirror(f *testing.F) {
	for _, seed := range []string{"docker.io=mirror.example/hub", "docker.io/library=base.example:5000", "a.b=c.d/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMirror(s)
		if err != nil {
			return
		}
		r := Ref{Registry: "docker.io", Repository: "library/node", Tag: "18", written: "node"}
		if w := (Mirrors{m}).Write(r); w != r {
			if _, err := ParseRef(w.String()); err != nil {
				t.Errorf("%q writes node:18 as %s: %v", s, w, err)
			}
		}
	})
}
