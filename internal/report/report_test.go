package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/evidence"
	"github.com/bulwark-cli/bulwark/transform"
)

// changed is a file with one of everything.
func changed() File {
	return File{
		Path: "docker/Dockerfile", Context: ".", ContextWhy: "its COPY lines say so",
		Result: &transform.Result{
			Name: "docker/Dockerfile", Before: "FROM a\n", After: "FROM b\n",
			Applied: []transform.Applied{
				{Transform: "split-stages", Line: 3, Written: true, Change: transform.Change{
					Title: "build in a stage of its own", Why: "go build makes one binary", Safety: transform.Review,
					Assumes: []string{"It reads no files.", "It has no plugins."},
				}},
				{Transform: "non-root", Change: transform.Change{Title: "run as 65532", Safety: transform.Manual}},
			},
			Skipped: []transform.Skipped{
				{Transform: "swap-base", Line: 1, Skip: transform.Skip{Kind: transform.Unsure, Why: "the base is an ARG"}},
				{Transform: "non-root", Line: 9, Skip: transform.Skip{Kind: transform.NotNeeded, Why: "it has a user"}},
			},
		},
	}
}

func TestText(t *testing.T) {
	const most = `docker/Dockerfile: build context is .: its COPY lines say so
docker/Dockerfile:3: split-stages: build in a stage of its own
    why:   go build makes one binary
    check: It reads no files.
    check: It has no plugins.
docker/Dockerfile: non-root: run as 65532 (shown only: its safety is "manual")
docker/Dockerfile:1: swap-base declined (unsure): the base is an ARG
`
	same := File{Path: "f", Result: &transform.Result{}}
	tests := []struct {
		name string
		file File
		all  bool
		want string
	}{
		{"most", changed(), false, most},
		{"all", changed(), true, most + "docker/Dockerfile:9: non-root not needed: it has a user\n"},
		{"nothing, among many", same, false, ""},
		{"nothing, alone", same, true, "f: nothing to do\n"},
		{"does not parse", File{Path: "f", Err: fmt.Errorf("parsing: %w", &dockerfile.Error{Name: "f", Line: 7, Err: errors.New("odd")})}, false, "f:7: error: parsing: odd\n"},
		{"cannot be read", File{Path: "f", Err: errors.New("it is empty")}, false, "f: error: it is empty\n"},
		{"the ignore file is at fault", File{Path: "a/f", Context: "a", Err: &evidence.Error{
			Place: evidence.Place{File: ".dockerignore", Line: 2}, Err: errors.New("odd")}}, false, "a/f: error: parsing a/.dockerignore:2: odd\n"},
		{"cannot steer the terminal", File{Path: "f\x1b[2J", Err: errors.New("one\ntwo\r\u202e\u009b\xff\tü")}, false,
			"f\\x1b[2J: error: one two\\r\\u202e\\u009b\ufffd\\tü\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Text(tt.file, tt.all)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSummary(t *testing.T) {
	var s Summary
	for _, f := range []File{changed(), {Result: &transform.Result{}}, {Err: errors.New("x")}} {
		s.Add(f)
	}
	want := Summary{Files: 3, Changed: 1, Unchanged: 1, Failed: 1, Changes: 1, Shown: 1, Declined: 1}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for text, s := range map[string]Summary{
		"3 files: 1 changed (1 change), 1 unchanged, 1 failed, 1 only shown, 1 declined": want,
		"0 files: 0 changed (0 changes), 0 unchanged":                                    {},
		"1 file: 1 changed (2 changes), 0 unchanged":                                     {Files: 1, Changed: 1, Changes: 2},
	} {
		if s.String() != text {
			t.Errorf("%+v is %q, want %q", s, s.String(), text)
		}
	}
}

const wantJSON = `{
  "version": 1,
  "files": [
    {
      "path": "docker/Dockerfile",
      "changed": true,
      "context": {
        "path": ".",
        "why": "its COPY lines say so"
      },
      "applied": [
        {
          "transform": "split-stages",
          "line": 3,
          "title": "build in a stage of its own",
          "why": "go build makes one binary",
          "safety": "review",
          "written": true,
          "assumes": [
            "It reads no files.",
            "It has no plugins."
          ]
        },
        {
          "transform": "non-root",
          "line": 0,
          "title": "run as 65532",
          "why": "",
          "safety": "manual",
          "written": false,
          "assumes": []
        }
      ],
      "skipped": [
        {
          "transform": "swap-base",
          "line": 1,
          "kind": "unsure",
          "why": "the base is an ARG"
        },
        {
          "transform": "non-root",
          "line": 9,
          "kind": "not needed",
          "why": "it has a user"
        }
      ]
    },
    {
      "path": "<&>",
      "error": {
        "line": 0,
        "message": "it is empty"
      }
    }
  ],
  "summary": {
    "files": 2,
    "changed": 1,
    "unchanged": 0,
    "failed": 1,
    "changes": 1,
    "shown": 1,
    "declined": 1
  }
}
`

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	files := []File{changed(), {Path: "<&>", Err: errors.New("it is empty")}}
	if err := JSON(&out, files); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantJSON, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Lists are never null, and what is no text does not break the document.
func TestJSONIsAlwaysADocument(t *testing.T) {
	for _, files := range [][]File{nil, {{Path: "\xff\x00", Err: errors.New("\xfe")}}, {{Path: "f", Result: &transform.Result{}}}} {
		var out bytes.Buffer
		if err := JSON(&out, files); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(out.Bytes()) || strings.Contains(out.String(), "null") {
			t.Errorf("%v gives %s", files, out.String())
		}
	}
}
