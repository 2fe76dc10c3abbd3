package transform

import "testing"

func TestWheels(t *testing.T) {
	both := []string{"x86_64", "aarch64"}
	for _, c := range []struct {
		name       string
		files      []string
		kind       string
		fits, told bool
	}{
		{"pure", []string{"a-1-py3-none-any.whl"}, "musllinux", true, true},
		{"pure for 2 and 3", []string{"a-1-py2.py3-none-any.whl"}, "musllinux", true, true},
		{"glibc alone", []string{"a-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "a-1-cp312-cp312-manylinux_2_17_aarch64.whl"}, "musllinux", false, true},
		{"glibc alone on glibc", []string{"a-1-cp312-cp312-manylinux_2_17_x86_64.whl", "a-1-cp312-cp312-manylinux_2_17_aarch64.whl"}, "manylinux", true, true},
		{"both", []string{"a-1-cp312-cp312-musllinux_1_2_x86_64.whl", "a-1-cp312-cp312-musllinux_1_2_aarch64.whl"}, "musllinux", true, true},
		{"one architecture", []string{"a-1-cp312-cp312-musllinux_1_2_x86_64.whl"}, "musllinux", false, true},
		{"another Python", []string{"a-1-cp311-cp311-musllinux_1_2_x86_64.whl", "a-1-cp311-cp311-musllinux_1_2_aarch64.whl"}, "musllinux", false, true},
		{"a stable interface", []string{"a-1-cp37-abi3-musllinux_1_2_x86_64.whl", "a-1-cp37-abi3-musllinux_1_2_aarch64.whl"}, "musllinux", true, true},
		{"without the GIL", []string{"a-1-cp312-cp312t-musllinux_1_2_x86_64.whl", "a-1-cp312-cp312t-musllinux_1_2_aarch64.whl"}, "musllinux", false, true},
		{"sources alone", []string{"a-1.tar.gz"}, "manylinux", false, true},
		{"nothing listed", nil, "manylinux", false, false},
	} {
		why, told := requirement{name: "a", version: "1", files: c.files}.wheels(c.kind, 12, both)
		if told != c.told || told && (why == "") != c.fits {
			t.Errorf("%s: %q, %v", c.name, why, told)
		}
	}
}

func TestTomlLock(t *testing.T) {
	reqs, ok := tomlLock(`version = 1

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }

[[package]]
name = "Flask_X"
version = "3.0.0"
files = [
    {file = "flask_x-3.0.0-py3-none-any.whl", hash = "sha256:00"},
]

[[package]]
name = "orjson"
version = "3.10.0"
wheels = [
    { url = "https://example.com/ab/orjson-3.10.0-cp312-cp312-manylinux_2_17_x86_64.whl", hash = "sha256:00" },
]

[metadata.files]
other = [ {file = "other-1-py3-none-any.whl"} ]
`, "uv.lock")
	if !ok || len(reqs) != 2 {
		t.Fatalf("got %+v", reqs)
	}
	if r := reqs[0]; r.name != "flask-x" || r.where != "uv.lock:9" || len(r.files) != 1 {
		t.Errorf("got %+v", r)
	}
	if r := reqs[1]; len(r.files) != 1 || r.files[0] != "orjson-3.10.0-cp312-cp312-manylinux_2_17_x86_64.whl" {
		t.Errorf("got %+v", r)
	}
	if _, ok := tomlLock("[[package]]\nname = \"a\"\nversion = \"1\"\n[package.source]\ntype = \"git\"\n", "poetry.lock"); ok {
		t.Error("a package from git was taken")
	}
}

func TestGlibcOnly(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"npm, no musl", `{"packages": {"node_modules/@next/swc-linux-x64-gnu": {"optional": true}}}`, "@next/swc-linux-x64-gnu"},
		{"npm, with musl", `{"packages": {"node_modules/@next/swc-linux-x64-gnu": {}, "node_modules/@next/swc-linux-x64-musl": {}}}`, ""},
		{"sharp, by its mark", `{"packages": {"node_modules/@img/sharp-linux-x64": {"libc": ["glibc"]}}}`, "@img/sharp-linux-x64"},
		{"sharp, with musl", `{"packages": {"node_modules/@img/sharp-linux-x64": {"libc": ["glibc"]}, "node_modules/@img/sharp-linuxmusl-x64": {"libc": ["musl"]}}}`, ""},
		{"esbuild does with any", `{"packages": {"node_modules/@esbuild/linux-x64": {}}}`, ""},
		{"yarn", "\"@rollup/rollup-linux-x64-gnu@4.0.0\":\n  version \"4.0.0\"\n", "@rollup/rollup-linux-x64-gnu"},
		{"pnpm", "packages:\n  '@parcel/watcher-linux-x64-glibc@2.0.0':\n  '@parcel/watcher-linux-x64-musl@2.0.0':\n", ""},
	} {
		if got, _ := glibcOnly(c.text); got != c.want {
			t.Errorf("%s: got %q", c.name, got)
		}
	}
}
