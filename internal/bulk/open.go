package bulk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// Input is a Dockerfile with its build context, open for reading. Close it.
type Input struct {
	Text       string
	Build      fs.FS  // the build context, which no link leads out of; nil where there is none
	Context    string // the context's folder as shown; "" where there is none
	Why        string // how the context was found, where it is not the Dockerfile's own folder and was not named by the user
	Dockerfile string // slash separated, relative to the context; "" where it lies outside
	Ignore     string // text of the ignore file that is the Dockerfile's own, NAME.dockerignore beside it; "" where there is none

	// Services are what compose files say of the containers of this Dockerfile, wherever
	// the files lie and whatever .dockerignore hides; their places are named from the context.
	Services []evidence.Service

	root *os.Root
}

// Close gives up the build context.
func (in *Input) Close() error {
	if in.root == nil {
		return nil
	}
	return in.root.Close()
}

// Open reads the Dockerfile and opens its build context: what the user or a
// compose file says, else the Dockerfile's own folder, else a folder above it
// that has what its COPY lines name. Errors are *Error.
func (t Target) Open(stdin io.Reader) (*Input, error) {
	text, err := t.read(stdin)
	if err != nil {
		return nil, err
	}
	in := &Input{Text: text}
	if in.Ignore, err = t.ownIgnore(); err != nil {
		return nil, err
	}
	dir := t.context
	if dir == "" && !t.Stdin() {
		dir, in.Why = t.guess(text)
	} else {
		in.Why = t.why
	}
	if dir == "" {
		return in, nil
	}
	if err := t.openContext(in, dir); err != nil {
		return nil, err
	}
	return in, nil
}

func (t Target) read(stdin io.Reader) (string, error) {
	if t.Stdin() {
		return Read(t.Path, stdin)
	}
	text, err := ReadFile(t.file)
	var e *Error
	if errors.As(err, &e) {
		e.Path = t.Path
	}
	return text, err
}

// ownIgnore reads the ignore file that goes with this Dockerfile alone. An empty
// one is none, as for BuildKit; a link is not followed.
func (t Target) ownIgnore() (string, error) {
	if t.Stdin() {
		return "", nil
	}
	path := t.file + ".dockerignore"
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return "", nil
	}
	return ReadFile(path)
}

func (t Target) openContext(in *Input, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return failed(t.Path, fmt.Errorf("its build context %s cannot be opened: %w", t.relative(dir), reason(err)))
	}
	in.root, in.Build, in.Context = root, root.FS(), t.relative(dir)
	in.Services = t.composeServices(dir)
	if rel, err := filepath.Rel(dir, t.file); err == nil && !t.Stdin() && filepath.IsLocal(rel) {
		in.Dockerfile = filepath.ToSlash(rel)
	}
	return nil
}

// relative shows dir from where the user stands, where that is shorter.
func (t Target) relative(dir string) string {
	if cwd, err := os.Getwd(); err == nil && inside(cwd, dir) {
		if rel, err := filepath.Rel(cwd, dir); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.ToSlash(dir)
}
