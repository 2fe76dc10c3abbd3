package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// userPlan is what it takes to run one stage's program without root.
type userPlan struct {
	p     *Pass
	stage *dockerfile.Stage
	state *dockerfile.State // at the end of the stage
	img   templates.Image
	known bool   // img is what the catalogue says; else it says nothing
	dist  string // the distribution, also where only RUN lines tell; "" unknown

	walks []*walk      // of the stages that the shipped one is made of, its own last
	cmds  []*command   // every RUN command of theirs
	raw   []runCommand // the same before wrappers are taken off

	account  runAs
	writes   []written
	grants   []grant
	needHome string // what wants a home; "" for nothing
	langs    []string
	entries  []string // source files that the start leads to
	unread   []string // those among them, by path in the context, in languages that are not scanned
	ends     string   // the shell script of the context that the container ends up as; "" for another program
	listens  []string // ports of nginx configurations
	binds    []bindMount
	collects bool            // the start collects Django's static files
	seen     map[string]bool // scripts looked at, by path in the context
	depth    int
	repairs  []edit.Edit // of words of the author's that keep the new user out
	move     *move       // of a working directory in /root; nil for none
	why      []string
	assumes  []string
}

// runCommand is a command of a RUN as written.
type runCommand struct {
	*shell.Command
	in *dockerfile.Instr
}

// written is a place that the program writes to.
type written struct {
	path string // absolute
	file bool   // else a folder
	why  string // "VOLUME", "app.py:12"
}

// spot is where something stands: in the Dockerfile, or with where in a file of the context.
type spot struct {
	at    edit.Span
	where string
}

// says builds a skip that names the spot.
func (s spot) says(kind SkipKind, format string, args ...any) *Skip {
	why := fmt.Sprintf(format, args...)
	if s.where != "" {
		why = s.where + ": " + why
	}
	return &Skip{kind, s.at, why}
}

func newUserPlan(p *Pass, stage *dockerfile.Stage, state *dockerfile.State) *userPlan {
	u := &userPlan{p: p, stage: stage, state: state, seen: map[string]bool{}}
	u.img, u.known = p.image(stage)
	u.walkStages()
	u.dist = u.distribution()
	return u
}

// walkStages goes through the stages that the shipped one is made of. What a
// command does that nobody knows is of no account here.
func (u *userPlan) walkStages() {
	for s := u.stage; s != nil; s = s.Parent {
		w := &walk{p: u.p, stage: s, handle: func(w *walk, c *command) (bool, *Skip) {
			u.cmds = append(u.cmds, c)
			_, _ = w.common(c)
			w.compiled(c)
			return true, nil
		}}
		var cmds []*command
		cmds, u.cmds = u.cmds, nil
		for _, in := range s.Instrs {
			_ = w.instr(in)
			u.keepRaw(s, in)
		}
		u.cmds = append(u.cmds, cmds...) // parents first
		u.walks = append([]*walk{w}, u.walks...)
	}
}

func (u *userPlan) keepRaw(s *dockerfile.Stage, in *dockerfile.Instr) {
	if in.Name != "run" {
		return
	}
	for _, c := range runScript(u.p.File, in, u.p.stateAt(s, in)).Commands {
		u.raw = append(u.raw, runCommand{c, in})
	}
}

// distribution is the catalogue's, else what the package manager of the RUN lines tells.
func (u *userPlan) distribution() string {
	if u.known && u.img.Distro != "unknown" {
		return u.img.Distro
	}
	for _, c := range u.cmds {
		switch c.name {
		case "apt-get", "apt":
			return "debian"
		case "apk":
			return "alpine"
		case "yum", "dnf", "microdnf":
			return "rhel"
		}
	}
	return ""
}

// make goes through the questions in order; the first that cannot be answered ends it.
func (u *userPlan) make() *Skip {
	for _, step := range []func() *Skip{
		u.isApplication, u.knownBase, u.rootHome, u.recipeSees, u.services, u.starts, u.poetrySettings, u.fromContext, u.declaredPaths,
		u.sources, u.chooseAccount, u.ports, u.settle, u.readable, u.layable,
	} {
		if skip := step(); skip != nil {
			return skip
		}
	}
	return nil
}

// isApplication wants an image that starts a program: a USER in an image that
// others build on would break their RUN lines.
func (u *userPlan) isApplication() *Skip {
	for s := u.stage; s != nil; s = s.Parent {
		for _, in := range s.Instrs {
			if in.Name == "onbuild" {
				return &Skip{NotNeeded, in.Span, "ONBUILD: others build on this image, and a USER would break their RUN lines"}
			}
		}
	}
	if u.developmentContainer() {
		return &Skip{NotNeeded, edit.Span{}, "a development container: its tools set the user themselves"}
	}
	if at, ok := u.gitHubAction(); ok {
		return &Skip{Unsupported, edit.Span{}, at + ": GitHub runs Docker actions as root, for their workspace belongs to root"}
	}
	st, ok := startOf(u.state)
	switch {
	case !ok && !(u.state.EntrypointKnown && u.state.CmdKnown):
		return &Skip{Unsure, u.stage.From.Span, "neither CMD nor ENTRYPOINT is given, and what " + u.stage.Base.Value + " starts is not known"}
	case !ok:
		return &Skip{NotNeeded, edit.Span{}, "neither CMD nor ENTRYPOINT is given: an image that others build on or start things in"}
	}
	return u.idle(st)
}

func (u *userPlan) developmentContainer() bool {
	return strings.Contains("/"+u.p.File.Name, "/.devcontainer/") || strings.Contains("/"+u.p.Options.Dockerfile, "/.devcontainer/")
}

// idle declines images that start a shell, an interpreter's prompt or a help text.
func (u *userPlan) idle(st start) *Skip {
	at := st.at
	argv := skipInit(st.argv, u.baseEntry())
	if len(argv) == 0 {
		return &Skip{NotNeeded, at, "it starts nothing by itself"}
	}
	name, rest := path.Base(argv[0]), argv[1:]
	switch {
	case st.instr == nil && u.state.Cmd != nil && u.state.Cmd.Instr == nil && isPrompt(name, rest):
		return &Skip{NotNeeded, at, "neither CMD nor ENTRYPOINT is given: an image that others build on or start things in"}
	case isPrompt(name, rest):
		return &Skip{NotNeeded, at, fmt.Sprintf("it starts %s alone: an image to work in or to build on", name)}
	case len(rest) > 0 && slices.Contains([]string{"--help", "-h", "help", "--version", "-version", "version", "-v", "-V"}, rest[len(rest)-1]):
		return &Skip{Unsure, at, fmt.Sprintf("a command line tool (%s %s): it writes to whatever folders its users mount, as root so far", name, rest[len(rest)-1])}
	}
	return nil
}

// isPrompt reports whether a program started like this only waits for input.
func isPrompt(name string, rest []string) bool {
	switch strings.TrimRight(name, "0123456789.") {
	case "sh", "bash", "ash", "dash", "zsh", "fish":
		return len(rest) == 0 || len(rest) == 1 && (rest[0] == "-l" || rest[0] == "-i" || rest[0] == "--login")
	case "python", "node", "irb", "R", "iex", "jshell", "erl", "ghci", "julia", "gradle", "mvn", "composer", "bun", "deno", "pypy", "ipython", "go", "cargo", "cat", "true", "top":
		return len(rest) == 0
	case "php", "perl":
		return len(rest) == 0 || len(rest) == 1 && (rest[0] == "-a" || rest[0] == "-de")
	case "sleep":
		return true
	case "tail":
		return len(rest) > 1 && rest[len(rest)-1] == "/dev/null"
	}
	return false
}

// gitHubAction finds an action that is run from a Dockerfile.
func (u *userPlan) gitHubAction() (string, bool) {
	for _, name := range []string{"action.yml", "action.yaml"} {
		text, ok := u.p.Build.Read(name)
		if !ok {
			continue
		}
		for n, line := range strings.Split(string(text), "\n") {
			if key, value, _ := strings.Cut(strings.TrimSpace(line), ":"); key == "using" && strings.Trim(strings.TrimSpace(value), `"'`) == "docker" {
				return fmt.Sprintf("%s:%d", name, n+1), true
			}
		}
	}
	return "", false
}

// knownBase declines bases that look after their user themselves, or of which too little is known.
func (u *userPlan) knownBase() *Skip {
	from := u.stage.From.Span
	switch {
	case u.known && u.img.Drops != "":
		return &Skip{NotNeeded, from, u.img.Drops}
	case u.known && u.img.NeedsRoot != "" && u.recipe() == nil:
		return &Skip{Unsupported, from, u.img.NeedsRoot}
	case !u.state.UserKnown && u.state.UserInstr == nil && !u.installsPackages():
		return &Skip{Unsure, from, "the user that " + u.stage.Base.Value + " starts as is not known"}
	case u.dist == "":
		return &Skip{Unsure, from, "the distribution of " + u.stage.Base.Value + " is not known"}
	case !u.state.EntrypointKnown:
		return &Skip{Unsure, from, "the entry point of " + u.stage.Base.Value + " is not known; it may need root"}
	}
	return nil
}

// fromContext wants something of the program to be in the build context. What a RUN
// downloads may write anywhere. The workers of the recipes' servers are other users already.
func (u *userPlan) fromContext() *Skip {
	if r := u.recipe(); r != nil && r.workers || u.shipsSources() {
		return nil
	}
	return &Skip{Unsure, u.startSpan(), "nothing of the program comes from the build context, so what it writes cannot be told"}
}

// shipsSources reports whether the shipped stage gets more than scripts and
// settings: from the context, or from a stage that does.
func (u *userPlan) shipsSources() bool {
	if slices.ContainsFunc(u.walks, func(w *walk) bool { return slices.ContainsFunc(w.placed, isProgram) }) {
		return true
	}
	for _, w := range u.walks {
		for _, one := range w.placed {
			if from := u.p.File.StageNamed(one.from, u.stage.Index); one.from != "" && from != nil && u.stageSources(from, 0) {
				return true
			}
		}
	}
	return false
}

// stageSources is shipsSources for another stage.
func (u *userPlan) stageSources(s *dockerfile.Stage, depth int) bool {
	for ; s != nil && depth < maxScripts; s = s.Parent {
		for _, in := range s.Instrs {
			for _, src := range in.CopySources() {
				from := in.FlagNamed("from")
				switch {
				case src.Heredoc != nil:
				case from == nil && isProgram(placed{src: src.Arg.Value}):
					return true
				case from != nil:
					if other := u.p.File.StageNamed(from.Value, s.Index); other != nil && u.stageSources(other, depth+1) {
						return true
					}
				}
			}
			if slices.ContainsFunc(in.Mounts(), func(m dockerfile.Mount) bool { return m.Type == "bind" && m.From == "" }) {
				return true
			}
		}
	}
	return false
}

// isProgram reports whether a source of COPY may hold a program: anything but a
// script that starts one, settings, and lists of packages.
func isProgram(one placed) bool {
	if one.from != "" || one.src == "" || one.bound || strings.Contains(one.src, "://") {
		return false
	}
	switch path.Ext(one.src) {
	case ".sh", ".conf", ".cfg", ".ini", ".yml", ".yaml", ".json", ".txt", ".toml", ".lock", ".xml", ".properties", ".env", ".template", ".list", ".repo", ".crt", ".pem", ".key", ".gpg", ".patch":
		return false
	}
	return !slices.Contains([]string{"Gemfile", "Gemfile.lock", "Pipfile", "entrypoint", "docker-entrypoint", "start", "run"}, path.Base(one.src))
}

// installsPackages reports whether a RUN calls the package manager without sudo: whoever does is root.
func (u *userPlan) installsPackages() bool {
	return slices.ContainsFunc(u.raw, func(c runCommand) bool {
		return slices.Contains([]string{"apt-get", "apt", "apk", "yum", "dnf", "microdnf"}, c.Base())
	})
}

// assume adds a sentence once.
func (u *userPlan) assume(s string) {
	if !slices.Contains(u.assumes, s) {
		u.assumes = append(u.assumes, s)
	}
}

// write notes a place that the program writes to.
func (u *userPlan) write(p string, file bool, why string) {
	u.writes = append(u.writes, written{path.Clean(p), file, why})
}

// workdir is the directory that the program starts in.
func (u *userPlan) workdir() string {
	if u.state.Workdir == "" {
		return "/"
	}
	return u.state.Workdir
}

// contextOf maps a path of the image to the context, through the stages it was made in.
func (u *userPlan) contextOf(p string) (ctx string, listed, ok bool) {
	for _, w := range slices.Backward(u.walks) {
		if ctx, listed, ok = w.contextOf(p); ok {
			return ctx, listed, true
		}
	}
	return "", false, false
}

// isDir reports whether the image is known to have a folder.
func (u *userPlan) isDir(p string) bool {
	if slices.ContainsFunc(u.walks, func(w *walk) bool { return w.isDir(p) }) {
		return true
	}
	ctx, listed, ok := u.contextOf(p)
	return ok && listed && u.p.Build.IsDir(ctx)
}
