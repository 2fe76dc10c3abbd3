package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/connhelper"
	"github.com/moby/buildkit/client"
	docker "github.com/moby/moby/client"
	digest "github.com/opencontainers/go-digest"
)

// maxMeta bounds the description of a Docker context, in bytes.
const maxMeta = 1 << 20

// dialDocker opens the builder inside of a Docker engine, whose API hands over
// connections to it. The engine is the one of a Docker context, or where its
// name is "", the one that the docker command would use.
func dialDocker(ctx context.Context, name string) (*Builder, error) {
	opts, err := dockerOptions(name)
	if err != nil {
		return nil, &unfitError{err.Error()}
	}
	api, err := docker.New(opts...)
	if err != nil {
		return nil, &unfitError{err.Error()}
	}
	b := &Builder{closers: []func() error{api.Close}}
	if err := dockerBuilds(ctx, api); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	b.Client, err = client.New(ctx, "",
		client.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return hijack(ctx, api, "/grpc", "h2c", nil)
		}),
		client.WithSessionDialer(func(ctx context.Context, proto string, meta map[string][]string) (net.Conn, error) {
			return hijack(ctx, api, "/session", proto, meta)
		}))
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// dockerBuilds asks whether something at the API's address answers, and whether
// it has BuildKit, which the API offers as builder version 2.
func dockerBuilds(ctx context.Context, api *docker.Client) error {
	pong, err := api.Ping(ctx, docker.PingOptions{})
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", api.DaemonHost(), err)
	case pong.OSType == "windows":
		return &unfitError{"the Docker engine runs Windows containers, which its BuildKit does not build"}
	}
	conn, err := hijack(ctx, api, "/grpc", "h2c", nil)
	if err != nil {
		return &unfitError{fmt.Sprintf("the Docker API at %s hands out no BuildKit (Docker has it from version 23, Podman has none): %v", api.DaemonHost(), err)}
	}
	return conn.Close()
}

// hijack asks the API for a connection to its builder. The API's client waits
// for the answer without regard to ctx.
func hijack(ctx context.Context, api *docker.Client, path, proto string, meta map[string][]string) (net.Conn, error) {
	type dialed struct {
		conn net.Conn
		err  error
	}
	done := make(chan dialed, 1)
	go func() {
		// The connection outlives ctx, which ends with the dialling.
		conn, err := api.DialHijack(context.WithoutCancel(ctx), path, proto, meta)
		done <- dialed{conn, err}
	}()
	select {
	case d := <-done:
		return d.conn, d.err
	case <-ctx.Done():
		go func() {
			if d := <-done; d.conn != nil {
				_ = d.conn.Close()
			}
		}()
		return nil, context.Cause(ctx)
	}
}

// dockerOptions finds the engine as the docker command does: DOCKER_HOST with
// the TLS files of DOCKER_CERT_PATH, else the context in use, else the socket
// of the system.
func dockerOptions(name string) ([]docker.Opt, error) {
	if name == "" {
		if host := os.Getenv(docker.EnvOverrideHost); host != "" {
			return hostOptions(host, docker.WithTLSClientConfigFromEnv())
		}
		name = currentContext()
	}
	if name == "" || name == "default" {
		return nil, nil
	}
	return contextOptions(config.ContextStoreDir(), name)
}

// currentContext is "" where the configuration names none or cannot be read.
func currentContext() string {
	if name := os.Getenv("DOCKER_CONTEXT"); name != "" {
		return name
	}
	cfg, err := config.Load(config.Dir())
	if err != nil {
		return ""
	}
	return cfg.CurrentContext
}

// contextOptions reads a Docker context from the folder that the docker command
// keeps them in: meta/ID/meta.json and tls/ID/docker/*.pem, where ID is the
// SHA-256 of the name.
func contextOptions(store, name string) ([]docker.Opt, error) {
	id := digest.FromString(name).Encoded()
	f, err := os.Open(filepath.Join(store, "meta", id, "meta.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no Docker context %q", name)
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	var meta struct {
		Endpoints map[string]struct {
			Host          string
			SkipTLSVerify bool
		}
	}
	if err := json.NewDecoder(io.LimitReader(f, maxMeta)).Decode(&meta); err != nil {
		return nil, fmt.Errorf("reading the Docker context %q: %w", name, err)
	}
	end, ok := meta.Endpoints[dockerScheme]
	if !ok || end.Host == "" {
		return nil, fmt.Errorf("the Docker context %q names no Docker engine", name)
	}
	if end.SkipTLSVerify {
		return nil, fmt.Errorf("the Docker context %q turns the check of the engine's certificate off: not supported", name)
	}
	dir := filepath.Join(store, "tls", id, dockerScheme)
	file := func(name string) string {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			return ""
		}
		return path
	}
	ca, cert, key := file("ca.pem"), file("cert.pem"), file("key.pem")
	if ca == "" && cert == "" && key == "" {
		return hostOptions(end.Host)
	}
	return hostOptions(end.Host, docker.WithTLSClientConfig(ca, cert, key))
}

// hostOptions are those for an engine at host; more stand before it, since TLS
// has to be there when the host is set.
func hostOptions(host string, more ...docker.Opt) ([]docker.Opt, error) {
	helper, err := connhelper.GetConnectionHelper(host)
	if err != nil {
		return nil, fmt.Errorf("the Docker host %s: %w", host, err)
	}
	if helper == nil {
		return append(more, docker.WithHost(host)), nil
	}
	return []docker.Opt{docker.WithHost(helper.Host), docker.WithDialContext(helper.Dialer)}, nil
}
