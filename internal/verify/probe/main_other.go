//go:build !linux

// Command probe is the helper that verify runs inside BuildKit.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "the probe runs on Linux only")
}
