// Package e2e builds and runs what bulwark makes of the applications below
// testdata/apps, on a real BuildKit, and compares it with what their authors
// wrote. The tests need the build tag e2e and an engine: BUILDKIT_HOST and
// BUILDCTL in the environment. Without them they are skipped and say so.
//
//	go test -tags e2e -count=1 ./internal/e2e
//	go test -tags e2e -count=1 ./internal/e2e -run TestFolder -dir DIR -port 8080 -v
package e2e
