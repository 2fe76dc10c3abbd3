package templates

import (
	"slices"
	"testing"
)

func organisation(t *testing.T) *Overrides {
	t.Helper()
	o, err := NewOverrides([]ImageOverride{
		{Match: "python:3.1?", Runtime: "registry.example/base/python:{version}", Like: "python:{version}-slim", User: &Account{Name: "svc", UID: 4000, GID: 4000, Home: "/srv"}},
		{Match: "ruby", Runtime: "registry.example/base/ruby:{version}", User: &Account{UID: 4001, GID: 4001, Home: "/nonexistent"}},
		{Match: "node", User: &Account{Name: "node", UID: 2000, GID: 2000, Home: "/home/node"}},
		{Match: "registry.example/team/*", Like: "python:3.12-slim"},
	}, []PackageOverride{
		{Debian: "libvendor-dev", AlpineBuild: []string{"vendor-dev"}, AlpineRuntime: []string{"vendor"}, Kind: DevLibrary},
		{Debian: "curl", NoAlpine: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOverridesOfImages(t *testing.T) {
	o := organisation(t)
	for in, want := range map[string]string{
		"registry.example/base/python:3.12": "svc", "python:3.12": "", "python:3.9": "", "python:3.12-slim": "", "node:18": "node", "registry.example/team/api:1": "", "registry.example/base/ruby:3.4": "",
	} {
		i, ok := o.Lookup(in)
		if a, _ := i.Own(); !ok || a.Name != want {
			t.Errorf("%s runs as %q, %v, want %q", in, a.Name, ok, want)
		}
	}
	if i, _ := o.Lookup("node:18"); i.Accounts[0].UID != 2000 || slices.ContainsFunc(i.Accounts[1:], func(a Account) bool { return a.Name == "node" }) {
		t.Errorf("the accounts of node:18 are %+v", i.Accounts)
	}
	if i, ok := o.Lookup("registry.example/team/api:1"); !ok || i.Family != "python" || i.Ref.String() != "registry.example/team/api:1" || i.Suite != "trixie" {
		t.Errorf("an image like python is %+v, %v", i, ok)
	}
	if r, why, ok := o.Runtime(ref(t, "docker.io/library/python:3.12")); !ok || why != "" || r.Ref.String() != "registry.example/base/python:3.12" || r.Like.String() != "python:3.12-slim" {
		t.Errorf("python:3.12 goes to %+v, %s, %v", r, why, ok)
	}
	for _, in := range []string{"python:3.9", "python", "node:18", "registry.example/base/python:3.12"} {
		if r, _, ok := o.Runtime(ref(t, in)); ok {
			t.Errorf("%s goes to %+v", in, r)
		}
	}
	if _, why, ok := o.Runtime(ref(t, "ruby:latest")); !ok || why == "" {
		t.Errorf("ruby:latest has no version, and the reason is %q, %v", why, ok)
	}
	i, ok := o.Lookup("registry.example/base/ruby:3.4")
	if a, own := i.Own(); !ok || i.Shell || !own || a.UID != 4001 || !o.IsRuntime(i.Ref) {
		t.Errorf("the runtime of ruby is %+v, %v", i, ok)
	}
}

func TestOverridesOfPackages(t *testing.T) {
	o := organisation(t)
	p, ok := o.Package("libvendor-dev")
	run, known := p.AlpineRuntime()
	if !ok || !known || !slices.Equal(run, []string{"vendor"}) || p.Kind != DevLibrary {
		t.Errorf("libvendor-dev = %+v, %v", p, ok)
	}
	if _, known := p.DebianRuntime("bookworm"); known {
		t.Error("what libvendor-dev needs on Debian is not recorded")
	}
	curl, _ := o.Package("curl")
	if names, known := curl.DebianRuntime("bookworm"); !curl.NoAlpine || !known || !slices.Equal(names, []string{"curl"}) {
		t.Errorf("curl = %+v", curl)
	}
	if p, _ := Package("curl"); p.NoAlpine {
		t.Error("an override changed the embedded table")
	}
}

func TestNoOverridesAreTheTables(t *testing.T) {
	var o *Overrides
	i, ok := o.Lookup("node:18")
	if a, _ := i.Own(); !ok || a.UID != 1000 {
		t.Errorf("node:18 = %+v, %v", i, ok)
	}
	if _, ok := o.Package("curl"); !ok {
		t.Error("curl is not known")
	}
	if r, _, ok := o.Runtime(ref(t, "node:18")); ok || o.IsRuntime(ref(t, "node:18")) {
		t.Errorf("node:18 goes to %+v", r)
	}
}

func TestOverridesRefuse(t *testing.T) {
	for _, i := range []ImageOverride{
		{Match: ""}, {Match: "[:1"}, {Match: "a:["}, {Match: "a", Like: "A B"}, {Match: "a", Runtime: "$X"}, {Match: "a", Like: "{Version}"},
		{Match: "a", User: &Account{Name: "root; rm", UID: 1}}, {Match: "a", User: &Account{Name: "app"}}, {Match: "a", User: &Account{Name: "app", UID: 1, Home: "x"}},
	} {
		if _, err := NewOverrides([]ImageOverride{i}, nil); err == nil {
			t.Errorf("%+v is accepted", i)
		}
	}
	for _, p := range [][]PackageOverride{
		{{Debian: ""}}, {{Debian: "a b"}}, {{Debian: "-y"}}, {{Debian: "a", AlpineBuild: []string{"b;c"}}}, {{Debian: "a", NoAlpine: true, AlpineBuild: []string{"b"}}}, {{Debian: "a"}, {Debian: "a"}},
	} {
		if _, err := NewOverrides(nil, p); err == nil {
			t.Errorf("%+v is accepted", p)
		}
	}
}
