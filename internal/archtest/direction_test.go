package archtest

import (
	"slices"
	"strings"
	"testing"
)

// layers are the packages from the program down. A package may import those of
// the layers below its own, and none beside it.
var layers = [][]string{
	{"cmd/bulwark", "internal/verify/probe"},
	{"internal/cli"},
	{"internal/bulk", "internal/config", "internal/registry", "internal/report", "internal/verify"},
	{"transform", "internal/proof"},
	{"internal/dockerfile", "internal/shell", "internal/evidence", "templates"},
	{"internal/edit", "internal/diff", "internal/verify/wire"},
}

// engine is the first layer of those that work on values alone, so that they run
// anywhere.
const engine = 3

// support are packages and commands that serve tests, docs and data. They may
// import anything; of the program nothing imports them.
var support = []string{
	"internal/archtest", "internal/bench", "internal/docsgen", "internal/e2e", "internal/proptest", "templates/gen",
}

func layerOf(pkg string) int {
	return slices.IndexFunc(layers, func(layer []string) bool { return slices.Contains(layer, pkg) })
}

func isSupport(pkg string) bool {
	return slices.ContainsFunc(support, func(s string) bool { return pkg == s || strings.HasPrefix(pkg, s+"/") })
}

// A new package has to be placed before it can be used.
func TestEveryPackageHasItsPlace(t *testing.T) {
	for _, pkg := range packages(imports(t)) {
		if layerOf(pkg) < 0 && !isSupport(pkg) {
			t.Errorf("%s stands in no layer: add it to layers or support", pkg)
		}
	}
}

func TestImportsRunOneWay(t *testing.T) {
	for _, i := range imports(t) {
		target, ok := i.internal()
		if !ok || i.test || isSupport(i.pkg) {
			continue
		}
		if from, to := layerOf(i.pkg), layerOf(target); to <= from {
			t.Errorf("%s imports %s, which does not stand below %s", i.file, target, i.pkg)
		}
	}
}

// The build context comes as an fs.FS; whoever embeds the engine decides what it
// may touch.
func TestEngineTouchesNothing(t *testing.T) {
	banned := []string{"os", "net", "syscall", "log", "plugin"}
	for _, i := range imports(t) {
		if i.test || layerOf(i.pkg) < engine {
			continue
		}
		top, _, _ := strings.Cut(i.path, "/")
		if slices.Contains(banned, top) {
			t.Errorf("%s imports %s: the engine reads and writes values alone", i.file, i.path)
		}
	}
}

// BuildKit's parser is behind internal/dockerfile, which corrects its positions.
func TestOneImporterOfTheParser(t *testing.T) {
	users := 0
	for _, i := range imports(t) {
		switch {
		case !strings.HasPrefix(i.path, "github.com/moby/buildkit/frontend/dockerfile/"):
		case i.pkg == "internal/dockerfile":
			users++
		default:
			t.Errorf("%s imports %s: only internal/dockerfile may", i.file, i.path)
		}
	}
	if users == 0 {
		t.Error("internal/dockerfile does not import BuildKit's parser: this test looks for the wrong path")
	}
}

// The packages of the layers have to exist, or the tests above hold nothing.
func TestLayersExist(t *testing.T) {
	have := packages(imports(t))
	for _, layer := range layers {
		for _, pkg := range layer {
			if !slices.Contains(have, pkg) {
				t.Errorf("there is no package %s", pkg)
			}
		}
	}
}
