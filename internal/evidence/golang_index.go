package evidence

import (
	"go/ast"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// maxGoValues is how many values of one name are kept; more than a few make none
// of them likely.
const maxGoValues = 8

// goExpr is an expression with what its names mean.
type goExpr struct {
	pkg  *goPkg
	file *goFile
	expr ast.Expr
	kind goOrigin
	env  string // of goDefault: the environment variable that replaces it
}

// goOrigin says what may still replace the value of an expression.
type goOrigin int

const (
	goPlain   goOrigin = iota
	goDefault          // the default of a flag, an environment variable, a configuration
	goOpaque           // changed in a way that is not followed
)

// goIndex holds, over all own packages, what names are set to and how functions
// are called, so that a path handed through a few of them can be told.
type goIndex struct {
	l      *goLoader
	names  map[string][]goExpr      // "import/path.name" of constants, variables
	locals map[*ast.Object][]goExpr // what local variables are assigned after their declaration
	fields map[string][]goExpr      // by field name alone: what keyed literals and assignments set
	params map[*ast.Object]goParam
	funcs  map[string]goFunc      // "import/path.name"
	calls  map[string][]goCall    // of "import/path.name", and of ".Method"
	tops   map[*ast.Object]string // package-level objects and their names
}

type goParam struct {
	fn string
	at int
}

type goFunc struct {
	pkg  *goPkg
	file *goFile
	decl *ast.FuncDecl
}

// goCall is one call with the file it stands in.
type goCall struct {
	pkg  *goPkg
	file *goFile
	call *ast.CallExpr
}

func newGoIndex(l *goLoader) *goIndex {
	x := &goIndex{l: l, names: map[string][]goExpr{}, locals: map[*ast.Object][]goExpr{}, fields: map[string][]goExpr{},
		params: map[*ast.Object]goParam{}, funcs: map[string]goFunc{}, calls: map[string][]goCall{}, tops: map[*ast.Object]string{}}
	for _, p := range l.own {
		for _, f := range p.files {
			x.declare(p, f)
		}
	}
	for _, p := range l.own {
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				x.note(p, f, n)
				return true
			})
		}
	}
	return x
}

// declare records the package-level names of a file.
func (x *goIndex) declare(p *goPkg, f *goFile) {
	for _, d := range f.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			x.declareFunc(p, f, d)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok {
					x.declareValues(p, f, v)
				}
			}
		}
	}
}

func (x *goIndex) declareFunc(p *goPkg, f *goFile, d *ast.FuncDecl) {
	key := "." + d.Name.Name
	if d.Recv == nil {
		key = withoutMajor(p.path) + key
		x.funcs[key] = goFunc{p, f, d}
	}
	at := 0
	for _, field := range d.Type.Params.List {
		for _, name := range field.Names {
			if name.Obj != nil {
				x.params[name.Obj] = goParam{key, at}
			}
			at++
		}
		if len(field.Names) == 0 {
			at++
		}
	}
}

func (x *goIndex) declareValues(p *goPkg, f *goFile, v *ast.ValueSpec) {
	for i, name := range v.Names {
		key := withoutMajor(p.path) + "." + name.Name
		if name.Obj != nil {
			x.tops[name.Obj] = key
		}
		if i < len(v.Values) {
			x.names[key] = append(x.names[key], goExpr{pkg: p, file: f, expr: v.Values[i]})
		}
	}
}

// note records what one node says of names, fields and calls.
func (x *goIndex) note(p *goPkg, f *goFile, n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		x.noteAssign(p, f, n)
	case *ast.CallExpr:
		x.noteCall(p, f, n)
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok {
			x.addField(key.Name, goExpr{pkg: p, file: f, expr: n.Value})
		}
	case *ast.StructType:
		for _, field := range n.Fields.List {
			x.noteTag(p, f, field)
		}
	}
}

func (x *goIndex) addField(name string, e goExpr) {
	if len(x.fields[name]) < maxGoValues {
		x.fields[name] = append(x.fields[name], e)
	}
}

func (x *goIndex) noteAssign(p *goPkg, f *goFile, n *ast.AssignStmt) {
	if n.Tok == token.DEFINE {
		return // the declaration itself, which ast.Object leads to
	}
	for i, lhs := range n.Lhs {
		e := goExpr{pkg: p, file: f}
		switch {
		case n.Tok != token.ASSIGN:
			e.kind = goOpaque
		case len(n.Rhs) == len(n.Lhs):
			e.expr = n.Rhs[i]
		default:
			e.expr = n.Rhs[0]
		}
		x.set(p, lhs, e)
	}
}

// set records that the variable or field lhs gets a value.
func (x *goIndex) set(p *goPkg, lhs ast.Expr, e goExpr) {
	switch lhs := lhs.(type) {
	case *ast.SelectorExpr:
		x.addField(lhs.Sel.Name, e)
	case *ast.Ident:
		if key := x.topKey(p, lhs); key != "" {
			if len(x.names[key]) < maxGoValues {
				x.names[key] = append(x.names[key], e)
			}
			return
		}
		if lhs.Obj != nil && len(x.locals[lhs.Obj]) < maxGoValues {
			x.locals[lhs.Obj] = append(x.locals[lhs.Obj], e)
		}
	}
}

// topKey returns the key of a package-level name, "" for any other.
func (x *goIndex) topKey(p *goPkg, id *ast.Ident) string {
	if id.Obj != nil {
		return x.tops[id.Obj]
	}
	return withoutMajor(p.path) + "." + id.Name
}

func (x *goIndex) noteCall(p *goPkg, f *goFile, n *ast.CallExpr) {
	key := x.callKey(p, f, n)
	if key == "" {
		return
	}
	if len(x.calls[key]) < maxGoValues {
		x.calls[key] = append(x.calls[key], goCall{p, f, n})
	}
	x.noteFlag(p, f, n, key)
}

// callKey names what is called: "import/path.Func" with major versions left
// out, or ".Method"; "" for neither.
func (x *goIndex) callKey(p *goPkg, f *goFile, n *ast.CallExpr) string {
	switch fn := n.Fun.(type) {
	case *ast.Ident:
		return withoutMajor(p.path) + "." + fn.Name
	case *ast.SelectorExpr:
		if pkg := importOf(f, fn.X); pkg != "" {
			return pkg + "." + fn.Sel.Name
		}
		return "." + fn.Sel.Name
	}
	return ""
}

// importOf returns the import path that an expression names, "" for any other.
func importOf(f *goFile, e ast.Expr) string {
	id, ok := e.(*ast.Ident)
	if !ok || id.Obj != nil {
		return ""
	}
	return withoutMajor(f.imports[id.Name])
}

// withoutMajor leaves out the elements of an import path that are major versions,
// so that the tables name a library once.
func withoutMajor(importPath string) string {
	if !strings.Contains(importPath, "/v") {
		return importPath
	}
	parts := strings.Split(importPath, "/")
	return strings.Join(slices.DeleteFunc(parts, isMajorVersion), "/")
}

// noteFlag records the default of flag.StringVar(&v, name, default, usage) and
// its kin.
func (x *goIndex) noteFlag(p *goPkg, f *goFile, n *ast.CallExpr, key string) {
	name := key[strings.LastIndexByte(key, '.')+1:]
	var at int
	switch name {
	case "StringVar", "IntVar", "UintVar", "Int64Var":
		at = 2
	case "StringVarP", "IntVarP", "UintVarP":
		at = 3
	default:
		return
	}
	if len(n.Args) <= at {
		return
	}
	if target, ok := n.Args[0].(*ast.UnaryExpr); ok && target.Op == token.AND {
		x.set(p, target.X, goExpr{pkg: p, file: f, expr: n.Args[at], kind: goDefault})
	}
}

// noteTag records the default that a struct tag gives, as the env libraries read it.
func (x *goIndex) noteTag(p *goPkg, f *goFile, field *ast.Field) {
	if field.Tag == nil || len(field.Names) == 0 {
		return
	}
	text, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return
	}
	tag := reflect.StructTag(text)
	for _, key := range []string{"envDefault", "env-default", "default"} {
		if v, ok := tag.Lookup(key); ok {
			env, _, _ := strings.Cut(tag.Get("env"), ",")
			lit := &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(v)}
			x.addField(field.Names[0].Name, goExpr{p, f, lit, goDefault, env})
			return
		}
	}
}
