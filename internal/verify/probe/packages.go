//go:build linux

package main

import (
	"cmp"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// Bounds of what is read of package databases. The status of a full desktop is
// 10 MB with 3000 packages.
const (
	maxDatabase = 256 << 20 // bytes
	maxPackages = 100_000
	maxStatusD  = 10_000 // files in status.d
)

// rpmDatabases are the places where rpm has its database, the newest format first.
var rpmDatabases = []string{
	"/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/rpm/rpmdb.sqlite",
	"/usr/lib/sysimage/rpm/Packages.db", "/var/lib/rpm/Packages.db",
	"/usr/lib/sysimage/rpm/Packages", "/var/lib/rpm/Packages",
}

// packages lists what the databases below root hold, sorted.
func packages(root string) []wire.Package {
	var list []wire.Package
	read := func(name string, parse func(io.Reader) []wire.Package) {
		f, err := openRegular(inside(root, name))
		if err != nil {
			return // no such database
		}
		defer f.Close()
		list = append(list, parse(io.LimitReader(f, maxDatabase))...)
	}
	read("/var/lib/dpkg/status", func(r io.Reader) []wire.Package { return dpkg(r, false) })
	for _, name := range statusD(root) {
		read(name, func(r io.Reader) []wire.Package { return dpkg(r, true) })
	}
	read("/lib/apk/db/installed", apk)
	read("/usr/lib/apk/db/installed", apk)
	slices.SortFunc(list, func(a, b wire.Package) int {
		return cmp.Or(cmp.Compare(a.Manager, b.Manager), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	list = slices.Compact(list) // where /lib is a link to /usr/lib
	return list[:min(len(list), maxPackages)]
}

// statusD are the files of images that are made of packages without dpkg.
func statusD(root string) []string {
	const folder = "/var/lib/dpkg/status.d"
	f, err := os.Open(inside(root, folder))
	if err != nil {
		return nil
	}
	defer f.Close()
	names, _ := f.Readdirnames(maxStatusD) // what could be read
	slices.Sort(names)
	for i, name := range names {
		names[i] = path.Join(folder, name)
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, ".md5sums") })
}

// rpmDatabase is where rpm has its database below root; "" where there is none.
func rpmDatabase(root string) string {
	for _, name := range rpmDatabases {
		if f, err := openRegular(inside(root, name)); err == nil {
			_ = f.Close()
			return name
		}
	}
	return ""
}

// dpkg reads the paragraphs of a status file. Those without Status count as
// installed where bare is set, since the files of status.d have none.
func dpkg(r io.Reader, bare bool) []wire.Package {
	var list []wire.Package
	p, status := wire.Package{Manager: "dpkg"}, ""
	end := func() {
		f := strings.Fields(status)
		if p.Name != "" && (len(f) == 3 && f[2] == "installed" || bare && status == "") && len(list) < maxPackages {
			list = append(list, p)
		}
		p, status = wire.Package{Manager: "dpkg"}, ""
	}
	for line := range lines(r) {
		if strings.TrimSpace(line) == "" {
			end()
			continue
		}
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(key) {
		case "package":
			p.Name = value
		case "version":
			p.Version = value
		case "status":
			status = value
		}
	}
	end()
	return list
}

// apk reads the paragraphs of apk's database.
func apk(r io.Reader) []wire.Package {
	var list []wire.Package
	p := wire.Package{Manager: "apk"}
	end := func() {
		if p.Name != "" && len(list) < maxPackages {
			list = append(list, p)
		}
		p = wire.Package{Manager: "apk"}
	}
	for line := range lines(r) {
		if line == "" {
			end()
		} else if name, ok := strings.CutPrefix(line, "P:"); ok {
			p.Name = name
		} else if version, ok := strings.CutPrefix(line, "V:"); ok {
			p.Version = version
		}
	}
	end()
	return list
}
