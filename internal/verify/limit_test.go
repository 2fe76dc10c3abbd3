package verify

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lay makes files of the sizes; a name that ends in / is a folder.
func lay(t *testing.T, files map[string]int) string {
	t.Helper()
	dir := t.TempDir()
	for name, n := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, make([]byte, n), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestContextSize(t *testing.T) {
	files := map[string]int{"main.go": 10, "node_modules/a/x": 1000, "node_modules/keep": 7, "data/big": 500}
	tests := []struct {
		name, own, shared string
		want              int64
	}{
		{"nothing is ignored", "", "", 1517},
		{"shared", "", "node_modules\n", 510 + 13},
		{"own before shared", "data\n", "node_modules\n", 1017 + 13},
		{"exception", "node_modules\n!node_modules/keep\n", "", 517},
		{"all", "*\n", "", 0},
		{"comment", "# node_modules\n", "", 1517},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := lay(t, files)
			if test.shared != "" {
				if err := os.WriteFile(filepath.Join(dir, ".dockerignore"), []byte(test.shared), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := ContextSize(t.Context(), dir, test.own, 1<<20); err != nil || got != test.want {
				t.Errorf("%d bytes, %v; want %d", got, err, test.want)
			}
		})
	}
}

func TestContextSizeOverLimit(t *testing.T) {
	dir := lay(t, map[string]int{"a/1": 2_000_000, "a/2": 2_000_000, "b/1": 1_500_000, "c": 300, "d": 900_000, "z": 5_000_000})
	_, err := ContextSize(t.Context(), dir, "", 6_400_000)
	var over *ContextError
	if !errors.As(err, &over) || over.Limit != 6_400_000 || over.Bytes <= over.Limit || len(over.Largest) != 3 {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{dir, "6.40 MB", "a (4.00 MB)", "b (1.50 MB)", ".dockerignore"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %q", want, err)
		}
	}
	if strings.Contains(err.Error(), "z (") {
		t.Errorf("the walk went on behind the limit: %q", err)
	}
}

func TestContextSizeErrors(t *testing.T) {
	dir := lay(t, map[string]int{"a": 1})
	if _, err := ContextSize(t.Context(), filepath.Join(dir, "none"), "", 1); err == nil {
		t.Error("no folder, no error")
	}
	if _, err := ContextSize(t.Context(), filepath.Join(dir, "a"), "", 1); err == nil {
		t.Error("a file for a folder, no error")
	}
	if _, err := ContextSize(t.Context(), dir, "[a\n", 1); err == nil || !strings.Contains(err.Error(), ".dockerignore") {
		t.Errorf("a bad pattern: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ContextSize(ctx, dir, "", 10); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
