package verify

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

// stolen are the versions of Trivy that were published by an attacker in March
// 2026 and steal credentials: CVE-2026-33634, GHSA-69fq-xp46-6x23.
var stolen = []string{"0.69.4", "0.69.5", "0.69.6"}

// number finds a version, without what may follow it, such as "-rc.1".
var number = regexp.MustCompile(`[0-9]+\.[0-9]+\.[0-9]+`)

// trusted returns an error where the Trivy at path must not be run, or cannot.
// The program is asked for its version only when its file does not tell: to run a
// stolen one is what has to be avoided.
func trusted(path string) error {
	version := ""
	if info, err := buildinfo.ReadFile(path); err == nil {
		version = builtVersion(info)
	}
	if version == "" {
		for _, v := range number.FindAllString(path, -1) { // a wrapper in a folder named after its version
			if slices.Contains(stolen, v) {
				return refused(path, v)
			}
		}
		var err error
		if version, err = askVersion(path); err != nil {
			return err
		}
	}
	if slices.Contains(stolen, version) {
		return refused(path, version)
	}
	return nil
}

func refused(path, version string) error {
	return fmt.Errorf("%s is Trivy %s, one of the versions that were published to steal credentials (CVE-2026-33634): it is not run; remove it, and change the credentials that this machine holds", path, version)
}

// builtVersion is the version that a Go program was built with, "" where it is
// not noted. Trivy's releases set it in the linker's flags, see its goreleaser.yml.
func builtVersion(info *debug.BuildInfo) string {
	for _, s := range info.Settings {
		if s.Key != "-ldflags" {
			continue
		}
		if _, after, ok := strings.Cut(s.Value, "app.ver="); ok {
			return number.FindString(after)
		}
	}
	return number.FindString(info.Main.Version)
}

// askVersion runs `trivy --version`, whose first line is "Version: 0.72.0".
func askVersion(path string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), versionLimit, fmt.Errorf("it did not answer within %s", versionLimit))
	defer cancel()
	dir, err := os.MkdirTemp("", "bulwark-scan-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	out, said, err := capture(ctx, dir, path, "--version")
	if err != nil {
		return "", fmt.Errorf("asking %s for its version: %w %s", path, err, lastWords(string(said)))
	}
	for line := range strings.Lines(string(out)) {
		if text, ok := strings.CutPrefix(line, "Version:"); ok {
			if v := number.FindString(text); v != "" {
				return v, nil
			}
		}
	}
	return "", fmt.Errorf("%s does not tell its version, so that it may be one that is not to be run (0.69.4 to 0.69.6)", path)
}
