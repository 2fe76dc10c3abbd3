package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	memory "github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// served is a registry on loopback. Requests are counted once counting starts.
type served struct {
	host  string
	asked atomic.Int64
	agent atomic.Value // of the last request
	wrap  func(http.Handler) http.Handler
}

// serve starts a registry; wrap, where given, stands before it.
func serve(t *testing.T, wrap func(http.Handler) http.Handler) *served {
	t.Helper()
	// The machine's own credentials and cache stay out of the tests.
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s := &served{wrap: wrap}
	store := memory.New(memory.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		s.agent.Store(r.UserAgent())
		if s.wrap != nil && r.Header.Get("X-Push") == "" {
			s.wrap(store).ServeHTTP(w, r)
			return
		}
		store.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.host = strings.TrimPrefix(server.URL, "http://")
	return s
}

// pushing marks requests of the test itself, which nothing stands before.
type pushing struct{}

func (pushing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Push", "1")
	return http.DefaultTransport.RoundTrip(r)
}

// image puts an image of one platform in and returns its digest.
func (s *served) image(t *testing.T, tag string) string {
	t.Helper()
	img, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(s.tag(t, tag), img, remote.WithTransport(pushing{})); err != nil {
		t.Fatal(err)
	}
	return digestOf(t, img)
}

// index puts an image of two platforms in and returns the digest of the list.
func (s *served) index(t *testing.T, tag string) string {
	t.Helper()
	var list v1.ImageIndex = empty.Index
	for _, arch := range []string{"amd64", "arm64"} {
		img, err := random.Image(64, 1)
		if err != nil {
			t.Fatal(err)
		}
		list = mutate.AppendManifests(list, mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}}})
	}
	if err := remote.WriteIndex(s.tag(t, tag), list, remote.WithTransport(pushing{})); err != nil {
		t.Fatal(err)
	}
	return digestOf(t, list)
}

func (s *served) tag(t *testing.T, tag string) name.Tag {
	t.Helper()
	ref, err := name.NewTag(s.host + "/" + tag)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func digestOf(t *testing.T, of interface{ Digest() (v1.Hash, error) }) string {
	t.Helper()
	h, err := of.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return h.String()
}

func wantDigest(t *testing.T, r *Resolver, ref, want string) {
	t.Helper()
	got, err := r.Digest(context.Background(), ref)
	if err != nil || got != want {
		t.Errorf("Digest(%s) = %q, %v; want %s", ref, got, err, want)
	}
}

func wantKind(t *testing.T, r *Resolver, ref string, want Kind, text string) {
	t.Helper()
	got, err := r.Digest(context.Background(), ref)
	var e *Error
	if !errors.As(err, &e) || e.Kind != want || got != "" || !strings.Contains(err.Error(), text) {
		t.Errorf("Digest(%s) = %q, %v; want an error of kind %d with %q", ref, got, err, want, text)
	}
}

func TestDigest(t *testing.T) {
	s := serve(t, nil)
	one, list, latest := s.image(t, "team/app:1.2"), s.index(t, "library/node:20"), s.image(t, "tool:latest")
	r := New(Options{CacheDir: t.TempDir()})
	wantDigest(t, r, s.host+"/team/app:1.2", one)
	wantDigest(t, r, s.host+"/library/node:20", list)
	wantDigest(t, r, s.host+"/tool", latest)
	if agent, _ := s.agent.Load().(string); !strings.HasPrefix(agent, "bulwark") {
		t.Errorf("asked as %q", agent)
	}
	wantKind(t, r, s.host+"/team/app:9", NotFound, "there is no such tag: "+s.host+"/team/app:9")
	wantKind(t, r, s.host+"/nothing:1", NotFound, "no such tag")
	wantKind(t, r, "UPPER/case:1", Invalid, "")
	wantKind(t, r, s.host+"/team/app@"+one, Invalid, "")
}

// login wants a name and a password for everything.
func login(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "me" || password != "secret" {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func TestLogin(t *testing.T) {
	s := serve(t, login)
	want := s.image(t, "app:1")
	wantKind(t, New(Options{CacheDir: t.TempDir()}), s.host+"/app:1", Denied, "is not given out")
	config := fmt.Sprintf(`{"auths": {%q: {"auth": "bWU6c2VjcmV0"}}}`, s.host)
	write(t, filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), config)
	wantDigest(t, New(Options{CacheDir: t.TempDir()}), s.host+"/app:1", want)
	config = fmt.Sprintf(`{"credHelpers": {%q: "is-not-installed-here"}}`, s.host)
	write(t, filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), config)
	wantKind(t, New(Options{CacheDir: t.TempDir()}), s.host+"/app:1", NoLogin, "credentials")
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Some registries do not answer HEAD, or leave the digest out.
func TestWithoutHead(t *testing.T) {
	for what, answer := range map[string]func(http.ResponseWriter){
		"refused":   func(w http.ResponseWriter) { w.WriteHeader(http.StatusMethodNotAllowed) },
		"no digest": func(w http.ResponseWriter) { w.Header().Set("Content-Type", "text/plain") },
	} {
		s := serve(t, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodHead {
					answer(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		})
		want := s.index(t, "app:1")
		t.Run(what, func(t *testing.T) { wantDigest(t, New(Options{CacheDir: t.TempDir()}), s.host+"/app:1", want) })
	}
}

func TestOfNoUse(t *testing.T) {
	for _, c := range []struct {
		what, text string
		kind       Kind
		answer     func(http.ResponseWriter)
	}{
		{"teapot", "status 418", Failed, func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusTeapot)
			fmt.Fprint(w, strings.Repeat("\x1b[31mhostile ", 1000))
		}},
		{"too many", "status 429", Failed, func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) }},
		{"login page", "not the manifest", Failed, func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") }},
		{"other digest", "not the manifest", Failed, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Docker-Content-Digest", "sha256:"+strings.Repeat("0", 64))
		}},
		{"old manifest", "first format", Invalid, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws")
			w.Header().Set("Docker-Content-Digest", "sha256:"+strings.Repeat("0", 64))
		}},
	} {
		s := serve(t, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, "/manifests/") {
					c.answer(w)
					return
				}
				next.ServeHTTP(w, r)
			})
		})
		t.Run(c.what, func(t *testing.T) {
			r := New(Options{CacheDir: t.TempDir()})
			wantKind(t, r, s.host+"/app:1", c.kind, c.text)
			if _, err := r.Digest(context.Background(), s.host+"/app:1"); len(err.Error()) > 400 {
				t.Errorf("a long error: %v", err)
			}
		})
	}
}

// A registry that hangs costs one time limit, not one for each of its images.
func TestHanging(t *testing.T) {
	s := serve(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	})
	r := New(Options{CacheDir: t.TempDir()})
	r.timeout = 100 * time.Millisecond
	wantKind(t, r, s.host+"/app:1", Unreachable, "no answer within")
	asked := s.asked.Load()
	wantKind(t, r, s.host+"/app:2", Unreachable, "no answer within")
	if s.asked.Load() != asked {
		t.Error("asked again")
	}
}

func TestUnreachable(t *testing.T) {
	s := serve(t, nil)
	gone := httptest.NewServer(nil)
	gone.Close()
	host := strings.TrimPrefix(gone.URL, "http://")
	r := New(Options{CacheDir: t.TempDir()})
	wantKind(t, r, host+"/app:1", Unreachable, "the registry "+host+" cannot be reached: ")
	want := s.image(t, "app:1")
	wantDigest(t, r, s.host+"/app:1", want) // the others are asked still
}

// One who gives up does not take the answer from the others.
func TestCancelled(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	s := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/manifests/") {
				close(entered)
				<-release
			}
			next.ServeHTTP(w, r)
		})
	})
	want := s.image(t, "app:1")
	r := New(Options{CacheDir: t.TempDir()})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-entered; cancel() }()
	if _, err := r.Digest(ctx, s.host+"/app:1"); !errors.Is(err, context.Canceled) || !Unasked(err) {
		t.Errorf("%v", err)
	}
	close(release)
	wantDigest(t, r, s.host+"/app:1", want)
	if _, err := r.Digest(ctx, s.host+"/app:1"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestAskedOnce(t *testing.T) {
	s := serve(t, nil)
	want := s.image(t, "app:1")
	r := New(Options{CacheDir: t.TempDir()})
	before := s.asked.Load()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { wantDigest(t, r, s.host+"/app:1", want) })
	}
	wg.Wait()
	if n := s.asked.Load() - before; n != 2 { // the ping, and HEAD
		t.Errorf("%d requests", n)
	}
}

func TestCache(t *testing.T) {
	s := serve(t, nil)
	first := s.image(t, "app:1")
	dir := filepath.Join(t.TempDir(), "made", "when", "needed")
	at := func(later time.Duration, o Options) *Resolver {
		o.CacheDir = dir
		r := New(o)
		r.now = func() time.Time { return time.Now().Add(later) }
		return r
	}
	ref := s.host + "/app:1"
	wantKind(t, at(0, Options{Offline: true}), ref, Offline, "stay offline")
	wantDigest(t, at(0, Options{}), ref, first)
	second := s.image(t, "app:1")
	for _, c := range []struct {
		what  string
		later time.Duration
		o     Options
		want  string
	}{
		{"young", 30 * time.Minute, Options{}, first},
		{"as young as asked", 3 * time.Hour, Options{MaxAge: 4 * time.Hour}, first},
		{"offline, any age", 1000 * time.Hour, Options{Offline: true}, first},
		{"old", 2 * time.Hour, Options{}, second},
		{"no cache", 2 * time.Hour, Options{MaxAge: -1}, second},
		{"of the future", -time.Hour, Options{}, second},
	} {
		t.Run(c.what, func(t *testing.T) { wantDigest(t, at(c.later, c.o), ref, c.want) })
		write(t, cache{dir}.file(s.tag(t, "app:1").Name()), string(kept(t, s.tag(t, "app:1").Name(), first)))
	}
	left, err := filepath.Glob(filepath.Join(dir, ".new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func kept(t *testing.T, ref, digest string) []byte {
	t.Helper()
	dir := t.TempDir()
	cache{dir}.put(entry{ref, digest, time.Now()})
	text, err := os.ReadFile(cache{dir}.file(ref))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What lies in the cache is not believed.
func TestHostileCache(t *testing.T) {
	s := serve(t, nil)
	want := s.image(t, "app:1")
	ref := s.tag(t, "app:1").Name()
	digest := "sha256:" + strings.Repeat("a", 64)
	for what, text := range map[string]string{
		"empty":        "",
		"no JSON":      "{",
		"null":         "null",
		"other ref":    string(kept(t, "other:1", digest)),
		"bad digest":   strings.Replace(string(kept(t, ref, digest)), "aaa", `a\nRUN x`, 1),
		"long":         `{"x": "` + strings.Repeat("y", 1<<20) + `"}`,
		"no such time": `{"ref": "` + ref + `", "digest": "` + digest + `", "asked": 7}`,
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			write(t, cache{dir}.file(ref), text)
			wantKind(t, New(Options{CacheDir: dir, Offline: true}), ref, Offline, "")
			wantDigest(t, New(Options{CacheDir: dir}), ref, want)
			wantDigest(t, New(Options{CacheDir: dir, Offline: true}), ref, want)
		})
	}
	t.Run("a folder", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(cache{dir}.file(ref), "x"), 0o700); err != nil {
			t.Fatal(err)
		}
		wantDigest(t, New(Options{CacheDir: dir}), ref, want)
	})
	t.Run("no folder", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		write(t, file, "")
		wantDigest(t, New(Options{CacheDir: filepath.Join(file, "below")}), ref, want)
	})
}

func TestUnasked(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false}, {errors.New("x"), true}, {&Error{Kind: NotFound}, false}, {&Error{Kind: Denied}, true},
		{fmt.Errorf("x: %w", &Error{Kind: Offline}), true}, {&Error{Kind: Unreachable}, true}, {&Error{Kind: Invalid, Err: errNoDigest}, false},
	} {
		if got := Unasked(c.err); got != c.want {
			t.Errorf("Unasked(%v) = %v", c.err, got)
		}
	}
}

func FuzzCache(f *testing.F) {
	f.Add(`{"ref":"a","digest":"sha256:` + strings.Repeat("a", 64) + `","asked":"2026-01-01T00:00:00Z"}`)
	f.Add(`[{}]`)
	f.Fuzz(func(t *testing.T, text string) {
		if e, ok := readEntry([]byte(text), "a"); ok && (e.Ref != "a" || len(e.Digest) != 71) {
			t.Errorf("%+v", e)
		}
	})
}
