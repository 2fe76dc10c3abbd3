package proof

import (
	"fmt"
	"regexp"
	"strings"
)

// variable is what environment variables are called.
const variable = `([A-Z][A-Z0-9]*_[A-Z0-9_]+|[A-Z][A-Z0-9]{2,})`

// What programs say that miss a variable. The words are those of Python's
// os.environ, of sh and bash, and of the many that check by themselves.
var missingVariable = []*regexp.Regexp{
	regexp.MustCompile(`KeyError: '` + variable + `'`),
	regexp.MustCompile(`\b` + variable + `: (?:unbound variable|parameter (?:null or )?not set)`),
	regexp.MustCompile(`(?i:environment variables?|env(?:ironment)? vars?|variables?):? ["'\x60(]?` + variable + `\b`),
	regexp.MustCompile(`(?i:missing|required|undefined|unset)[a-zA-Z ]{0,30}:? ["'\x60(]?` + variable + `\b`),
	regexp.MustCompile(`\b` + variable + `["'\x60)]?(?i: environment variable| env var| variable)?(?i: is| was| must be| has to be)?(?i: not (?:been )?(?:set|defined|provided|specified|configured|found)| required| missing| undefined| unset| set\b| defined\b)`),
}

// What programs say that do not find a machine by its name: nginx, Node, Go, libpq,
// Java, MySQL's clients, PHP and curl.
var missingHost = []*regexp.Regexp{
	regexp.MustCompile(`host not found in upstream "([A-Za-z][\w.-]*)`),
	regexp.MustCompile(`getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ([A-Za-z][\w.-]*)`),
	regexp.MustCompile(`lookup ([A-Za-z][\w.-]*)(?: on [^ ]+)?: (?:no such host|server misbehaving|Temporary failure|connection refused|dial)`),
	regexp.MustCompile(`could not translate host name "([A-Za-z][\w.-]*)"`),
	regexp.MustCompile(`UnknownHostException: ([A-Za-z][\w.-]*)`),
	regexp.MustCompile(`Unknown MySQL server host '([A-Za-z][\w.-]*)'`),
	regexp.MustCompile(`getaddrinfo for ([A-Za-z][\w.-]*) failed`),
	regexp.MustCompile(`[Cc]ould not resolve host(?:name)?:? "?([A-Za-z][\w.-]*)`),
}

// refusedService is what programs say that find nobody at an address.
var refusedService = regexp.MustCompile(`(?i)ECONNREFUSED|connection refused|could not connect to server|can't connect to .*server`)

// hint is what the user could try with an original that proves nothing; "" where
// nothing is known. It is a guess by what the program said: the flags do no harm.
func hint(s *Side) string {
	if s == nil || s.Seen == nil || s.Seen.Runaway != "" {
		return ""
	}
	const apart = "--no-run judges the images alone"
	if s.Seen.Failed != "" || s.Seen.Exit == nil {
		return apart
	}
	text := Plain(s.Seen.Stderr + "\n" + s.Seen.Stdout)
	if found := lastMatch(missingHost, text); found != "" {
		return fmt.Sprintf("it looks for the host %s, which is not there: --add-host %s lets the name be found, or %s", found, found, apart)
	}
	if found := lastMatch(missingVariable, text); found != "" {
		return fmt.Sprintf("it looks for the variable %s: give it with --env %s=VALUE, or %s", found, found, apart)
	}
	if refusedService.MatchString(text) {
		return "it looks for a service that is not there: " + apart
	}
	return apart
}

// lastMatch is what the last line matches that one of the patterns does: what a
// program says at its end is why it ended.
func lastMatch(patterns []*regexp.Regexp, text string) string {
	found := ""
	for line := range strings.Lines(text) {
		for _, p := range patterns {
			if m := p.FindStringSubmatch(line); m != nil {
				found = m[1]
				break
			}
		}
	}
	return found
}
