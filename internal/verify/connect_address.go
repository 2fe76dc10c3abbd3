package verify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/buildkit/client"

	// Each makes an address scheme known to the client.
	_ "github.com/moby/buildkit/client/connhelper/dockercontainer"
	_ "github.com/moby/buildkit/client/connhelper/kubepod"
	_ "github.com/moby/buildkit/client/connhelper/nerdctlcontainer"
	_ "github.com/moby/buildkit/client/connhelper/podmancontainer"
	_ "github.com/moby/buildkit/client/connhelper/ssh"
)

const (
	dockerScheme  = "docker"
	dockerAddress = dockerScheme + "://"
	systemSocket  = "/run/buildkit/buildkitd.sock"
	schemes       = "unix://PATH, tcp://HOST:PORT, docker:// (the Docker engine's own builder), docker-container://NAME, " +
		"podman-container://NAME, nerdctl-container://NAME, kube-pod://NAME, ssh://[USER@]HOST"
)

// Addresses returns the builders to use: those that the values of --builder
// name, else those of BUILDKIT_HOST, both with commas between several; else a
// BuildKit of this machine, the user's own before the system's; else the Docker
// engine's builder. env is os.Getenv.
func Addresses(flags []string, env func(string) string) []string {
	return addresses(flags, env, systemSocket)
}

func addresses(flags []string, env func(string) string, system string) []string {
	if named := splitAddresses(flags...); len(named) > 0 {
		return named
	}
	if named := splitAddresses(env("BUILDKIT_HOST")); len(named) > 0 {
		return named
	}
	sockets := []string{system}
	if dir, _, _ := strings.Cut(env("XDG_RUNTIME_DIR"), ":"); filepath.IsAbs(dir) {
		sockets = []string{filepath.Join(dir, "buildkit", "buildkitd.sock"), system}
	}
	for _, s := range sockets {
		if info, err := os.Stat(s); err == nil && info.Mode().Type() == fs.ModeSocket {
			return []string{"unix://" + s}
		}
	}
	return []string{dockerAddress}
}

func splitAddresses(values ...string) []string {
	var out []string
	for _, v := range values {
		for a := range strings.SplitSeq(v, ",") {
			if a = strings.TrimSpace(a); a != "" {
				out = append(out, a)
			}
		}
	}
	return out
}

// distinct keeps the first of equal addresses: one builder named twice would
// get twice the work at once.
func distinct(addresses []string) []string {
	var out []string
	for _, a := range addresses {
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// TLS names the PEM files for tcp:// builders, and the name that the server's
// certificate has to hold; "" stands for none, and all "" for no TLS. Without CA
// the system's authorities count, without ServerName the address's host.
type TLS struct{ CA, Cert, Key, ServerName string }

// TLSFromDir finds the files of a folder as `buildctl --tlsdir` does: ca.pem or
// ca.crt, cert.pem or tls.crt, key.pem or tls.key. One that is missing is an error.
func TLSFromDir(dir string) (TLS, error) {
	var t TLS
	for _, f := range []struct {
		to    *string
		names [2]string
	}{
		{&t.CA, [2]string{"ca.pem", "ca.crt"}},
		{&t.Cert, [2]string{"cert.pem", "tls.crt"}},
		{&t.Key, [2]string{"key.pem", "tls.key"}},
	} {
		for _, name := range f.names {
			file := filepath.Join(dir, name)
			if _, err := os.Stat(file); err == nil {
				*f.to = file
				break
			} else if !errors.Is(err, fs.ErrNotExist) {
				return TLS{}, fmt.Errorf("looking for TLS files: %w", err)
			}
		}
		if *f.to == "" {
			return TLS{}, fmt.Errorf("the TLS folder %s has neither %s nor %s", dir, f.names[0], f.names[1])
		}
	}
	return t, nil
}

// options checks the files, so that one that is missing is told by its name.
func (t TLS) options(host string) ([]client.ClientOpt, error) {
	if t == (TLS{}) {
		return nil, nil
	}
	if (t.Cert == "") != (t.Key == "") {
		return nil, errors.New("a TLS client certificate and its key go together: one of the two is missing")
	}
	for _, file := range []string{t.CA, t.Cert, t.Key} {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("looking for TLS files: %w", err)
		}
	}
	name := t.ServerName
	if name == "" {
		name = host
	}
	server := client.WithServerConfigSystem(name)
	if t.CA != "" {
		server = client.WithServerConfig(name, t.CA)
	}
	if t.Cert == "" {
		return []client.ClientOpt{server}, nil
	}
	return []client.ClientOpt{server, client.WithCredentials(t.Cert, t.Key)}, nil
}

// dialFor checks an address and returns what opens it.
func dialFor(address string, t TLS) (dial, error) {
	if address == dockerScheme+":" || address == dockerScheme {
		address = dockerAddress
	}
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return nil, unknownAddress(address)
	}
	if scheme == dockerScheme {
		return func(ctx context.Context) (*Builder, error) { return dialDocker(ctx, rest) }, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("reading the builder's address %q: %w", address, err)
	}
	var opts []client.ClientOpt
	switch scheme {
	case "unix":
		if u.Host != "" || !path.IsAbs(u.Path) {
			return nil, fmt.Errorf("the builder's address %q needs an absolute path, such as unix://%s", address, systemSocket)
		}
	case "tcp":
		if u.Hostname() == "" || u.Port() == "" {
			return nil, fmt.Errorf("the builder's address %q needs a host and a port, such as tcp://localhost:1234", address)
		}
		if opts, err = t.options(u.Hostname()); err != nil {
			return nil, fmt.Errorf("the builder at %s: %w", address, err)
		}
	case "docker-container", "podman-container", "nerdctl-container", "kube-pod", "ssh":
		if u.Host == "" {
			return nil, fmt.Errorf("the builder's address %q names nothing behind %s://", address, scheme)
		}
	default:
		return nil, unknownAddress(address)
	}
	return func(ctx context.Context) (*Builder, error) {
		c, err := client.New(ctx, address, opts...)
		if err != nil {
			return nil, err
		}
		return &Builder{Client: c}, nil
	}, nil
}

func unknownAddress(address string) error {
	return fmt.Errorf("%q is no address of a builder; there are %s", address, schemes)
}
