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

// files settles the tail and what goes along besides the binaries.
func (d *goDecision) files() *Skip {
	d.plan.tail = d.tailOf()
	for _, a := range d.ship {
		d.carryBinary(a.path)
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
		if !d.isTail(in) {
			break
		}
		tail = in
	}
	return tail
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
		"LICENSE", "NOTICE", "CODEOWNERS", ".dockerignore", ".gitignore", ".gitattributes", ".editorconfig", ".travis.yml", ".gitlab-ci.yml", ".air.toml", "modd.conf", "skaffold.yaml", "Tiltfile", "renovate.json":
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
			if skip := d.foreign(one); skip != nil {
				return skip
			}
		case one.src == "." && (!one.listed || d.needs.blind != ""):
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

// settle takes the items one by one, or the folder that they lie in where they are too many or unknown.
func (d *goDecision) settle(items []carried) *Skip {
	if d.whole == "" && len(items) > maxItems {
		d.whole = d.end.Workdir
	}
	if d.whole == "" {
		for _, c := range items {
			if !d.carriedAlready(c.to) {
				d.plan.carry = append(d.plan.carry, c)
			}
		}
		return nil
	}
	if d.whole == "/" || d.whole == "/go" {
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

// foreign takes what COPY --from and ADD of a URL brought: nobody knows what it is for, so it goes along.
func (d *goDecision) foreign(one placed) *Skip {
	if d.needs.blind == "" && d.readsNothing() && len(d.needs.calls) == 0 && d.needs.shell == "" {
		return nil
	}
	return &Skip{Unsure, one.in.Span, "cannot tell whether the program needs what this brings"}
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
		case d.hasSources(name) && depth < maxDepth:
			out = append(out, d.fromFolder(name, to, step, depth+1)...)
		case d.mayRead(name):
			out = append(out, d.item(to, step, true)...)
		}
	}
	return out
}

// item carries what was put at dest in the given step, unless it has been removed since.
func (d *goDecision) item(dest string, step int, dir bool) []carried {
	if d.walk.gone(dest, step) {
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

// named reports whether a word of the start command or a variable of the environment has the name in it.
func (d *goDecision) named(name string) bool {
	for _, word := range d.plan.start.argv {
		if strings.Contains(word, name) {
			return true
		}
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
func (d *goDecision) carryBinary(p string) {
	to := p
	if !d.byPath && !d.keepsPath(path.Dir(p)) {
		to = path.Join("/usr/local/bin", path.Base(p))
	}
	d.plan.carry = append(d.plan.carry, carried{from: p, to: to, owner: d.walk.ownerOf(p)})
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
