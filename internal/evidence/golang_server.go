package evidence

import (
	"go/ast"
	"strings"
)

// isServer tells the Run of a web framework from the many other methods of that
// name: by an address among the arguments, or by what it is called on.
func (s *goScan) isServer(c goCall, r goCallRow) bool {
	if len(c.call.Args) > r.at {
		if v := s.arg(c, r.at)[0]; ListenPort(v.text) != "" || strings.HasPrefix(v.text, ":") {
			return true
		}
	}
	sel, ok := c.call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	return s.comesFrom(c, sel.X, r.needs, 0)
}

// comesFrom reports whether e is made by a call into the package, if only in a
// chain such as gin.Default().
func (s *goScan) comesFrom(c goCall, e ast.Expr, pkg string, depth int) bool {
	if depth > maxGoDepth {
		return false
	}
	switch e := e.(type) {
	case *ast.CallExpr:
		if sel, ok := e.Fun.(*ast.SelectorExpr); ok {
			if importOf(c.file, sel.X) == pkg || s.comesFrom(c, sel.X, pkg, depth+1) {
				return true
			}
		}
		return s.returns(s.callKey(c.pkg, c.file, e), pkg)
	case *ast.StarExpr:
		return s.comesFrom(c, e.X, pkg, depth+1)
	case *ast.SelectorExpr:
		return importOf(c.file, e.X) == pkg || serverField(e.Sel.Name)
	case *ast.Ident:
		if e.Obj == nil {
			return false
		}
		if field, ok := e.Obj.Decl.(*ast.Field); ok {
			return s.comesFrom(c, field.Type, pkg, depth+1)
		}
		for _, x := range declared(e) {
			if s.comesFrom(c, x, pkg, depth+1) {
				return true
			}
		}
	}
	return false
}

// returns reports whether a function of the program's own has a first result of
// a type of the package, such as *gin.Engine.
func (s *goScan) returns(key, pkg string) bool {
	fn, ok := s.funcs[key]
	if !ok || fn.decl.Type.Results == nil || len(fn.decl.Type.Results.List) == 0 {
		return false
	}
	return s.comesFrom(goCall{pkg: fn.pkg, file: fn.file}, fn.decl.Type.Results.List[0].Type, pkg, 1)
}

// serverField reports whether a field such as s.router is likely to be the
// framework, as its type is not looked up.
func serverField(name string) bool {
	name = strings.ToLower(name)
	for _, part := range []string{"router", "engine", "gin", "echo", "fiber", "app", "server"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
