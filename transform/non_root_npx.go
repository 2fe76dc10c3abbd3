package transform

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// npx follows npx, npm exec and the like to a program that node_modules has; what is not
// there they download.
func (u *userPlan) npx(argv []string, o spot) *Skip {
	rest := argv[1:]
	for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
		if rest[0] == "-p" || rest[0] == "--package" || strings.HasPrefix(rest[0], "--package=") || rest[0] == "-c" {
			return o.says(Unsupported, "%s at the start downloads into folders that are root's", strings.Join(argv[:min(len(argv), 3)], " "))
		}
		rest = rest[1:]
	}
	if len(rest) == 0 {
		return nil
	}
	if argv[0] == "dlx" || !u.hasProgram(rest[0]) {
		return o.says(Unsupported, "npx %s at the start downloads it: no package.json and no RUN installs it", rest[0])
	}
	if u.needHome == "" {
		u.needHome = "npx"
	}
	return u.runs(rest, o, false)
}

// hasProgram reports whether the packages of the image bring a program, which they
// do by their own name, but for a few.
func (u *userPlan) hasProgram(name string) bool {
	pack, ok := map[string]string{"tsc": "typescript", "nest": "@nestjs/cli", "ng": "@angular/cli", "sequelize": "sequelize-cli", "vue-cli-service": "@vue/cli-service"}[name]
	if !ok {
		pack = name
	}
	for _, c := range u.cmds {
		texts := literals(c)
		if isPackageRunner(c.name) && slices.Contains(texts, pack) && (slices.Contains(texts, "-g") || slices.Contains(texts, "--global") || slices.Contains(texts, "global")) {
			return true
		}
	}
	pkg := u.nodePackage()
	return pkg != nil && (slices.Contains(pkg.Deps, pack) || u.installsDev() && slices.Contains(pkg.DevDeps, pack))
}

// installsDev reports whether the shipped stage installs what is only needed to develop.
func (u *userPlan) installsDev() bool {
	if v, ok := variable(u.state, "NODE_ENV"); ok && v == "production" {
		return false
	}
	install := false
	for _, c := range u.cmds {
		if !isPackageRunner(c.name) {
			continue
		}
		texts := literals(c)
		if mentions(texts, "prod", "omit=dev", "prune") {
			return false
		}
		install = install || len(texts) == 1 || slices.ContainsFunc(texts, func(t string) bool { return t == "install" || t == "ci" || t == "i" })
	}
	return install
}

// nodePackage is the package.json in the working directory; nil for none.
func (u *userPlan) nodePackage() *evidence.NodePackage {
	ctx, _, ok := u.contextOf(path.Join(u.workdir(), "package.json"))
	if !ok {
		ctx = "package.json" // as a builder stage has it
	}
	pkg, err := u.p.Build.NodePackage(path.Dir(ctx))
	if err != nil {
		return nil
	}
	return pkg
}

// prisma hands its engines over: Prisma's command line looks at each start whether
// it can write to them, and ends where it cannot (issues 20479 and 25020 of Prisma).
func (u *userPlan) prisma(o spot) *Skip {
	pkg := u.nodePackage()
	if pkg == nil || pkg.LockKind == "pnpm" || strings.HasPrefix(pkg.Manager, "pnpm") || pkg.Workspaces {
		return o.says(Unsure, "prisma wants to write to its engines, and where they lie cannot be told")
	}
	u.write(path.Join(u.workdir(), "node_modules/@prisma"), false, "prisma's engines")
	return nil
}

var (
	prismaSqlite = regexp.MustCompile(`(?m)^\s*provider\s*=\s*"sqlite"`)
	prismaURL    = regexp.MustCompile(`(?m)^\s*url\s*=\s*"file:([^"?\n]+)`)
)

// prismaSchema notes the database file of a Prisma schema, whose path is relative to
// the schema; its folder where the environment names it.
func (u *userPlan) prismaSchema() {
	const schema = "prisma/schema.prisma"
	ctx, _, ok := u.contextOf(path.Join(u.workdir(), schema))
	if !ok {
		ctx = schema
	}
	text, ok := u.p.Build.Read(ctx)
	if !ok || !prismaSqlite.Match(text) {
		return
	}
	dir := path.Join(u.workdir(), "prisma")
	if m := prismaURL.FindSubmatch(text); m != nil {
		u.write(absIn(dir, string(m[1])), true, ctx)
		return
	}
	if v, ok := variable(u.state, "DATABASE_URL"); ok {
		if p, ok := strings.CutPrefix(v, "file:"); ok && !strings.Contains(p, "$") {
			p, _, _ = strings.Cut(p, "?")
			u.write(absIn(dir, p), true, "ENV DATABASE_URL")
			return
		}
	}
	u.write(dir, false, ctx)
}

// servesFiles names the program that starts where it only hands files out, so that
// there are no sources to look at; "" for another.
func (u *userPlan) servesFiles() string {
	st, _ := startOf(u.state)
	argv := skipInit(st.argv, u.baseEntry())
	if len(argv) > 1 && path.Base(argv[0]) == "npx" {
		argv = argv[1:]
	}
	if len(argv) > 0 && slices.Contains([]string{"serve", "http-server", "json-server"}, path.Base(argv[0])) {
		return path.Base(argv[0])
	}
	return ""
}
