//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify"
)

// A program that looks for another service by its name finds it where the user says
// so; where not, the proof says what to try.
func TestHosts(t *testing.T) {
	builders := connect(t)
	job := hostile(t, "FROM alpine:3.22\nCMD [\"sh\", \"-c\", \"grep -w database-7 /etc/hosts || { echo 'getaddrinfo ENOTFOUND database-7' >&2; exit 3; }\"]\n")
	p := verified(t, builders, verify.Options{}, job)
	if p.Verdict != proof.Inconclusive || !strings.Contains(p.Hint, "--add-host database-7") {
		t.Errorf("%s: %s; hint %q", p.Verdict, p.Why, p.Hint)
	}
	p = verified(t, builders, verify.Options{Run: verify.RunOptions{Hosts: []verify.Host{{Name: "database-7", IP: "127.0.0.1"}}}}, job)
	if p.Verdict != proof.Same || !strings.Contains(p.Before.Seen.Stdout, "127.0.0.1") {
		t.Errorf("%s: %s; %s", p.Verdict, p.Why, p.Before.Seen.Stdout)
	}
}
