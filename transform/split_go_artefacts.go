package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/evidence"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// addPackage turns one package of a build command into the binaries it makes.
func (g *goPlanner) addPackage(w *walk, c *command, sub string, b goBuild, pkg string) *Skip {
	if isRemotePackage(pkg) {
		return g.addRemote(w, c, sub, b, pkg)
	}
	dir := path.Join(c.dir, strings.TrimSuffix(pkg, "..."))
	if b.files {
		dir = path.Dir(path.Join(c.dir, pkg))
	}
	if strings.HasSuffix(pkg, "...") {
		return g.addTree(w, c, sub, b, dir)
	}
	return g.addOne(w, c, sub, b, dir, pkg)
}

// isRemotePackage tells an import path from a path in the file system.
func isRemotePackage(pkg string) bool {
	if strings.HasPrefix(pkg, ".") || strings.HasPrefix(pkg, "/") || strings.HasSuffix(pkg, ".go") {
		return false
	}
	first, _, _ := strings.Cut(pkg, "/")
	return strings.Contains(first, ".") || strings.Contains(pkg, "@")
}

// addRemote takes a package named by its import path: the program's own in a GOPATH layout or a module, or a foreign one.
func (g *goPlanner) addRemote(w *walk, c *command, sub string, b goBuild, pkg string) *Skip {
	bare, _, _ := strings.Cut(pkg, "@")
	for _, root := range []string{"/go/src/", strings.Split(g.variable(c, "GOPATH")+":", ":")[0] + "/src/"} {
		dir := path.Join(root, strings.TrimSuffix(bare, "..."))
		if _, _, ok := w.contextOf(dir); ok && root != "/src/" {
			if strings.HasSuffix(bare, "...") {
				return g.addTree(w, c, sub, b, dir)
			}
			return g.addOne(w, c, sub, b, dir, pkg)
		}
	}
	if ctx, _, ok := w.sourceDir(c.dir); ok {
		if mod, err := g.p.Build.GoModule(ctx); err == nil && mod != nil && mod.Path != "" {
			if rest, inside := within(mod.Path, strings.TrimSuffix(bare, "/...")); inside {
				root := path.Join(c.dir, relative(mod.Dir, ctx))
				if strings.HasSuffix(bare, "...") {
					return g.addTree(w, c, sub, b, path.Join(root, rest))
				}
				return g.addOne(w, c, sub, b, path.Join(root, rest), pkg)
			}
		}
	}
	name := remoteName(bare)
	out := path.Join(g.binDir(c), name)
	if b.out != "" {
		out = b.target(name)
	}
	g.artefacts = append(g.artefacts, &artefact{path: out, program: runtimeTool(pkg, b.tags), pkg: pkg, build: b, at: c.at, step: w.step, remote: true})
	return nil
}

// runtimeTool is what is known of a module outside the context that images install to
// migrate a database or to wait for it: pure Go, it starts no program but those that its words
// name, and reads only what they name. nil for all others.
func runtimeTool(pkg string, tags []string) *evidence.GoProgram {
	bare, _, _ := strings.Cut(pkg, "@")
	if slices.ContainsFunc(tags, func(t string) bool { return strings.Contains(t, "sqlite") || strings.Contains(t, "sqlcipher") }) {
		return nil // needs cgo
	}
	for _, tool := range words("github.com/golang-migrate/migrate github.com/pressly/goose github.com/rubenv/sql-migrate github.com/jackc/tern github.com/jwilder/dockerize github.com/powerman/dockerize") {
		if _, in := within(tool, bare); in {
			return &evidence.GoProgram{Name: remoteName(bare), Complete: true, Pure: true}
		}
	}
	return nil
}

// relative leads from the folder `from` back to `to`, both in the context, where to is at or above from.
func relative(to, from string) string {
	if to == from || to == "" {
		return "."
	}
	rest := from
	if to != "." {
		rest = strings.TrimPrefix(strings.TrimPrefix(from, to), "/")
	}
	if rest == "" || rest == "." {
		return "."
	}
	return strings.Repeat("../", strings.Count(rest, "/")+1)
}

// remoteName is the binary's name for an import path: its last element, without a major version.
func remoteName(pkg string) string {
	base := path.Base(strings.TrimSuffix(pkg, "/..."))
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		return path.Base(path.Dir(pkg))
	}
	return base
}

// target is where a binary of that name goes under -o.
func (b goBuild) target(name string) string {
	if b.outIsDir {
		return path.Join(b.out, name)
	}
	return b.out
}

// addTree takes ./...: go install makes every main package below dir, go build
// makes them only with -o DIR.
func (g *goPlanner) addTree(w *walk, c *command, sub string, b goBuild, dir string) *Skip {
	ctx, listed, ok := w.sourceDir(dir)
	var mains []string
	if ok && listed {
		mains = g.p.Build.GoMains(ctx)
	}
	if sub == "build" && b.out == "" {
		if len(mains) != 1 || mains[0] != ctx {
			return nil // several packages: go build checks them and keeps nothing
		}
	}
	if len(mains) == 0 {
		g.addOpen(w, c, sub, b, dir)
		return nil
	}
	if len(mains) > 1 && b.out != "" && !b.outIsDir {
		return c.unsure("%s writes several programs to one file", c.quoted())
	}
	for _, m := range mains {
		rest, _ := within(ctx, m)
		if ctx == "." {
			rest = m
		}
		if skip := g.addOne(w, c, sub, b, path.Join(dir, rest), packagePath(c.dir, path.Join(dir, rest))); skip != nil {
			return skip
		}
	}
	return nil
}

// addOpen is for a build whose sources are not in the build context: where its
// binaries go is known, and the start command may tell the name.
func (g *goPlanner) addOpen(w *walk, c *command, sub string, b goBuild, pkg string) {
	a := &artefact{path: c.dir, pkg: pkg, build: b, at: c.at, step: w.step, open: true}
	switch {
	case sub == "install":
		a.path = g.binDir(c)
	case b.outIsDir:
		a.path = b.out
	case b.out != "":
		a.path, a.open = b.out, false
	}
	g.artefacts = append(g.artefacts, a)
}

// packagePath names the package in dir as a command in cwd would.
func packagePath(cwd, dir string) string {
	rest, inside := within(cwd, dir)
	switch {
	case !inside:
		return dir
	case rest == "":
		return "."
	}
	return "./" + rest
}

// addOne takes one main package in the image's folder dir.
func (g *goPlanner) addOne(w *walk, c *command, sub string, b goBuild, dir, pkg string) *Skip {
	a := &artefact{pkg: pkg, build: b, at: c.at, step: w.step}
	a.program = g.program(w, dir, b)
	name := g.binaryName(a, c, dir, b, pkg)
	if name == "" {
		g.addOpen(w, c, sub, b, pkg)
		g.artefacts[len(g.artefacts)-1].program = a.program
		return nil
	}
	if sub == "install" {
		a.path = path.Join(g.binDir(c), name)
	} else if b.out != "" {
		a.path = b.target(name)
	} else {
		a.path = path.Join(c.dir, name)
	}
	g.artefacts = append(g.artefacts, a)
	return nil
}

// binaryName is the name that the go command gives the program without -o; "" where it cannot be told.
func (g *goPlanner) binaryName(a *artefact, c *command, dir string, b goBuild, pkg string) string {
	switch {
	case b.files:
		return strings.TrimSuffix(path.Base(pkg), ".go")
	case g.module != "" && dir == c.dir:
		return remoteName(g.module)
	case a.program != nil && a.program.Name != "":
		return a.program.Name
	case dir != c.dir:
		return path.Base(dir)
	case a.program != nil && strings.HasPrefix(dir, "/go/src/"):
		return path.Base(dir)
	}
	return ""
}

// program reads the sources of the main package in the image's folder dir; nil where there are none.
func (g *goPlanner) program(w *walk, dir string, b goBuild) *evidence.GoProgram {
	ctx, _, ok := w.sourceDir(dir)
	if !ok {
		return nil
	}
	q := evidence.GoQuery{Dir: ctx, Tags: b.tags}
	if b.files {
		q.Files = b.named
	}
	q.ImportPath, _ = strings.CutPrefix(dir, "/go/src/")
	if q.ImportPath == dir {
		q.ImportPath = ""
	}
	program, err := g.p.Build.GoLoad(q)
	if err != nil {
		return nil
	}
	return program
}

// make takes the recipes of the targets that a make command names.
func (g *goPlanner) make(w *walk, c *command) *Skip {
	dir, targets, vars, skip := makeArgs(c)
	if skip != nil {
		return skip
	}
	ctx, listed, ok := w.contextOf(dir)
	if !ok || !listed {
		return c.unsure("the Makefile that %s reads is not in the build context", c.quoted())
	}
	for _, target := range targets {
		lines, known := g.p.Build.MakeTarget(ctx, target, vars...)
		if !known {
			name := fmt.Sprintf("the target %q", target)
			if target == "" {
				name = "the first target"
			}
			return c.unsure("cannot tell what %s of the Makefile in %s runs", name, ctx)
		}
		for _, l := range lines {
			where := l.Where()
			if l.MayNotRun && mentionsGo(l.Text) {
				return c.unsure("%s runs only where a file is not there yet", where)
			}
			if skip := g.nested(w, c, shell.ParseText(l.Text), dir, where); skip != nil {
				return skip
			}
		}
	}
	return nil
}

// mentionsGo reports whether a recipe line calls the go command.
func mentionsGo(text string) bool {
	return slices.Contains(strings.Fields(text), "go")
}

// makeArgs reads the folder, the targets and the variables of a make command.
func makeArgs(c *command) (dir string, targets, vars []string, skip *Skip) {
	dir = c.dir
	for i := 1; i < len(c.words); i++ {
		v, ok := c.arg(i)
		switch {
		case !ok:
			return dir, nil, nil, c.unsure("cannot tell what %s makes", c.quoted())
		case v == "-C" || v == "--directory":
			i++
			to, _ := c.arg(i)
			dir = absIn(dir, to)
		case v == "-f":
			return dir, nil, nil, c.unsure("%s reads a makefile of another name", c.quoted())
		case strings.Contains(v, "="):
			vars = append(vars, v)
		case strings.HasPrefix(v, "-"):
		default:
			targets = append(targets, v)
		}
	}
	if len(targets) == 0 {
		targets = []string{""}
	}
	return dir, targets, vars, nil
}

// maxDepth bounds scripts and makefiles that call each other.
const maxDepth = 4

// nested takes the commands of a file of the context that the RUN calls.
func (g *goPlanner) nested(w *walk, c *command, s *shell.Script, dir, where string) *Skip {
	if s.Unknown != "" {
		return c.unsure("%s cannot be read as shell: %s", where, s.Unknown)
	}
	if w.depth >= maxDepth {
		return c.unsure("%s calls itself or too many others", where)
	}
	w.depth++
	defer func() { w.depth-- }()
	return w.script(s, c.in, c.state, dir, where)
}

// shellFile takes a script of the context that the RUN runs; at is the word that names it.
func (g *goPlanner) shellFile(w *walk, c *command, at int) *Skip {
	for at < len(c.words) && strings.HasPrefix(c.words[at].Text, "-") {
		if strings.Contains(c.words[at].Text, "c") {
			return nil // sh -c '...': its commands stand in the script already
		}
		at++
	}
	name, text, ok := g.scriptFile(w, c, at)
	if !ok {
		g.unknown = append(g.unknown, c)
		return nil
	}
	return g.nested(w, c, shell.ParseText(text), c.dir, name)
}

// scriptFile reads the script that a word of the command names, where the context has it.
func (g *goPlanner) scriptFile(w *walk, c *command, at int) (name, text string, ok bool) {
	if at >= len(c.words) {
		return "", "", false
	}
	p, known := c.abs(c.words[at])
	if !known {
		return "", "", false
	}
	ctx, _, found := w.contextOf(p)
	if !found {
		return "", "", false
	}
	data, ok := g.p.Build.Read(ctx)
	return ctx, string(data), ok
}
