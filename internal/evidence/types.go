// Package evidence tells what the build context says: .dockerignore, manifests,
// lock files, sources, compose files. It reads an fs.FS, executes nothing, and
// bounds what it reads; a hostile context costs time, never more.
package evidence

import "fmt"

// Place is where in the context a fact was found.
type Place struct {
	File string // slash separated, relative to the context's root
	Line int    // 1-based; 0 for the file as a whole
}

// Where names the place as "file:line".
func (p Place) Where() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// GoProgram is what the sources tell of one Go main package.
type GoProgram struct {
	Dir        string // of the main package, relative to the context; "." for the root
	ModuleDir  string // of the go.mod that governs it; "" without modules
	Module     string // module path; "" without modules
	ImportPath string // "" where it cannot be told
	GoVersion  string // the go line of go.mod, "1.21"; "" where there is none
	Vendored   bool
	// Name is the file name that `go build` and `go install` give the binary; "" where the sources do not tell.
	Name string
	// Complete is true when every package of the program's own module that it
	// imports, directly or not, was found in the context and parsed.
	Complete bool
	Missing  []string // import paths of own packages that were not found
	// Cgo says why the program needs cgo: `import "C"` in a package that it reaches, or a module that is
	// known to need it. Empty and Pure false: cannot be told.
	Cgo []GoUse
	// Pure is true when nothing that the program reaches uses cgo: all own and vendored packages were
	// read, and every other module is in the table of modules known to be pure Go.
	Pure           bool
	UnknownModules []string // third-party modules that decide Pure and are neither vendored nor in a table
	Reads          []GoUse  // files and folders opened for reading at run time
	Writes         []GoUse  // files and folders created or written at run time
	Ports          []GoUse  // addresses listened on; Value such as ":80", "8080"
	Network        []GoUse  // outgoing connections that want CA certificates (net/http client, crypto/tls ...)
	TimeZones      []GoUse  // time.LoadLocation and the like
	Execs          []GoUse  // os/exec: Value is the program
	Users          []GoUse  // os/user, syscall.Setuid, chroot, mount and the like: Value is the call
	Embeds         []GoUse  // go:embed patterns; compiled in, not read at run time
	Plugins        []GoUse  // plugin.Open

	constants goConstants // of its own sources
}

// GoUse is one place in Go sources that uses something outside the binary.
type GoUse struct {
	Place
	Call  string // such as "os.Open", "template.ParseGlob"
	Value string // the path, address or program as far as it is a constant, cleaned of flags' defaults
	Known bool   // Value is all of it; false: computed at run time
	// Default is true where Value is whole, but a flag, the environment or a configuration may replace it.
	Default bool
	Env     string // the environment variable that replaces it; "" where none is known
}
