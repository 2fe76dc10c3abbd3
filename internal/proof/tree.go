package proof

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// maxFolders bounds how many top folders are told one by one.
const maxFolders = 12

// heap is some files and their bytes.
type heap struct {
	files int
	bytes int64
}

func (h heap) String() string {
	if h.files == 0 {
		return none
	}
	return plural(h.files, "file") + ", " + Size(h.bytes)
}

// top is what only one of the two images has in a folder below the root.
type top struct {
	name       string
	gone, came heap
}

func (t top) delta() int64 { return t.came.bytes - t.gone.bytes }

// tree tells which files only one of the images has, by their first folder; not
// where a list is cut off, since what lies behind its end would seem to be missing.
func (c *comparison) tree() {
	b, a := c.before.Inventory, c.after.Inventory
	if b == nil || a == nil || b.Truncated || a.Truncated {
		return
	}
	folders := tops(b.Files, a.Files)
	for i, t := range folders {
		if i == maxFolders {
			t = rest(folders[i:])
		}
		d := t.delta()
		c.add(Finding{Aspect: "files only in one, " + t.name, Before: t.gone.String(), After: t.came.String(), Delta: &d, Bytes: true, Effect: Neutral})
		if i == maxFolders {
			break
		}
	}
}

func rest(folders []top) top {
	out := top{name: "elsewhere"}
	for _, t := range folders {
		out.gone = heap{out.gone.files + t.gone.files, out.gone.bytes + t.gone.bytes}
		out.came = heap{out.came.files + t.came.files, out.came.bytes + t.came.bytes}
	}
	return out
}

// tops walks two sorted lists side by side. The folder that changes most is first.
func tops(b, a []wire.File) []top {
	found := map[string]*top{}
	at := func(file wire.File) *top {
		name := topFolder(file.Path)
		if found[name] == nil {
			found[name] = &top{name: name}
		}
		return found[name]
	}
	for len(b) > 0 || len(a) > 0 {
		switch {
		case len(a) == 0 || len(b) > 0 && b[0].Path < a[0].Path:
			h := &at(b[0]).gone
			h.files, h.bytes, b = h.files+1, h.bytes+b[0].Size, b[1:]
		case len(b) == 0 || a[0].Path < b[0].Path:
			h := &at(a[0]).came
			h.files, h.bytes, a = h.files+1, h.bytes+a[0].Size, a[1:]
		default:
			b, a = b[1:], a[1:]
		}
	}
	var out []top
	for _, name := range sortedKeys(found) {
		out = append(out, *found[name])
	}
	slices.SortStableFunc(out, func(x, y top) int {
		return cmp.Compare(max(y.gone.bytes, y.came.bytes), max(x.gone.bytes, x.came.bytes))
	})
	return out
}

func topFolder(file string) string {
	if name, _, below := strings.Cut(strings.TrimPrefix(file, "/"), "/"); below {
		return "/" + name
	}
	return "/"
}
