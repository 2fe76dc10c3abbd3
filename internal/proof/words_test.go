package proof

import (
	"strings"
	"testing"
)

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 7: "7 B", 999: "999 B", 1000: "1.00 kB", 9994: "9.99 kB", 9996: "10.0 kB", 99_960: "100 kB",
		999_400: "999 kB", 999_600: "1.00 MB", 12_340_000: "12.3 MB", -1234: "−1.23 kB", 1 << 62: "4.61 EB",
	} {
		if got := Size(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for got, want := range map[string]string{
		SignedSize(1): "+1 B", SignedSize(-1): "−1 B", SignedSize(0): "0 B",
		Signed(-4212): "−4,212", Signed(1_000_000): "+1,000,000", Signed(0): "0", Count(999): "999",
		Percent(812, 12): "−98.5 %", Percent(100, 101): "+1.0 %", Percent(0, 5): "", Percent(100_000, 99_999): "0.0 %",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestDecisive(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", " \n\n", ""},
		{"one", "exec /app: no such file\n", "exec /app: no such file"},
		{"Python", "Error: before\nTraceback (most recent call last):\n  File \"x\", line 1\n    import y\nModuleNotFoundError: No module named 'y'\n", "ModuleNotFoundError: No module named 'y'"},
		{"Node", "node:internal/loader:1\n  throw err;\n  ^\n\nError: Cannot find module '/app/x.js'\n    at Module._load (x)\n\nNode.js v20\n", "Error: Cannot find module '/app/x.js'"},
		{"Go", "starting\npanic: no config\n\ngoroutine 1 [running]:\nmain.main()\n", "panic: no config"},
		{"a warning first", "npm warn deprecated: error-ex\nfatal: gone\n", "fatal: gone"},
		{"colours", "\x1b[31mError\x1b[0m: red\n", "Error: red"},
		{"a heading", "[INFO] ---\n[ERROR] COMPILATION ERROR : \n[INFO] ------\n[ERROR] A.java:[3,32] no package x\n[ERROR] B.java\n", "[ERROR] COMPILATION ERROR : [ERROR] A.java:[3,32] no package x"},
		{"a heading at the end", "cannot load:\n", "cannot load:"},
		{"npm", "npm error code 1\nnpm error path /app/node_modules/x\nnpm error command failed\nnpm error command sh -c node-gyp\nnpm error gyp ERR! stack Error: Could not find Python\n", "npm error gyp ERR! stack Error: Could not find Python"},
		{"options of a compiler", "gcc -Wformat -Werror=format-security -c a.c\nerror: command 'gcc' failed: No such file\n", "error: command 'gcc' failed: No such file"},
		{"nothing telling", "one\ntwo\n", "two"},
		{"long", "error " + strings.Repeat("ü", 1000), "error " + strings.Repeat("ü", maxShown-6) + " …"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := decisive(tt.text); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestBuildError(t *testing.T) {
	tests := []struct{ name, failed, log, want string }{
		{"a command", `process "/bin/sh -c npm  install" did not complete successfully: exit code: 1`, "npm warn x\nnpm error code ERESOLVE\n", "`npm install` ends with 1: npm error code ERESOLVE"},
		{"a long command", "failed to solve: process \"/bin/sh -c set -x &&   apk add --update wget git ca-certificates &&   make\" did not complete successfully: exit code: 99", "",
			"`set -x && apk add --update wget git ca-certifica …` ends with 99"},
		{"a command of several lines", "process \"/bin/sh -c a\nb\" did not complete successfully: exit code: 2", "b: not found", "`a b` ends with 2: b: not found"},
		{"a command that was not found", `process "/bin/bash -c x" did not complete successfully: failed to create task: exec: "/bin/bash": no such file`, "",
			"`/bin/bash -c x` fails: failed to create task: exec: \"/bin/bash\": no such file"},
		{"a file that is not there", `failed to compute cache key: failed to calculate checksum of ref 8px3::tz41: "/app.jar": not found`, "", `"/app.jar": not found`},
		{"a base that is not there", "python:alpine: failed to resolve source metadata for docker.io/library/python:alpine: docker.io/library/python:alpine: not found", "", "python:alpine: not found"},
		{"a base of another registry", "failed to solve: r.example/a/b: failed to resolve source metadata for r.example/a/b:latest: failed to do request: dial tcp: lookup r.example: no such host", "",
			"r.example/a/b:latest: failed to do request: dial tcp: lookup r.example: no such host"},
		{"another", "dockerfile parse error on line 2: unknown instruction: FORM", "", "dockerfile parse error on line 2: unknown instruction: FORM"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := buildError(&Side{Failed: tt.failed, Log: tt.log}); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestFirstDifference(t *testing.T) {
	long := strings.Repeat("ab", 500)
	tests := []struct{ before, after, b, a string }{
		{"x\ny\n", "x\nz\n", "y", "z"},
		{"x\n", "x\ny\n", "", "y"},
		{"x", "x\n", "", ""},
		{long + "1", long + "2", "… " + strings.Repeat("ab", 10) + "1", "… " + strings.Repeat("ab", 10) + "2"},
	}
	for _, tt := range tests {
		if b, a := firstDifference(tt.before, tt.after); b != tt.b || a != tt.a {
			t.Errorf("%q and %q differ in %q and %q", tt.before, tt.after, b, a)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Traceback (most recent call last)\n", "x\n")
	f.Add(strings.Repeat("ü", 300)+"a", strings.Repeat("ü", 300)+"b")
	f.Fuzz(func(t *testing.T, before, after string) {
		for _, text := range []string{decisive(before), short(after)} {
			if n := len([]rune(text)); n > maxShown+2 {
				t.Errorf("%d runes", n)
			}
		}
		b, a := firstDifference(before, after)
		if before == after && b != a {
			t.Errorf("%q and %q", b, a)
		}
	})
}
