package proof

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

const (
	aspectShell     = "shell"
	aspectManagers  = "package manager"
	aspectCompilers = "compiler or build tool"
	aspectNetwork   = "network tool"
)

// toolKind is a group of programs that an attacker likes to find.
type toolKind struct {
	aspect string
	names  []string
}

// toolKinds are the groups in the order in which they are told. A name stands for
// its versions too: "gcc" for gcc-12 and x86_64-linux-gnu-gcc-12.
var toolKinds = []toolKind{
	{aspectShell, []string{"ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "rbash", "sh", "tcsh", "toybox", "yash", "zsh"}},
	{aspectManagers, []string{
		"apk", "apt", "apt-get", "bundle", "bundler", "composer", "conda", "corepack", "dnf", "dpkg", "easy_install", "gem",
		"mamba", "microdnf", "npm", "npx", "pacman", "pear", "pecl", "pip", "pipenv", "pipx", "pnpm", "poetry", "rpm",
		"tdnf", "uv", "yarn", "yarnpkg", "yum", "zypper",
	}},
	{aspectCompilers, []string{
		"ant", "as", "autoconf", "bazel", "bun", "c++", "cargo", "cc", "clang", "clang++", "cmake", "cpp",
		"g++", "gcc", "gfortran", "ghc", "git", "go", "gofmt", "gradle", "javac", "kotlinc", "ld", "lld", "make", "meson",
		"mvn", "ninja", "nvcc", "rustc", "rustup", "sbt", "scalac", "swiftc", "tcc", "tsc", "zig",
	}},
	{aspectNetwork, []string{
		"aria2c", "curl", "ftp", "nc", "ncat", "netcat", "nmap", "rsync", "scp", "sftp", "socat", "ssh", "tcpdump", "telnet", "wget",
	}},
}

// Shells names the shells of an image, "none" where it has none, and "" where its
// files are not known.
func Shells(s *Side) string {
	if s.Inventory == nil {
		return ""
	}
	return orNone(list(newFolder(s.Inventory).tools(toolKinds[0]), maxNames))
}

const (
	executable = 0o111
	maxHops    = 40 // symbolic links that are followed, as Linux does
)

// folder is an inventory that can be asked for a path.
type folder struct {
	files  []wire.File
	byPath map[string]int
}

func newFolder(i *wire.Inventory) *folder {
	f := &folder{files: i.Files, byPath: make(map[string]int, len(i.Files))}
	for n, file := range i.Files {
		f.byPath[file.Path] = n
	}
	return f
}

// tools returns the names of the programs of a kind that can be run, sorted.
func (f *folder) tools(kind toolKind) []string {
	found := map[string]bool{}
	for _, file := range f.files {
		if !inBin(file.Path) {
			continue
		}
		if name := bareName(path.Base(file.Path)); slices.Contains(kind.names, name) && f.runs(file) {
			found[name] = true
		}
	}
	return sortedKeys(found)
}

// inBin is true for the folders where programs are looked for: bin and sbin
// anywhere, as in /usr/local/go/bin, and /busybox of the debug images. Those of
// an application's own modules do not count.
func inBin(file string) bool {
	switch path.Base(path.Dir(file)) {
	case "bin", "sbin", "busybox":
		return !strings.Contains(file, "/node_modules/")
	}
	return false
}

// versioned is a program's name between the target of a compiler and a version.
var versioned = regexp.MustCompile(`^(?:[a-z0-9_]+-(?:[a-z0-9]+-)?linux-(?:gnu|musl)[a-z0-9]*-)?(.*?)(?:-?[0-9]+(?:\.[0-9]+)*)?$`)

func bareName(name string) string {
	if m := versioned.FindStringSubmatch(name); m != nil && m[1] != "" {
		return m[1]
	}
	return name
}

// runs is true for an executable file and for a link that leads to one.
func (f *folder) runs(file wire.File) bool {
	target, ok := f.resolve(file)
	return ok && target.Mode&executable != 0
}

// resolve follows symbolic links within the image; also those that stand for a
// folder on the way, like /bin for /usr/bin.
func (f *folder) resolve(file wire.File) (wire.File, bool) {
	for range maxHops {
		if file.Link == "" {
			return file, true
		}
		target := file.Link
		if !path.IsAbs(target) {
			target = path.Join(path.Dir(file.Path), target)
		}
		next, ok := f.lookup(path.Clean(target))
		if !ok {
			return wire.File{}, false
		}
		file = next
	}
	return wire.File{}, false
}

// lookup finds the file at a path, some folders of which may be links.
func (f *folder) lookup(name string) (wire.File, bool) {
	for range maxHops {
		if n, ok := f.byPath[name]; ok {
			return f.files[n], true
		}
		shorter, ok := f.withoutLink(name)
		if !ok {
			return wire.File{}, false
		}
		name = shorter
	}
	return wire.File{}, false
}

// withoutLink replaces the first folder of a path that is a link by its target.
func (f *folder) withoutLink(name string) (string, bool) {
	for i := 1; i < len(name); i++ {
		if name[i] != '/' {
			continue
		}
		n, ok := f.byPath[name[:i]]
		if !ok || f.files[n].Link == "" {
			continue
		}
		target := f.files[n].Link
		if !path.IsAbs(target) {
			target = path.Join(path.Dir(name[:i]), target)
		}
		return path.Join("/", target, name[i:]), true
	}
	return "", false
}

// having returns the paths of files whose mode has one of some bits. A link has
// every right and gives none.
func (f *folder) having(bits uint32) []string {
	var out []string
	for _, file := range f.files {
		if file.Link == "" && file.Mode&bits != 0 {
			out = append(out, file.Path)
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
