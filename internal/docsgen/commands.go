package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/cli"
)

// run is what one command of bulwark prints. It is an error when the command does
// not exit with 0.
func run(args []string) (stdout, stderr string, err error) {
	var out, account strings.Builder
	code := cli.Main(append([]string{"bulwark"}, args...), strings.NewReader(""), &out, &account)
	if code != 0 {
		return "", "", fmt.Errorf("bulwark %s exits %d: %s", strings.Join(args, " "), code, account.String())
	}
	return out.String(), account.String(), nil
}

// commandLine is how help lists a command.
var commandLine = regexp.MustCompile(`(?m)^   ([a-z]+)[ ,].*$`)

// commandsDoc is docs/commands.md: the help of the program and of every command.
func commandsDoc() (string, error) {
	help, _, err := run([]string{"help"})
	if err != nil {
		return "", err
	}
	text := "# Commands\n\n" + generated + "\n" + fenced("", help)
	_, list, _ := strings.Cut(help, "COMMANDS:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	for _, m := range commandLine.FindAllStringSubmatch(list, -1) {
		if m[1] == "help" {
			continue
		}
		help, _, err := run([]string{"help", m[1]})
		if err != nil {
			return "", err
		}
		text += "\n## " + m[1] + "\n\n" + fenced("", help)
	}
	return text, nil
}

func fenced(language, text string) string {
	return "```" + language + "\n" + strings.Trim(text, "\n") + "\n```\n"
}
