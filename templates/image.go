package templates

import "slices"

// Image is what is known of an image under one of its tags. A field that is
// empty is not known to be anything, save where its comment says otherwise.
type Image struct {
	Ref     Ref
	Family  string // the image's own name in the tables: "golang", "mcr.microsoft.com/dotnet/sdk"
	Version string // the version as the tag writes it: "18", "3.9.7"; "" for a tag without one
	Variant string // what follows the version in the tag, or all of a tag without one: "slim-bookworm", "alpine"

	Distro string // "debian", "ubuntu", "alpine", "rhel", "fedora", "amazon", "azurelinux", "wolfi", "busybox", "distroless", "scratch"; "unknown"
	Suite  string // the release: "bookworm", "noble", "alpine3.19", "ubi9"
	// Suites are all releases the tag may stand on: Suite alone where that is
	// known, else those on which its version was ever published; none where
	// nothing is recorded.
	Suites         []string
	Libc           string // "glibc", "musl", "uclibc", "none"
	PackageManager string // "apt", "apk", "yum", "dnf", "microdnf", "tdnf", "none"
	Shell          bool   // there is a /bin/sh
	// UserTools says that the commands of UserCommands are there; where not, Red
	// Hat's small images want the package shadow-utils first.
	UserTools bool
	Bash      bool // there is a bash

	User     string    // the user it starts as; "" is root, which distroless' latest writes "0"
	Accounts []Account // those beside root that a program can run as, the image's own first
	// ConfigKnown says that Entrypoint and Cmd are what the image has; empty ones then mean none.
	ConfigKnown     bool
	Entrypoint, Cmd []string
	Env             []KV
	Workdir         string // "" is the root folder
	Expose          []string
	Volumes         []string
	StopSignal      string
	// Drops says how the entrypoint changes to another user itself; such an
	// image wants no USER. NeedsRoot says for what else it starts as root.
	Drops, NeedsRoot string

	Installed []string // Debian or Alpine packages added to the distribution's own image
	Tools     []string // programs that come with them, or with the image itself

	Listed bool   // the tag was still listed when the record was made
	Last   string // the day it was listed last, as 2024-02-06; "" where Listed or not recorded
	EOL    string // the day after which the version gets no fixes, as 2024-02-06
	// SystemEOL is the same for the release the image stands on.
	SystemEOL string
}

// Account is a user in an image.
type Account struct {
	Name     string
	UID, GID int
	Home     string
}

// KV is an environment variable of an image. Known is false where its value
// differs from patch to patch and is not recorded.
type KV struct {
	Name, Value string
	Known       bool
}

// HasTool reports whether a program is known to be in the image.
func (i *Image) HasTool(name string) bool { return slices.Contains(i.Tools, name) }

// Account gives the account of a name.
func (i *Image) Account(name string) (Account, bool) {
	at := slices.IndexFunc(i.Accounts, func(a Account) bool { return a.Name == name })
	if at < 0 {
		return Account{}, false
	}
	return i.Accounts[at], true
}

// Own gives the first account that the image itself brings for running
// programs, such as node's. The distribution's www-data and nobody are not
// among them, nor is Ubuntu's ubuntu, which may use sudo where installed.
func (i *Image) Own() (Account, bool) {
	if len(i.Accounts) == 0 {
		return Account{}, false
	}
	switch a := i.Accounts[0]; a.Name {
	case "www-data", "nobody", "guest", "ubuntu":
		return Account{}, false
	default:
		return a, true
	}
}

// TakenID reports whether a user of that number is in the image or, below 1000,
// may come with one of its packages.
func (i *Image) TakenID(uid int) bool {
	return uid < 1000 || slices.ContainsFunc(i.Accounts, func(a Account) bool { return a.UID == uid })
}

// Getenv gives a variable of the image's environment.
func (i *Image) Getenv(name string) (KV, bool) {
	at := slices.IndexFunc(i.Env, func(kv KV) bool { return kv.Name == name })
	if at < 0 {
		return KV{}, false
	}
	return i.Env[at], true
}

// RunsOn reports whether what is built on the image finds its C library on a
// release, whichever of its possible releases the image stands on.
func (i *Image) RunsOn(release string) (ok, known bool) {
	for _, suite := range i.Suites {
		if ok, known := RunsOn(suite, release); !ok {
			return false, known
		}
	}
	return len(i.Suites) > 0, len(i.Suites) > 0
}
