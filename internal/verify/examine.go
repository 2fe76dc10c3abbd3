package verify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/solver/pb"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// examine lists what the image holds and runs its program, both inside the builder.
func (v *Verifier) examine(ctx context.Context, b *Builder, img *image, s, was *proof.Side) error {
	probe, err := probeRef(ctx, img.gw, v.helpers.goTool != "", img.arch)
	if err != nil {
		return err
	}
	if err := inspect(ctx, img, probe, s); err != nil {
		return fmt.Errorf("looking into the image: %w", err)
	}
	if v.o.Scan == nil { // an export adds to the records of what the second image shares
		if s.Layers, err = layers(ctx, b, img); ctx.Err() != nil || IsLost(err) {
			return fmt.Errorf("measuring the layers: %w", err)
		} // a builder that cannot tell leaves them out
	}
	if s.NotRun = v.notRun(img); s.NotRun == "" {
		if s.Seen, err = v.run(ctx, img, probe, was); err != nil {
			return fmt.Errorf("running the image: %w", err)
		}
	}
	return nil
}

// notRun says why an image's program is not run; "" where it is.
func (v *Verifier) notRun(img *image) string {
	switch {
	case v.o.Run.Skip:
		return "--no-run"
	case len(argv(img)) == 0:
		return "the image has neither ENTRYPOINT nor CMD"
	case img.ref == nil:
		return "the image holds no file"
	}
	return ""
}

// inspectLimit bounds the listing of a filesystem.
const inspectLimit = 5 * time.Minute

// inspect fills in what the image's filesystem holds. The probe stands on a
// filesystem of its own, with the image below it.
func inspect(ctx context.Context, img *image, probe gateway.Reference, s *proof.Side) error {
	s.Inventory = &wire.Inventory{}
	if img.ref == nil {
		return nil
	}
	c := gateway.NewContainerRequest{Mounts: []gateway.Mount{
		{Dest: "/", Ref: probe, MountType: pb.MountType_BIND},
		{Dest: "/image", Ref: img.ref, MountType: pb.MountType_BIND, Readonly: true},
	}}
	a, err := probeTask(ctx, img.gw, c, "/probe", wire.Task{Inspect: "/image"}, inspectLimit)
	if err != nil {
		return err
	}
	if a.Inventory == nil {
		return errors.New("the probe listed nothing")
	}
	s.Inventory, s.Packages = a.Inventory, a.Inventory.Packages
	if a.Inventory.RPM != "" {
		rpms, err := rpmPackages(ctx, img.ref, a.Inventory.RPM)
		if ctx.Err() != nil || IsLost(err) {
			return err
		}
		s.Unread = unreadable(err)
		s.Packages = append(slices.Clone(s.Packages), rpms...)
	}
	return nil
}

// unreadable says why a database of packages could not be read; "" where it was. It
// is the image's, so that it ends no more than the comparison of packages.
func unreadable(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func argv(img *image) []string {
	return slices.Concat(img.config.Config.Entrypoint, img.config.Config.Cmd)
}

// run starts the image's program as a container engine would. What was seen of
// the other image says what to wait for.
func (v *Verifier) run(ctx context.Context, img *image, probe gateway.Reference, was *proof.Side) (*wire.Seen, error) {
	c := gateway.NewContainerRequest{Mounts: []gateway.Mount{
		{Dest: "/", Ref: img.ref, MountType: pb.MountType_BIND},
		{Dest: "/.bulwark", Ref: probe, MountType: pb.MountType_BIND, Readonly: true},
	}}
	for _, h := range v.o.Run.Hosts {
		c.ExtraHosts = append(c.ExtraHosts, &pb.HostIP{Host: h.Name, IP: h.IP})
	}
	task := v.runTask(img, was)
	a, err := probeTask(ctx, img.gw, c, "/.bulwark/probe", wire.Task{Run: task}, task.Limit()+time.Minute)
	if err != nil {
		return nil, err
	}
	if a.Seen == nil {
		return nil, errors.New("the probe saw nothing")
	}
	return a.Seen, nil
}

func (v *Verifier) runTask(img *image, was *proof.Side) *wire.Run {
	c, o := img.config.Config, v.o.Run
	task := &wire.Run{
		Argv: argv(img), Env: mergeEnv(c.Env, o.Env), Dir: c.WorkingDir, User: c.User,
		Ports: exposed(c.ExposedPorts), Requests: requests(o.Requests, was, img), Smoke: o.Smoke,
		Writable: slices.Sorted(maps.Keys(c.Volumes)), Grace: o.Grace, Start: o.Start,
	}
	if o.Exit != nil {
		task.Grace = task.Start // it ends by itself
	}
	if was == nil || was.Seen == nil {
		return task
	}
	// The rewritten program is asked for what the original did, and gets the time that it took.
	for _, p := range was.Seen.Ports {
		if !p.UDP && !p.Loopback {
			task.Ports = append(task.Ports, p.Number)
		}
	}
	slices.Sort(task.Ports)
	task.Ports = slices.Compact(task.Ports)
	for _, dir := range was.Seen.Wrote {
		task.Writable = append(task.Writable, dir, path.Dir(dir)) // it may have been made
	}
	for dir := range was.Config.Volumes {
		task.Writable = append(task.Writable, path.Clean(dir))
	}
	slices.Sort(task.Writable)
	task.Writable = slices.Compact(task.Writable)
	task.Start = max(task.Start, 2*was.Seen.Ready+task.Grace)
	if was.Seen.Exit != nil {
		task.Grace += 2 * was.Seen.Ready // to end as well, before it counts as one that stays up
	}
	return task
}

// ownAddress is a URL of the container itself, as health checks have it.
var ownAddress = regexp.MustCompile(`http://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d{1,5}))?(/[\w./-]*)?`)

// requests are what is asked of the program: what the user wants, else / and the
// addresses of the original's HEALTHCHECK, which the author means to answer.
func requests(wanted []wire.Request, was *proof.Side, img *image) []wire.Request {
	if len(wanted) > 0 {
		return wanted
	}
	out := []wire.Request{{Path: "/"}}
	check := img.config.Config.Healthcheck
	if was != nil {
		check = was.Config.Healthcheck
	}
	if check == nil {
		return out
	}
	for _, m := range ownAddress.FindAllStringSubmatch(strings.Join(check.Test, " "), 4) {
		port, err := strconv.Atoi(m[1])
		if m[1] == "" {
			port, err = 80, nil
		}
		if m[2] != "" && m[2] != "/" && err == nil && port <= 65535 {
			out = append(out, wire.Request{Path: m[2], Port: port})
		}
	}
	return out
}

// mergeEnv lays more over env; the order of the first is kept.
func mergeEnv(env, more []string) []string {
	out := slices.Clone(env)
	for _, pair := range more {
		name, _, _ := strings.Cut(pair, "=")
		at := slices.IndexFunc(out, func(have string) bool { return strings.HasPrefix(have, name+"=") })
		if at >= 0 {
			out[at] = pair
		} else {
			out = append(out, pair)
		}
	}
	return out
}

// exposed are the TCP ports of EXPOSE, sorted.
func exposed(ports map[string]struct{}) []int {
	var out []int
	for text := range ports {
		number, protocol, _ := strings.Cut(text, "/")
		n, err := strconv.Atoi(number)
		if err == nil && (protocol == "" || protocol == "tcp") {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}
