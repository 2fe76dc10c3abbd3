package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"testing"

	"github.com/bulwark-cli/bulwark/transform"
)

func Example_library() {
	// README.md shows what follows.
	dir := "../../testdata/sample"
	src, err := os.ReadFile(dir + "/Dockerfile")
	if err != nil {
		log.Fatal(err)
	}
	result, err := transform.Run(context.Background(), "Dockerfile", string(src), os.DirFS(dir), transform.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range result.Applied {
		fmt.Printf("%d: %s: %s\n", a.Line, a.Transform, a.Title)
	}
	fmt.Println(result.Changed())
	// The rewritten text is in result.After.

	// Output:
	// 2: split-stages: Ship guestbook from gcr.io/distroless/static-debian13:latest instead of the whole golang:1.21
	// 11: non-root: Run as 65532:65532 (nonroot) instead of root
	// true
}

// TestLibraryExample holds the Go code of README.md to the example above.
func TestLibraryExample(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(readme), "```go\n")
	code, _, _ = strings.Cut(code, "```")
	file, err := os.ReadFile("library_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(code, "\n") {
		line = strings.ReplaceAll(strings.TrimSpace(line), `"testdata/sample"`, `"../../testdata/sample"`)
		if !strings.Contains(string(file), line) {
			t.Errorf("README.md shows %q, which the example does not have", line)
		}
	}
	if !strings.Contains(code, "transform.Run(") {
		t.Error("README.md shows no call of transform.Run")
	}
}
