package shell

import (
	"path"
	"strings"
)

// Shebang returns the program and the arguments that the first line of a script
// names, as written: for "#!/usr/bin/env bash" that is /usr/bin/env and bash.
// interpreter is "" where src does not start with "#!". Linux hands over
// everything behind the program as one argument; args are its fields.
func Shebang(src string) (interpreter string, args []string) {
	line, ok := strings.CutPrefix(src, "#!")
	if !ok {
		return "", nil
	}
	line, _, _ = strings.Cut(line, "\n")
	fields := strings.Fields(strings.TrimSuffix(line, "\r"))
	if len(fields) == 0 {
		return "", nil
	}
	return fields[0], fields[1:]
}

// Interpreter returns the base name of the program that a script's first line
// leads to, env and s6's with-contenv looked through: "bash", "python3"; "" where there is none.
func Interpreter(src string) string {
	program, args := Shebang(src)
	if program == "" {
		return ""
	}
	if base := path.Base(program); base != "env" && base != "with-contenv" {
		return base
	}
	for _, a := range args {
		if !strings.HasPrefix(a, "-") && !strings.Contains(a, "=") {
			return path.Base(a)
		}
	}
	return path.Base(program)
}

// ShellOptions reads the words that start a shell, as those of a SHELL
// instruction: ["/bin/bash", "-eo", "pipefail", "-c"]. Words behind the options
// are ignored.
func ShellOptions(words []string) Options {
	if len(words) == 0 {
		return Options{}
	}
	literals := make([]Word, len(words))
	for i, w := range words {
		literals[i] = literalWord(w)
	}
	call, _ := readShellCall(literals)
	return call.options
}

// isShell reports whether name is a shell whose language is read here.
func isShell(name string) bool {
	switch name {
	case "sh", "bash", "dash", "ash":
		return true
	}
	return false
}
