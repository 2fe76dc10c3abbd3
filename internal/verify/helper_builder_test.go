//go:build e2e

package verify

import (
	"bytes"
	"os"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

// Where this machine has no Go, the builder compiles the probe.
func TestProbeOfTheBuilder(t *testing.T) {
	if os.Getenv("BUILDKIT_HOST") == "" {
		t.Skip("SKIPPED: BUILDKIT_HOST does not name a BuildKit")
	}
	builders, _, err := Connect(t.Context(), ConnectOptions{Addresses: Addresses(nil, os.Getenv)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = CloseAll(builders) })
	v := New(builders, Options{}, NewProgress(new(bytes.Buffer), false, true))
	defer v.Close()
	v.helpers.goTool = ""
	text := "FROM alpine:3.22\nCMD [\"echo\", \"hello\"]\n"
	v.Verify(t.Context(), []Job{{Name: "x", Before: text, After: text + "USER 65534\n", Context: t.TempDir()}}, func(_ int, o Outcome) {
		if o.Err != nil || o.Proof.Verdict != proof.Better || o.Proof.After.Seen.Stdout != "hello\n" {
			t.Errorf("%+v", o)
		}
	})
}
