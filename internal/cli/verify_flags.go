package cli

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"mvdan.cc/sh/v3/shell"

	"github.com/bulwark-cli/bulwark/internal/verify"
	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

const (
	categoryBuild = "Building"
	categoryRun   = "Running"
)

// verifyFlags are the flags of verify alone.
func verifyFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Usage: "`FORMAT` of the report: text, json or markdown", Value: "text"},
		&cli.StringFlag{Name: "with", Usage: "compare with the rewritten Dockerfile in `FILE`, not with what bulwark makes"},
		&cli.BoolFlag{Name: "scan", Usage: "count known vulnerabilities of both images with trivy, which has to be on the PATH"},

		&cli.StringSliceFlag{Category: categoryBuild, Name: "builder", Usage: "`ADDRESS` of a BuildKit (unix:// tcp:// docker-container:// kube-pod:// podman-container:// nerdctl-container:// ssh:// docker://); repeatable: work is spread over them. Without it BUILDKIT_HOST, else the BuildKit or the Docker engine of this machine"},
		&cli.StringFlag{Category: categoryBuild, Name: "tls-ca", Usage: "`FILE` with the authority of tcp:// builders"},
		&cli.StringFlag{Category: categoryBuild, Name: "tls-cert", Usage: "`FILE` with the client's certificate"},
		&cli.StringFlag{Category: categoryBuild, Name: "tls-key", Usage: "`FILE` with the client's key"},
		&cli.StringFlag{Category: categoryBuild, Name: "tls-server-name", Usage: "`NAME` that the builder's certificate is for"},
		&cli.StringSliceFlag{Category: categoryBuild, Name: "build-arg", Usage: "`NAME=VALUE`, or NAME alone for its value in the environment"},
		&cli.StringFlag{Category: categoryBuild, Name: "target", Usage: "`STAGE` to build, in both files"},
		&cli.StringSliceFlag{Category: categoryBuild, Name: "secret", Usage: "`id=NAME,src=FILE` or id=NAME,env=VARIABLE"},
		&cli.StringSliceFlag{Category: categoryBuild, Name: "ssh", Usage: "`default` or NAME=SOCKET|KEY"},
		&cli.StringFlag{Category: categoryBuild, Name: "platform", Usage: "`OS/ARCH` to build for, when it is not the builder's"},
		&cli.BoolFlag{Category: categoryBuild, Name: "no-cache", Usage: "do not use what was built before"},
		&cli.DurationFlag{Category: categoryBuild, Name: "timeout", Usage: "`TIME` that one build may take", Value: verify.DefaultTimeout},
		&cli.Int64Flag{Category: categoryBuild, Name: "context-limit", Usage: "`MB` of build context that may be sent", Value: verify.DefaultContextLimit >> 20},
		&cli.IntFlag{Category: categoryBuild, Name: "per-builder", Usage: "`N` Dockerfiles at a time on each builder", Value: 1},

		&cli.BoolFlag{Category: categoryRun, Name: "no-run", Usage: "build and compare the images, start nothing"},
		&cli.StringSliceFlag{Category: categoryRun, Name: "probe", Usage: "`[METHOD ]PATH[ BODY]` to ask for on every port instead of GET / and what the HEALTHCHECK asks for; repeatable"},
		&cli.StringFlag{Category: categoryRun, Name: "smoke", Usage: "`COMMAND` to run beside the program, as its user"},
		&cli.StringSliceFlag{Category: categoryRun, Name: "env", Usage: "`NAME=VALUE` for both programs, or NAME alone for its value in the environment"},
		&cli.StringSliceFlag{Category: categoryRun, Name: "add-host", Usage: "`NAME[:IP]` that both programs find, as the name of another service; without an address on their own loopback"},
		&cli.IntFlag{Category: categoryRun, Name: "exit", Usage: "`STATUS` that the program ends with when all is well"},
		&cli.DurationFlag{Category: categoryRun, Name: "grace", Usage: "`TIME` that a program without ports has to stay alive, and to end after SIGTERM", Value: verify.DefaultGrace},
		&cli.DurationFlag{Category: categoryRun, Name: "start", Usage: "`TIME` that a program may take until its ports answer, or until it ends", Value: verify.DefaultStart},
	}
}

// verifySettings are what those flags say.
type verifySettings struct {
	format, with  string
	scan, offline bool
	connect       verify.ConnectOptions
	options       verify.Options
}

// readVerify reads the flags, or returns a usageError.
func readVerify(c *cli.Context) (verifySettings, error) {
	v := verifySettings{format: c.String("format"), with: c.String("with"), scan: c.Bool("scan"), offline: c.Bool("offline")}
	if formats := []string{"text", "json", "markdown"}; !slices.Contains(formats, v.format) {
		return v, usagef(c, "--format is text, json or markdown, not %q", v.format)
	}
	v.connect = verify.ConnectOptions{
		Addresses: verify.Addresses(words(c, "builder"), os.Getenv),
		TLS:       verify.TLS{CA: c.String("tls-ca"), Cert: c.String("tls-cert"), Key: c.String("tls-key"), ServerName: c.String("tls-server-name")},
	}
	args, err := pairs(c.StringSlice("build-arg"))
	if err != nil {
		return v, usagef(c, "--build-arg: %v", err)
	}
	v.options.Build = verify.BuildOptions{
		Args: args, Target: c.String("target"), Platform: c.String("platform"), NoCache: c.Bool("no-cache"),
		Session: verify.SessionOptions{Secrets: c.StringSlice("secret"), SSH: c.StringSlice("ssh")},
		Timeout: c.Duration("timeout"), ContextLimit: c.Int64("context-limit") << 20,
	}
	v.options.PerBuilder = c.Int("per-builder")
	v.options.Run, err = readRun(c)
	if err == nil {
		err = positive(c, "timeout", "grace", "start")
	}
	if err == nil && (v.options.PerBuilder < 1 || v.options.Build.ContextLimit < 1) {
		err = usagef(c, "--per-builder and --context-limit want a number above 0")
	}
	return v, err
}

// positive wants durations above nothing.
func positive(c *cli.Context, flags ...string) error {
	for _, name := range flags {
		if c.Duration(name) <= 0 {
			return usagef(c, "--%s wants a time such as 90s, not %s", name, c.Duration(name))
		}
	}
	return nil
}

func readRun(c *cli.Context) (verify.RunOptions, error) {
	o := verify.RunOptions{Skip: c.Bool("no-run"), Grace: c.Duration("grace"), Start: c.Duration("start")}
	env, err := pairs(c.StringSlice("env"))
	if err != nil {
		return o, usagef(c, "--env: %v", err)
	}
	for name, value := range env {
		o.Env = append(o.Env, name+"="+value)
	}
	slices.Sort(o.Env)
	for _, text := range c.StringSlice("add-host") {
		h, err := host(text)
		if err != nil {
			return o, usagef(c, "--add-host: %v", err)
		}
		o.Hosts = append(o.Hosts, h)
	}
	for _, text := range c.StringSlice("probe") {
		q, err := request(text)
		if err != nil {
			return o, usagef(c, "--probe: %v", err)
		}
		o.Requests = append(o.Requests, q)
	}
	if o.Smoke, err = shell.Fields(c.String("smoke"), func(string) string { return "" }); err != nil {
		return o, usagef(c, "--smoke: %v", err)
	}
	if c.IsSet("exit") {
		status := c.Int("exit")
		o.Exit = &status
	}
	return o, nil
}

// request reads "/path", "POST /path" or "POST /path body".
func request(text string) (wire.Request, error) {
	method, rest, ok := strings.Cut(strings.TrimSpace(text), " ")
	if strings.HasPrefix(method, "/") {
		method, rest = "", strings.TrimSpace(text)
	} else if !ok {
		return wire.Request{}, fmt.Errorf("%q names no path such as /health", text)
	}
	path, body, _ := strings.Cut(rest, " ")
	if u, err := url.ParseRequestURI(path); err != nil || u.Host != "" || !strings.HasPrefix(path, "/") {
		return wire.Request{}, fmt.Errorf("%q is no path such as /health", path)
	}
	if strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return wire.Request{}, fmt.Errorf("%q is no method such as POST", method)
	}
	return wire.Request{Method: method, Path: path, Body: body}, nil
}

// hostName is what a machine may be called in /etc/hosts.
var hostName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// host reads "db", "db:10.0.0.1" or "db=10.0.0.1", as docker run does the last two.
func host(text string) (verify.Host, error) {
	h := verify.Host{Name: text, IP: "127.0.0.1"}
	if i := strings.IndexAny(text, ":="); i >= 0 {
		h.Name, h.IP = text[:i], strings.Trim(text[i+1:], "[]")
	}
	switch {
	case !hostName.MatchString(h.Name):
		return h, fmt.Errorf("%q is no name of a host", h.Name)
	case net.ParseIP(h.IP) == nil:
		return h, fmt.Errorf("%q is no IP address", h.IP)
	}
	return h, nil
}

// pairs reads NAME=VALUE; a NAME alone takes its value from the environment.
func pairs(list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, text := range list {
		name, value, ok := strings.Cut(text, "=")
		if name == "" {
			return nil, fmt.Errorf("%q has no name", text)
		}
		if !ok {
			if value, ok = os.LookupEnv(name); !ok {
				return nil, fmt.Errorf("%s has no value, and there is none in the environment", name)
			}
		}
		out[name] = value
	}
	return out, nil
}

// isTerminal reports whether a person looks at w.
func isTerminal(w io.Writer) bool {
	return (&output{w: w}).isTerminal()
}
