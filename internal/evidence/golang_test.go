package evidence

import (
	"errors"
	"slices"
	"testing"
)

func TestGoBinaryName(t *testing.T) {
	tests := []struct {
		importPath string
		files      []string
		want       string
	}{
		{"example.com/app", nil, "app"},
		{"example.com/app/v2", nil, "app"},
		{"example.com/app/v1", nil, "v1"},
		{"example.com/app/cmd/v10", nil, "cmd"},
		{"v2", nil, "v2"},
		{"app", nil, "app"},
		{"", nil, ""},
		{"example.com/app", []string{"main.go", "b.go"}, "main"},
		{"", []string{"./cmd/server/run.go"}, "run"},
	}
	for _, test := range tests {
		if got := GoBinaryName(test.importPath, test.files...); got != test.want {
			t.Errorf("%q %v: %q, want %q", test.importPath, test.files, got, test.want)
		}
	}
}

func TestGoMains(t *testing.T) {
	c := open(t, `
-- main.go --
package main

func main() {}
-- cmd/a/a.go --
package main

func main() {}
-- cmd/lib/a.go --
package lib
-- cmd/nomain/a.go --
package main
-- cmd/test/a_test.go --
package main

func main() {}
-- cmd/win/a_windows.go --
package main

func main() {}
-- cmd/lin/a_linux_amd64.go --
package main

func main() {}
-- cmd/gen/a.go --
//go:build ignore

package main

func main() {}
-- cmd/old/a.go --
// +build linux,cgo
// +build go1.12

package main

func main() {}
-- cmd/notlinux/a.go --
//go:build !linux

package main

func main() {}
-- cmd/word/a.go --
package lib

const s = "package main"

func main() {}
-- vendor/x/main.go --
package main

func main() {}
-- testdata/x/main.go --
package main

func main() {}
-- _x/main.go --
package main

func main() {}
`)
	same(t, "mains", c.GoMains("."), []string{".", "cmd/a", "cmd/lin", "cmd/old"})
	same(t, "mains below", c.GoMains("cmd"), []string{"cmd/a", "cmd/lin", "cmd/old"})
}

const goHello = `
-- go.mod --
module example.com/shop/v2

go 1.21

require (
	github.com/gin-gonic/gin v1.9.1
	github.com/unknown/thing v1.0.0 // indirect
)
-- cmd/server/main.go --
package main

import (
	"example.com/shop/v2/internal/web"
	_ "example.com/shop/v2/internal/web/deep"
)

func main() { web.Run() }
-- cmd/server/main_test.go --
package main

import "C"
-- internal/web/web.go --
package web

import "github.com/gin-gonic/gin"

func Run() { gin.Default().Run(":8080") }
-- internal/web/deep/deep.go --
package deep
-- internal/unused/x.go --
package unused

import "C"
`

func TestGoProgram(t *testing.T) {
	c := open(t, goHello)
	p, err := c.GoProgram("cmd/server")
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "server" || p.Module != "example.com/shop/v2" || p.ModuleDir != "." || p.GoVersion != "1.21" ||
		p.ImportPath != "example.com/shop/v2/cmd/server" || !p.Complete || !p.Pure || p.Vendored || len(p.Cgo) > 0 {
		t.Errorf("%+v", p)
	}
	if _, err := c.GoProgram("internal/web"); err == nil {
		t.Error("a library is a program")
	}
	if _, err := c.GoProgram("nothing"); err == nil {
		t.Error("a missing folder is a program")
	}
}

func TestGoPurity(t *testing.T) {
	main := func(imports string) string {
		return "-- main.go --\npackage main\n\nimport (\n" + imports + "\n)\n\nfunc main() {}\n"
	}
	const mod = "-- go.mod --\nmodule m\n\nrequire github.com/Shopify/sarama v1.22.0\n\nreplace github.com/swapped/x => github.com/mattn/go-sqlite3 v1.0.0\n"
	tests := []struct {
		name, text string
		pure       bool
		cgo        []string
		unknown    []string
	}{
		{"std", mod + main(`"net/http"; "os/user"`), true, nil, nil},
		{"pure libraries", mod + main(`"gorm.io/gorm"; "gopkg.in/yaml.v2"; "github.com/gofiber/fiber/v2/middleware/cors"`), true, nil, nil},
		{"C", mod + main(`"C"`), false, []string{`main.go:4 import "C" m`}, nil},
		{"plugin", mod + main(`"plugin"`), false, []string{`main.go:4 import "plugin" m`}, nil},
		{"sqlite", mod + main(`"gorm.io/driver/sqlite"`), false, []string{"main.go:4 import gorm.io/driver/sqlite"}, nil},
		{"longest entry", mod + main(`_ "github.com/golang-migrate/migrate/v4/database/sqlite3"`), false,
			[]string{"main.go:4 import github.com/golang-migrate/migrate/v4/database/sqlite3"}, nil},
		{"unknown", mod + main(`"github.com/who/knows/v3/x"`), false, nil, []string{"github.com/who/knows/v3"}},
		{"too old", mod + main(`"github.com/Shopify/sarama"`), false, nil, []string{"github.com/Shopify/sarama"}},
		{"replaced", mod + main(`"github.com/swapped/x"`), false, []string{"main.go:4 import github.com/swapped/x"}, nil},
		{"missing own package", mod + main(`"m/gone"`), false, nil, nil},
		{"vendored pure", mod + main(`"github.com/who/knows"`) + "-- vendor/github.com/who/knows/a.go --\npackage knows\n", true, nil, nil},
		{"vendored cgo", mod + main(`"github.com/who/knows"`) + `
-- vendor/github.com/who/knows/a.go --
package knows

import "github.com/its/dep"
-- vendor/github.com/its/dep/a.go --
package dep

import "C"
`, false, []string{`vendor/github.com/its/dep/a.go:3 import "C" github.com/its/dep`}, nil},
		{"vendored for windows", mod + main(`"github.com/who/knows"`) + `
-- vendor/github.com/who/knows/a.go --
package knows
-- vendor/github.com/who/knows/b_windows.go --
package knows

import "C"
-- vendor/github.com/who/knows/c.go --
//go:build !cgo

package knows

import "github.com/un/known"
`, true, nil, nil},
		{"vendored but broken", mod + main(`"github.com/who/knows"`) + "-- vendor/github.com/who/knows/a.go --\npackage\n", false, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := open(t, test.text).GoProgram(".")
			if err != nil {
				t.Fatal(err)
			}
			if p.Pure != test.pure {
				t.Errorf("pure: %v", p.Pure)
			}
			same(t, "cgo", uses(p.Cgo), test.cgo)
			same(t, "unknown", p.UnknownModules, test.unknown)
		})
	}
}

func TestGoIncomplete(t *testing.T) {
	c := open(t, `
-- .dockerignore --
gen
-- go.mod --
module m

replace example.com/out => ../out
replace example.com/in => ./in
-- main.go --
package main

import (
	_ "m/gen"
	_ "m/nowhere"
	_ "m/broken"
	_ "example.com/out/x"
	_ "example.com/in/x"
	_ "madeup/std"
)

func main() {}
-- gen/a.go --
package gen
-- broken/a.go --
package broken

func (
-- in/go.mod --
module example.com/in
-- in/x/x.go --
package x

import _ "m/alsogone"
`)
	p, err := c.GoProgram(".")
	if err != nil {
		t.Fatal(err)
	}
	if p.Complete || p.Pure {
		t.Error("complete or pure")
	}
	same(t, "missing", p.Missing, []string{"m/gen", "m/nowhere", "broken/a.go", "example.com/out/x", "m/alsogone"})
	same(t, "unknown", p.UnknownModules, []string{"madeup/std"})
}

func TestGoWork(t *testing.T) {
	c := open(t, `
-- go.work --
go 1.22

use (
	./app
	./lib
	./gone
)
-- app/go.mod --
module example.com/app
-- app/main.go --
package main

import "example.com/lib/x"

func main() { x.X() }
-- lib/go.mod --
module example.com/lib
-- lib/x/x.go --
package x

import "os"

func X() { os.Open("x.txt") }
`)
	p, err := c.GoProgram("app")
	if err != nil {
		t.Fatal(err)
	}
	if !p.Complete || !p.Pure {
		t.Errorf("%+v", p)
	}
	same(t, "reads", uses(p.Reads), []string{"lib/x/x.go:5 os.Open x.txt"})
	m, err := c.GoModule("app")
	if err != nil || m.Work != "go.work" {
		t.Errorf("%+v %v", m, err)
	}
}

func TestGoPath(t *testing.T) {
	c := open(t, `
-- cmd/srv/main.go --
package main

import (
	"github.com/x/y/store"
	"github.com/sirupsen/logrus"
	"./rel"
)

func main() {}
-- cmd/srv/rel/rel.go --
package rel

import "os"

func f() { os.Create("rel.txt") }
-- store/s.go --
package store

import "os"

func f() { os.Create("s.db") }
-- store/vendor/unused.go --
package vendor
-- vendor/github.com/sirupsen/logrus/l.go --
package logrus
`)
	p, err := c.GoProgramAt("cmd/srv", "github.com/x/y/cmd/srv")
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "srv" || !p.Complete || !p.Pure || !p.Vendored || p.Module != "" {
		t.Errorf("%+v", p)
	}
	same(t, "writes", uses(p.Writes), []string{"cmd/srv/rel/rel.go:5 os.Create rel.txt", "store/s.go:5 os.Create s.db"})
	p, err = c.GoProgram("cmd/srv")
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "" || p.Pure {
		t.Errorf("without an import path: %+v", p)
	}
}

func TestGoInGoPathContext(t *testing.T) {
	p, err := open(t, `
-- src/app/main.go --
package main

import "store"

func main() {}
-- src/store/s.go --
package store

import "C"
`).GoProgramAt("src/app", "app")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "cgo", uses(p.Cgo), []string{`src/store/s.go:3 import "C" store`})
}

func TestGoQuery(t *testing.T) {
	c := open(t, `
-- go.mod --
module m
-- a.go --
package main

import "os"

func main() { os.Open("a") }
-- b.go --
//go:build special

package main

import "os"

func init() { os.Open("b") }
-- tool_windows.go --
package main

import "os"

func tool() { os.Open("tool") }
`)
	for _, test := range []struct {
		query GoQuery
		name  string
		want  []string
	}{
		{GoQuery{}, "m", []string{"a"}},
		{GoQuery{Tags: []string{"special,other"}}, "m", []string{"a", "b"}},
		{GoQuery{Files: []string{"b.go", "tool_windows.go"}}, "b", []string{"b", "tool"}},
	} {
		p, err := c.GoLoad(test.query)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range p.Reads {
			got = append(got, u.Value)
		}
		if p.Name != test.name || !slices.Equal(got, test.want) {
			t.Errorf("%+v: %s %v", test.query, p.Name, got)
		}
	}
}

func TestGoModErrors(t *testing.T) {
	for text, line := range map[string]int{"module m\nrequire x\n": 2, "module \"m\n": 1} {
		_, err := open(t, "-- go.mod --\n"+text+"-- main.go --\npackage main\n\nfunc main() {}\n").GoProgram(".")
		var e *Error
		if !errors.As(err, &e) || e.File != "go.mod" || e.Line != line {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestGoImportCycle(t *testing.T) {
	p, err := open(t, `
-- go.mod --
module m
-- main.go --
package main

import "m/a"

func main() {}
-- a/a.go --
package a

import "m/b"
-- b/b.go --
package b

import "m/a"
`).GoProgram(".")
	if err != nil || !p.Complete {
		t.Errorf("%+v %v", p, err)
	}
}
