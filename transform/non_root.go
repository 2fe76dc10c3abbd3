package transform

import (
	"fmt"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

var nonRoot = &Transform{
	Name:   "non-root",
	Refs:   []string{"CIS Docker 4.1", "DS-0002", "DL3002"},
	Safety: Review,
	Needs:  []*Precondition{linuxImages, knownShippedStage},
	Run:    runNonRoot,
	Doc: `# non-root: run the program as a numeric user that is not root

Ends the shipped stage with a numeric ` + "`USER uid:gid`" + `, which is what Kubernetes' runAsNonRoot can verify, and
sees to it that the program still can do what it did. The account is the base's own (node, nonroot, app,
nginx, www-data), else one that the file creates and never uses, else 10001:10001, made in the way of the
stage's distribution. The code stays root's; only what the program writes is handed over.

    FROM python:3.12-slim                   FROM python:3.12-slim
    WORKDIR /app                            WORKDIR /app
    COPY . .                                COPY . .
    RUN pip install -r requirements.txt     RUN pip install -r requirements.txt
    VOLUME /app/data                        RUN groupadd --gid 10001 app && useradd ... app \
    CMD ["python", "app.py"]                    && mkdir -p /app/data && chown 10001:10001 /app/data
                                            USER 10001:10001
                                            VOLUME /app/data
                                            CMD ["python", "app.py"]

What it writes is read from VOLUME, mkdir, the environment, compose volumes, the arguments of the start
command, entry scripts, the framework's own folders, and the sources in the build context. A user given by
name is made numeric where the account's numbers are known; where the RUN that makes it leaves them to the
distribution, it is told a number. On distroless images the tag becomes nonroot
where the file sets the working directory itself.

## Not done when

- the user is already another than root, and numeric;
- the base or an entry script drops its privileges itself (gosu, su-exec, setpriv);
- the start needs root: cron, sshd, supervisord, a package manager, chown, a service manager, the Docker
  socket, privileged or added capabilities in a compose file;
- the start is a development server or installs, builds or downloads something first;
- the program or its data lies in /root, or its files are readable by root alone;
- the image starts no program of its own: others build on it, and a USER would break their RUN lines;
- the start leads to a script or program that cannot be seen.

## Safety

Review: the reader checks what it assumes. Safe where only a name becomes its number.

## References

CIS Docker Benchmark 4.1; Kubernetes, Pod Security Standards (restricted); Dockerfile reference, USER.
`,
}

// runNonRoot decides by the user that the shipped stage ends with.
func runNonRoot(p *Pass) error {
	stage := shipped(p.File)
	state := p.endState(stage)
	if state.UserInstr != nil && !state.UserKnown {
		p.Decline(Unsure, state.UserInstr.Span, "the user depends on a build argument without a default")
		return nil
	}
	if state.UserKnown && !isRoot(state.User) {
		numericUser(p, stage, state)
		return nil
	}
	plan := newUserPlan(p, stage, state)
	if skip := plan.make(); skip != nil {
		p.skips = append(p.skips, *skip)
		return nil
	}
	p.Propose(plan.change())
	return nil
}

// numericUser makes the name of a user that is not root a number, where it is known.
func numericUser(p *Pass, stage *dockerfile.Stage, state *dockerfile.State) {
	in := state.UserInstr
	at := edit.Span{}
	if in != nil {
		at = in.Span
	}
	if kind, why := keepsUser(stage, state); why != "" {
		p.Decline(kind, at, why)
		return
	}
	name, group, _ := strings.Cut(state.User, ":")
	u := newUserPlan(p, stage, state)
	acc, why := u.namedAccount(name)
	if why != "" {
		p.Decline(NotNeeded, at, fmt.Sprintf("it already runs as %s, but not as a number, which Kubernetes' runAsNonRoot wants: %s", name, why))
		return
	}
	number, ok := acc.number(group)
	if !ok {
		p.Decline(NotNeeded, at, fmt.Sprintf("it already runs as %s, but not as a number: the number of the group %s is not known", name, group))
		return
	}
	safety := Safe
	if len(u.repairs) > 0 {
		if why := u.countsOnNumber(); why != "" {
			p.Decline(NotNeeded, at, fmt.Sprintf("it already runs as %s, but not as a number: the distribution gives it one, and %s", name, why))
			return
		}
		safety = Review
		u.assume(fmt.Sprintf("Volumes and folders of the host that belong to the number that %s had so far are given to %s: `chown -R %s` them once.", name, acc.uid, acc.uid))
	}
	p.Propose(Change{
		Title:   fmt.Sprintf("Name the user %s by its number, %s", state.User, number),
		Why:     fmt.Sprintf("%s; Kubernetes' runAsNonRoot can only verify a number", acc.from),
		Safety:  safety,
		Assumes: u.assumes,
		Edits:   append(u.repairs, edit.Edit{Span: in.Args[0].Span, New: number}),
	})
}

// keepsUser says why the user is a number already, or stands where it cannot be made one.
func keepsUser(stage *dockerfile.Stage, state *dockerfile.State) (kind SkipKind, why string) {
	in := state.UserInstr
	name, _, _ := strings.Cut(state.User, ":")
	switch {
	case strings.ContainsAny(state.User, " \t#"):
		return Unsure, fmt.Sprintf("USER takes the whole line, comments too: there is no account %q", state.User)
	case isNumber(name):
		return NotNeeded, "it already runs as " + state.User
	case in == nil:
		return NotNeeded, "the base image already runs as " + state.User
	case in.Stage == stage && strings.Contains(in.Body.String(), "$"):
		return NotNeeded, "it already runs as " + state.User + ", by a variable whose value is another's to change"
	case in.Stage != stage || len(in.Args) != 1 || !in.Args[0].Exact:
		return NotNeeded, "it already runs as " + state.User + ", whose number is not written where it could be changed"
	}
	return NotNeeded, ""
}

// number is the account as USER takes it. A group of the author's own is kept
// where it is a number or the account's; an account with further groups, or whose
// group is not known, is named by its uid alone, so that its passwd entry decides
// as it did for the name.
func (a runAs) number(group string) (string, bool) {
	switch {
	case isNumber(group):
		return a.uid + ":" + group, true
	case group != "" && group == a.group && a.gid == "" && !a.more:
		return a.uid, true // its passwd entry has that group and no other
	case group != "" && (group != a.group || a.gid == ""):
		return "", false
	case group != "":
		return a.uid + ":" + a.gid, true
	case a.gid == "" || a.more:
		return a.uid, true
	}
	return a.uid + ":" + a.gid, true
}

// isNumber reports whether s is all digits.
func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
