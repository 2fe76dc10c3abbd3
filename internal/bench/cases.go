// Package bench measures how fast bulwark is: `make bench`. No test asserts a time.
package bench

import (
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"
)

// Case is the input of one case of testdata.
type Case struct {
	Name, Src string
	Build     fs.FS // the build context
}

// Cases reads the input of every archive below dir, in order. An archive without
// a Dockerfile is left out.
func Cases(dir string) ([]Case, error) {
	var out []Case
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".txtar" {
			return err
		}
		archive, err := txtar.ParseFile(p)
		if err != nil {
			return err
		}
		c, ok, err := caseOf(p, archive)
		if ok {
			out = append(out, c)
		}
		return err
	})
	return out, err
}

// caseOf is the input without the wanted output.
func caseOf(name string, archive *txtar.Archive) (c Case, ok bool, err error) {
	c.Name = name
	input := &txtar.Archive{}
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want.") {
			continue
		}
		if f.Name == "Dockerfile" {
			c.Src, ok = string(f.Data), true
		}
		input.Files = append(input.Files, f)
	}
	c.Build, err = txtar.FS(input)
	return c, ok, err
}

// Bytes is how much Dockerfile text the cases hold.
func Bytes(cases []Case) int64 {
	n := 0
	for _, c := range cases {
		n += len(c.Src)
	}
	return int64(n)
}
