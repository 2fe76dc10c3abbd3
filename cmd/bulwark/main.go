// Command bulwark rewrites legacy Dockerfiles into hardened ones.
package main

import (
	"os"

	"github.com/bulwark-cli/bulwark/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
