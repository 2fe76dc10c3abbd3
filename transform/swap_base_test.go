package transform

import (
	"testing"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
)

func TestKeepVariables(t *testing.T) {
	v := func(text, value string) refPart { return refPart{text, value, &dockerfile.VarUse{}} }
	lit := func(text string) refPart { return refPart{text: text, value: text} }
	for _, c := range []struct {
		name           string
		parts          []refPart
		from, to, want string // want "" where the text that changes lies in a variable
	}{
		{"at the end", []refPart{lit("python:"), v("$V", "3.9")}, "python:3.9", "python:3.9-slim", "python:$V-slim"},
		{"before a literal", []refPart{lit("python:"), v("${V}", "3.9"), lit("-buster")}, "python:3.9-buster", "python:3.9-slim-buster", "python:${V}-slim-buster"},
		{"between variables", []refPart{lit("python:"), v("$V", "3.9"), lit("-"), v("$S", "buster")}, "python:3.9-buster", "python:3.9-slim-buster", "python:$V-slim-$S"},
		{"inside a variable", []refPart{lit("python:"), v("$T", "3.9-buster")}, "python:3.9-buster", "python:3.9-slim-buster", ""},
		{"a literal replaced", []refPart{lit("openjdk:"), v("$V", "11"), lit("-jdk")}, "openjdk:11-jdk", "openjdk:11-jre", "openjdk:$V-jre"},
		{"another repository", []refPart{lit("alpine:"), v("$V", "3.20")}, "alpine:3.20", "gcr.io/distroless/static-debian13:latest", ""},
	} {
		if got, ok := keepVariables(c.parts, c.from, c.to); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, ok, c.want)
		}
	}
}

func TestParseRequirement(t *testing.T) {
	for _, c := range []struct {
		text, name, op, version string // name "" where it is declined
	}{
		{"Flask", "flask", "", ""},
		{"zope.interface==5.0", "zope-interface", "==", "5.0"},
		{"uvicorn[standard] >= 0.20 ; python_version > '3.8'", "uvicorn[standard]", ">=", "0.20"},
		{"requests~=2.28.0", "requests", "~=", "2.28.0"},
		{"numpy===1.26.4", "numpy", "==", "1.26.4"},
		{"flask==2.0 --hash=sha256:00", "flask", "==", "2.0"},
		{"pandas>=1.5,<2", "pandas", ">=", "1.5,<2"},
		{"git+https://example.com/x.git", "", "", ""},
		{"https://example.com/x.whl", "", "", ""},
		{"./local", "", "", ""},
		{"pkg/", "", "", ""},
		{"thing @ file:///x", "", "", ""},
	} {
		r, why := parseRequirement(c.text, "here")
		if (why == "") != (c.name != "") || r.name != c.name || r.op != c.op || r.version != c.version {
			t.Errorf("%q: got %+v, %q", c.text, r, why)
		}
	}
}

func TestLacksWheel(t *testing.T) {
	for _, c := range []struct {
		text  string
		minor int
		fits  bool
	}{
		{"numpy==1.26.4", 12, true},
		{"numpy==1.25.0", 12, false},
		{"numpy", 12, true},
		{"numpy>=1.20", 12, true},
		{"numpy>=1.20,<1.22", 12, false},
		{"numpy<2", 12, false},
		{"numpy==1.26.4", 15, false}, // a Python that the table does not know
		{"numpy", 6, false},
		{"cryptography==41.0.0", 13, true},
		{"mysqlclient", 12, false},
	} {
		r, _ := parseRequirement(c.text, "here")
		if why := r.lacksWheel(r.bare(), c.minor); (why == "") != c.fits {
			t.Errorf("%s for 3.%d: %q", c.text, c.minor, why)
		}
	}
}

func TestScriptName(t *testing.T) {
	for _, c := range []struct{ command, script string }{
		{"npm run build", "build"}, {"npm start", "start"}, {"npm ci", ""}, {"npm install", ""},
		{"yarn build", "build"}, {"yarn install", ""}, {"yarn --version", ""}, {"pnpm run x", "x"}, {"node x.js", ""},
	} {
		name, ok := scriptName(words(c.command))
		if !ok {
			name = ""
		}
		if name != c.script {
			t.Errorf("%s: got %q, want %q", c.command, name, c.script)
		}
	}
}

func TestLockFiles(t *testing.T) {
	none, tools := installRules{}, installRules{compilers: true}
	for _, c := range []struct {
		name, text string
		rules      installRules
		read       func(name, text string, rules installRules) string
		fits       bool
	}{
		{"v1 with nan", `{"dependencies": {"nan": {"version": "2.0.0"}}}`, none, npmLock, false},
		{"v1, nan for fsevents only", `{"dependencies": {"nan": {"version": "2.0.0", "optional": true}}}`, none, npmLock, true},
		{"v3, scoped, with a script", `{"packages": {"node_modules/@x/y": {"hasInstallScript": true}}}`, none, npmLock, false},
		{"v3, a nested script of a quiet module", `{"packages": {"node_modules/a/node_modules/core-js": {"hasInstallScript": true}}}`, none, npmLock, true},
		{"v3, from git", `{"packages": {"node_modules/a": {"resolved": "git+ssh://git@example.com/a.git#1"}}}`, none, npmLock, false},
		{"v3, for development, in production", `{"packages": {"node_modules/a": {"hasInstallScript": true, "dev": true}}}`, installRules{production: true}, npmLock, true},
		{"v3, compiled with what is installed", `{"packages": {"node_modules/bcrypt": {"hasInstallScript": true}, "node_modules/node-addon-api": {}}}`, tools, npmLock, true},
		{"v3, compiled against who knows what", `{"packages": {"node_modules/canvas": {"hasInstallScript": true}, "node_modules/nan": {}}}`, tools, npmLock, false},
		{"v1 does not mark what nan is for", `{"dependencies": {"nan": {"version": "2.0.0"}}}`, tools, npmLock, false},
		{"not JSON", `{`, none, npmLock, false},
		{"yarn with bindings", "sqlite3@^5.0.0:\n  version \"5\"\n  dependencies:\n    bindings \"^1\"\n", none, yarnLock, false},
		{"yarn, compiled with what is installed", "sqlite3@^5.0.0:\n  version \"5\"\n  dependencies:\n    bindings \"^1\"\n", tools, yarnLock, true},
		{"yarn, compiled against who knows what", "canvas@^2.0.0:\n  version \"2\"\n  dependencies:\n    nan \"^2\"\n", tools, yarnLock, false},
		{"yarn with fsevents", "fsevents@^1.0.0:\n  version \"1\"\n  dependencies:\n    nan \"^2\"\n", none, yarnLock, true},
		{"pnpm that builds", "packages:\n  /better-sqlite3@8.0.0:\n    requiresBuild: true\n", none, pnpmLock, false},
		{"pnpm of plain modules", "packages:\n  /express@4.18.2:\n    engines: {node: '>= 0.10.0'}\n", none, pnpmLock, true},
	} {
		if why := c.read("lock", c.text, c.rules); (why == "") != c.fits {
			t.Errorf("%s: %q", c.name, why)
		}
	}
}
