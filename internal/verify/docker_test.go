package verify

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/grpchijack"
	digest "github.com/opencontainers/go-digest"
	"github.com/tonistiigi/fsutil"
)

// dockerAPI answers as a Docker engine does as far as builders are concerned,
// whose BuildKit is at socket, "" for none.
func dockerAPI(t *testing.T, l net.Listener, socket, system string) (asked func() string) {
	t.Helper()
	var paths strings.Builder
	requests := make(chan string, 100)
	mux := http.NewServeMux()
	mux.HandleFunc("/_ping", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Api-Version", "1.51")
		w.Header().Set("Builder-Version", "2")
		w.Header().Set("Ostype", system)
		fmt.Fprint(w, "OK")
	})
	behind := map[string]session.Dialer{}
	if socket != "" {
		c, err := client.New(t.Context(), "unix://"+socket)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		// BuildKit's own socket takes sessions inside of gRPC alone, the engine takes them bare.
		behind["/session"] = grpchijack.Dialer(c.ControlClient())
		behind["/grpc"] = func(context.Context, string, map[string][]string) (net.Conn, error) { return net.Dial("unix", socket) }
	}
	upgrade := func(w http.ResponseWriter, r *http.Request) {
		requests <- r.URL.Path + " " + r.Header.Get("Upgrade")
		dial, ok := behind[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		backend, err := dial(context.WithoutCancel(r.Context()), r.Header.Get("Upgrade"), sessionHeaders(r))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			backend.Close()
			return
		}
		fmt.Fprintf(conn, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: %s\r\n\r\n", r.Header.Get("Upgrade"))
		go join(&buffered{conn, buf.Reader}, backend)
	}
	mux.HandleFunc("/grpc", upgrade)
	mux.HandleFunc("/session", upgrade)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close() })
	return func() string {
		for {
			select {
			case r := <-requests:
				paths.WriteString(r + "\n")
			default:
				return paths.String()
			}
		}
	}
}

// sessionHeaders are those that describe a session.
func sessionHeaders(r *http.Request) map[string][]string {
	out := map[string][]string{}
	for name, values := range r.Header {
		if strings.HasPrefix(name, "X-Docker-Expose-") {
			out[name] = values
		}
	}
	return out
}

// buffered is a connection whose beginning may have been read already.
type buffered struct {
	net.Conn
	r *bufio.Reader
}

func (c *buffered) Read(p []byte) (int, error) { return c.r.Read(p) }

// noDocker takes the machine's own Docker out of sight.
func noDocker(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	useDockerConfig(t, dir)
	for _, name := range []string{"DOCKER_HOST", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_CONTEXT", "DOCKER_API_VERSION"} {
		t.Setenv(name, "")
	}
	return dir
}

// Both connections of a build go through the API; the builder is a real one.
func TestDockerEngine(t *testing.T) {
	engine := engineSocket(t)
	noDocker(t)
	front := filepath.Join(shortDir(t), "d.sock")
	asked := dockerAPI(t, listen(t, "unix", front), engine, "linux")
	t.Setenv("DOCKER_HOST", "unix://"+front)
	for _, address := range []string{"docker://", "docker:"} {
		b := connectOne(t, ConnectOptions{Addresses: []string{address}})
		if b.Address != address || b.Version == "" || len(b.Platforms) == 0 {
			t.Errorf("%+v", b)
		}
	}
	if got := asked(); !strings.Contains(got, "/grpc h2c\n") || !strings.Contains(got, "/session h2c\n") {
		t.Errorf("asked the API for:\n%s", got)
	}
}

// A build through the engine's API gets the Dockerfile and a secret over the
// session, and its log reaches the display.
func TestDockerEngineBuilds(t *testing.T) {
	engine := engineSocket(t)
	noDocker(t)
	front := filepath.Join(shortDir(t), "d.sock")
	dockerAPI(t, listen(t, "unix", front), engine, "linux")
	t.Setenv("DOCKER_HOST", "unix://"+front)
	t.Setenv("VERIFY_SECRET", "it is known")
	b := connectOne(t, ConnectOptions{Addresses: []string{"docker://"}})
	dir := t.TempDir()
	text := "FROM busybox\nRUN --mount=type=secret,id=s echo " + filepath.Base(dir) + " && cat /run/secrets/s && echo && false\n"
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	files, err := fsutil.NewFS(dir)
	if err != nil {
		t.Fatal(err)
	}
	attached, err := SessionOptions{Secrets: []string{"id=s,env=VERIFY_SECRET"}}.attachables()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	log := NewProgress(&out, false, false).Build("app")
	_, err = b.Client.Solve(t.Context(), nil, client.SolveOpt{Frontend: "dockerfile.v0", Session: attached,
		LocalMounts: map[string]fsutil.FS{"context": files, "dockerfile": files}}, log.Status())
	log.Wait()
	if err == nil || IsLost(err) {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(out.String(), "it is known") || !strings.Contains(out.String(), "app | #") {
		t.Errorf("shown:\n%s", out.String())
	}
	if !strings.HasPrefix(log.Failed(), "[stage-0 2/2] RUN") || !strings.Contains(log.Tail(), "\nit is known\n") {
		t.Errorf("failed %q, kept:\n%s", log.Failed(), log.Tail())
	}
}

func TestDockerEngineTLS(t *testing.T) {
	engine := engineSocket(t)
	noDocker(t)
	dir, server := certificates(t, "localhost")
	server.NextProtos = nil // the API is HTTP/1.1
	l := listen(t, "tcp", "127.0.0.1:0")
	dockerAPI(t, tls.NewListener(l, server), engine, "linux")
	_, port, _ := net.SplitHostPort(l.Addr().String())
	t.Setenv("DOCKER_HOST", "tcp://localhost:"+port)
	t.Setenv("DOCKER_CERT_PATH", dir)
	t.Setenv("DOCKER_TLS_VERIFY", "1")
	connectOne(t, ConnectOptions{Addresses: []string{"docker://"}})
}

// layContext writes a Docker context.
func layContext(t *testing.T, dir, name, meta string) {
	t.Helper()
	folder := filepath.Join(dir, "contexts", "meta", digest.FromString(name).Encoded())
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "meta.json"), []byte(meta), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestDockerContext(t *testing.T) {
	engine := engineSocket(t)
	dir := noDocker(t)
	front := filepath.Join(shortDir(t), "d.sock")
	dockerAPI(t, listen(t, "unix", front), engine, "linux")
	layContext(t, dir, "colima", `{"Name":"colima","Endpoints":{"docker":{"Host":"unix://`+front+`","SkipTLSVerify":false}}}`)
	connectOne(t, ConnectOptions{Addresses: []string{"docker://colima"}})
	t.Setenv("DOCKER_CONTEXT", "colima")
	connectOne(t, ConnectOptions{Addresses: []string{"docker://"}})
	t.Setenv("DOCKER_CONTEXT", "")
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"currentContext":"colima"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	connectOne(t, ConnectOptions{Addresses: []string{"docker://"}})
}

func TestDockerUnfit(t *testing.T) {
	dir := noDocker(t)
	layContext(t, dir, "broken", "{")
	layContext(t, dir, "kubernetes", `{"Endpoints":{"kubernetes":{"Host":"x"}}}`)
	layContext(t, dir, "careless", `{"Endpoints":{"docker":{"Host":"tcp://x:1","SkipTLSVerify":true}}}`)
	short := shortDir(t)
	without, windows := filepath.Join(short, "1.sock"), filepath.Join(short, "2.sock")
	dockerAPI(t, listen(t, "unix", without), "", "linux")
	dockerAPI(t, listen(t, "unix", windows), "", "windows")
	mute := filepath.Join(short, "3.sock")
	listen(t, "unix", mute)
	tests := []struct{ name, address, host, want string }{
		{"no BuildKit", "docker://", "unix://" + without, "hands out no BuildKit"},
		{"Windows containers", "docker://", "unix://" + windows, "Windows containers"},
		{"mute", "docker://", "unix://" + mute, "no answer within 2s"},
		{"bad host", "docker://", "nonsense", "cannot be used"},
		{"bad ssh", "docker://", "ssh://", "ssh"},
		{"no context", "docker://nowhere", "", `no Docker context "nowhere"`},
		{"broken context", "docker://broken", "", `reading the Docker context "broken"`},
		{"no engine", "docker://kubernetes", "", "names no Docker engine"},
		{"no check", "docker://careless", "", "not supported"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("DOCKER_HOST", test.host)
			_, _, err := Connect(t.Context(), ConnectOptions{Addresses: []string{test.address}, Timeout: 2 * time.Second})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "docker://") {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}
