package cli

import (
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/internal/bulk"
	"github.com/bulwark-cli/bulwark/templates"
)

// sources is the repository that bulwark is built from in a workflow, unless the
// user names another: the one that the module is named after.
const sources = "bulwark-cli/bulwark"

func (s *session) ciCommand() *cli.Command {
	return command(cli.Command{
		Name:      "ci",
		Usage:     "write a workflow for GitHub Actions or GitLab CI",
		ArgsUsage: "github|gitlab [PATH...]",
		Description: "The workflow checks the Dockerfiles with bulwark, builds each image and scans it with\n" +
			"Trivy, and fails on what is HIGH or CRITICAL. Run it at the root of the repository.\n" +
			"Without a PATH it is for all Dockerfiles there.\n\n" +
			"   bulwark ci github -o .github/workflows/dockerfiles.yml\n" +
			"   bulwark ci gitlab -o .gitlab-ci.yml",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "dockerfile", Usage: "a Dockerfile or folder, as a `PATH` is (repeatable)"},
			&cli.StringFlag{Name: "image", Usage: "`NAME` of the images, which are built and not published", Value: "scan"},
			&cli.StringSliceFlag{Name: "severity", Usage: "`SEVERITY`,... that fail: CRITICAL, HIGH, MEDIUM, LOW, UNKNOWN (default: HIGH,CRITICAL)"},
			&cli.BoolFlag{Name: "ignore-unfixed", Usage: "leave out vulnerabilities that have no fix yet"},
			&cli.StringFlag{Name: "branch", Usage: "`NAME` of the branch whose pushes are looked at (default: main; on GitLab the default branch)"},
			&cli.StringFlag{Name: "bulwark", Usage: "`REPOSITORY@REF` to build bulwark from, OWNER/NAME or for GitLab CI an https URL (default: " + sources + "@ the commit of this program, else main)"},
			&cli.StringFlag{Name: "context", Usage: "build context `DIR` of all Dockerfiles"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the workflow to `FILE`"},
		},
		Action: s.ci,
	})
}

func (s *session) ci(c *cli.Context) error {
	systems := map[string]func(templates.CI) (string, error){"github": templates.GitHub, "gitlab": templates.GitLab}
	render, ok := systems[c.Args().First()]
	if !ok {
		return usagef(c, "a workflow is for github or gitlab, not %q", c.Args().First())
	}
	paths := slices.Concat(c.StringSlice("dockerfile"), c.Args().Tail())
	if slices.Contains(paths, "") {
		return usagef(c, "a PATH is empty")
	}
	if slices.Contains(paths, bulk.Stdin) {
		return usagef(c, "a workflow names files: standard input is none")
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	workflow := templates.CI{
		Image: c.String("image"), IgnoreUnfixed: c.Bool("ignore-unfixed"), Branch: c.String("branch"), Bulwark: c.String("bulwark"),
	}
	for _, word := range words(c, "severity") {
		workflow.Severities = append(workflow.Severities, strings.ToUpper(word))
	}
	if workflow.Bulwark == "" {
		workflow.Bulwark = sources + "@" + ownRef()
	}
	if workflow.Files = s.ciFiles(paths, c.String("context")); len(workflow.Files) == 0 {
		return nil // why was told
	}
	text, err := render(workflow)
	if err != nil {
		return usagef(c, "%v", err)
	}
	return s.putWorkflow(c.String("output"), text)
}

// ciFiles finds the Dockerfiles and their contexts. What cannot be part of a
// workflow is told, and left out.
func (s *session) ciFiles(paths []string, context string) []templates.CIFile {
	targets, errs := bulk.Find(paths, bulk.Options{Context: context})
	var files []templates.CIFile
	for _, t := range targets {
		file, err := s.ciFile(t)
		if err != nil {
			errs = append(errs, &bulk.Error{Path: t.Path, Err: about(t.Path, err)})
			continue
		}
		files = append(files, file)
	}
	for _, err := range errs {
		at := lostFile(err)
		fmt.Fprintf(s.stderr, "bulwark: %s: %v\n", printable(at.Path), at.Err)
		s.raise(exitFailed)
	}
	return files
}

func (s *session) ciFile(t bulk.Target) (templates.CIFile, error) {
	in, err := t.Open(s.stdin)
	if err != nil {
		return templates.CIFile{}, err
	}
	defer in.Close()
	file := templates.CIFile{Path: t.Path, Context: in.Context}
	return file, templates.CheckCIFile(file)
}

// printable is a path for a terminal, quoted where it holds what acts on one.
func printable(path string) string {
	if quoted := fmt.Sprintf("%q", path); quoted != `"`+path+`"` {
		return quoted
	}
	return path
}

func (s *session) putWorkflow(to, text string) error {
	if to == "" || to == bulk.Stdin {
		_, _ = io.WriteString(s.stdout, text) // the output remembers
		return nil
	}
	if err := bulk.WriteFile(to, text); err != nil {
		return fmt.Errorf("writing the workflow: %w", err)
	}
	return nil
}

// ownRef is the commit that this program was built from, or main where that is not
// noted or does not have all of it.
func ownRef() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || setting(info, "vcs.modified") == "true" || setting(info, "vcs.revision") == "" {
		return "main"
	}
	return setting(info, "vcs.revision")
}
