//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify"
)

// fakeTrivy stands in for Trivy, which needs a database that is seldom in reach: it
// takes an image archive alone, and finds one thing in all that has bash.
const fakeTrivy = `#!/bin/sh
if [ "$1" = --version ]; then echo 'Version: 0.72.0'; exit; fi
while [ "$1" != --input ]; do shift; done
tar -tf "$2" | grep -q '^index.json$' || exit 1
os=alpine; found=
if [ $(stat -c %s "$2") -gt 50000000 ]; then
	os=debian; found='{"VulnerabilityID": "CVE-1", "Severity": "HIGH"}'
fi
echo '{"SchemaVersion": 2, "ArtifactType": "container_image", "Metadata": {"OS": {"Family": "'$os'", "Name": "1"}},
	"Results": [{"Class": "os-pkgs", "Type": "'$os'", "Vulnerabilities": ['"$found"']}]}'
`

// Both images are exported, and what the scanner counts is compared.
func TestScan(t *testing.T) {
	builders := connect(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "trivy"), []byte(fakeTrivy), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	scanner, err := verify.FindScanner(exec.LookPath)
	if err != nil {
		t.Fatal(err)
	}
	text := "FROM debian:12\nCMD [\"true\"]\n"
	job := verify.Job{Name: t.Name(), Before: text, After: strings.Replace(text, "debian:12", "alpine:3.22", 1), Context: t.TempDir()}
	p := verified(t, builders, verify.Options{Scan: scanner}, job)
	before, after := p.Before.Scan, p.After.Scan
	if before.BySeverity["HIGH"] != 1 || before.Target != "debian 1" || after.BySeverity["HIGH"] != 0 || after.Target != "alpine 1" {
		t.Fatalf("%+v, then %+v", before, after)
	}
	for _, f := range p.Findings {
		if f.Aspect == "high vulnerabilities" && f.Effect == proof.Improves && f.Delta != nil && *f.Delta == -1 {
			return
		}
	}
	t.Errorf("no finding tells of it: %+v", p.Findings)
}
