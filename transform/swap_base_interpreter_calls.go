package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
)

var (
	kubeKind = regexp.MustCompile(`(?m)^\s*kind:\s*["']?(?:Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod|ReplicaSet|Rollout|Service)\b`)
	// kubeCommand is a command, arguments or a probe that a manifest gives a container, with
	// what it starts, in a list in one line or below.
	kubeCommand = regexp.MustCompile(`(?m)^[\s-]*(?:command|args|entrypoint):\s*(?:\[\s*|\n\s*-\s*)?["']?(?:\S*/)?(node|nodejs|npm|npx|yarn|pnpm|python3?|java|sh|bash|curl|wget|-c)\b`)
	platformRun = regexp.MustCompile(`(?mi)^\s*(?:"?(?:startCommand|dockerCommand|start_command|run_command|release_command)"?\s*[:=]|app\s*=\s*["'](?:node|npm|yarn|python|java)\b|(?:web|worker|release):\s*(?:node|npm|yarn|python|java)\b)`)
	// dockerRun is how scripts start something else in a container.
	dockerRun = regexp.MustCompile(`docker(?:-compose| compose)?\s+(?:run|exec)\b[^\n]*\s(?:node|npm|npx|yarn|pnpm|sh|bash|ash|/bin/sh|/bin/bash|python3?|pip|java|manage\.py)\b`)
)

// orchestrated names a file of the build context in which Kubernetes or a platform is
// told to start something else in the container, or to probe it with a program.
func (s *swap) orchestrated() (why string) {
	s.walkFiles(".", func(p string) {
		if why != "" {
			return
		}
		var re *regexp.Regexp
		switch ext := path.Ext(p); {
		case slices.Contains(words("Makefile makefile package.json Justfile justfile Taskfile.yml"), path.Base(p)), ext == ".sh":
			re = dockerRun
		case ext == ".yml" || ext == ".yaml":
			re = kubeCommand
		case slices.Contains(words("fly.toml render.yaml railway.json railway.toml heroku.yml app.yaml captain-definition"), path.Base(p)):
			re = platformRun
		default:
			return
		}
		data, ok := s.p.Build.Read(p)
		text := string(data)
		if re == kubeCommand && !kubeKind.MatchString(text) && !helmChart(p) {
			re = platformRun
			if dockerRun.MatchString(text) {
				re = dockerRun // a workflow
			}
		}
		if at := re.FindStringIndex(text); ok && at != nil {
			start := at[0] + len(text[at[0]:at[1]]) - len(strings.TrimLeft(text[at[0]:at[1]], " \t\r\n"))
			why = fmt.Sprintf("%s:%d tells what is to be started in the container", p, lineOf(text, start))
		}
	})
	return why
}

// helmChart reports whether a file is a template of a Helm chart.
func helmChart(p string) bool { return path.Base(path.Dir(p)) == "templates" }

// cronLine is a line of a table of cron: when, and what.
var cronLine = regexp.MustCompile(`^\s*(?:@\w+|[\d*/,-]+(?:\s+[\w*/,-]+){4})\s+(.*\S)`)

// cronCalls are the programs that the tables of cron among the copied files start, and
// the scripts that those call.
func (s *swap) cronCalls() (out []runtimeCall) {
	seen := map[string]bool{}
	s.eachCopied(func(p string) {
		if name := strings.ToLower(path.Base(p)); !strings.Contains(name, "cron") || path.Ext(p) != "" && !strings.HasSuffix(name, "cron") && path.Ext(p) != ".txt" {
			return
		}
		data, _ := s.p.Build.Read(p)
		n := 0
		for l := range strings.Lines(string(data)) {
			n++
			m := cronLine.FindStringSubmatch(l)
			if m == nil {
				continue
			}
			where := fmt.Sprintf("%s:%d", p, n)
			out = append(out, shellCalls(shell.ParseText(m[1]), where)...)
			user, rest, _ := strings.Cut(m[1], " ") // below /etc/cron.d an account comes first
			if user = strings.TrimSpace(user); !strings.Contains(user, "/") {
				out = append(out, shellCalls(shell.ParseText(rest), where)...)
			}
			for word := range strings.FieldsSeq(m[1]) {
				out = append(out, s.scriptCalls(word, seen)...)
			}
		}
	})
	return out
}

// eachCopied calls visit for the files that COPY and ADD lines of the stage bring from
// the build context.
func (s *swap) eachCopied(visit func(p string)) {
	for _, one := range s.places().placed {
		switch {
		case one.from != "" || one.src == "":
		case one.dir:
			s.walkFiles(one.src, visit)
		default:
			visit(one.src)
		}
	}
}
