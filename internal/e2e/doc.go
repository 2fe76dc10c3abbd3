// Package e2e verifies what bulwark makes of the applications below testdata/apps,
// on a real BuildKit, as `bulwark verify` does; and that what is wrong is caught,
// and what is hostile ends. The tests need the build tag e2e and an engine, which
// BUILDKIT_HOST names. Without it they are skipped and say so.
//
//	go test -tags e2e -count=1 ./internal/e2e [-registry]
package e2e
