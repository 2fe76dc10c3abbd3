package verify

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/moby/buildkit/client/llb"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
)

// The probe runs inside BuildKit, on the image's platform, which is seldom that of
// the machine bulwark was made for. So its source comes along, and is compiled
// where it is needed.
//
//go:embed probe/*.go wire/*.go
var probeSource embed.FS

const (
	modulePath = "github.com/bulwark-cli/bulwark"
	probeDir   = "internal/verify"
	// probeMount is the name of the folder with the binary among the sources of a build.
	probeMount = "bulwark-probe"
	// goImage compiles the probe where this machine has no Go.
	goImage = "docker.io/library/golang:1.26-alpine"
)

// helpers keeps one probe for each platform until close.
type helpers struct {
	goTool string // path of the go command; "" where there is none
	mu     sync.Mutex
	dirs   map[string]string // architecture → folder with the binary
}

func newHelpers() *helpers {
	path, err := exec.LookPath("go")
	if err != nil {
		path = ""
	}
	return &helpers{goTool: path, dirs: map[string]string{}}
}

// close removes the binaries.
func (h *helpers) close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs []error
	for arch, dir := range h.dirs {
		errs = append(errs, os.RemoveAll(dir))
		delete(h.dirs, arch)
	}
	return errors.Join(errs...)
}

// folder returns a folder that holds the probe for an architecture as GOARCH
// names it, compiled by the machine's own Go. Without Go it is "", and BuildKit
// compiles it.
func (h *helpers) folder(ctx context.Context, arch string) (string, error) {
	if h.goTool == "" {
		return "", nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if dir, ok := h.dirs[arch]; ok {
		return dir, nil
	}
	dir, err := os.MkdirTemp("", "bulwark-probe-")
	if err != nil {
		return "", err
	}
	if err := h.compile(ctx, dir, arch); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	h.dirs[arch] = dir
	return dir, nil
}

// compile puts the binary into dir.
func (h *helpers) compile(ctx context.Context, dir, arch string) error {
	src, err := os.MkdirTemp("", "bulwark-probe-src-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(src)
	for name, text := range probeFiles() {
		file := filepath.Join(src, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute) // the standard library may have to be compiled too
	defer cancel()
	cmd := exec.CommandContext(ctx, h.goTool, append(buildProbe(), "-o", filepath.Join(dir, "probe"), "./"+probeDir+"/probe")...)
	cmd.Dir = src
	cmd.Env = append(os.Environ(), append(goEnv(), "GOARCH="+arch)...)
	cmd.WaitDelay = 5 * time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compiling the probe with %s: %w\n%s", h.goTool, err, out)
	}
	return nil
}

func buildProbe() []string {
	return []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w"}
}

func goEnv() []string {
	return []string{"CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=-mod=mod", "GOWORK=off", "GO111MODULE=on"}
}

// probeFiles are the probe's module: file names and their text.
func probeFiles() map[string][]byte {
	files := map[string][]byte{"go.mod": []byte("module " + modulePath + "\n\ngo 1.24\n")}
	_ = fs.WalkDir(probeSource, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(name, "_test.go") {
			files[probeDir+"/"+name], err = probeSource.ReadFile(name)
		}
		return err // never: the files are in the program
	})
	return files
}

// probeRef is the filesystem with /probe in it: from the local folder, or what BuildKit
// compiles. What was sent is copied: a copy is one record of the builder's cache for
// all containers, a source that is mounted becomes another one each time.
func probeRef(ctx context.Context, gw gateway.Client, local bool, arch string) (gateway.Reference, error) {
	state := compiled(arch)
	if local {
		sent := llb.Local(probeMount, llb.SharedKeyHint(probeMount+"-"+arch), llb.WithCustomName("[bulwark] sending the probe"))
		state = llb.Scratch().File(llb.Copy(sent, "/probe", "/probe"), llb.WithCustomName("[bulwark] the probe"))
	}
	def, err := state.Marshal(ctx)
	if err != nil {
		return nil, err
	}
	res, err := gw.Solve(ctx, gateway.SolveRequest{Evaluate: true, Definition: def.ToPB()})
	if err != nil {
		return nil, fmt.Errorf("bringing the probe to the builder: %w", err)
	}
	return res.SingleRef()
}

// compiled is the filesystem with the probe that BuildKit itself compiles.
func compiled(arch string) llb.State {
	src, files := llb.Scratch(), probeFiles()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if dir := filepath.ToSlash(filepath.Dir(name)); dir != "." {
			src = src.File(llb.Mkdir("/"+dir, 0o755, llb.WithParents(true)))
		}
		src = src.File(llb.Mkfile("/"+name, 0o644, files[name]))
	}
	base := llb.Image(goImage).Dir("/src")
	for _, pair := range append(goEnv(), "GOARCH="+arch, "PATH=/usr/local/go/bin:/usr/bin:/bin", "HOME=/tmp", "GOCACHE=/tmp/cache", "GOTOOLCHAIN=local") {
		name, value, _ := strings.Cut(pair, "=")
		base = base.AddEnv(name, value)
	}
	args := append(append([]string{"go"}, buildProbe()...), "-o", "/out/probe", "./"+probeDir+"/probe")
	run := base.Run(llb.Args(args), llb.WithCustomName("[bulwark] compiling the probe"))
	run.AddMount("/src", src, llb.Readonly)
	return run.AddMount("/out", llb.Scratch())
}
