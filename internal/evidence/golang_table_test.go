package evidence

import (
	"slices"
	"strings"
	"testing"
)

func TestGoTables(t *testing.T) {
	if !slices.IsSortedFunc(goCgoTable, func(a, b goCgoEntry) int { return strings.Compare(a.path, b.path) }) {
		t.Error("goCgoTable is not sorted")
	}
	var pure []string
	for line := range strings.Lines(goPureTable) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(line, "#") {
			pure = append(pure, line)
		}
	}
	if !slices.IsSorted(pure) || len(slices.Compact(slices.Clone(pure))) != len(pure) {
		t.Error("go-pure.txt is not sorted, or says something twice")
	}
	for _, p := range pure {
		if p != strings.TrimSpace(p) || strings.HasSuffix(p, "/") || !strings.Contains(p, ".") || goPurity(p, "") != goIsPure {
			t.Errorf("go-pure.txt: %q", p)
		}
		parts := strings.Split(p, "/")
		for i := 1; i < len(parts); i++ {
			if slices.Contains(pure, strings.Join(parts[:i], "/")) {
				t.Errorf("go-pure.txt: %q is covered by a shorter line", p)
			}
		}
	}
	for _, e := range goCgoTable {
		if goPurity(e.path+"/below", "") != goNeedsCgo {
			t.Errorf("%s does not need cgo", e.path)
		}
	}
	libs, known := GoCgoLibraries("github.com/h2non/bimg")
	if !known || len(libs) != 1 || libs[0] != "libvips42t64" {
		t.Errorf("bimg: %v %v", libs, known)
	}
	if _, known := GoCgoLibraries("github.com/gin-gonic/gin"); known {
		t.Error("gin needs cgo")
	}
}

func TestGoCallTables(t *testing.T) {
	seen := map[goCallRow]bool{}
	for _, r := range slices.Concat(goStdCalls, goLibCalls) {
		if seen[r] {
			t.Errorf("%+v is there twice", r)
		}
		seen[r] = true
		pkg := r.call[:strings.LastIndexByte(r.call, '.')]
		if pkg != withoutMajor(pkg) || r.needs != withoutMajor(r.needs) {
			t.Errorf("%s: calls are looked up without a major version", r.call)
		}
	}
}
