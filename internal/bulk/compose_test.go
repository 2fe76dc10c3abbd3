package bulk

import (
	"fmt"
	"slices"
	"testing"
)

// Compose files above the context, beside it, and hidden from it by its own
// .dockerignore tell of a Dockerfile's containers; those of other Dockerfiles do not.
func TestComposeServices(t *testing.T) {
	tree(t, map[string]string{
		"web/Dockerfile":         "FROM node\n",
		"web/.dockerignore":      "compose*\n",
		"web/compose.yml":        "services:\n  own:\n    build: .\n    user: root\n",
		"compose.yml":            "services:\n  above:\n    build: ./web\n    volumes:\n      - data:/data\n  other:\n    build: ./api\n",
		"deploy/compose.dev.yml": "services:\n  beside:\n    build:\n      context: ../web\n      target: dev\n",
		"api/Dockerfile":         "FROM node\n",
	})
	targets, errs := Find([]string{"."}, Options{})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	i := slices.IndexFunc(targets, func(t Target) bool { return t.Path == "web/Dockerfile" })
	in, err := targets[i].Open(nil)
	must(t, err)
	defer in.Close()
	var got []string
	for _, s := range in.Services {
		got = append(got, fmt.Sprintf("%s %s %q %d", s.Where(), s.Name, s.Build.Target, len(s.Volumes)))
	}
	want := []string{`../compose.yml:2 above "" 1`, `../deploy/compose.dev.yml:2 beside "dev" 0`, `compose.yml:2 own "" 0`}
	if !slices.Equal(got, want) {
		t.Errorf("services %q, want %q", got, want)
	}
}
