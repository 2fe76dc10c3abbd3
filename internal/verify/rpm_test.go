package verify

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	gateway "github.com/moby/buildkit/frontend/gateway/client"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// rpmHeader is a package as rpm keeps it: an index of tags, then their values.
func rpmHeader(name, version, release string) []byte {
	const tagName, tagVersion, tagRelease, typeString = 1000, 1001, 1002, 6
	var index, data bytes.Buffer
	for _, v := range []struct {
		tag  uint32
		text string
	}{{tagName, name}, {tagVersion, version}, {tagRelease, release}} {
		_ = binary.Write(&index, binary.BigEndian, [4]uint32{v.tag, typeString, uint32(data.Len()), 1})
		data.WriteString(v.text + "\x00")
	}
	head := binary.BigEndian.AppendUint32(nil, 3)
	head = binary.BigEndian.AppendUint32(head, uint32(data.Len()))
	return append(append(head, index.Bytes()...), data.Bytes()...)
}

// rpmDatabase is a database in the format that Fedora and RHEL 9 have.
func rpmDatabase(t *testing.T, headers ...[]byte) string {
	t.Helper()
	registerSQLite()
	file := filepath.Join(t.TempDir(), "rpmdb.sqlite")
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		if _, err := db.Exec("INSERT INTO Packages (blob) VALUES (?)", h); err != nil {
			t.Fatal(err)
		}
	}
	return file
}

// imageFile is an image that holds one file.
type imageFile struct {
	gateway.Reference
	data []byte
}

func (f imageFile) ReadFile(_ context.Context, r gateway.ReadRequest) ([]byte, error) {
	if r.Range == nil || r.Range.Length > readChunk {
		return nil, errors.New("more was asked for than a message holds")
	}
	from := min(r.Range.Offset, len(f.data))
	return f.data[from:min(from+r.Range.Length, len(f.data))], nil
}

func TestRPMPackages(t *testing.T) {
	file := rpmDatabase(t, rpmHeader("zlib", "1.2.11", "40.el9"), rpmHeader("bash", "5.1.8", "9.el9"), rpmHeader("filler", string(bytes.Repeat([]byte("1"), 5<<20)), "1"))
	data, err := os.ReadFile(file)
	if err != nil || len(data) <= readChunk {
		t.Fatalf("a database of several pieces is wanted, not %d bytes: %v", len(data), err)
	}
	got, err := rpmPackages(t.Context(), imageFile{data: data}, "/var/lib/rpm/rpmdb.sqlite")
	if err != nil {
		t.Fatal(err)
	}
	got[1].Version = got[1].Version[:3]
	want := []wire.Package{{Manager: "rpm", Name: "bash", Version: "5.1.8-9.el9"}, {Manager: "rpm", Name: "filler", Version: "111"}, {Manager: "rpm", Name: "zlib", Version: "1.2.11-40.el9"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// Databases come from images, and may hold anything.
func TestBrokenRPMDatabase(t *testing.T) {
	for name, data := range map[string][]byte{
		"nothing":  nil,
		"no rpm":   []byte("hello"),
		"its head": []byte("SQLite format 3\x00"),
	} {
		if list, err := rpmPackages(t.Context(), imageFile{data: data}, "/var/lib/rpm/rpmdb.sqlite"); err == nil {
			t.Errorf("%s: %v, wanted an error", name, list)
		}
	}
	wrong := rpmDatabase(t, []byte("\xff\xff\xff\xff\xff\xff\xff\xff"))
	if list, err := readRPM(wrong); err == nil {
		t.Errorf("a header that is none: %v, wanted an error", list)
	}
}
