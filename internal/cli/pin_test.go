package cli

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	memory "github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// pinning is a folder with a Dockerfile, and a registry on loopback.
type pinning struct {
	host, file string
	asked      *atomic.Int64
	stop       func()
}

// newPinning puts the images in and writes the Dockerfile, in which HOST stands for
// the registry. It returns the digests by tag.
func newPinning(t *testing.T, text string, tags ...string) (*pinning, map[string]string) {
	t.Helper()
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	p := &pinning{asked: new(atomic.Int64), file: filepath.Join(t.TempDir(), "Dockerfile")}
	store := memory.New(memory.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		store.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.host, p.stop = strings.TrimPrefix(server.URL, "http://"), server.Close
	digests := map[string]string{}
	for _, tag := range tags {
		digests[tag] = p.push(t, tag)
	}
	if err := os.WriteFile(p.file, []byte(p.text(text)), 0o644); err != nil {
		t.Fatal(err)
	}
	p.asked.Store(0)
	return p, digests
}

func (p *pinning) push(t *testing.T, tag string) string {
	t.Helper()
	img, err := random.Image(16, 1)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := name.NewTag(p.host + "/" + tag)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(ref, img); err != nil {
		t.Fatal(err)
	}
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

func (p *pinning) text(s string) string { return strings.ReplaceAll(s, "HOST", p.host) }

// bulwark runs the program on the file and wants an exit code.
func (p *pinning) bulwark(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, account bytes.Buffer
	if got := Main(append(append([]string{"bulwark"}, args...), p.file), strings.NewReader(""), &out, &account); got != code {
		t.Errorf("bulwark %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, &out, &account)
	}
	return out.String(), account.String()
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %q in\n%s", part, text)
		}
	}
}

func TestPin(t *testing.T) {
	p, digests := newPinning(t, "FROM HOST/app:1 AS a\nFROM scratch\nCOPY --from=HOST/tool:2 /b /b\nUSER 1:1\nCMD [\"/b\"]\n", "app:1", "tool:2")
	want := p.text("FROM HOST/app:1@" + digests["app:1"] + " AS a\nFROM scratch\nCOPY --from=HOST/tool:2@" + digests["tool:2"] + " /b /b\nUSER 1:1\nCMD [\"/b\"]\n")
	if out, _ := p.bulwark(t, 0, "rewrite"); strings.Contains(out, "sha256") || p.asked.Load() != 0 {
		t.Errorf("pins that nobody asked for:\n%s", out)
	}
	if out, _ := p.bulwark(t, 0, "rewrite", "--pin"); out != want {
		t.Errorf("got\n%swant\n%s", out, want)
	}
	asked := p.asked.Load()
	out, _ := p.bulwark(t, 0, "diff", "--pin")
	has(t, out, "+FROM "+p.host+"/app:1@"+digests["app:1"], "+COPY --from="+p.host+"/tool:2@"+digests["tool:2"])
	out, _ = p.bulwark(t, 1, "check", "--pin", "--only=pin-images")
	has(t, out, "pin-images: Pin "+p.host+"/app:1 by its digest")
	if p.asked.Load() != asked {
		t.Error("the cache was not used")
	}
	newer := p.push(t, "app:1")
	out, _ = p.bulwark(t, 0, "rewrite", "--pin", "--pin-max-age=0s")
	has(t, out, newer)
	p.stop()
	out, _ = p.bulwark(t, 0, "rewrite", "--pin", "--offline")
	has(t, out, newer, digests["tool:2"])
	p.bulwark(t, 0, "rewrite", "--pin", "-w")
	p.bulwark(t, 0, "check", "--pin", "--offline", "--only=pin-images")
	if got, err := os.ReadFile(p.file); err != nil || string(got) != strings.Replace(want, digests["app:1"], newer, 1) {
		t.Errorf("%v\n%s", err, got)
	}
}

// Pins that were asked for and could not be asked for are no success; a tag that
// is not there is an answer.
func TestPinWithoutAnswer(t *testing.T) {
	p, _ := newPinning(t, "FROM HOST/app:1\nUSER 1:1\n")
	_, account := p.bulwark(t, 0, "rewrite", "--pin")
	has(t, account, "Dockerfile:1: pin-images declined (unsure): ", "there is no such tag: "+p.host+"/app:1")
	_, account = p.bulwark(t, 3, "rewrite", "--pin", "--offline")
	has(t, account, p.host+" was not asked, since bulwark is to stay offline")
	p.stop()
	out, account := p.bulwark(t, 3, "rewrite", "--pin")
	has(t, account, "the registry "+p.host+" cannot be reached: ")
	if want := p.text("FROM HOST/app:1\nUSER 1:1\n"); out != want {
		t.Errorf("got\n%s", out)
	}
	out, account = p.bulwark(t, 3, "check", "--pin", "--only=pin-images")
	has(t, out+account, "cannot be reached")
	p.bulwark(t, 3, "diff", "--pin", "-q")
}

func TestPinUsage(t *testing.T) {
	p, _ := newPinning(t, "FROM scratch\n")
	for _, c := range []struct {
		args []string
		text string
	}{
		{[]string{"diff", "--only=pin-images"}, "wants --pin"},
		{[]string{"diff", "--pin", "--pin-max-age=-1s"}, "--pin-max-age wants a time"},
		{[]string{"diff", "--pin", "--pin-max-age=soon"}, "soon"},
		{[]string{"rewrite", "--pins"}, "did you mean --pin?"},
	} {
		_, account := p.bulwark(t, 2, c.args...)
		has(t, account, c.text)
	}
	_, account := p.bulwark(t, 0, "diff", "--skip=pin-images")
	if strings.Contains(account, "pin-images") {
		t.Errorf("%s", account)
	}
	var out bytes.Buffer
	if code := Main([]string{"bulwark", "explain", "pin-images"}, strings.NewReader(""), &out, io.Discard); code != 0 {
		t.Error(fmt.Sprint(code))
	}
	has(t, out.String(), "# pin-images: ", "## Not done when", "## Safety")
}

// A reference to what a mirror keeps is asked for there and written as it stands; one
// to the mirror itself is asked for as it is. The other registry is never asked: it
// does not exist.
func TestPinAtMirror(t *testing.T) {
	const text = "FROM node:20-alpine AS a\nFROM far.invalid/team/app:1\nCOPY --from=HOST/hub/library/busybox:1 /b /b\nUSER 1:1\nCMD [\"/b\"]\n"
	maps := map[string]func(t *testing.T, p *pinning) []string{
		"flags": func(_ *testing.T, p *pinning) []string {
			return []string{"--registry-map", p.text("docker.io=HOST/hub"), "--registry-map", p.text("far.invalid=HOST/far")}
		},
		"file": func(t *testing.T, p *pinning) []string {
			config := p.text("mirrors: {docker.io: HOST/hub, far.invalid: HOST/far}\n")
			if err := os.WriteFile(filepath.Join(filepath.Dir(p.file), ".bulwark.yaml"), []byte(config), 0o644); err != nil {
				t.Fatal(err)
			}
			return nil
		},
	}
	for by, flags := range maps {
		t.Run(by, func(t *testing.T) {
			p, digests := newPinning(t, text, "hub/library/node:20-alpine", "far/team/app:1", "hub/library/busybox:1")
			want := p.text("FROM node:20-alpine@" + digests["hub/library/node:20-alpine"] + " AS a\nFROM far.invalid/team/app:1@" + digests["far/team/app:1"] +
				"\nCOPY --from=HOST/hub/library/busybox:1@" + digests["hub/library/busybox:1"] + " /b /b\nUSER 1:1\nCMD [\"/b\"]\n")
			args := append([]string{"rewrite", "--pin", "--only=pin-images"}, flags(t, p)...)
			if out, account := p.bulwark(t, 0, args...); out != want {
				t.Errorf("got\n%swant\n%s%s", out, want, account)
			}
		})
	}
}

// What the mirror does not have is told with the mirror's name.
func TestPinMissingAtMirror(t *testing.T) {
	p, _ := newPinning(t, "FROM node:20-alpine\nUSER 1:1\n")
	_, account := p.bulwark(t, 0, "rewrite", "--pin", "--only=pin-images", "--registry-map", p.text("docker.io=HOST/hub"))
	has(t, account, "node:20-alpine stays without a digest: ", p.host+"/hub/library/node:20-alpine")
}
