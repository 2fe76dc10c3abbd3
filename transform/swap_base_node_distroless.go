package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/templates"
)

// bareNode is the move of a stage to distroless' Node: the program alone at
// /nodejs/bin/node, which is the entrypoint and not on PATH. There is no shell, no
// npm, and of the accounts only root, nobody and nonroot.
type bareNode struct {
	s       *swap
	c       *candidate
	asNode  bool   // it runs as the account node, whose number has no name there
	viaNpm  bool   // npm or yarn started it
	early   bool   // modules for development are loaded by the start command
	devOnly string // a module with machine code that only development needs

	compiled string // a module that is compiled in a stage whose C library is no newer
}

// tryDistrolessNode asks for distroless, where the stage only holds files and starts node.
func (s *swap) tryDistrolessNode() (*candidate, string) {
	n := &bareNode{s: s, c: &candidate{}}
	for _, check := range []func() string{
		n.runs, n.version, s.accountAllowed, n.settings, n.start, n.calls, n.accounts, n.copies, n.modules, n.sources,
	} {
		if why := check(); why != "" {
			return nil, why
		}
	}
	n.explain()
	return n.c, ""
}

// runs wants every RUN of the stage to be one that distroless does without.
func (n *bareNode) runs() string {
	for _, in := range n.s.instrs() {
		if in.Name == "run" && n.s.needless(in, &shippedBinary{linkage: linkGlibc}) != "" {
			return "RUN of " + line(in) + " wants a shell, and it has none"
		}
	}
	return n.s.dropRuns(&shippedBinary{linkage: linkGlibc}, n.c)
}

// version wants a tag that is as exact as distroless' names are: the major version,
// and perhaps the release of Debian.
func (n *bareNode) version() string {
	s := n.s
	major, err := strconv.Atoi(s.img.Version)
	switch {
	case err != nil && strings.Contains(s.img.Version, "."):
		return "its tags name a major version alone, which is a weaker pin than " + s.written()
	case err != nil:
		return s.written() + " names no major version, as its images do"
	}
	ref, ok := templates.Distroless("nodejs", major)
	arch, isLinux := strings.CutPrefix(s.root.Platform, "linux/")
	arch, _, _ = strings.Cut(arch, "/")
	switch {
	case !ok:
		return fmt.Sprintf("it has no Node %d that is kept up", major)
	case namesRelease(s.ref.Tag) && s.img.Suite != templates.DistrolessSuite:
		return fmt.Sprintf("it stands on Debian %s, and %s names another release", templates.DistrolessSuite, s.written())
	case s.root.Platform != "" && s.root.Platform != "$TARGETPLATFORM" && (!isLinux || !slices.Contains(templates.DistrolessArches("nodejs", major), arch)):
		return "whether there is one for " + s.root.Platform + " is not recorded"
	}
	n.c.ref = ref + ":latest"
	return ""
}

// settings names what a Dockerfile says that node's own image alone makes sense of.
func (n *bareNode) settings() string {
	for _, v := range n.s.state.Env {
		if v.Instr != nil && (strings.HasPrefix(v.Name, "LD_") || strings.Contains(v.Value, "/usr/local/lib") || strings.Contains(v.Value, ".pnp")) {
			return v.Name + " (" + line(v.Instr) + ") speaks of what node's own image has"
		}
	}
	return n.s.startsWithoutShell(&candidate{})
}

// nodeAccount matches the account node as USER and --chown may name it.
var nodeAccount = regexp.MustCompile(`^(?:node|1000)(?::(?:node|1000))?$`)

// accounts wants root, nobody or the image's own account, which keeps its number: 1000
// in node's image, and there a number without a name.
func (n *bareNode) accounts() string {
	s := n.s
	if why := s.namesKnownTo(append(distrolessNames(), "node"))(); why != "" {
		return why
	}
	for _, in := range s.instrs() {
		if in.Name == "user" {
			if why := n.account(in.Args[0].Value, in.Args[0]); why != "" {
				return why
			}
		}
		if f := in.FlagNamed("chown"); f != nil && strings.Contains(f.Value, "node") {
			owner := "--chown=" + numericNode(f.Value)
			if !f.Exact || owner == "--chown=" {
				return f.Value + " (" + line(in) + ") cannot be written as a number"
			}
			n.c.edits = append(n.c.edits, replaceSpan(f.Span, owner))
		}
	}
	return ""
}

// account takes one USER.
func (n *bareNode) account(user string, at dockerfile.Arg) string {
	n.asNode = false
	switch {
	case user == "1000:1000":
		n.asNode = true
		return ""
	case !strings.Contains(user, "node") && user != "1000":
		return ""
	}
	number := numericNode(user)
	if number == "" || !at.Exact {
		return user + " cannot be written as a number"
	}
	n.asNode = true
	n.c.edits = append(n.c.edits, replaceSpan(at.Span, number))
	return ""
}

// numericNode is the number for node, as user and group; "" for other accounts.
func numericNode(who string) string {
	if !nodeAccount.MatchString(who) {
		return ""
	}
	return "1000:1000"
}

// calls wants the health check, compose files and manifests of Kubernetes to call
// nothing in the container: node is not on its PATH.
func (n *bareNode) calls() string {
	for _, call := range n.s.runtimeCalls() {
		return call.where + " calls " + call.argv[0] + ", which is not on its PATH or would come behind its entrypoint"
	}
	return n.s.orchestrated()
}

// copies wants what is copied to be files for node: of the build context, or of
// stages that stand on node.
func (n *bareNode) copies() string {
	s := n.s
	for _, in := range s.instrs() {
		if in.Name != "copy" && in.Name != "add" {
			continue
		}
		if f := in.FlagNamed("from"); f != nil {
			if st := s.p.File.StageNamed(f.Value, in.Stage.Index); st == nil || !s.isNodeStage(st) {
				return "COPY of " + line(in) + " brings what was not made on an image of node"
			}
		}
		if why := systemCopy(in); why != "" {
			return why
		}
	}
	for _, one := range s.places().placed {
		if one.from == "" && one.dir && s.p.Build.IsDir(path.Join(one.src, "node_modules")) {
			return path.Join(one.src, "node_modules") + " of the build context comes along, into which is not looked"
		}
	}
	return first(s.copiesAreData(), s.bringsBinaries())
}

// isNodeStage reports whether a stage stands on node's own image.
func (s *swap) isNodeStage(st *dockerfile.Stage) bool {
	img, ok := s.p.image(root(st))
	return ok && path.Base(img.Family) == "node"
}

// systemCopy names a copy that takes from the system's folders or puts something there.
func systemCopy(in *dockerfile.Instr) string {
	dest, _ := in.CopyDest()
	list := []string{dest.Value}
	if in.FlagNamed("from") != nil {
		for _, src := range in.CopySources() {
			list = append(list, src.Arg.Value)
		}
	}
	for _, p := range list {
		if _, sources := within("/usr/src", path.Clean(p)); sources {
			continue
		}
		for _, dir := range words("/bin /sbin /lib /lib64 /usr /nodejs /etc /var/lib") {
			if _, is := within(dir, path.Clean(p)); is {
				return "COPY of " + line(in) + " speaks of " + p + ", a folder of the system"
			}
		}
		if path.Clean(p) == "/" && in.FlagNamed("from") != nil {
			return "COPY of " + line(in) + " copies a whole system"
		}
	}
	return ""
}

// explain gives the evidence, and what is left for the reader.
func (n *bareNode) explain() {
	c, s := n.c, n.s
	c.alters = append(c.alters, FieldStart)
	modules := "no module is seen to have machine code"
	if n.compiled != "" {
		modules = "what is compiled (" + n.compiled + ") brings all its sources and is for a C library that is no newer"
	}
	c.why = append([]string{"the stage only holds files and starts node, " + modules + ", and the sources start no other program"}, c.why...)
	c.assumes = append(c.assumes,
		"nothing starts the container with a command of its own (docker run, a compose file above the build context, Kubernetes, a platform's settings): node is the entrypoint and not on PATH, and there is no shell and no npm",
		"no module starts another program",
	)
	if n.devOnly != "" {
		c.assumes = append(c.assumes, "no module of devDependencies is loaded at run time, such as "+n.devOnly)
	}
	if n.viaNpm && !s.mentions(regexp.MustCompile(`SIGTERM|terminus|stoppable`)) {
		c.assumes = append(c.assumes, "it is no matter that a stop takes its full time of grace: npm ended on SIGTERM, node as the first process only where the program says so")
	}
	if n.asNode {
		c.assumes = append(c.assumes, "no module asks for the user's name or home folder: the number 1000 has neither there")
	}
}
