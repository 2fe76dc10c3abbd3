// Package wire holds what verify and the probe, the helper that it runs inside
// BuildKit, say to each other: one Task in, one Answer out, both as JSON. It
// imports the standard library alone, since the probe is compiled by itself.
package wire

import "time"

// Task is what the probe is to do: exactly one of the two.
type Task struct {
	Inspect string `json:",omitempty"` // root of an image's filesystem, mounted read-only: list it
	Run     *Run   `json:",omitempty"` // start the image's program; the probe's own root is the image's
}

// Answer is what the probe writes to standard output, on one line after Mark.
type Answer struct {
	Failed    string     `json:",omitempty"` // the task could not be done, and why; no fault of the image
	Inventory *Inventory `json:",omitempty"` // of Inspect
	Seen      *Seen      `json:",omitempty"` // of Run
}

// Mark starts the line that holds the Answer.
const Mark = "BULWARK-PROBE "

// Run says how to start an image's program and what to ask it.
type Run struct {
	Argv      []string // entrypoint and command
	Env       []string // NAME=value, complete
	Dir       string   // working directory; "" is /
	User      string   // as the image has it: "", "name", "uid:gid" ...
	Ports     []int    // TCP ports that are awaited
	Requests  []Request
	Smoke     []string      // command run as the program's user beside the program, or after its end; none where empty
	Writable  []string      // directories of which it is asked whether the program's user can write there
	Grace     time.Duration // how long the program has to stay alive to count as started, a few times as long while it is busy and has no port, and to stop after SIGTERM
	Start     time.Duration // how long the awaited ports, or the end of a program without any, are waited for
	Processes int           // more of them at a time than this end the run; 0 is DefaultProcesses
	Disk      int64         `json:",omitempty"` // more bytes written than this end the run; 0 is DefaultDisk
}

// What a program may take where a Run says nothing.
const (
	DefaultProcesses = 512
	DefaultDisk      = 8 << 30
)

// What the phases of a Run may take beside Start and Grace.
const (
	RequestLimit = 10 * time.Second // one request
	AskLimit     = 2 * time.Minute  // all requests together
	WalkLimit    = 20 * time.Second // looking through the filesystem for what was written, before the start and after
)

// SmokeLimit is how long the smoke command may run.
func (r *Run) SmokeLimit() time.Duration { return max(3*r.Grace, time.Minute) }

// Limit is the time after which the probe has answered, whatever the program does.
func (r *Run) Limit() time.Duration {
	return r.Start + 2*r.Grace + AskLimit + r.SmokeLimit() + 2*WalkLimit + 30*time.Second
}

// MaxAsked is how many ports a Request without Port is asked of, the lowest ones.
const MaxAsked = 32

// Request is one HTTP request, asked of Port, or of every TCP port that listens.
// A Body that starts like JSON is sent as application/json, another as a form.
type Request struct {
	Method, Path, Body string // Method "" is GET
	Port               int    `json:",omitempty"`
}

// Seen is what a program did.
type Seen struct {
	Failed   string        `json:",omitempty"` // why it could not be started: no such user, no such file ...
	Exit     *int          `json:",omitempty"` // exit status where it ended by itself; 128+n after signal n
	Ready    time.Duration // from the start to the last awaited port, or to the end; without awaited ports to the last port, or to when it counted as started
	Home     string        `json:",omitempty"` // its HOME: the image's, or where that has none the account's
	UIDs     []int         // effective uids of its processes once it was up, sorted
	Ports    []Port        // TCP and UDP sockets that wait for others, sorted
	Answers  []HTTP        // in the order of the requests, and of ports for each
	Wrote    []string      // directories in which it wrote files, and those that it made, sorted; not /proc, /sys, /dev
	Writable []Dir         // in the order of Run.Writable
	Smoke    *Smoke        `json:",omitempty"`
	Stopped  bool          // SIGTERM ended it within Grace
	NoTerm   bool          `json:",omitempty"` // it handles no SIGTERM: as first process of a container, which it is not under the probe, SIGTERM would not end it. A handler may do no more than that (Node)
	Stdout   string        // up to 16 KiB: the first three quarters and the end, with a line "[...]" between them
	Stderr   string
	Runaway  string `json:",omitempty"` // why the probe ended it: too many processes ...
}

// Port is a socket that waits for others. UDP sockets in the kernel's range of
// ports for clients are left out: most are those of clients.
type Port struct {
	Number   int
	UDP      bool `json:",omitempty"`
	Loopback bool `json:",omitempty"` // bound to the loopback interface alone: nobody outside reaches it
	UID      int  // owner of the socket
}

// HTTP is what came back for a Request. GET and HEAD are asked twice, so that what
// changes by itself (times, tokens) is told from what the rewrite changed; what
// changes something is asked once.
type HTTP struct {
	Request
	TLS      bool `json:",omitempty"`
	Status   int  // 0: no answer
	Type     string
	Location string `json:",omitempty"`
	Body     string // the first 16 KiB
	Volatile bool   `json:",omitempty"` // the second answer's status or body was another
	Problem  string `json:",omitempty"` // where there was no answer: not HTTP, reset, time-out
}

// Dir is a directory as the program's user has it.
type Dir struct {
	Path     string
	Exists   bool
	Writable bool
}

// Smoke is what the smoke command did.
type Smoke struct {
	Failed         string `json:",omitempty"` // why it could not be started, or that it did not end in time
	Exit           int
	Stdout, Stderr string
}

// Inventory is what a filesystem holds.
type Inventory struct {
	Size      int64     // bytes in regular files, those with several names counted once
	Files     []File    // regular files and symbolic links, sorted by path
	Packages  []Package // of dpkg and apk databases, sorted; those of rpm are read elsewhere
	RPM       string    `json:",omitempty"` // path of the rpm database, from the root, where there is one
	OSRelease string    `json:",omitempty"` // text of /etc/os-release
	Truncated bool      `json:",omitempty"` // there are more than MaxFiles files, or their names are too long to list
}

// MaxFiles bounds an Inventory.
const MaxFiles = 500_000

// File is a regular file or a symbolic link.
type File struct {
	Path     string // absolute, inside the image
	Size     int64  // bytes; 0 for a link
	Mode     uint32 // permission, setuid 04000, setgid 02000 and sticky 01000 bits, as stat(2) has them
	UID, GID int
	Link     string `json:",omitempty"` // target of a symbolic link
}

// Package is an installed package.
type Package struct {
	Manager       string // "dpkg", "apk", "rpm"
	Name, Version string
}
