package transform_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bulwark-cli/bulwark/internal/proptest"
	"github.com/bulwark-cli/bulwark/transform"
)

// FuzzRun holds the engine and all transforms to the properties on any text that
// parses. The seeds are the Dockerfiles of the cases; the context is small and
// always the same, so that there is something to find.
func FuzzRun(f *testing.F) {
	for _, path := range caseFiles(f) {
		f.Add(readCase(f, path).file("Dockerfile"))
	}
	build := fstest.MapFS{}
	for name, text := range map[string]string{
		"go.mod":           "module example.com/shop\n\ngo 1.21\n",
		"main.go":          "package main\n\nimport \"os\"\n\nfunc main() { _, _ = os.ReadFile(\"config.yml\") }\n",
		"config.yml":       "a: 1\n",
		"package.json":     `{"name": "shop", "scripts": {"start": "node server.js"}}`,
		"server.js":        "require('fs').writeFileSync('data/x', '')\n",
		"requirements.txt": "flask==3.0.0\n",
		"app.py":           "open('x.log', 'w')\n",
		"entrypoint.sh":    "#!/bin/sh\nexec \"$@\"\n",
	} {
		build[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4096 || strings.Count(src, "\n") > 60 {
			t.Skip("long texts find nothing that short ones do not")
		}
		_, broken, err := proptest.Check(context.Background(), "Dockerfile", src, build, transform.Options{Dockerfile: "Dockerfile"})
		if err != nil {
			t.Skip("not a Dockerfile: ", err)
		}
		for _, b := range broken {
			t.Error(b)
		}
	})
}
