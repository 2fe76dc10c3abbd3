//go:build e2e

package e2e

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bulwark-cli/bulwark/internal/diff"
	"github.com/bulwark-cli/bulwark/transform"
)

var (
	folder = flag.String("dir", "", "TestFolder: a build context with a Dockerfile of its own")
	port   = flag.Int("port", 0, "TestFolder: the port that answers; 0 where the program ends by itself")
	paths  = flag.String("paths", "/", "TestFolder: what to ask for, with commas")
)

// TestFolder rewrites, builds, runs and compares one folder of the user's.
func TestFolder(t *testing.T) {
	if *folder == "" {
		t.Skip("no -dir given")
	}
	e := newEngine(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	src, err := os.ReadFile(filepath.Join(*folder, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	var asked []request
	for p := range strings.SplitSeq(*paths, ",") {
		asked = append(asked, request{Path: p})
	}
	r, err := transform.Run(ctx, "Dockerfile", string(src), os.DirFS(*folder), transform.Options{Dockerfile: "Dockerfile"})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + diff.Unified([]diff.File{{Name: "Dockerfile", Before: r.Before, After: r.After}}, 3))
	for _, s := range r.Skipped {
		t.Logf("%s %s: line %d: %s", s.Transform, s.Kind, s.Line, s.Why)
	}
	before := e.trial(ctx, t, *folder, r.Before, *port, asked)
	after := e.trial(ctx, t, *folder, r.After, *port, asked)
	before.log(t, "before")
	after.log(t, "after")
	compare(t, before, after)
}
