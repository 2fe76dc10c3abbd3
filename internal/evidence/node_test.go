package evidence

import (
	"errors"
	"testing"
)

func TestNodePackage(t *testing.T) {
	c := open(t, `
-- app/package.json --
{
  "name": "shop", "main": "server.js", "type": "module",
  "engines": {"node": ">=18"},
  "scripts": {"start": "node server.js", "build": "tsc"},
  "dependencies": {"express": "^4", "sharp": "^0.33"},
  "devDependencies": {"typescript": "5", "puppeteer": "1"},
  "workspaces": ["packages/*"]
}
-- app/package-lock.json --
{"lockfileVersion": 3, "packages": {
  "": {"name": "shop", "hasInstallScript": true},
  "packages/lib": {"hasInstallScript": true},
  "node_modules/express": {},
  "node_modules/sharp": {"hasInstallScript": true},
  "node_modules/sharp/node_modules/@img/sharp-linuxmusl-x64": {"cpu": ["x64"], "libc": ["musl"], "os": ["linux"], "optional": true},
  "node_modules/@img/sharp-linux-x64": {"cpu": ["x64"], "libc": "glibc"},
  "node_modules/@swc/core-linux-x64-gnu": {"cpu": ["x64"]},
  "node_modules/fsevents": {"os": ["darwin"], "optional": true},
  "node_modules/puppeteer": {"dev": true}
}}
`)
	p, err := c.NodePackage("app")
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "shop" || p.Main != "server.js" || p.Type != "module" || p.Engines != ">=18" || !p.Workspaces ||
		p.Script("start") != "node server.js" || p.LockKind != "npm" || p.LockFile != "app/package-lock.json" || !p.LockRead {
		t.Errorf("%+v", p)
	}
	same(t, "deps", p.Deps, []string{"express", "sharp"})
	same(t, "dev", p.DevDeps, []string{"puppeteer", "typescript"})
	same(t, "native", p.Native, []NodeNative{
		{Name: "@img/sharp-linux-x64", Why: "libc", Libc: "glibc"},
		{Name: "@swc/core-linux-x64-gnu", Why: "cpu", Libc: "glibc"},
		{Name: "fsevents", Why: "os"},
		{Name: "puppeteer", Why: "known native", Dev: true, Denied: true},
		{Name: "sharp", Why: "install script"},
		{Name: "@img/sharp-linuxmusl-x64", Why: "libc", Libc: "musl"},
	})
}

func TestNodeLocks(t *testing.T) {
	tests := []struct{ manager, files, kind string }{
		{"", "", ""},
		{"", "-- yarn.lock --\n", "yarn"},
		{"", "-- yarn.lock --\n-- .yarnrc.yml --\n", "yarn-berry"},
		{"", "-- pnpm-lock.yaml --\n-- package-lock.json --\n", "pnpm"},
		{"npm@10", "-- pnpm-lock.yaml --\n-- package-lock.json --\n", "npm"},
		{"", "-- bun.lockb --\n", "bun"},
		{"", "-- .dockerignore --\nyarn.lock\n-- yarn.lock --\n", ""},
	}
	for _, test := range tests {
		c := open(t, `-- package.json --
{"packageManager": "`+test.manager+`", "dependencies": {"bcrypt": "5"}}
`+test.files)
		p, err := c.NodePackage(".")
		if err != nil || p.LockKind != test.kind {
			t.Errorf("%q: %+v %v", test.files, p, err)
			continue
		}
		same(t, "native", p.Native, []NodeNative{{Name: "bcrypt", Why: "known native"}})
	}
}

func TestNodeErrors(t *testing.T) {
	if p, err := open(t, "-- x --\n").NodePackage("."); p != nil || err != nil {
		t.Errorf("%v %v", p, err)
	}
	for text, line := range map[string]int{"{\n\"name\": }": 2, "{\"scripts\":\n\n[1]}": 3, "": 1} {
		_, err := open(t, "-- package.json --\n"+text+"\n").NodePackage(".")
		var e *Error
		if !errors.As(err, &e) || e.File != "package.json" {
			t.Errorf("%q: %v", text, err)
		} else if text != "" && e.Line != line {
			t.Errorf("%q: line %d, want %d", text, e.Line, line)
		}
	}
}
