package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The probe's module is complete: it compiles by itself, for both architectures.
func TestProbeCompiles(t *testing.T) {
	h := newHelpers()
	t.Cleanup(func() { _ = h.close() })
	for _, arch := range []string{"amd64", "arm64"} {
		dir, err := h.folder(t.Context(), arch)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := h.folder(t.Context(), arch); err != nil || again != dir {
			t.Errorf("%s: compiled again into %s: %v", arch, again, err)
		}
		if info, err := os.Stat(filepath.Join(dir, "probe")); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s: %v, %v", arch, info, err)
		}
	}
	if err := h.close(); err != nil || len(h.dirs) != 0 {
		t.Errorf("%v: %v is left", err, h.dirs)
	}
}

func TestProbeDoesNotCompile(t *testing.T) {
	h := newHelpers()
	t.Cleanup(func() { _ = h.close() })
	if _, err := h.folder(t.Context(), "no-such-arch"); err == nil || !strings.Contains(err.Error(), "no-such-arch") {
		t.Errorf("%v, wanted an error that names the architecture", err)
	}
}
