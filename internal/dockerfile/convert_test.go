package dockerfile

import (
	"context"
	"testing"
)

func TestConvert(t *testing.T) {
	cases := []struct {
		name, src string
		targets   []string
		want      string // "" where it converts
	}{
		{"plain", "FROM a:1\nRUN x\nCMD [\"y\"]\n", nil, ""},
		{"stages", "FROM a AS b\nFROM scratch\nCOPY --from=b /x /y\nCOPY --from=0 /x /y\nCOPY --from=other:1 /x /y\n", nil, ""},
		{"mounts", "FROM a\nRUN --mount=type=cache,target=/c --mount=type=bind,from=b,target=/d --mount=type=secret,id=s x\n", nil, ""},
		{"heredocs", "FROM a\nRUN <<E\nx\nE\nCOPY <<E /y\n$x\nE\n", nil, ""},
		{"ONBUILD", "FROM a AS b\nONBUILD COPY --from=c /x /y\nFROM c AS c\nFROM b\n", []string{"b"}, ""},
		{"Windows", "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nWORKDIR C:\\app\nCOPY . C:\\app\\\n", nil, ""},
		{"platform", "FROM --platform=$BUILDPLATFORM a\nARG TARGETARCH\nRUN x $TARGETARCH\n", nil, ""},
		{"ARG without default", "ARG V\nFROM node:$V\nARG P\nEXPOSE $P\nUSER $P\n", nil, ""},
		{"digest", "FROM a@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n", nil, ""},
		{"CRLF and BOM", bom + "FROM a\r\nRUN x \\\r\n y\r\n", nil, ""},
		{"invalid UTF-8", "FROM a\nLABEL x=\xff\n", nil, ""},
		{"target", "FROM a AS b\nFROM b AS c\n", []string{"b", "c"}, ""},
		{"checks that would fail the build", "# check=error=true\nFROM a as B\n", nil, ""},

		{"no such target", "FROM a\n", []string{"b"}, `Dockerfile: target stage "b" could not be found`},
		{"a stage that comes later", "FROM a AS b\nCOPY --from=c /x /y\nFROM a AS c\n", nil, `Dockerfile:2: cannot copy from stage "c", it needs to be defined before current stage "b"`},
		{"no such stage index", "FROM a\nCOPY --from=3 /x /y\n", nil, "Dockerfile: invalid stage index 3"},
		{"reference", "FROM A:b:c\n", nil, `Dockerfile:1: failed to parse stage name "A:b:c": invalid reference format: repository name (library/A) must be lowercase`},
		{"port", "FROM a\nEXPOSE 80 # http\n", nil, `Dockerfile:2: invalid containerPort: #`},
		{"signal", "FROM a\nSTOPSIGNAL SIGNOPE\n", nil, "Dockerfile:2: invalid signal: SIGNOPE"},
		{"syntax", "FROM a\nFROB\n", nil, "Dockerfile:2: unknown instruction: FROB (did you mean FROM?)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := Convert(context.Background(), c.src, c.targets...)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
		})
	}
}
