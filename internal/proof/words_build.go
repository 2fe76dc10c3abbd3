package proof

import (
	"regexp"
	"strings"
)

// maxCommand is how much of a failed command is shown, in runes: what it said tells more.
const maxCommand = 48

// What BuildKit says of a failed build; seen of 0.34.
var (
	failedCommand = regexp.MustCompile(`(?s)process "(.*)" did not complete successfully: (?:exit code: (\d+)|(.*))`)
	failedCopy    = regexp.MustCompile(`^.*failed to calculate checksum of ref \S+: `)
	failedBase    = regexp.MustCompile(`^.*failed to resolve source metadata for (\S+): `)
)

// buildError is why a side has no image, with what decides first: BuildKit's own
// error names the command and its status, or wraps what it is about into how it
// came upon it; what the command said stands in the log.
func buildError(s *Side) string {
	if m := failedCommand.FindStringSubmatch(s.Failed); m != nil {
		text := failedRun(m[1], m[2], m[3])
		if said := decisive(s.Log); said != "" {
			text += ": " + said
		}
		return short(text)
	}
	text := decisive(s.Failed)
	if at := failedCopy.FindString(text); at != "" {
		return text[len(at):]
	}
	if m := failedBase.FindStringSubmatch(text); m != nil {
		image := strings.TrimPrefix(m[1], "docker.io/library/")
		return image + ": " + strings.TrimPrefix(text[len(m[0]):], m[1]+": ")
	}
	return text
}

// failedRun names a command and how it ended.
func failedRun(command, status, other string) string {
	command = strings.Join(strings.Fields(strings.TrimPrefix(command, "/bin/sh -c ")), " ")
	if runes := []rune(command); len(runes) > maxCommand {
		command = string(runes[:maxCommand]) + " …"
	}
	if status == "" {
		return "`" + command + "` fails: " + decisive(other)
	}
	return "`" + command + "` ends with " + status
}
