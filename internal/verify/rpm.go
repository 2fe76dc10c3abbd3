package verify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	rpmdb "github.com/knqyf263/go-rpmdb/pkg"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/ncruces/go-sqlite3/driver"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

const (
	maxRPM = 512 << 20 // bytes of an rpm database that are read
	// readChunk is what is asked of the builder at a time, in bytes: a message holds 16 MB.
	readChunk = 4 << 20
)

// registerSQLite gives the SQLite driver the name by which the reader of rpm
// databases asks for it.
var registerSQLite = sync.OnceFunc(func() { sql.Register("sqlite", &driver.SQLite{}) })

// rpmPackages reads the rpm database at file, in any of its three formats, and
// lists its packages, sorted.
func rpmPackages(ctx context.Context, ref gateway.Reference, file string) ([]wire.Package, error) {
	dir, err := os.MkdirTemp("", "bulwark-rpm-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	local := filepath.Join(dir, path.Base(file))
	if err := copyOut(ctx, ref, file, local); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	list, err := readRPM(local)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return list, nil
}

// copyOut copies a file of the image piece by piece.
func copyOut(ctx context.Context, ref gateway.Reference, from, to string) error {
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	for offset := 0; ; {
		piece, err := ref.ReadFile(ctx, gateway.ReadRequest{Filename: from, Range: &gateway.FileRange{Offset: offset, Length: readChunk}})
		if err == nil {
			_, err = out.Write(piece)
		}
		offset += len(piece)
		if err == nil && offset > maxRPM {
			err = fmt.Errorf("it is larger than %d bytes", maxRPM)
		}
		if err != nil || len(piece) < readChunk {
			return errors.Join(err, out.Close())
		}
	}
}

// readRPM lists the packages of a database on this machine. It comes from an
// image, so that a fault of the reader is taken for a broken database.
func readRPM(file string) (list []wire.Package, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("the database is broken: %v", fault)
		}
	}()
	registerSQLite()
	db, err := rpmdb.Open(file)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	infos, err := db.ListPackages()
	if err != nil {
		return nil, err
	}
	for _, p := range infos {
		list = append(list, wire.Package{Manager: "rpm", Name: p.Name, Version: p.Version + "-" + p.Release})
	}
	slices.SortFunc(list, func(a, b wire.Package) int { return strings.Compare(a.Name+" "+a.Version, b.Name+" "+b.Version) })
	return list, nil
}
