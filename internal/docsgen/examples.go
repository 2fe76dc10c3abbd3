package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// example is a comment that says what the fenced block below it holds: what a
// command of bulwark prints, or a file with `cat`.
var example = regexp.MustCompile("(?m)^<!-- example: (.+) -->\n```([a-z]*)\n(?s:.*?)^```\n")

// fill writes the examples of a document anew.
func fill(markdown string) (string, error) {
	var failed error
	out := example.ReplaceAllStringFunc(markdown, func(block string) string {
		parts := example.FindStringSubmatch(block)
		text, err := output(strings.Fields(parts[1]))
		if err != nil && failed == nil {
			failed = err
		}
		return "<!-- example: " + parts[1] + " -->\n" + fenced(parts[2], text)
	})
	return out, failed
}

// output is what the words of an example print, as a shell would have it.
func output(words []string) (string, error) {
	if len(words) == 2 && words[0] == "cat" {
		text, err := os.ReadFile(words[1])
		return string(text), err
	}
	last := len(words) - 1
	switch {
	case words[0] != "bulwark":
		return "", fmt.Errorf("an example is a command of bulwark or cat, not %q", words[0])
	case words[last] == "2>/dev/null":
		stdout, _, err := run(words[1:last])
		return stdout, err
	case words[last] == ">/dev/null":
		_, stderr, err := run(words[1:last])
		return stderr, err
	}
	stdout, stderr, err := run(words[1:])
	return stdout + stderr, err
}
