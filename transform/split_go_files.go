package transform

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// maxItems is how many files and folders a split names one by one; beyond it, the
// whole working directory is the smaller diff.
const maxItems = 8

// maxNesting bounds how deep folders of sources are looked through for other files.
const maxNesting = 32

// files settles the tail and what goes along besides the binaries.
func (d *goDecision) files() *Skip {
	d.plan.tail = d.tailOf()
	for _, a := range d.ship {
		d.carryBinary(a)
	}
	for _, s := range d.needs.scripts {
		d.carryFile(s, false)
	}
	if skip := d.fromContext(); skip != nil {
		return skip
	}
	if skip := d.fromRuns(); skip != nil {
		return skip
	}
	d.accounts()
	return nil
}

// tailOf is the first of the instructions at the end that only set the image's
// configuration or bring files that are no sources: they stay where they are.
func (d *goDecision) tailOf() *dockerfile.Instr {
	var tail *dockerfile.Instr
	for _, in := range slices.Backward(d.stage.Instrs) {
		if !d.isTail(in) || len(d.plan.steps) > 0 && bearsOnBuild(in) {
			break
		}
		tail = in
	}
	return tail
}

// bearsOnBuild reports whether a build that is put in at the end of the stage has to come after the instruction.
func bearsOnBuild(in *dockerfile.Instr) bool {
	switch in.Name {
	case "workdir", "copy", "arg", "user":
		return true
	case "env":
		return slices.ContainsFunc(in.Pairs, func(p dockerfile.Pair) bool { return goBuildEnv(p.Key) })
	}
	return false
}

func (d *goDecision) isTail(in *dockerfile.Instr) bool {
	switch in.Name {
	case "cmd", "entrypoint", "expose", "env", "label", "maintainer", "volume", "healthcheck", "stopsignal", "user", "workdir", "arg":
		return true
	case "copy":
		if in.FlagNamed("from") != nil {
			return false
		}
		return !slices.ContainsFunc(d.walk.placed, func(one placed) bool {
			return one.in == in && (one.src == "." || d.hasSources(one.src))
		})
	}
	return false
}

// hasSources reports whether a file is a source, or a folder of the context holds one.
func (d *goDecision) hasSources(name string) bool {
	if !d.p.Build.IsDir(name) {
		return isGoBuildFile(name)
	}
	found := false
	d.p.Build.Walk(name, func(p string, e fs.DirEntry) {
		found = found || (!e.IsDir() && isGoBuildFile(p))
	})
	return found
}

// isGoBuildFile reports whether only the build, the repository or its readers use the file.
func isGoBuildFile(name string) bool {
	base := path.Base(name)
	switch base {
	case "go.mod", "go.sum", "go.work", "go.work.sum", "Gopkg.toml", "Gopkg.lock", "glide.yaml", "glide.lock", "vendor.json", "Makefile", "makefile", "GNUmakefile", "Jenkinsfile", "Vagrantfile", "Procfile",
		"LICENSE", "NOTICE", "CODEOWNERS", ".DS_Store", "Thumbs.db", ".dockerignore", ".gitignore", ".gitattributes", ".editorconfig", ".travis.yml", ".gitlab-ci.yml", ".air.toml", "modd.conf", "skaffold.yaml", "Tiltfile", "renovate.json":
		return true
	}
	switch path.Ext(base) {
	case ".go", ".md", ".proto", ".mod", ".sum", ".mk", ".s", ".c", ".h":
		return true
	}
	lower := strings.ToLower(base)
	for _, prefix := range words("dockerfile containerfile docker-compose compose. readme license changelog contributing .golangci .goreleaser .git") {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	return strings.HasSuffix(lower, ".dockerfile")
}

// isBuildFolder names folders that hold nothing for the running program.
func isBuildFolder(name string) bool {
	switch path.Base(name) {
	case "vendor", ".git", ".github", ".circleci", ".vscode", ".idea", "testdata", "node_modules", ".gitlab", "Godeps", "_vendor":
		return true
	}
	return false
}

// fromContext carries what COPY and ADD brought from the build context and the
// program may read.
func (d *goDecision) fromContext() *Skip {
	var items []carried
	for _, one := range d.walk.placed {
		if one.bound || d.inTail(one.in) {
			continue
		}
		switch {
		case one.src == "" || one.from != "":
			more, skip := d.foreign(one)
			if skip != nil {
				return skip
			}
			items = append(items, more...)
		case one.src == "." && (!one.listed || d.needs.blind != "" && !(amongOthers(one.dest) && d.main.program != nil)):
			d.whole = one.dest
		case !one.listed:
			items = append(items, d.unlisted(one)...)
		default:
			items = append(items, d.fromPlaced(one)...)
		}
	}
	return d.settle(items)
}

// unlisted takes a source that the context does not show. The author names it, so
// the builder has it, as a file or as a folder.
func (d *goDecision) unlisted(one placed) []carried {
	workdir := d.end.Workdir
	switch {
	case isGoBuildFile(one.src), isBuildFolder(one.src), d.readsNothing():
		return nil
	case one.dir && (one.dest == workdir || one.dest == "/"):
		d.whole = one.dest
		return nil
	}
	// As a folder, so that it gets a COPY of its own, which is right for a file too.
	return d.item(one.dest, one.step, true)
}

// amongOthers reports whether the folder is one that other things than the author's lie in.
func amongOthers(dir string) bool { return dir == "/" || dir == "/go" }

// settle takes the items one by one, or the folder that they lie in where they are too many or unknown.
func (d *goDecision) settle(items []carried) *Skip {
	if d.whole == "" && len(items) > maxItems && !(amongOthers(d.end.Workdir) && len(items) <= 2*maxItems) {
		d.whole = d.end.Workdir
	}
	if d.whole == "" {
		for _, c := range items {
			if !d.carriedAlready(c.to) && !d.broughtInTail(c.to) {
				d.plan.carry = append(d.plan.carry, c)
			}
		}
		return nil
	}
	if amongOthers(d.whole) {
		return &Skip{Unsure, d.plan.start.at, "the sources lie in " + d.whole + " itself among other things, and which files the program reads cannot be told"}
	}
	var kept []carried
	for _, c := range slices.Concat(d.plan.carry, items) {
		if _, inside := within(d.whole, c.from); !inside || c.from != c.to {
			kept = append(kept, c)
		}
	}
	kept = append(kept, carried{from: d.whole, to: d.whole, dir: true, owner: d.walk.ownerOf(d.whole)})
	d.plan.carry = kept
	return nil
}

// foreign takes what COPY --from, a heredoc and ADD of a URL brought: nobody knows what it is
// for, so it goes along where it has a place of its own, unless it is compiled in.
func (d *goDecision) foreign(one placed) ([]carried, *Skip) {
	if d.needs.blind == "" && d.readsNothing() && len(d.needs.calls) == 0 && d.needs.shell == "" {
		return nil, nil
	}
	to, _ := one.in.CopyDest()
	state := d.p.stateAt(one.in.Stage, one.in)
	dest, known := state.Expand(to.Raw())
	dest = absIn(state.Workdir, dest)
	if d.needs.blind == "" && d.compilesIn(dest) {
		return nil, nil
	}
	if !known || dest == d.end.Workdir || dest == "/" || isSystemPath(dest) {
		return nil, &Skip{Unsure, one.in.Span, "cannot tell whether the program needs what this brings"}
	}
	return d.item(dest, one.step, true), nil // as a folder: see unlisted
}

// isSystemPath reports whether the path lies where programs and settings of the system lie.
func isSystemPath(p string) bool {
	return slices.ContainsFunc(words("/bin /sbin /lib /lib64 /usr /etc /go"), func(dir string) bool {
		_, in := within(dir, p)
		return in && !strings.HasPrefix(p, "/go/src/")
	})
}

// compilesIn reports whether go:embed takes what lies in the folder of the image, which
// need not be in the build context.
func (d *goDecision) compilesIn(dest string) bool {
	return slices.ContainsFunc(d.walk.placed, func(one placed) bool {
		rest, in := within(one.dest, dest)
		if !in || !one.dir || one.from != "" || one.src == "" {
			return false
		}
		name := path.Join(one.src, rest)
		return d.embeds(name) || slices.ContainsFunc(d.ship, func(a *artefact) bool {
			return slices.ContainsFunc(a.program.Embeds, func(u evidence.GoUse) bool {
				_, below := within(name, path.Join(path.Dir(u.File), strings.TrimPrefix(u.Value, "all:")))
				return below
			})
		})
	})
}

// readsNothing reports whether the sources show that the program opens no file.
func (d *goDecision) readsNothing() bool {
	if d.needs.blind != "" {
		return false
	}
	for _, a := range d.ship {
		if len(a.program.Reads) > 0 || len(a.program.Writes) > 0 {
			return false
		}
	}
	return len(d.needs.scripts) == 0
}

// fromPlaced picks what the program may read of one COPY.
func (d *goDecision) fromPlaced(one placed) []carried {
	if !one.dir {
		if isGoBuildFile(one.src) && !d.reads(one.src) {
			return nil
		}
		return d.item(one.dest, one.step, false)
	}
	if one.src != "." && !d.hasSources(one.src) {
		return d.item(one.dest, one.step, true) // the author names it: it is there to be read
	}
	return d.fromFolder(one.src, one.dest, one.step, 0)
}

// fromFolder goes through a folder that holds sources among other things.
func (d *goDecision) fromFolder(dir, dest string, step, depth int) []carried {
	var out []carried
	for _, e := range d.p.Build.List(dir) {
		name, to := path.Join(dir, e.Name()), path.Join(dest, e.Name())
		switch {
		case !e.IsDir():
			if !isGoBuildFile(name) && d.mayRead(name) || d.reads(name) {
				out = append(out, d.item(to, step, false)...)
			}
		case isBuildFolder(name):
		case d.isPlaceholder(name):
			if d.mayRead(name) {
				out = append(out, d.item(to, step, true)...)
			}
		case d.hasSources(name) && depth < maxNesting:
			out = append(out, d.fromFolder(name, to, step, depth+1)...)
		case d.mayRead(name):
			out = append(out, d.item(to, step, true)...)
		}
	}
	return out
}

// isPlaceholder reports whether the folder has no file but those that keep an empty folder in git.
func (d *goDecision) isPlaceholder(dir string) bool {
	some, only := false, true
	d.p.Build.Walk(dir, func(p string, e fs.DirEntry) {
		switch path.Base(p) {
		case ".gitkeep", ".keep", ".gitignore", ".placeholder", ".empty":
			some = true
		default:
			only = only && e.IsDir()
		}
	})
	return some && only
}

// isCredential reports whether a file or folder is what git, ssh and go mod download sign in
// with, and the sources do not speak of it.
func (d *goDecision) isCredential(dest string) bool {
	name := path.Base(dest)
	if !slices.Contains(words(".netrc _netrc .ssh id_rsa id_dsa id_ecdsa id_ed25519 known_hosts .git-credentials .gitconfig"), name) {
		return false
	}
	return !slices.ContainsFunc(d.ship, func(a *artefact) bool { return a.program != nil && a.program.Mentions(name) })
}

// item carries what was put at dest in the given step, unless it has been removed since
// or opens other people's repositories to the build.
func (d *goDecision) item(dest string, step int, dir bool) []carried {
	if d.walk.gone(dest, step) || d.isCredential(dest) {
		return nil
	}
	return []carried{{from: dest, to: dest, dir: dir, owner: d.walk.ownerOf(dest)}}
}

// mayRead reports whether the program may open the file or folder: its sources
// name it, or they open files whose names they do not tell.
func (d *goDecision) mayRead(name string) bool {
	if d.needs.blind != "" || d.reads(name) {
		return true
	}
	if d.embeds(name) {
		return false
	}
	for _, a := range d.ship {
		if a.program.Mentions(path.Base(name)) || opensUnknown(a.program) {
			return true
		}
	}
	return d.named(path.Base(name))
}

// embeds reports whether go:embed compiles the file or the folder in.
func (d *goDecision) embeds(name string) bool {
	return slices.ContainsFunc(d.ship, func(a *artefact) bool {
		return slices.ContainsFunc(a.program.Embeds, func(u evidence.GoUse) bool {
			pattern := path.Join(path.Dir(u.File), strings.TrimPrefix(u.Value, "all:"))
			if ok, err := path.Match(pattern, name); ok && err == nil {
				return true
			}
			_, in := within(pattern, name)
			return in
		})
	})
}

// named reports whether a word of the start command, a script that goes along or a
// variable of the environment has the name in it.
func (d *goDecision) named(name string) bool {
	if slices.ContainsFunc(slices.Concat(d.plan.start.argv, []string{d.plan.scripts}), func(word string) bool { return strings.Contains(word, name) }) {
		return true
	}
	return slices.ContainsFunc(d.end.Env, func(v dockerfile.Var) bool {
		return v.Instr != nil && strings.Contains(v.Value, name)
	})
}

// opensUnknown reports whether the sources open a file whose name they do not tell.
func opensUnknown(p *evidence.GoProgram) bool {
	return slices.ContainsFunc(p.Reads, func(u evidence.GoUse) bool { return !fixed(u) })
}

// fixed reports whether the sources settle what is used: no flag, variable or argument can make it another.
func fixed(u evidence.GoUse) bool { return u.Known && !u.Default && u.Value != "" }

// reads reports whether the sources open the context's file, or one in or above the folder.
func (d *goDecision) reads(name string) bool {
	workdir := d.end.Workdir
	for _, a := range d.ship {
		if a.program == nil {
			continue
		}
		for _, use := range slices.Concat(a.program.Reads, a.program.Writes) {
			ctx, _, ok := d.walk.contextOf(absIn(workdir, globFolder(use.Value)))
			if !ok || use.Value == "" {
				continue
			}
			if _, in := within(name, ctx); in {
				return true
			}
			if _, in := within(ctx, name); in && ctx != "." {
				return true
			}
		}
	}
	return false
}

// globFolder is the folder that a pattern such as templates/*.html looks into.
func globFolder(p string) string {
	if i := strings.IndexAny(p, "*?["); i >= 0 {
		return path.Dir(p[:i] + "x")
	}
	return p
}

func (d *goDecision) inTail(in *dockerfile.Instr) bool {
	return d.plan.tail != nil && in.Index >= d.plan.tail.Index
}

// carryBinary takes a binary along. One that is found along PATH has to lie where
// the runtime base looks, which no base does in the toolchain's own folder.
func (d *goDecision) carryBinary(a *artefact) {
	from := a.path
	if a.from != "" {
		from = a.from
	}
	to := []string{a.path}
	onPath := slices.Contains(strings.Split(d.searchPath(), ":"), path.Dir(a.path)) && !d.keepsPath(path.Dir(a.path))
	byPath := slices.Contains(d.byPath, a.path) || !slices.Contains(d.byName, a.path) && slices.Contains(d.byPath, d.main.path)
	if onPath && (!byPath || slices.Contains(d.byName, a.path)) {
		to = []string{path.Join("/usr/local/bin", path.Base(a.path))}
		if byPath {
			to = append(to, a.path)
		}
	}
	for _, p := range to {
		d.plan.carry = append(d.plan.carry, carried{from: from, to: p, owner: d.walk.ownerOf(a.path)})
	}
}

// keepsPath reports whether the runtime stage's PATH has the folder: the bases'
// own folders, or what an ENV that is repeated adds.
func (d *goDecision) keepsPath(dir string) bool {
	switch dir {
	case "/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin":
		return true
	}
	for _, v := range d.end.Env {
		if v.Name == "PATH" && v.Instr != nil && !d.plan.leavesEnv(*v.Pair) {
			return slices.Contains(strings.Split(v.Value, ":"), dir)
		}
	}
	return false
}

func (d *goDecision) carryFile(p string, dir bool) {
	if ctx, _, ok := d.walk.contextOf(p); ok && ctx != "" && d.broughtInTail(p) {
		return
	}
	d.plan.carry = append(d.plan.carry, carried{from: p, to: p, dir: dir, owner: d.walk.ownerOf(p)})
}

// broughtInTail reports whether a COPY that stays in the tail brings the path.
func (d *goDecision) broughtInTail(p string) bool {
	return slices.ContainsFunc(d.walk.placed, func(one placed) bool {
		_, in := within(one.dest, p)
		return in && d.inTail(one.in)
	})
}
