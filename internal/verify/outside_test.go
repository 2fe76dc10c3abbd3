package verify

import (
	"errors"
	"fmt"
	"testing"
)

func TestOutside(t *testing.T) {
	for text, want := range map[string]bool{
		"python:3.99-slim: failed to resolve source metadata for docker.io/library/python:3.99-slim: docker.io/library/python:3.99-slim: not found":                                   false,
		"process \"/bin/sh -c curl https://x\" did not complete successfully: exit code: 7: i/o timeout":                                                                              false,
		"alpine:3.22: failed to resolve source metadata for docker.io/library/alpine:3.22: failed to do request: Head \"https://r/v2/\": dial tcp: lookup r: no such host":            true,
		"alpine:3.22: failed to resolve source metadata for docker.io/library/alpine:3.22: unexpected status from HEAD request to https://r/v2/library/alpine: 429 Too Many Requests": true,
		"failed to solve with frontend dockerfile.v0: failed to create LLB definition: failed to do request: Head \"https://r/v2/x/manifests/1\": dial tcp: lookup r: no such host":   true,
		"failed to solve with frontend dockerfile.v0: failed to create LLB definition: docker.io/library/python:3.99-slim: not found":                                                 false,
		"executor failed running [/bin/sh -c curl https://x]: exit code: 7":                                                                                                           false,
	} {
		if got := outside(errors.New(text)); got != want {
			t.Errorf("%t, want %t: %s", got, want, text)
		}
	}
	if !outside(buildError{fmt.Errorf("%w: it has 3s", errTimeout)}) {
		t.Error("a build that ran out of time is held against its Dockerfile")
	}
}
