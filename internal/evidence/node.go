package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
)

// NodePackage is what a package.json and the lock file beside it tell.
type NodePackage struct {
	Place
	Dir        string
	Name       string
	Main       string
	Type       string // "module" or "commonjs"; "" where it is not said
	Engines    string // engines.node
	Scripts    []NodeScript
	Deps       []string // names, sorted
	DevDeps    []string
	Optional   []string
	Workspaces bool
	Manager    string // packageManager, such as "pnpm@9.1.0"
	LockFile   string // path; "" where there is none
	LockKind   string // "npm", "yarn", "yarn-berry", "pnpm", "bun"
	Native     []NodeNative
	// LockRead is true where Native covers the whole tree; otherwise it only knows direct dependencies.
	LockRead bool
}

// NodeScript is one entry of scripts.
type NodeScript struct{ Name, Command string }

// NodeNative is a package that brings or builds machine code.
type NodeNative struct {
	Name   string
	Why    string // "install script", "known native", "os", "cpu", "libc"
	Libc   string // "glibc" or "musl" where the lock file or the name says so
	Dev    bool
	Denied bool // known not to work on musl
}

// Script returns the command of a script, "" where there is none.
func (p *NodePackage) Script(name string) string {
	for _, s := range p.Scripts {
		if s.Name == name {
			return s.Command
		}
	}
	return ""
}

// nodeDenied are packages that do not work on musl, or need more than a compiler
// there. Sources: the projects' platform notes.
func nodeDenied(name string) bool {
	return slices.Contains([]string{"@playwright/test", "@tensorflow/tfjs-node", "canvas", "chromedriver", "couchbase",
		"electron", "grpc", "ibm_db", "msnodesqlv8", "node-sass", "oracledb", "phantomjs", "phantomjs-prebuilt",
		"playwright", "playwright-chromium", "playwright-core", "puppeteer"}, name)
}

// nodeNative are packages that are known to hold machine code, for trees whose
// lock file does not tell.
func nodeNative(name string) bool {
	return nodeDenied(name) || slices.Contains([]string{"argon2", "bcrypt", "better-sqlite3", "bufferutil", "cpu-features",
		"deasync", "esbuild", "ffi-napi", "fsevents", "isolated-vm", "kerberos", "leveldown", "libpq", "libxmljs",
		"node-pty", "node-rdkafka", "pg-native", "re2", "ref-napi", "robotjs", "serialport", "sharp", "snappy", "sodium-native",
		"sqlite3", "ssh2", "usb", "utf-8-validate", "zeromq"}, name)
}

type packageJSON struct {
	Name           string            `json:"name"`
	Main           string            `json:"main"`
	Type           string            `json:"type"`
	Engines        json.RawMessage   `json:"engines"`
	Scripts        map[string]string `json:"scripts"`
	Deps           map[string]any    `json:"dependencies"`
	DevDeps        map[string]any    `json:"devDependencies"`
	Optional       map[string]any    `json:"optionalDependencies"`
	Workspaces     json.RawMessage   `json:"workspaces"`
	PackageManager string            `json:"packageManager"`
}

// NodePackage reads the package.json in dir and the lock file beside it. It
// returns nil where there is no package.json, and an *Error where it is not JSON.
func (c *Context) NodePackage(dir string) (*NodePackage, error) {
	name := path.Join(dir, "package.json")
	text, ok := c.Read(name)
	if !ok {
		return nil, nil
	}
	var j packageJSON
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), &j); err != nil {
		return nil, &Error{Place{name, jsonLine(text, err)}, err}
	}
	p := &NodePackage{Place: Place{name, 1}, Dir: dir, Name: j.Name, Main: j.Main, Type: j.Type,
		Deps: slices.Sorted(maps.Keys(j.Deps)), DevDeps: slices.Sorted(maps.Keys(j.DevDeps)), Optional: slices.Sorted(maps.Keys(j.Optional)),
		Manager: j.PackageManager, Workspaces: len(j.Workspaces) > 0}
	var engines map[string]string
	if json.Unmarshal(j.Engines, &engines) == nil {
		p.Engines = engines["node"]
	}
	for _, s := range slices.Sorted(maps.Keys(j.Scripts)) {
		p.Scripts = append(p.Scripts, NodeScript{s, j.Scripts[s]})
	}
	c.nodeLock(p)
	if !p.LockRead {
		p.Native = directNatives(p)
	}
	return p, nil
}

func jsonLine(text []byte, err error) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return lineAt(string(text), int(syntax.Offset))
	case errors.As(err, &kind):
		return lineAt(string(text), int(kind.Offset))
	}
	return 0
}

// nodeLock finds the lock file, the one that the package manager asks for first.
func (c *Context) nodeLock(p *NodePackage) {
	for _, l := range []struct{ file, kind string }{
		{"pnpm-lock.yaml", "pnpm"}, {"yarn.lock", "yarn"}, {"npm-shrinkwrap.json", "npm"},
		{"package-lock.json", "npm"}, {"bun.lock", "bun"}, {"bun.lockb", "bun"},
	} {
		name := path.Join(p.Dir, l.file)
		if !c.Exists(name) || c.IsDir(name) {
			continue
		}
		if p.LockFile != "" && !strings.HasPrefix(p.Manager, l.kind) {
			continue
		}
		p.LockFile, p.LockKind = name, l.kind
	}
	switch {
	case p.LockKind == "npm":
		c.npmNatives(p)
	case p.LockKind == "yarn" && c.Exists(path.Join(p.Dir, ".yarnrc.yml")):
		p.LockKind = "yarn-berry"
	}
}

type npmLock struct {
	Version  int `json:"lockfileVersion"`
	Packages map[string]struct {
		Install  bool            `json:"hasInstallScript"`
		Optional bool            `json:"optional"`
		Dev      bool            `json:"dev"`
		OS       json.RawMessage `json:"os"`
		CPU      json.RawMessage `json:"cpu"`
		Libc     json.RawMessage `json:"libc"`
	} `json:"packages"`
}

// npmNatives reads the packages of a lock file of version 2 or 3.
func (c *Context) npmNatives(p *NodePackage) {
	text, ok := c.readUpTo(p.LockFile, maxBig)
	var lock npmLock
	if !ok || json.Unmarshal(text, &lock) != nil || lock.Version < 2 {
		return
	}
	p.LockRead = true
	for _, key := range slices.Sorted(maps.Keys(lock.Packages)) {
		at := strings.LastIndex(key, "node_modules/")
		if at < 0 {
			continue // the package itself and its workspaces
		}
		name := key[at+len("node_modules/"):]
		e := lock.Packages[key]
		n := NodeNative{Name: name, Dev: e.Dev, Denied: nodeDenied(name), Libc: nodeLibc(name, e.Libc)}
		switch {
		case len(e.Libc) > 0:
			n.Why = "libc"
		case len(e.CPU) > 0:
			n.Why = "cpu"
		case len(e.OS) > 0:
			n.Why = "os"
		case e.Install:
			n.Why = "install script"
		case nodeNative(name):
			n.Why = "known native"
		default:
			continue
		}
		p.Native = append(p.Native, n)
	}
}

// nodeLibc tells the C library that a platform package is for.
func nodeLibc(name string, field json.RawMessage) string {
	switch s := string(field); {
	case strings.Contains(s, "musl"), strings.Contains(name, "linuxmusl"), strings.HasSuffix(name, "-musl"):
		return "musl"
	case strings.Contains(s, "glibc"), strings.HasSuffix(name, "-gnu"):
		return "glibc"
	}
	return ""
}

func directNatives(p *NodePackage) []NodeNative {
	var out []NodeNative
	add := func(names []string, dev bool) {
		for _, name := range names {
			if nodeNative(name) {
				out = append(out, NodeNative{Name: name, Why: "known native", Dev: dev, Denied: nodeDenied(name)})
			}
		}
	}
	add(p.Deps, false)
	add(p.Optional, false)
	add(p.DevDeps, true)
	return out
}
