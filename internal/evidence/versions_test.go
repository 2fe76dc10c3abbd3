package evidence

import (
	"strings"
	"testing"
	"testing/fstest"
)

// said renders versions as "file:line says = value" or "file:line says ! why".
func said(list []Version) []string {
	var out []string
	for _, v := range list {
		s := v.Where() + " " + v.Says
		if v.Value != "" {
			s += " = " + v.Value
		}
		if v.Why != "" {
			s += " ! " + v.Why
		}
		out = append(out, s)
	}
	return out
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		what, lang, tree string
		want             []string
	}{
		{"nothing", "node", "-- a --\n", nil},
		{"nvmrc", "node", "-- .nvmrc --\n# our node\n\nv20.11.1 # LTS\n", []string{".nvmrc:3 v20.11.1 = 20.11.1"}},
		{"nvmrc of a release line", "node", "-- .nvmrc --\nlts/Hydrogen\n", []string{".nvmrc:1 lts/Hydrogen = 18"}},
		{"nvmrc of any", "node", "-- .nvmrc --\nlts/*\n-- .node-version --\nnode\n",
			[]string{".nvmrc:1 lts/* ! is a range", ".node-version:1 node ! is no number of a version"}},
		{"empty", "node", "-- .nvmrc --\n\n", nil},
		{"engines", "node", "-- package.json --\n{\n  \"name\": \"x\",\n  \"engines\": {\n    \"npm\": \"1\",\n    \"node\": \"20.x\"\n  }\n}\n", []string{"package.json:5 20.x = 20"}},
		{"engines, at least", "node", "-- package.json --\n{\"engines\": {\"node\": \">=18\"}}\n", []string{"package.json:1 >=18 ! is a range"}},
		{"engines, caret", "node", "-- package.json --\n{\"engines\": {\"node\": \"^18.2.0\"}}\n", []string{"package.json:1 ^18.2.0 = 18"}},
		{"engines, tilde", "node", "-- package.json --\n{\"engines\": {\"node\": \"~18.2.1\"}}\n", []string{"package.json:1 ~18.2.1 = 18.2"}},
		{"engines, either", "node", "-- package.json --\n{\"engines\": {\"node\": \"18 || 20\"}}\n", []string{"package.json:1 18 || 20 ! is a range"}},
		{"engines elsewhere", "node", "-- package.json --\n{\"x\": [{\"engines\": {\"node\": \"18\"}}], \"y\": {\"engines\": {\"node\": \"16\"}}, \"engines\": [\"node\"]}\n", nil},
		{"volta", "node", "-- package.json --\n{\"volta\": {\"node\": \"18.2.0\"}}\n", []string{"package.json:1 18.2.0 = 18.2.0"}},
		{"package manager", "bun", "-- package.json --\n{\"packageManager\": \"bun@1.1.8+sha256.abc\"}\n", []string{"package.json:1 1.1.8 = 1.1.8"}},
		{"broken JSON", "node", "-- package.json --\n{\"engines\": {\"node\": \"18\"}, ]\n", []string{"package.json:1 18 = 18"}},
		{"tool-versions", "node", "-- .tool-versions --\nruby 3.1.0\nnodejs 18.2.0 16.1.0\n", []string{".tool-versions:2 18.2.0 = 18.2.0"}},
		{"mise", "go", "-- mise.toml --\n[env]\ngo = \"1\"\n[tools]\ngo = \"1.22\"\n", []string{"mise.toml:4 1.22 = 1.22"}},
		{"python-version", "python", "-- .python-version --\n3.11.4\n3.9\n", []string{".python-version:1 3.11.4 = 3.11.4"}},
		{"other python", "python", "-- .python-version --\npypy3.9-7.3\n", []string{".python-version:1 pypy3.9-7.3 ! is no number of a version"}},
		{"major alone", "python", "-- .python-version --\n3\n", []string{".python-version:1 3 ! leaves the minor version open"}},
		{"runtime", "python", "-- runtime.txt --\npython-3.8.10\r\n", []string{"runtime.txt:1 python-3.8.10 = 3.8.10"}},
		{"pyproject", "python", "-- pyproject.toml --\n[project]\nrequires-python = \"==3.11.*\"\n[tool.poetry.dependencies]\npython = \"~3.11\"\n",
			[]string{"pyproject.toml:2 ==3.11.* = 3.11", "pyproject.toml:4 ~3.11 = 3.11"}},
		{"pyproject, open", "python", "-- pyproject.toml --\n[project]\nrequires-python = \">=3.8\"\n[tool.poetry.dependencies]\npython = \"^3.11\"\n",
			[]string{"pyproject.toml:2 >=3.8 ! is a range", "pyproject.toml:4 ^3.11 ! leaves the minor version open"}},
		{"pipfile", "python", "-- Pipfile --\n[packages]\npython = \"1.1\"\n[requires]\npython_version = \"3.9\"\n", []string{"Pipfile:4 3.9 = 3.9"}},
		{"go line", "go", "-- go.mod --\nmodule x\n\ngo 1.22.3\n", []string{"go.mod:3 1.22.3 = 1.22.3"}},
		{"toolchain", "go", "-- go.mod --\nmodule x\ngo 1.22\ntoolchain go1.23.1\n", []string{"go.mod:3 go1.23.1 = 1.23.1"}},
		{"old go line", "go", "-- go.mod --\nmodule x\ngo 1.13\n", []string{"go.mod:2 1.13 ! is a version of the language, not of the toolchain (before 1.21)"}},
		{"broken go.mod", "go", "-- go.mod --\nmodule \"\n", nil},
		{"pom", "java", "-- pom.xml --\n<project>\n<properties>\n<java.version>\n  1.8\n</java.version>\n</properties>\n<build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId>\n<configuration><release>${java.version}</release></configuration></plugin></plugins></build>\n</project>\n",
			[]string{"pom.xml:4 1.8 = 8", "pom.xml:8 ${java.version} ! is computed"}},
		{"pom, elsewhere", "java", "-- pom.xml --\n<project><profiles><profile><properties><java.version>11</java.version></properties></profile></profiles>\n<build><plugins><plugin><artifactId>other</artifactId><configuration><release>9</release></configuration></plugin></plugins></build></project>\n", nil},
		{"broken pom", "java", "-- pom.xml --\n<project></properties><properties><java.version>17</java.version>", nil},
		{"gradle", "java", "-- build.gradle --\n// sourceCompatibility = 8\njava {\n  toolchain { languageVersion = JavaLanguageVersion.of(17) }\n}\nsourceCompatibility = '17'\n  targetCompatibility = JavaVersion.VERSION_1_8\n",
			[]string{"build.gradle:3 17 = 17", "build.gradle:5 17 = 17", "build.gradle:6 1.8 = 8"}},
		{"gradle, Kotlin", "java", "-- build.gradle.kts --\nkotlin { jvmToolchain(21) }\n", []string{"build.gradle.kts:1 21 = 21"}},
		{"sdkman", "java", "-- .sdkmanrc --\njava=17.0.8-tem\nmaven=3.9\n-- system.properties --\njava.runtime.version = 17\n",
			[]string{".sdkmanrc:1 17.0.8-tem = 17", "system.properties:1 17 = 17"}},
		{"java-version", "java", "-- .java-version --\ntemurin-17.0.8+7\n", []string{".java-version:1 temurin-17.0.8+7 = 17"}},
		{"gemfile", "ruby", "-- Gemfile --\nsource 'x'\nruby '~> 3.2.0'\n", []string{"Gemfile:2 ~> 3.2.0 = 3.2"}},
		{"gemfile, open", "ruby", "-- Gemfile --\nruby \"~> 3.2\"\n", []string{"Gemfile:1 ~> 3.2 ! is a range"}},
		{"gemfile by file", "ruby", "-- Gemfile --\nruby file: \".ruby-version\"\n-- .ruby-version --\nruby-3.2.2\n", []string{".ruby-version:1 ruby-3.2.2 = 3.2.2"}},
		{"gem lock", "ruby", "-- Gemfile.lock --\nGEM\n\nRUBY VERSION\n   ruby 3.1.4p223\n", []string{"Gemfile.lock:4 3.1.4 = 3.1.4"}},
		{"rust", "rust", "-- rust-toolchain.toml --\n[toolchain]\nchannel = \"1.75.0\"\n-- rust-toolchain --\n1.74\n",
			[]string{"rust-toolchain.toml:2 1.75.0 = 1.75.0", "rust-toolchain:1 1.74 = 1.74"}},
		{"rust channel", "rust", "-- rust-toolchain --\nstable\n", []string{"rust-toolchain:1 stable ! is no number of a version"}},
		{"composer", "php", "-- composer.json --\n{\"require\": {\"php\": \"8.2.*\"},\n\"config\": {\"platform\": {\"php\": \"8.2.10\"}}}\n",
			[]string{"composer.json:1 8.2.* = 8.2", "composer.json:2 8.2.10 = 8.2.10"}},
		{"composer, open", "php", "-- composer.json --\n{\"require\": {\"php\": \"~8.2\"}}\n", []string{"composer.json:1 ~8.2 ! is a range"}},
		{"composer, caret", "php", "-- composer.json --\n{\"require\": {\"php\": \"^8.1\"}}\n", []string{"composer.json:1 ^8.1 ! leaves the minor version open"}},
		{"dotnet", "dotnet", "-- global.json --\n{\"sdk\": {\"version\": \"8.0.100\", \"rollForward\": \"latestPatch\"}}\n", []string{"global.json:1 8.0.100 = 8.0.100"}},
		{"elixir", "elixir", "-- .tool-versions --\nelixir 1.15.7-otp-26\nerlang 26.1\n", []string{".tool-versions:1 1.15.7-otp-26 = 1.15.7"}},
		{"ignored", "node", "-- .dockerignore --\n.nvmrc\n-- .nvmrc --\n20\n", nil},
		{"not a tag", "node", "-- .nvmrc --\n20@sha256:x\n", []string{".nvmrc:1 20@sha256:x ! is no number of a version"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			same(t, "versions", said(open(t, c.tree).Versions(c.lang, ".")), c.want)
		})
	}
}

// A folder given twice counts once, and folders outside have nothing.
func TestVersionsOfFolders(t *testing.T) {
	c := open(t, "-- .nvmrc --\n20\n-- web/.nvmrc --\n18\n")
	same(t, "versions", said(c.Versions("node", ".", "web", "./", "../..")), []string{".nvmrc:1 20 = 20", "web/.nvmrc:1 18 = 18"})
}

var versionLanguages = []string{"bun", "deno", "dotnet", "elixir", "erlang", "go", "java", "node", "php", "python", "ruby", "rust"}

func FuzzVersions(f *testing.F) {
	f.Add("{\"engines\": {\"node\": \"^18\"}, \"a\": [{}]}", byte(0))
	f.Add("<a><properties><java.version>17</java.version></properties></b>", byte(1))
	f.Add("[toolchain]\nchannel = \"1.2\"\n[tools]\nnode = [\"20\"", byte(2))
	f.Add("RUBY VERSION\n   ruby 3.1.4p2\nruby '~> 3.2.0'\njava=1.8\nnodejs 18.2", byte(3))
	f.Fuzz(func(t *testing.T, text string, lang byte) {
		name := versionLanguages[int(lang)%len(versionLanguages)]
		fsys := fstest.MapFS{}
		for _, file := range versionFiles(name) {
			fsys[file.name] = &fstest.MapFile{Data: []byte(text)}
		}
		for _, v := range must(Open(fsys, "")).Versions(name, ".") {
			if v.Line < 1 || (v.Value == "") != (v.Why != "") || v.Value != "" && !plainVersion.MatchString(v.Value) {
				t.Errorf("%+v", v)
			}
		}
	})
}

// Lines are counted for what is returned alone: a long file costs its length.
func BenchmarkVersionsOfLongFile(b *testing.B) {
	text := `{"dependencies": {` + strings.Repeat("\"a\": \"1\",\n", 80_000) + `"b": "2"}, "engines": {"node": "20"}}`
	for b.Loop() {
		c := must(Open(fstest.MapFS{"package.json": {Data: []byte(text)}}, ""))
		if got := c.Versions("node", "."); len(got) != 1 || got[0].Line != 80_001 {
			b.Fatal(got)
		}
	}
}
