package evidence

import "testing"

// scan reads a program whose main package has the given body of main, package
// clause and imports in front.
func scan(t *testing.T, text string) *GoProgram {
	t.Helper()
	p, err := open(t, "-- go.mod --\nmodule m\n"+text).GoProgram(".")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGoReadsAndWrites(t *testing.T) {
	p := scan(t, `
-- main.go --
package main

import (
	"flag"
	"fmt"
	"html/template"
	"io/ioutil"
	"net/http"
	"os"
	"path/filepath"

	"m/cfg"
)

const dir = "static"

var conf = flag.String("config", "conf.yaml", "")

var level string

func main() {
	os.Open("a" + ".txt")
	os.ReadFile(filepath.Join(dir, "x", "../y.css"))
	template.Must(template.ParseFiles("one.html", "two.html"))
	template.New("x").Funcs(nil).ParseGlob("tmpl/*.html")
	http.Handle("/", http.FileServer(http.Dir("./public")))
	os.Open(*conf)
	flag.StringVar(&level, "level", "level.txt", "")
	os.Stat(level)
	name := os.Getenv("NAME")
	if name == "" {
		name = "name.txt"
	}
	os.Open(name)
	os.Open("data/" + os.Args[1])
	for _, f := range []string{"l1", "l2"} {
		load(f)
	}
	os.Open(cfg.File)
	os.Open(fmt.Sprintf("%s/%s.json", "langs", "en"))
	os.Open(getEnvOr("SETTINGS", "settings.json"))
	os.OpenFile("r.txt", os.O_RDONLY, 0)
	os.OpenFile("w.log", os.O_CREATE|os.O_APPEND, 0o644)
	ioutil.WriteFile("out.txt", nil, 0)
	os.MkdirAll(cfg.Dir(), 0)
	os.Create("/dev/stdout")
	var os fake
	os.Open("not this")
}

func load(name string) { os.Open(name) }

func getEnvOr(name, other string) string { return other }

type fake struct{}
-- cfg/cfg.go --
package cfg

import "os"

const File = "cfg.ini"

func Dir() string {
	if d := os.Getenv("DIR"); d != "" {
		return d
	}
	return "/var/data"
}
`)
	same(t, "reads", uses(p.Reads), []string{
		"main.go:22 os.Open a.txt",
		"main.go:23 os.ReadFile static/y.css",
		"main.go:24 template.ParseFiles one.html",
		"main.go:24 template.ParseFiles two.html",
		"main.go:25 template.ParseGlob tmpl/*.html",
		"main.go:26 http.Dir ./public",
		"main.go:27 os.Open conf.yaml default",
		"main.go:29 os.Stat level.txt default",
		"main.go:34 os.Open name.txt default $NAME",
		"main.go:35 os.Open data/ ...",
		"main.go:39 os.Open cfg.ini",
		"main.go:40 os.Open langs/en.json",
		"main.go:41 os.Open settings.json default $SETTINGS",
		"main.go:42 os.OpenFile r.txt",
		"main.go:51 os.Open l1",
		"main.go:51 os.Open l2",
	})
	same(t, "writes", uses(p.Writes), []string{
		"main.go:43 os.OpenFile w.log",
		"main.go:44 ioutil.WriteFile out.txt",
		"main.go:45 os.MkdirAll /var/data default $DIR",
	})
}

func TestGoPorts(t *testing.T) {
	p := scan(t, `
-- main.go --
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

const port = 9000

type config struct {
	Port string `+"`env:\"APP_PORT\" envDefault:\"7000\"`"+`
}

func main() {
	http.ListenAndServe(":80", nil)
	http.ListenAndServe(":"+strconv.Itoa(port), nil)
	p := os.Getenv("PORT")
	if p == "" {
		p = "8080"
	}
	s := &http.Server{Handler: nil, Addr: ":" + p}
	_ = s
	net.Listen("tcp", fmt.Sprintf("%s:%d", os.Getenv("HOST"), 5000))
	net.Listen("unix", "/run/x.sock")
	var c config
	http.ListenAndServe("0.0.0.0:"+c.Port, nil)
	gin.Default().Run()
	echo.New().Start(":1323")
	fiber.New().Listen(os.Args[1])
	http.ListenAndServeTLS(":443", "cert.pem", "key.pem", nil)
}
`)
	same(t, "ports", uses(p.Ports), []string{
		"main.go:22 http.ListenAndServe :80",
		"main.go:23 http.ListenAndServe :9000",
		"main.go:28 http.Server.Addr :8080 default $PORT",
		"main.go:30 net.Listen :5000 $HOST",
		"main.go:33 http.ListenAndServe 0.0.0.0:7000 default $APP_PORT",
		"main.go:34 gin.Run :8080 default $PORT",
		"main.go:35 echo.Start :1323",
		"main.go:36 fiber.Listen  ...",
		"main.go:37 http.ListenAndServeTLS :443",
	})
	same(t, "reads", uses(p.Reads), []string{
		"main.go:37 http.ListenAndServeTLS cert.pem",
		"main.go:37 http.ListenAndServeTLS key.pem",
	})
	same(t, "writes", uses(p.Writes), []string{"main.go:31 net.Listen /run/x.sock"})
}

// Methods of common names count where they are a server's.
func TestGoRunOfOthers(t *testing.T) {
	p := scan(t, `
-- main.go --
package main

import (
	"os"
	"os/exec"

	"github.com/gin-gonic/gin"
	"github.com/urfave/cli/v2"
	"m/web"
)

func main() {
	exec.Command("x").Run()
	cmd := exec.Command("y")
	cmd.Run()
	cli.NewApp().Run(os.Args)
	web.New().Run()
	r := gin.New()
	r.Run(os.Getenv("ADDR"))
	serve(r)
}

func serve(e *gin.Engine) { e.Run() }

type api struct{ router *gin.Engine; cmd *exec.Cmd }

func (a api) start() { a.router.Run(); a.cmd.Run() }
-- web/web.go --
package web

import "github.com/gin-gonic/gin"

func New() *gin.Engine { return nil }
`)
	same(t, "ports", uses(p.Ports), []string{
		"main.go:17 gin.Run :8080 default $PORT",
		"main.go:19 gin.Run  ... $ADDR",
		"main.go:23 gin.Run :8080 default $PORT",
		"main.go:27 gin.Run :8080 default $PORT",
	})
}

func TestGoLibraries(t *testing.T) {
	p := scan(t, `
-- main.go --
package main

import (
	"database/sql"

	"github.com/gin-gonic/gin"
	"github.com/golang-migrate/migrate/v4"
	"github.com/joho/godotenv"
	"github.com/spf13/viper"
	bolt "go.etcd.io/bbolt"
	"gopkg.in/natefinch/lumberjack.v2"
	"gorm.io/driver/sqlite"
)

func main() {
	r := gin.Default()
	r.LoadHTMLGlob("templates/*")
	r.Static("/assets", "./assets")
	r.StaticFile("/favicon.ico", "./favicon.ico")
	migrate.New("file://db/migrations", "postgres://")
	godotenv.Load()
	godotenv.Load("a.env", "b.env")
	viper.SetConfigName("app")
	viper.AddConfigPath("./config")
	viper.AddConfigPath("/etc/app")
	bolt.Open("my.db", 0o600, nil)
	sql.Open("sqlite3", "file:data/x.db?cache=shared")
	sql.Open("sqlite3", ":memory:")
	sql.Open("postgres", "host=x")
	sqlite.Open("gorm.db")
	_ = lumberjack.Logger{Filename: "logs/app.log"}
}
`)
	same(t, "reads", uses(p.Reads), []string{
		"main.go:17 gin.LoadHTMLGlob templates/*",
		"main.go:18 gin.Static ./assets",
		"main.go:19 gin.StaticFile ./favicon.ico",
		"main.go:20 migrate.New db/migrations",
		"main.go:21 godotenv.Load .env",
		"main.go:22 godotenv.Load a.env",
		"main.go:22 godotenv.Load b.env",
		"main.go:24 viper.AddConfigPath config/app.*",
		"main.go:25 viper.AddConfigPath /etc/app/app.*",
	})
	same(t, "writes", uses(p.Writes), []string{
		"main.go:26 bbolt.Open my.db",
		"main.go:27 sql.Open data/x.db",
		"main.go:30 sqlite.Open gorm.db",
		"main.go:31 lumberjack.Logger.Filename logs/app.log",
	})
}

func TestGoSystem(t *testing.T) {
	const text = `
-- main.go --
package main

import (
	_ "embed"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"plugin"
	"syscall"
	"time"
)

//go:embed static "with space.txt"
var files string

func main() {
	exec.Command("ffmpeg", "-i")
	exec.LookPath(os.Args[1])
	user.Current()
	syscall.Setuid(1)
	os.Chown("x", 1, 1)
	plugin.Open("p.so")
	time.LoadLocation("Europe/Berlin")
	time.LoadLocation("UTC")
	http.Get("https://example.com")
	_ = &http.Client{}
}
`
	p := scan(t, text)
	same(t, "execs", uses(p.Execs), []string{"main.go:18 exec.Command ffmpeg", "main.go:19 exec.LookPath  ..."})
	same(t, "users", uses(p.Users), []string{"main.go:20 user.Current user.Current",
		"main.go:21 syscall.Setuid syscall.Setuid", "main.go:22 os.Chown os.Chown"})
	same(t, "plugins", uses(p.Plugins), []string{"main.go:23 plugin.Open p.so"})
	same(t, "zones", uses(p.TimeZones), []string{"main.go:24 time.LoadLocation Europe/Berlin"})
	same(t, "network", uses(p.Network), []string{"main.go:26 http.Get https://example.com", "main.go:27 http.Client  ..."})
	same(t, "embeds", uses(p.Embeds), []string{"main.go:14 go:embed static", "main.go:14 go:embed with space.txt"})
	p = scan(t, text+"-- zones.go --\npackage main\n\nimport _ \"time/tzdata\"\n")
	same(t, "zones with tzdata", uses(p.TimeZones), []string(nil))
}

func TestGoRecursion(t *testing.T) {
	p := scan(t, `
-- main.go --
package main

import "os"

var a, b = b, a

func f(s string) string { return f(f(s) + f(s)) }

func g(s string) { g(s + s); os.Open(s) }

func main() {
	os.Open(a)
	os.Open(f("x"))
	g("y")
	x := "x"
	x = x + x
	x += "z"
	os.Open(x)
}
`)
	if len(p.Reads) == 0 || p.Reads[0].Known {
		t.Errorf("%v", uses(p.Reads))
	}
}

// A helper that gives a default is looked at call by call: what one call gives is no value of another.
func TestGoHelperArguments(t *testing.T) {
	p := scan(t, `
-- main.go --
package main

import "os"

type settings struct{ dir, host string }

func or(key, fallback string) string {
	if v := os.Getenv(key); v != "" {
		return v
	}
	return fallback
}

func twice(a, b string) string { return or(a, or(b, "pages")) }

func main() {
	s := settings{dir: or("SHOP_DIR", "./images"), host: or("SHOP_HOST", "localhost")}
	os.Mkdir(s.dir, 0o755)
	os.ReadFile(twice("FIRST", "SECOND"))
	println(s.host)
}
`)
	same(t, "writes", uses(p.Writes), []string{"main.go:18 os.Mkdir ./images default $SHOP_DIR"})
	same(t, "reads", uses(p.Reads), []string{"main.go:19 os.ReadFile pages default $SECOND"})
}
