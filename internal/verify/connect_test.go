package verify

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/moby/buildkit/client/llb"
)

// engineSocket is that of a BuildKit on this machine, or the test is skipped.
func engineSocket(t *testing.T) string {
	t.Helper()
	socket, ok := strings.CutPrefix(os.Getenv("BUILDKIT_HOST"), "unix://")
	if !ok {
		t.Skip("SKIPPED: BUILDKIT_HOST does not name a BuildKit with unix://")
	}
	return socket
}

// connectOne reaches one builder or fails the test.
func connectOne(t *testing.T, o ConnectOptions) *Builder {
	t.Helper()
	o.Timeout = time.Minute // the machine may be busy
	reached, unreached, err := Connect(t.Context(), o)
	if err != nil || len(reached) != 1 || len(unreached) != 0 {
		t.Fatalf("reached %d, unreached %v, error %v", len(reached), unreached, err)
	}
	t.Cleanup(func() {
		if err := CloseAll(reached); err != nil {
			t.Error(err)
		}
	})
	return reached[0]
}

// proxy forwards connections to a unix socket until stop, which breaks them.
func proxy(t *testing.T, l net.Listener, socket string) (stop func()) {
	t.Helper()
	var mu sync.Mutex
	var open []net.Conn
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("unix", socket)
			if err != nil {
				in.Close()
				continue
			}
			mu.Lock()
			open = append(open, in, out)
			mu.Unlock()
			go join(in, out)
		}
	}()
	stop = func() {
		l.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, c := range open {
			c.Close()
		}
	}
	t.Cleanup(stop)
	return stop
}

// join copies between two connections until both directions have ended.
func join(a, b net.Conn) {
	var both sync.WaitGroup
	for _, pair := range [][2]net.Conn{{a, b}, {b, a}} {
		both.Go(func() {
			_, _ = io.Copy(pair[0], pair[1])
			pair[0].Close()
			pair[1].Close()
		})
	}
	both.Wait()
}

func listen(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// shortDir is a folder whose sockets' paths are not too long.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bw") //nolint:usetesting // a folder of t.TempDir has the test's name in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestConnectUnreachable(t *testing.T) {
	dir := shortDir(t)
	dead := filepath.Join(dir, "dead.sock")
	l := listen(t, "unix", dead)
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	closed := listen(t, "tcp", "127.0.0.1:0")
	refused := "tcp://" + closed.Addr().String()
	closed.Close()
	mute := listen(t, "tcp", "127.0.0.1:0") // accepts, as listeners do, and says nothing
	t.Setenv("PATH", dir)
	t.Setenv("DOCKER_HOST", "unix://"+dead)
	tests := []struct {
		name, address string
		want          []string
	}{
		{"nothing behind the socket", "unix://" + dead, []string{"no BuildKit answers at unix://" + dead, "connection refused", "moby/buildkit", "--builder"}},
		{"no such socket", "unix://" + dir + "/none.sock", []string{"no such file or directory"}},
		{"refused", refused, []string{refused, "connection refused"}},
		{"mute", "tcp://" + mute.Addr().String(), []string{"no answer within 300ms"}},
		{"no docker command", "docker-container://buildkitd", []string{"docker-container://buildkitd: exec: \"docker\": executable file not found"}},
		{"no Docker engine", "docker://", []string{"no BuildKit answers at docker://", dead}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reached, unreached, err := Connect(t.Context(), ConnectOptions{Addresses: []string{test.address}, Timeout: 300 * time.Millisecond})
			if err == nil || len(reached) != 0 || len(unreached) != 1 {
				t.Fatalf("reached %v, unreached %v, error %v", reached, unreached, err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in %q", want, err)
				}
			}
			if strings.Contains(err.Error(), "desc =") || strings.Contains(err.Error(), "\n") {
				t.Errorf("too much is said: %q", err)
			}
		})
	}
}

// Every address is named where none answers.
func TestConnectNamesAll(t *testing.T) {
	_, unreached, err := Connect(t.Context(), ConnectOptions{Addresses: []string{"unix:///none/1", "unix:///none/2", "unix:///none/1"}})
	if err == nil || len(unreached) != 2 || !strings.Contains(err.Error(), "unix:///none/1: ") || !strings.Contains(err.Error(), "unix:///none/2: ") {
		t.Errorf("%v", err)
	}
	if strings.Count(err.Error(), "start one with") != 1 {
		t.Errorf("the hint stands there more or less than once: %v", err)
	}
	if _, _, err := Connect(t.Context(), ConnectOptions{}); err == nil {
		t.Error("without an address, no error")
	}
}

func TestDialError(t *testing.T) {
	tests := []struct{ in, want string }{
		{"failed to call info: Unavailable: connection error: desc = \"transport: Error while dialing: dial unix /x: connect: connection refused\"", "dial unix /x: connect: connection refused"},
		{"Unavailable: connection error: desc = \"error reading server preface: command [ssh -- h buildctl dial-stdio] has exited with exit status 255, " +
			"make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=ssh: no \\x1b[31mhost\\r\\n\"",
			"command [ssh -- h buildctl dial-stdio] has exited with exit status 255: ssh: no host"},
		{"failed to connect to the docker API at unix:///s; check if the path is correct and if the daemon is running: dial unix /s: connect: no such file or directory", "dial unix /s: connect: no such file or directory"},
		{"connection error: desc = \"cut", "\"cut"},
		{"something else", "something else"},
		{strings.Repeat("é", 300), strings.Repeat("é", 200) + "…"},
	}
	for _, test := range tests {
		if got := (&dialError{errors.New(test.in)}).Error(); got != test.want {
			t.Errorf("%q became %q, want %q", test.in, got, test.want)
		}
	}
}

func TestConnectCancelled(t *testing.T) {
	cause := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, _, err := Connect(ctx, ConnectOptions{Addresses: []string{"unix:///none"}}); !errors.Is(err, cause) {
		t.Errorf("error %v", err)
	}
}

func TestConnectBadAddress(t *testing.T) {
	dir := t.TempDir()
	missing := TLS{CA: filepath.Join(dir, "ca.pem")}
	tests := []struct {
		address string
		tls     TLS
		want    string
	}{
		{"foo://x", TLS{}, "docker-container://NAME"},
		{"/run/buildkit/buildkitd.sock", TLS{}, "unix://PATH"},
		{"buildkitd", TLS{}, "no address of a builder"},
		{"unix://relative/x", TLS{}, "absolute path"},
		{"unix://", TLS{}, "absolute path"},
		{"tcp://host", TLS{}, "a host and a port"},
		{"tcp://:1234", TLS{}, "a host and a port"},
		{"tcp://ho st:1", TLS{}, "reading the builder's address"},
		{"docker-container://", TLS{}, "names nothing"},
		{"ssh://", TLS{}, "names nothing"},
		{"tcp://host:1", missing, "ca.pem"},
		{"tcp://host:1", TLS{Cert: "x"}, "go together"},
	}
	for _, test := range tests {
		reached, _, err := Connect(t.Context(), ConnectOptions{Addresses: []string{"unix:///none", test.address}, TLS: test.tls})
		if err == nil || len(reached) > 0 || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.address) {
			t.Errorf("%s: %v", test.address, err)
		}
	}
}

func TestAddresses(t *testing.T) {
	dir := shortDir(t)
	system, user := filepath.Join(dir, "system.sock"), filepath.Join(dir, "buildkit", "buildkitd.sock")
	if err := os.Mkdir(filepath.Dir(user), 0o755); err != nil {
		t.Fatal(err)
	}
	env := func(host, run string) func(string) string {
		return func(name string) string {
			return map[string]string{"BUILDKIT_HOST": host, "XDG_RUNTIME_DIR": run}[name]
		}
	}
	check := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	check("nothing", addresses(nil, env("", dir), system), "docker://")
	if err := os.WriteFile(system, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	check("a file", addresses(nil, env("", ""), system), "docker://")
	if err := os.Remove(system); err != nil {
		t.Fatal(err)
	}
	listen(t, "unix", system)
	check("the system's", addresses(nil, env("", dir), system), "unix://"+system)
	listen(t, "unix", user)
	check("the user's", addresses(nil, env("", dir), system), "unix://"+user)
	check("relative", addresses(nil, env("", "buildkit"), system), "unix://"+system)
	check("variable", addresses(nil, env("tcp://a:1, tcp://b:1", dir), system), "tcp://a:1", "tcp://b:1")
	check("flags", addresses([]string{"unix:///a,unix:///b", " unix:///c "}, env("tcp://a:1", dir), system), "unix:///a", "unix:///b", "unix:///c")
	check("empty flags", addresses([]string{"", ","}, env("tcp://a:1", dir), system), "tcp://a:1")
}

func TestTLSFromDir(t *testing.T) {
	dir := lay(t, map[string]int{"ca.crt": 1, "cert.pem": 1, "tls.crt": 1})
	if _, err := TLSFromDir(dir); err == nil || !strings.Contains(err.Error(), "key.pem nor tls.key") {
		t.Errorf("without a key: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tls.key"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := TLSFromDir(dir)
	want := TLS{CA: filepath.Join(dir, "ca.crt"), Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "tls.key")}
	if err != nil || got != want {
		t.Errorf("%v, %v", got, err)
	}
}

func TestConnectEngine(t *testing.T) {
	address := "unix://" + engineSocket(t)
	reached, unreached, err := Connect(t.Context(), ConnectOptions{Addresses: []string{"unix:///none", address}, Timeout: time.Minute})
	if err != nil || len(reached) != 1 || len(unreached) != 1 || !strings.Contains(unreached[0].Error(), "unix:///none") {
		t.Fatalf("reached %v, unreached %v, error %v", reached, unreached, err)
	}
	b := reached[0]
	if b.Address != address || !strings.HasPrefix(b.Version, "v") || len(b.Platforms) == 0 || !b.alive(t.Context()) {
		t.Errorf("%+v", b)
	}
	if err := b.Close(); err != nil || b.alive(t.Context()) {
		t.Errorf("after closing: %v", err)
	}
}

// certificates makes an authority, and certificates of it for a server called
// name and for a client, in a folder as TLSFromDir takes it. The server's own
// configuration is returned beside.
func certificates(t *testing.T, name string) (dir string, server *tls.Config) {
	t.Helper()
	dir = t.TempDir()
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	caKey := newKey(t)
	ca := sign(t, authority, authority, caKey, caKey)
	writePEM(t, filepath.Join(dir, "ca.pem"), "CERTIFICATE", ca)
	leaf := func(serial int64, use x509.ExtKeyUsage, names ...string) ([]byte, *ecdsa.PrivateKey) {
		key := newKey(t)
		return sign(t, &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: names, ExtKeyUsage: []x509.ExtKeyUsage{use},
			NotBefore: authority.NotBefore, NotAfter: authority.NotAfter}, authority, key, caKey), key
	}
	cert, key := leaf(2, x509.ExtKeyUsageClientAuth)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writePEM(t, filepath.Join(dir, "cert.pem"), "CERTIFICATE", cert)
	writePEM(t, filepath.Join(dir, "key.pem"), "PRIVATE KEY", der)
	pool := x509.NewCertPool()
	root, err := x509.ParseCertificate(ca)
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(root)
	cert, key = leaf(3, x509.ExtKeyUsageServerAuth, name)
	return dir, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}},
		ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func sign(t *testing.T, cert, by *x509.Certificate, key, with *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, cert, by, &key.PublicKey, with)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func writePEM(t *testing.T, file, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestConnectTLS(t *testing.T) {
	socket := engineSocket(t)
	dir, server := certificates(t, "localhost")
	l := listen(t, "tcp", "127.0.0.1:0")
	proxy(t, tls.NewListener(l, server), socket)
	_, port, _ := net.SplitHostPort(l.Addr().String())
	files, err := TLSFromDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	b := connectOne(t, ConnectOptions{Addresses: []string{"tcp://localhost:" + port}, TLS: files})
	if b.Version == "" {
		t.Error("no version")
	}
	named := files
	named.ServerName = "localhost"
	connectOne(t, ConnectOptions{Addresses: []string{"tcp://127.0.0.1:" + port}, TLS: named})

	other, _ := certificates(t, "localhost")
	wrong := files
	wrong.CA = filepath.Join(other, "ca.pem")
	for what, test := range map[string]struct {
		host string
		tls  TLS
		want string
	}{
		"another authority":     {"localhost", wrong, "certificate signed by unknown authority"},
		"another name":          {"127.0.0.1", files, "certificate"},
		"no client certificate": {"localhost", TLS{CA: files.CA}, "no BuildKit answers"},
		"no TLS":                {"localhost", TLS{}, "no BuildKit answers"},
	} {
		_, _, err := Connect(t.Context(), ConnectOptions{Addresses: []string{"tcp://" + test.host + ":" + port}, TLS: test.tls, Timeout: 5 * time.Second})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A builder that goes away in the middle of a build is told from a build that fails.
func TestEngineGoesAwayMidway(t *testing.T) {
	socket := engineSocket(t)
	front := filepath.Join(shortDir(t), "b.sock")
	stop := proxy(t, listen(t, "unix", front), socket)
	direct := connectOne(t, ConnectOptions{Addresses: []string{"unix://" + socket}})
	proxied := connectOne(t, ConnectOptions{Addresses: []string{"unix://" + front}})
	var mu sync.Mutex
	worked := map[*Builder]int{}
	errs := Spread(t.Context(), []*Builder{proxied, direct}, 1, 2, func(ctx context.Context, b *Builder, i int) error {
		mu.Lock()
		worked[b]++
		mu.Unlock()
		state := llb.Scratch().File(llb.Copy(llb.Scratch(), "/no-such-file", "/"))
		started := func() {}
		if b == proxied {
			state, started = llb.Image("busybox").Run(llb.Shlex("sleep 30"), llb.IgnoreCache).Root(), stop
		}
		return buildState(ctx, b, state, started)
	})
	for i, err := range errs {
		if err == nil || IsLost(err) || !strings.Contains(err.Error(), "no-such-file") {
			t.Errorf("job %d: %v", i, err)
		}
	}
	if worked[proxied] != 1 || worked[direct] != 2 {
		t.Errorf("the one that went away did %d jobs, the other %d", worked[proxied], worked[direct])
	}
}

// buildState builds; started is called when a step of it runs that sleeps.
func buildState(ctx context.Context, b *Builder, state llb.State, started func()) error {
	def, err := state.Marshal(ctx)
	if err != nil {
		return err
	}
	status := make(chan *client.SolveStatus)
	go func() {
		for s := range status {
			for _, v := range s.Vertexes {
				if v.Started != nil && strings.Contains(v.Name, "sleep") {
					started()
				}
			}
		}
	}()
	_, err = b.Client.Solve(ctx, def, client.SolveOpt{}, status)
	return err
}
