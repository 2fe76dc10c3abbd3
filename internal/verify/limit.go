package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"

	"github.com/bulwark-cli/bulwark/internal/proof"
)

const (
	ignoreName = ".dockerignore"
	maxIgnore  = 1 << 20 // bytes of an ignore file
	// maxEntries bounds what a context may hold, ignored things aside: empty
	// files cost no bytes, but BuildKit keeps each.
	maxEntries = 5_000_000
	// namedEntries is how many of the largest entries a ContextError names.
	namedEntries = 3
)

// ContextError says that a build context is larger than the limit.
type ContextError struct {
	Dir     string
	Bytes   int64 // counted so far: the walk ended here
	Limit   int64
	Largest []Entry // up to three, the largest first, of what was counted
}

// Entry is a file or folder right below the context's root.
type Entry struct {
	Name  string
	Bytes int64 // of all that is in it
}

func (e *ContextError) Error() string {
	var names []string
	for _, l := range e.Largest {
		names = append(names, fmt.Sprintf("%s (%s)", l.Name, proof.Size(l.Bytes)))
	}
	return fmt.Sprintf("the build context %s holds more than %s; so far the largest in it: %s; name in %s what the build does not need, or raise the limit",
		e.Dir, proof.Size(e.Limit), strings.Join(names, ", "), ignoreName)
}

// ContextSize adds up the bytes of the regular files below dir that BuildKit may
// be sent: those that are left by ignore, the text of the Dockerfile's own ignore
// file, or where that is "" by .dockerignore in dir. It walks with BuildKit's own
// code. Links are not followed, a file with several names counts once, and what
// cannot be read is left out, since a build need not ask for it. Once the sum is
// over limit the walk ends with a *ContextError.
func ContextSize(ctx context.Context, dir, ignore string, limit int64) (int64, error) {
	patterns, err := ignorePatterns(dir, ignore)
	if err != nil {
		return 0, fmt.Errorf("reading %s of the build context %s: %w", ignoreName, dir, err)
	}
	all, err := fsutil.NewFS(dir)
	if err != nil {
		return 0, fmt.Errorf("opening the build context: %w", err)
	}
	left, err := fsutil.NewFilterFS(all, &fsutil.FilterOpt{ExcludePatterns: patterns})
	if err != nil {
		return 0, fmt.Errorf("reading %s of the build context %s: %w", ignoreName, dir, err)
	}
	c := &counter{dir: dir, limit: limit, top: map[string]int64{}}
	if err := left.Walk(ctx, "/", c.visit); err != nil {
		var over *ContextError
		if errors.As(err, &over) || ctx.Err() != nil {
			return c.bytes, err
		}
		return c.bytes, fmt.Errorf("reading the build context %s: %w", dir, err)
	}
	return c.bytes, nil
}

// ignorePatterns are those that BuildKit goes by; a folder without an ignore file has none.
func ignorePatterns(dir, own string) ([]string, error) {
	if own != "" {
		return ignorefile.ReadAll(strings.NewReader(own))
	}
	root, err := os.OpenRoot(dir) // an ignore file may be a link, but not one that leads out
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(ignoreName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > maxIgnore: // to open a FIFO would wait for ever
		return nil, errors.New("not a file of at most 1 MiB")
	}
	f, err := root.Open(ignoreName)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ignorefile.ReadAll(io.LimitReader(f, maxIgnore))
}

// counter adds up files, also by the top entry that they are in.
type counter struct {
	dir          string
	bytes, limit int64
	entries      int
	top          map[string]int64
}

func (c *counter) visit(path string, entry fs.DirEntry, err error) error {
	if c.entries++; c.entries > maxEntries {
		return fmt.Errorf("more than %d files and folders", maxEntries)
	}
	if err != nil || entry == nil || !entry.Type().IsRegular() {
		return nil // WalkDir goes on behind a folder that cannot be read
	}
	info, err := entry.Info()
	if err != nil {
		return nil // gone, or not to be read
	}
	if stat, ok := info.Sys().(*types.Stat); ok && stat.Linkname != "" {
		return nil // another name of a file that was counted
	}
	name, _, _ := strings.Cut(filepath.ToSlash(path), "/")
	c.top[name] += info.Size()
	if c.bytes += info.Size(); c.bytes > c.limit {
		return &ContextError{c.dir, c.bytes, c.limit, c.largest()}
	}
	return nil
}

func (c *counter) largest() []Entry {
	var all []Entry
	for name, bytes := range c.top {
		all = append(all, Entry{name, bytes})
	}
	slices.SortFunc(all, func(a, b Entry) int {
		if a.Bytes != b.Bytes {
			return int(min(1, max(-1, b.Bytes-a.Bytes)))
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all[:min(len(all), namedEntries)]
}
