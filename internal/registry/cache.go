package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"time"
)

// maxEntry bounds what is read of a cached answer: no reference is longer.
const maxEntry = 4096

// cache keeps one small file for each reference. What is in it is not trusted: a
// file that is not as put writes it is no answer. A cache that cannot be used
// costs time alone, so its errors are nobody's.
type cache struct{ dir string } // "" for none

// entry is an answer as it is kept.
type entry struct {
	Ref    string    `json:"ref"`
	Digest string    `json:"digest"`
	Asked  time.Time `json:"asked"`
}

// openCache takes the user's own cache folder for "".
func openCache(dir string) cache {
	if dir != "" {
		return cache{dir}
	}
	own, err := os.UserCacheDir()
	if err != nil {
		return cache{}
	}
	return cache{filepath.Join(own, "bulwark", "digests")}
}

// file is where the answer for a reference lies. The name is a hash, so that no
// reference can lead elsewhere.
func (c cache) file(ref string) string {
	sum := sha256.Sum256([]byte(ref))
	return filepath.Join(c.dir, hex.EncodeToString(sum[:])+".json")
}

// get returns the answer for a reference, of any age.
func (c cache) get(ref string) (e entry, ok bool) {
	if c.dir == "" {
		return entry{}, false
	}
	// A pipe would be waited for.
	if info, err := os.Lstat(c.file(ref)); err != nil || !info.Mode().IsRegular() {
		return entry{}, false
	}
	f, err := os.Open(c.file(ref))
	if err != nil {
		return entry{}, false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxEntry))
	if err != nil {
		return entry{}, false
	}
	return readEntry(text, ref)
}

// readEntry takes an answer for ref from a file's text.
func readEntry(text []byte, ref string) (e entry, ok bool) {
	if json.Unmarshal(text, &e) != nil || e.Ref != ref || !sha256Digest.MatchString(e.Digest) {
		return entry{}, false
	}
	return e, true
}

// put keeps an answer, in one step.
func (c cache) put(e entry) {
	if c.dir == "" || os.MkdirAll(c.dir, 0o700) != nil {
		return
	}
	text, err := json.Marshal(e)
	if err != nil {
		return
	}
	f, err := os.CreateTemp(c.dir, ".new-*")
	if err != nil {
		return
	}
	_, err = f.Write(append(text, '\n'))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), c.file(e.Ref))
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is of no use, and of no harm
	}
}
