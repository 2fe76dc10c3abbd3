package cli

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/bulwark-cli/bulwark/internal/registry"
)

// pinFlags are the flags of pins.
func pinFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "pin", Usage: "write the digest that each image has now beside its tag; asks the registries, with your own login"},
		&cli.DurationFlag{Name: "pin-max-age", Usage: "`TIME` that a registry's answer is good for; 0s asks anew", Value: registry.DefaultMaxAge},
		&cli.BoolFlag{Name: "offline", Usage: "ask no registry and fetch no database: use what earlier runs have kept, however old"},
	}
}

// pins resolve the images of a run. nil pins are those that nobody asked for.
type pins struct {
	resolver *registry.Resolver
	unasked  atomic.Bool
}

// readPins reads the flags of pins, or returns a usageError.
func readPins(c *cli.Context, only []string) (*pins, error) {
	age := c.Duration("pin-max-age")
	switch {
	case age < 0:
		return nil, usagef(c, "--pin-max-age wants a time such as 90m, not %s", age)
	case !c.Bool("pin") && slices.Contains(only, "pin-images"):
		return nil, usagef(c, "--only pin-images wants --pin as well: no registry is asked without it")
	case !c.Bool("pin"):
		return nil, nil
	case age == 0:
		age = -time.Nanosecond // in registry.Options 0 is the default
	}
	return &pins{resolver: registry.New(registry.Options{MaxAge: age, Offline: c.Bool("offline")})}, nil
}

// digest is what a reference leads to, for transform.Options.
func (p *pins) digest(ctx context.Context, ref string) (string, error) {
	digest, err := p.resolver.Digest(ctx, ref)
	if registry.Unasked(err) {
		p.unasked.Store(true)
	}
	return digest, err
}

// open reports whether a pin that was asked for is missing because its registry
// could not be asked.
func (p *pins) open() bool { return p != nil && p.unasked.Load() }
