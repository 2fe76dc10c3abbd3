package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

func (s *session) versionCommand() *cli.Command {
	return command(cli.Command{
		Name:  "version",
		Usage: "print the version",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usagef(c, "version takes no arguments")
			}
			fmt.Fprintln(s.stdout, "bulwark", version())
			return nil
		},
	})
}

// version is what the Go toolchain noted when it built the program: the module's
// version, and the commit where it was built from a work tree.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	text := info.Main.Version
	if text == "" {
		text = "(devel)"
	}
	if commit := setting(info, "vcs.revision"); len(commit) >= 12 {
		text += " " + commit[:12]
		if setting(info, "vcs.modified") == "true" {
			text += " with changes"
		}
	}
	return text + " " + info.GoVersion
}

func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}
