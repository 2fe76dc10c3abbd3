package evidence

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

// goHole stands in a text for what is only known at run time.
const goHole = "\x00"

// goValue is what an expression may be at run time.
type goValue struct {
	text string // with goHole where it cannot be told
	def  bool   // a default that something may replace
	env  string // the environment variable that has a say in it
}

// whole reports whether all of the text is known.
func (a goValue) whole() bool { return !strings.Contains(a.text, goHole) }

// add is the concatenation of two values.
func (a goValue) add(b goValue) goValue {
	if a.env == "" {
		a.env = b.env
	}
	if len(a.text)+len(b.text) > maxPath {
		return goValue{text: goHole, env: a.env}
	}
	return goValue{a.text + b.text, a.def || b.def, a.env}
}

func unknownGo() []goValue { return []goValue{{text: goHole}} }

const (
	maxGoDepth = 8
	maxGoSteps = 50000 // evaluations for one program
)

// goEval tells the values of expressions.
type goEval struct {
	*goIndex
	steps  int
	frames []goFrame // the calls that are being looked into, the innermost last
}

// goFrame is a call of one of the program's own functions: while its results are
// looked at, its parameters are what this call gives, not what any call does.
type goFrame struct {
	fn   string
	at   goExpr
	call *ast.CallExpr
}

// values returns what e may be, at least one value.
func (v *goEval) values(e goExpr, depth int) []goValue {
	v.steps++
	if depth > maxGoDepth || v.steps > maxGoSteps || e.expr == nil || e.kind == goOpaque {
		return unknownGo()
	}
	out := v.expr(e, depth+1)
	if len(out) == 0 {
		return unknownGo()
	}
	if e.kind == goDefault {
		for i := range out {
			out[i].def = true
			if out[i].env == "" {
				out[i].env = e.env
			}
		}
	}
	return out[:min(len(out), maxGoValues)]
}

func (v *goEval) expr(e goExpr, depth int) []goValue {
	in := func(x ast.Expr) goExpr { return goExpr{pkg: e.pkg, file: e.file, expr: x} }
	switch x := e.expr.(type) {
	case *ast.BasicLit:
		return literal(x)
	case *ast.ParenExpr:
		return v.values(in(x.X), depth)
	case *ast.StarExpr:
		return v.values(in(x.X), depth)
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			return v.values(in(x.X), depth)
		}
	case *ast.BinaryExpr:
		if x.Op == token.ADD {
			return product(v.values(in(x.X), depth), v.values(in(x.Y), depth), goValue.add)
		}
	case *ast.Ident:
		return v.ident(e, x, depth)
	case *ast.SelectorExpr:
		return v.selector(e, x, depth)
	case *ast.CallExpr:
		return v.call(e, x, depth)
	}
	return nil
}

func literal(x *ast.BasicLit) []goValue {
	switch x.Kind {
	case token.INT:
		return []goValue{{text: x.Value}}
	case token.STRING:
		if s, err := strconv.Unquote(x.Value); err == nil {
			return []goValue{{text: s}}
		}
	}
	return nil
}

// product combines each of a with each of b.
func product(a, b []goValue, f func(a, b goValue) goValue) []goValue {
	var out []goValue
	for _, x := range a {
		for _, y := range b {
			if len(out) < maxGoValues {
				out = append(out, f(x, y))
			}
		}
	}
	return out
}

func (v *goEval) ident(e goExpr, id *ast.Ident, depth int) []goValue {
	if p, ok := v.params[id.Obj]; ok && id.Obj != nil {
		return v.param(p, depth)
	}
	if key := v.topKey(e.pkg, id); key != "" {
		return v.named(key, depth, id.Obj != nil && id.Obj.Kind == ast.Con)
	}
	if id.Obj == nil {
		return nil
	}
	first := declared(id)
	if len(first) > 0 && first[0] == nil {
		first = nil // var x string
	}
	var all []goExpr
	for _, x := range first {
		all = append(all, goExpr{pkg: e.pkg, file: e.file, expr: x})
	}
	all = append(all, v.locals[id.Obj]...)
	return v.either(all, depth)
}

func (v *goEval) named(key string, depth int, constant bool) []goValue {
	out := v.either(v.names[key], depth)
	for i := range out {
		// Another package, or a linker flag, may set a variable.
		out[i].def = out[i].def || !constant && len(v.names[key]) > 1
	}
	return out
}

// declared returns the expressions that a local name is declared with.
func declared(id *ast.Ident) []ast.Expr {
	var names []ast.Expr
	var values []ast.Expr
	switch d := id.Obj.Decl.(type) {
	case *ast.ValueSpec:
		values = d.Values
		for _, n := range d.Names {
			names = append(names, n)
		}
	case *ast.AssignStmt:
		names, values = d.Lhs, d.Rhs
	}
	if len(values) == 0 {
		return nil
	}
	for i, n := range names {
		if n, ok := n.(*ast.Ident); !ok || n.Name != id.Name {
			continue
		}
		if r, ok := values[0].(*ast.UnaryExpr); ok && r.Op == token.RANGE {
			return rangeOver(r.X, i)
		}
		if i < len(values) {
			return []ast.Expr{values[i]}
		}
		return []ast.Expr{&ast.BadExpr{}} // a second result
	}
	return nil
}

// rangeOver returns what the second variable of a loop over a literal list takes.
func rangeOver(x ast.Expr, variable int) []ast.Expr {
	list, ok := x.(*ast.CompositeLit)
	if !ok || variable != 1 || len(list.Elts) == 0 {
		return []ast.Expr{&ast.BadExpr{}}
	}
	return list.Elts[:min(len(list.Elts), maxGoValues)]
}

// either is the values of a name that is set in several places. Values that can
// not be told do not hide the ones that can, but make them mere defaults.
func (v *goEval) either(list []goExpr, depth int) []goValue {
	var out []goValue
	env, unknown := "", false
	for _, e := range list {
		for _, one := range v.values(e, depth) {
			if one.env != "" && env == "" {
				env = one.env
			}
			switch {
			case one.text == goHole:
				unknown = true
			case one.text != "" && len(out) < maxGoValues:
				out = append(out, one)
			}
		}
	}
	switch {
	case len(out) == 0 && len(list) > 0 && !unknown:
		return []goValue{{env: env}}
	case len(out) == 0:
		return []goValue{{text: goHole, env: env}}
	}
	for i := range out {
		out[i].def = out[i].def || unknown || env != ""
		if out[i].env == "" {
			out[i].env = env
		}
	}
	return out
}

// param is what the calls of a function give a parameter. A method is only known
// by its name, so its calls may be of another one.
func (v *goEval) param(p goParam, depth int) []goValue {
	for i, f := range slices.Backward(v.frames) {
		if f.fn == p.fn && p.at < len(f.call.Args) {
			all := v.frames
			v.frames = all[:i] // the argument is the caller's
			defer func() { v.frames = all }()
			return v.values(goExpr{pkg: f.at.pkg, file: f.at.file, expr: f.call.Args[p.at]}, depth)
		}
	}
	var list []goExpr
	kind := goPlain
	if p.fn[0] == '.' {
		kind = goDefault
	}
	for _, c := range v.calls[p.fn] {
		if p.at < len(c.call.Args) {
			list = append(list, goExpr{pkg: c.pkg, file: c.file, expr: c.call.Args[p.at], kind: kind})
		}
	}
	if len(list) >= maxGoValues {
		list = append(list, goExpr{kind: goOpaque}) // there are more
	}
	return v.either(list, depth)
}

func (v *goEval) selector(e goExpr, x *ast.SelectorExpr, depth int) []goValue {
	if pkg := importOf(e.file, x.X); pkg != "" {
		return v.named(pkg+"."+x.Sel.Name, depth, false)
	}
	out := v.either(v.fields[x.Sel.Name], depth)
	for i := range out {
		out[i].def = true // another struct may have a field of this name
	}
	return out
}

func (v *goEval) call(e goExpr, x *ast.CallExpr, depth int) []goValue {
	arg := func(i int) []goValue {
		if i >= len(x.Args) {
			return unknownGo()
		}
		return v.values(goExpr{pkg: e.pkg, file: e.file, expr: x.Args[i]}, depth)
	}
	key := v.callKey(e.pkg, e.file, x)
	name := key[strings.LastIndexByte(key, '.')+1:]
	switch key {
	case "path.Join", "path/filepath.Join":
		return v.join(e, x, depth)
	case "fmt.Sprintf":
		return v.sprintf(e, x, depth)
	case "os.Getenv", "os.LookupEnv":
		name := arg(0)[0]
		return []goValue{{text: goHole, env: strings.ReplaceAll(name.text, goHole, "")}}
	case "os.Getwd":
		return []goValue{{text: "."}}
	case "os.TempDir":
		return []goValue{{text: "/tmp", def: true, env: "TMPDIR"}}
	case "path.Clean", "path/filepath.Clean", "path/filepath.FromSlash", "path/filepath.Abs", "strconv.Itoa",
		"strings.TrimSpace", "os.ExpandEnv", "net/http.Dir", "flag.Arg":
		return arg(0)
	}
	switch {
	case strings.Contains(strings.ToLower(name), "env") && len(x.Args) >= 2:
		return envDefault(arg(0), arg(1))
	case slices.Contains([]string{"String", "Int", "StringP", "IntP"}, name) && len(x.Args) >= 3:
		return asDefault(arg(len(x.Args) - 2))
	case name == "GetString" || name == "GetInt":
		return v.viperDefault(arg(0)[0], depth)
	case name == "Default" && len(x.Args) == 1: // kingpin
		return asDefault(arg(0))
	case name == "string" && len(x.Args) == 1:
		return arg(0)
	}
	v.frames = append(v.frames, goFrame{fn: key, at: e, call: x})
	defer func() { v.frames = v.frames[:len(v.frames)-1] }()
	return v.result(key, depth)
}

// envDefault is the result of a helper such as getEnv("PORT", "8080").
func envDefault(name, def []goValue) []goValue {
	out := asDefault(def)
	for i := range out {
		if name[0].whole() {
			out[i].env = name[0].text
		}
	}
	return out
}

func asDefault(list []goValue) []goValue {
	out := slices.Clone(list)
	for i := range out {
		out[i].def = true
	}
	return out
}

// viperDefault looks for the SetDefault of a configuration key.
func (v *goEval) viperDefault(key goValue, depth int) []goValue {
	for _, name := range []string{"github.com/spf13/viper.SetDefault", ".SetDefault"} {
		for _, c := range v.calls[name] {
			if len(c.call.Args) != 2 {
				continue
			}
			at := func(i int) goExpr { return goExpr{pkg: c.pkg, file: c.file, expr: c.call.Args[i]} }
			if v.values(at(0), depth)[0] == key {
				return asDefault(v.values(at(1), depth))
			}
		}
	}
	return nil
}

// result is what a function of the program's own returns first.
func (v *goEval) result(key string, depth int) []goValue {
	fn, ok := v.funcs[key]
	if !ok || fn.decl.Body == nil {
		return nil
	}
	var list []goExpr
	ast.Inspect(fn.decl.Body, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) > 0 && len(list) < maxGoValues {
			list = append(list, goExpr{pkg: fn.pkg, file: fn.file, expr: r.Results[0]})
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	})
	return v.either(list, depth)
}

func (v *goEval) join(e goExpr, x *ast.CallExpr, depth int) []goValue {
	out := []goValue{{}}
	if len(x.Args) > 32 {
		return nil
	}
	for i, a := range x.Args {
		next := v.values(goExpr{pkg: e.pkg, file: e.file, expr: a}, depth)
		out = product(out, next, func(a, b goValue) goValue {
			if i > 0 && a.text != "" {
				a.text += "/"
			}
			return a.add(b)
		})
	}
	for i := range out {
		if out[i].text != "" {
			out[i].text = path.Clean(out[i].text)
		}
	}
	return out
}

// sprintf fills the verbs of a constant format, as far as they are known.
func (v *goEval) sprintf(e goExpr, x *ast.CallExpr, depth int) []goValue {
	if len(x.Args) == 0 || len(x.Args) > 32 {
		return nil
	}
	format := v.values(goExpr{pkg: e.pkg, file: e.file, expr: x.Args[0]}, depth)[0]
	if !format.whole() {
		return []goValue{format}
	}
	out := []goValue{{}}
	rest, arg := format.text, 1
	for {
		before, after, found := strings.Cut(rest, "%")
		out = product(out, []goValue{{text: before}}, goValue.add)
		if !found || after == "" {
			return out
		}
		next := unknownGo()
		switch {
		case after[0] == '%':
			next = []goValue{{text: "%"}}
		case strings.IndexByte("svd", after[0]) >= 0 && arg < len(x.Args):
			next = v.values(goExpr{pkg: e.pkg, file: e.file, expr: x.Args[arg]}, depth)
			arg++
		}
		out = product(out, next, goValue.add)
		rest = after[1:]
	}
}
