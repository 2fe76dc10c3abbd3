//go:build linux

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// tree makes files below a new folder: name → text, "->target" for a link.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, name)
		put(t, os.MkdirAll(filepath.Dir(file), 0o755))
		if target, ok := strings.CutPrefix(text, "->"); ok {
			put(t, os.Symlink(target, file))
		} else {
			put(t, os.WriteFile(file, []byte(text), 0o644))
		}
	}
	return root
}

func TestInspect(t *testing.T) {
	root := tree(t, map[string]string{
		"usr/bin/tool":                      "1234",
		"bin":                               "->usr/bin",
		"etc/os-release":                    "->/usr/lib/os-release",
		"usr/lib/os-release":                "ID=x\n",
		"proc/here":                         "it is part of the image",
		"var/lib/dpkg/status":               "Package: a\nStatus: install ok installed\nVersion: 1\n",
		"var/lib/dpkg/status.d/b":           "Package: b\nVersion: 2\n",
		"var/lib/dpkg/status.d/b.md5sums":   "Package: no\n",
		"lib":                               "->usr/lib",
		"usr/lib/apk/db/installed":          "P:c\nV:3\n",
		"var/lib/rpm":                       "->../../usr/lib/sysimage/rpm",
		"usr/lib/sysimage/rpm/rpmdb.sqlite": "x",
	})
	put(t, os.Link(filepath.Join(root, "usr/bin/tool"), filepath.Join(root, "usr/bin/again")))
	put(t, os.Chmod(filepath.Join(root, "usr/bin/tool"), 0o755|os.ModeSetuid))
	put(t, syscall.Mkfifo(filepath.Join(root, "fifo"), 0o600))
	inv, err := inspect(root)
	put(t, err)
	var names []string
	for _, f := range inv.Files {
		names = append(names, f.Path)
	}
	want := []string{
		"/bin", "/etc/os-release", "/lib", "/proc/here", "/usr/bin/again", "/usr/bin/tool", "/usr/lib/apk/db/installed", "/usr/lib/os-release",
		"/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/dpkg/status", "/var/lib/dpkg/status.d/b", "/var/lib/dpkg/status.d/b.md5sums", "/var/lib/rpm",
	}
	if !slices.Equal(names, want) {
		t.Errorf("files %q\nwant  %q", names, want)
	}
	tool, uid, gid := inv.Files[5], os.Getuid(), os.Getgid()
	if want := (wire.File{Path: "/usr/bin/tool", Size: 4, Mode: 0o4755, UID: uid, GID: gid}); tool != want {
		t.Errorf("%+v, want %+v", tool, want)
	}
	if inv.Files[0].Link != "usr/bin" || inv.Files[0].Size != 0 {
		t.Errorf("link: %+v", inv.Files[0])
	}
	packages := []wire.Package{{Manager: "apk", Name: "c", Version: "3"}, {Manager: "dpkg", Name: "a", Version: "1"}, {Manager: "dpkg", Name: "b", Version: "2"}}
	if !reflect.DeepEqual(inv.Packages, packages) {
		t.Errorf("packages %+v", inv.Packages)
	}
	if inv.RPM != "/usr/lib/sysimage/rpm/rpmdb.sqlite" || inv.OSRelease != "ID=x\n" || inv.Truncated {
		t.Errorf("%q %q %t", inv.RPM, inv.OSRelease, inv.Truncated)
	}
	if want := int64(4 + 5 + 23 + 51 + 22 + 12 + 8 + 1); inv.Size != want {
		t.Errorf("size %d, want %d", inv.Size, want)
	}
}

// An image that wants to be read for ever, or to have what is not its own read.
func TestInspectHostile(t *testing.T) {
	outside := filepath.Join(tree(t, map[string]string{"secret": "P:outside\nV:1\n"}), "secret")
	root := tree(t, map[string]string{
		"etc/os-release":           "->/dev/zero",
		"usr/lib/os-release":       "->/usr/lib/os-release",
		"var/lib/dpkg/status.d/a":  "->a",
		"lib/apk/db/installed":     "->" + outside,
		"usr/lib/apk/db/installed": "->../../../../../../../../../../../../.." + outside,
		"loop/a":                   "->../loop",
		"dev/zero":                 "->zero",
	})
	put(t, syscall.Mkfifo(filepath.Join(root, "var/lib/dpkg/status"), 0o600))
	inv, err := inspect(root)
	put(t, err)
	if inv.OSRelease != "" || inv.Packages != nil || len(inv.Files) != 7 {
		t.Errorf("%+v", inv)
	}
	if _, err := inspect(filepath.Join(root, "none")); err == nil {
		t.Error("a folder that is not there is inspected")
	}
}

// The database may be as large as a disk: it is sparse here.
func TestPackagesOfALargeDatabase(t *testing.T) {
	root := tree(t, map[string]string{"var/lib/dpkg/status": "Package: a\nStatus: install ok installed\n\n"})
	put(t, os.Truncate(filepath.Join(root, "var/lib/dpkg/status"), 1<<36))
	if got := packages(root); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestInside(t *testing.T) {
	root := tree(t, map[string]string{"a/b/file": "x", "up": "->../../../a", "abs": "->/a/b", "a/self": "->self", "a/back": "->.."})
	for name, want := range map[string]string{
		"/a/b/file": "/a/b/file", "/up/b/file": "/a/b/file", "/abs/file": "/a/b/file", "/abs/../self/x": "",
		"/a/back/a/b": "/a/b", "/none/x": "/none/x", "/../../a": "/a",
	} {
		if want != "" {
			want = root + want
		}
		if got := inside(root, name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestJSONSize(t *testing.T) {
	for _, s := range []string{"", "/usr/bin", "a\"\\\n\x00\xff<é "} {
		var out bytes.Buffer
		put(t, write(&out, wire.Answer{Failed: s}))
		if got := len(strings.TrimSuffix(strings.TrimSpace(out.String()[len(wire.Mark)+1:]), "}")) - len(`{"Failed":""`); s != "" && jsonSize(s) < got {
			t.Errorf("%q: %d, in JSON %d", s, jsonSize(s), got)
		}
	}
}

func TestFirstLineAndLinker(t *testing.T) {
	for text, want := range map[string]string{
		"#! /bin/sh -e\nx": "/bin/sh", "#!/usr/bin/env\tpython": "/usr/bin/env", "#!/bin/sh\r\n": "/bin/sh\r", "#!": "", "": "", "\x7fELF": "",
	} {
		root := tree(t, map[string]string{"f": text})
		if got := interpreter(filepath.Join(root, "f")); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzDynamicLinker(f *testing.F) {
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got := dynamicLinker(bytes.NewReader(text)); len(got) > 4096 {
			t.Errorf("%d bytes", len(got))
		}
	})
}
