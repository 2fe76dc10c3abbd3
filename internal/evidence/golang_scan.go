package evidence

import (
	"cmp"
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxGoUses bounds each list of a program.
const maxGoUses = 500

// goScan fills in what a program uses outside its binary.
type goScan struct {
	*goEval
	p        *GoProgram
	rows     map[string][]goCallRow
	imported map[string]bool // without major versions
	confDirs []GoUse
	confName []GoUse
}

func newGoScan(l *goLoader) *goScan {
	s := &goScan{goEval: &goEval{goIndex: newGoIndex(l)}, rows: map[string][]goCallRow{}, imported: map[string]bool{}}
	for _, table := range [][]goCallRow{goStdCalls, goLibCalls} {
		for _, r := range table {
			s.rows[r.call] = append(s.rows[r.call], r)
		}
	}
	for _, p := range l.own {
		for _, f := range p.files {
			for _, imp := range f.imports {
				s.imported[withoutMajor(imp)] = true
			}
		}
	}
	return s
}

func (s *goScan) program(p *GoProgram) {
	s.p = p
	for _, pkg := range s.l.own {
		for _, f := range pkg.files {
			s.imports(f)
			s.embeds(f)
			ast.Inspect(f.ast, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					s.seeCall(goCall{pkg, f, n})
				case *ast.CompositeLit:
					s.literal(pkg, f, n)
				case *ast.SelectorExpr:
					s.client(f, n)
				case *ast.ImportSpec:
					return false
				case *ast.BasicLit:
					p.constants.add(n)
				}
				return true
			})
		}
	}
	s.joinConfig()
	if s.imported["time/tzdata"] {
		p.TimeZones = nil // the data is compiled in
	}
	for _, list := range s.lists() {
		*list = tidyUses(*list)
	}
}

func (s *goScan) lists() []*[]GoUse {
	p := s.p
	return []*[]GoUse{&p.Cgo, &p.Reads, &p.Writes, &p.Ports, &p.Network, &p.TimeZones, &p.Execs, &p.Users, &p.Embeds, &p.Plugins}
}

// tidyUses sorts by place and leaves out what is said twice.
func tidyUses(list []GoUse) []GoUse {
	slices.SortStableFunc(list, func(a, b GoUse) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line)
	})
	return slices.Compact(list)
}

// seeCall applies the tables to one call.
func (s *goScan) seeCall(c goCall) {
	key := s.callKey(c.pkg, c.file, c.call)
	if key == "" {
		return
	}
	for _, r := range s.rows[key] {
		if r.needs == "" || s.hasImport(r.needs) {
			s.apply(c, r)
		}
	}
	dot := strings.LastIndexByte(key, '.')
	if pkg := key[:dot]; (pkg == "syscall" || pkg == "golang.org/x/sys/unix") && slices.Contains(goPrivileged, key[dot+1:]) {
		s.fact(c, goUsers, goCallName(key, ""), goValue{text: goCallName(key, "")})
	}
}

func (s *goScan) hasImport(prefix string) bool {
	if s.imported[prefix] {
		return true
	}
	for imp := range s.imported {
		if _, ok := below(imp, prefix); ok {
			return true
		}
	}
	return false
}

// goCallName is how a call is shown: "os.Open", "gin.LoadHTMLGlob".
func goCallName(key, needs string) string {
	dot := strings.LastIndexByte(key, '.')
	pkg := key[:dot]
	if pkg == "" {
		pkg = needs
	}
	if pkg == "" {
		return key[dot+1:]
	}
	return goPackageName(pkg) + key[dot:]
}

func (s *goScan) apply(c goCall, r goCallRow) {
	name := goCallName(r.call, r.needs)
	if (r.sort == goPorts || r.sort == goRunPort) && r.needs != "" && !s.isServer(c, r) {
		return
	}
	if r.at < 0 {
		s.fact(c, r.sort, name, goValue{text: name})
		return
	}
	switch r.sort {
	case goSQL, goListen, goFlags:
		s.special(c, r, name)
		return
	case goDotenv, goRunPort:
		if len(c.call.Args) == 0 {
			s.missingArg(c, r, name)
			return
		}
	}
	last := r.at + 1
	if r.rest {
		last = len(c.call.Args)
	}
	for i := r.at; i < last && i < len(c.call.Args); i++ {
		for _, v := range s.arg(c, i) {
			s.fact(c, r.sort, name, v)
		}
	}
}

func (s *goScan) arg(c goCall, i int) []goValue {
	return s.values(goExpr{pkg: c.pkg, file: c.file, expr: c.call.Args[i]}, 0)
}

// missingArg is what gin's Run() and godotenv's Load() do without arguments.
func (s *goScan) missingArg(c goCall, r goCallRow, name string) {
	if r.sort == goRunPort {
		s.fact(c, goPorts, name, goValue{text: ":8080", def: true, env: "PORT"})
		return
	}
	s.fact(c, goReads, name, goValue{text: ".env"})
}

// special handles calls where one argument says what another one is.
func (s *goScan) special(c goCall, r goCallRow, name string) {
	if len(c.call.Args) < 2 {
		return
	}
	first := s.arg(c, 0)[0]
	switch r.sort {
	case goFlags:
		sort := goWrites
		if !writesFlags(c.call.Args[1]) {
			sort = goReads
		}
		for _, v := range s.arg(c, 0) {
			s.fact(c, sort, name, v)
		}
	case goListen:
		sort := goPorts
		if strings.HasPrefix(first.text, "unix") {
			sort = goWrites
		}
		if strings.HasPrefix(first.text, "ip") {
			s.fact(c, goUsers, name, goValue{text: "raw socket"})
			return
		}
		for _, v := range s.arg(c, 1) {
			s.fact(c, sort, name, v)
		}
	case goSQL:
		if strings.HasPrefix(first.text, "sqlite") {
			for _, v := range s.arg(c, 1) {
				s.fact(c, goDSN, name, v)
			}
		}
	}
}

// writesFlags reports whether the flags of os.OpenFile allow to write; flags
// that cannot be read do.
func writesFlags(e ast.Expr) bool {
	writes, known := false, false
	ast.Inspect(e, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			known = true
			writes = writes || sel.Sel.Name != "O_RDONLY" && sel.Sel.Name != "O_SYNC" && sel.Sel.Name != "O_CLOEXEC"
		}
		if lit, ok := n.(*ast.BasicLit); ok && lit.Value == "0" {
			known = true
		}
		return true
	})
	return writes || !known
}

// fact adds one use to the list that it belongs to.
func (s *goScan) fact(c goCall, sort goSort, name string, v goValue) {
	s.add(s.l.place(c.file, c.call), sort, name, v)
}

func (s *goScan) add(at Place, sort goSort, name string, v goValue) {
	list := s.listOf(sort)
	v = cleanGoValue(sort, v)
	if list == nil || len(*list) >= maxGoUses || pointless(sort, v.text) {
		return
	}
	*list = append(*list, newGoUse(at, sort, name, v))
}

func newGoUse(at Place, sort goSort, name string, v goValue) GoUse {
	u := GoUse{Place: at, Call: name, Env: v.env, Known: v.whole() && !v.def, Default: v.whole() && v.def}
	u.Value, _, _ = strings.Cut(v.text, goHole)
	if sort == goPorts && !v.whole() {
		// The port is at the end, whatever the host is.
		if i := strings.LastIndexByte(v.text, ':'); i >= 0 && !strings.Contains(v.text[i:], goHole) {
			u.Value, u.Default, u.Known = v.text[i:], v.def, !v.def
		}
	}
	return u
}

// listOf returns the list of a sort, nil for one that is not a list.
func (s *goScan) listOf(sort goSort) *[]GoUse {
	switch sort {
	case goReads, goDotenv:
		return &s.p.Reads
	case goWrites, goDSN:
		return &s.p.Writes
	case goPorts, goRunPort:
		return &s.p.Ports
	case goNetwork:
		return &s.p.Network
	case goTimeZones:
		return &s.p.TimeZones
	case goExecs:
		return &s.p.Execs
	case goUsers:
		return &s.p.Users
	case goPlugins:
		return &s.p.Plugins
	case goConfDir:
		return &s.confDirs
	case goConfName:
		return &s.confName
	}
	return nil
}

// cleanGoValue strips URL dressing from paths.
func cleanGoValue(sort goSort, v goValue) goValue {
	switch sort {
	case goDSN:
		v.text = strings.TrimPrefix(v.text, "file:")
		if before, query, ok := strings.Cut(v.text, "?"); ok {
			v.text = before
			if strings.Contains(query, "mode=memory") {
				v.text = ":memory:"
			}
		}
	case goReads:
		v.text = strings.TrimPrefix(v.text, "file://")
	}
	return v
}

// pointless reports whether a value says nothing about files or zones.
func pointless(sort goSort, text string) bool {
	switch sort {
	case goTimeZones:
		return text == "UTC" || text == ""
	case goDSN:
		return text == ":memory:"
	case goReads, goWrites:
		return slices.Contains([]string{"/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr"}, text)
	}
	return false
}

// literal looks at the fields of a composite literal.
func (s *goScan) literal(pkg *goPkg, f *goFile, n *ast.CompositeLit) {
	sel, ok := n.Type.(*ast.SelectorExpr)
	if !ok {
		return
	}
	typ := importOf(f, sel.X) + "." + sel.Sel.Name
	for _, r := range goFieldTable {
		if r.typ != typ {
			continue
		}
		for _, e := range n.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == r.field {
				for _, v := range s.values(goExpr{pkg: pkg, file: f, expr: kv.Value}, 0) {
					s.add(s.l.place(f, kv), r.sort, goCallName(typ, "")+"."+r.field, v)
				}
			}
		}
	}
}

// client notes http.Client, http.DefaultClient and the transports.
func (s *goScan) client(f *goFile, n *ast.SelectorExpr) {
	switch n.Sel.Name {
	case "Client", "DefaultClient", "Transport", "DefaultTransport":
		if importOf(f, n.X) == "net/http" {
			s.add(s.l.place(f, n), goNetwork, "http."+n.Sel.Name, goValue{text: goHole})
		}
	}
}

// imports notes what an import means by itself.
func (s *goScan) imports(f *goFile) {
	for _, spec := range f.ast.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		imp, at := withoutMajor(full), s.l.place(f, spec)
		for _, r := range goImportTable {
			if _, ok := below(imp, r.path); ok {
				s.add(at, r.sort, "import "+full, goValue{text: r.text, def: r.sort == goReads})
			}
		}
		if slices.ContainsFunc(goClientTable, func(p string) bool { _, ok := below(imp, p); return ok }) {
			s.add(at, goNetwork, "import", goValue{text: full})
		}
	}
}

// embeds notes //go:embed patterns.
func (s *goScan) embeds(f *goFile) {
	for _, group := range f.ast.Comments {
		for _, c := range group.List {
			rest, ok := strings.CutPrefix(c.Text, "//go:embed ")
			if !ok {
				continue
			}
			at := Place{f.name, s.l.fset.Position(c.Pos()).Line}
			for _, pattern := range embedPatterns(rest) {
				if len(s.p.Embeds) < maxGoUses {
					s.p.Embeds = append(s.p.Embeds, GoUse{Place: at, Call: "go:embed", Value: pattern, Known: true})
				}
			}
		}
	}
}

// embedPatterns splits as the compiler does: by spaces, with Go quotes.
func embedPatterns(rest string) []string {
	var out []string
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			word, _, _ := strings.Cut(rest, " ")
			word, _, _ = strings.Cut(word, "\t")
			out, rest = append(out, word), rest[len(word):]
			continue
		}
		text, _ := strconv.Unquote(quoted)
		out, rest = append(out, text), rest[len(quoted):]
	}
	return out
}

// joinConfig turns viper's search paths and names into the files it looks for.
func (s *goScan) joinConfig() {
	for _, dir := range s.confDirs {
		if len(s.confName) == 0 {
			s.p.Reads = append(s.p.Reads, dir)
		}
		for _, name := range s.confName {
			use := dir
			if (dir.Known || dir.Default) && (name.Known || name.Default) {
				use.Value = path.Join(dir.Value, name.Value) + ".*"
				use.Known = dir.Known && name.Known
				use.Default = !use.Known
			}
			s.p.Reads = append(s.p.Reads, use)
		}
	}
}
