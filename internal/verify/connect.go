package verify

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/moby/buildkit/client"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	gatewaypb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/util/grpcerrors"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"google.golang.org/grpc/codes"
)

const (
	// connectLimit is how long a builder may take to answer, where ConnectOptions say nothing.
	connectLimit = 10 * time.Second
	// pingLimit is how long a builder that lost a build may take to show that it is alive.
	pingLimit = 10 * time.Second
	// maxReason bounds what is told of a failed connection, in bytes: commands that dial say a lot.
	maxReason = 400
	startHint = "start one with `docker run -d --privileged --name buildkitd moby/buildkit` and set " +
		"BUILDKIT_HOST=docker-container://buildkitd, or name one with --builder"
)

// Builder is a BuildKit that answered.
type Builder struct {
	Address   string              // as it was given
	Client    *client.Client      // closed by Close
	Version   string              // of BuildKit, such as "v0.34.2"; "" where it does not tell
	Platforms []ocispecs.Platform // that its first worker builds for, its own first

	closers []func() error
	ping    func(context.Context) error // nil: Info of Client
}

// ConnectOptions say which builders to use and how to reach them.
type ConnectOptions struct {
	Addresses []string      // see Addresses
	TLS       TLS           // for the tcp:// ones
	Timeout   time.Duration // for all that is asked of one builder before it counts as reached; 0: 10 s
}

// Connect reaches every address at the same time and asks each builder for its
// version, its workers and whether it runs the containers that a verification
// needs. Those that answered are returned in the order of their addresses, one
// for each different address. unreached has an error for each of the others.
//
// err is set, and reached is empty, where no builder answered, with every
// address and reason in it, and where an address or a TLS file cannot be used:
// a misspelled address shall not go by as a warning.
func Connect(ctx context.Context, o ConnectOptions) (reached []*Builder, unreached []error, err error) {
	addresses := distinct(o.Addresses)
	if len(addresses) == 0 {
		return nil, nil, errors.New("no builder is named; " + startHint)
	}
	dials := make([]dial, len(addresses))
	for i, a := range addresses {
		if dials[i], err = dialFor(a, o.TLS); err != nil {
			return nil, nil, err
		}
	}
	if o.Timeout <= 0 {
		o.Timeout = connectLimit
	}
	builders, errs := make([]*Builder, len(dials)), make([]error, len(dials))
	var all sync.WaitGroup
	for i := range dials {
		all.Go(func() { builders[i], errs[i] = reach(ctx, addresses[i], dials[i], o.Timeout) })
	}
	all.Wait()
	for i, b := range builders {
		if errs[i] != nil {
			unreached = append(unreached, errs[i])
			continue
		}
		reached = append(reached, b)
	}
	if len(reached) > 0 {
		return reached, unreached, nil
	}
	if ctx.Err() != nil {
		return nil, unreached, context.Cause(ctx)
	}
	return nil, unreached, &noBuilderError{unreached}
}

// CloseAll closes every builder.
func CloseAll(builders []*Builder) error {
	var errs []error
	for _, b := range builders {
		errs = append(errs, b.Close())
	}
	return errors.Join(errs...)
}

// Close ends the connections to the builder.
func (b *Builder) Close() error {
	var errs []error
	if b.Client != nil {
		errs = append(errs, b.Client.Close())
	}
	for _, c := range b.closers {
		errs = append(errs, c())
	}
	b.closers = nil
	return errors.Join(errs...)
}

// alive reports whether the builder still answers.
func (b *Builder) alive(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	if b.ping != nil {
		return b.ping(ctx) == nil
	}
	if b.Client == nil {
		return false
	}
	return answered(b.Client.Info(ctx)) == nil
}

// answered drops the error of a BuildKit before 0.11, which has no Info: to say
// so is an answer too.
func answered(_ *client.Info, err error) error {
	if grpcerrors.Code(err) == codes.Unimplemented {
		return nil
	}
	return err
}

// dial opens a client; nothing is sent by it that could fail late, except for what ctx bounds.
type dial func(ctx context.Context) (*Builder, error)

// reach opens one builder and asks it what Connect promises.
func reach(ctx context.Context, address string, open dial, limit time.Duration) (*Builder, error) {
	asked, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	b, err := open(asked)
	if err == nil {
		b.Address = address
		if err = b.ask(asked); err == nil {
			return b, nil
		}
		err = errors.Join(err, b.Close())
	}
	var unfit *unfitError
	switch {
	case errors.As(err, &unfit):
		return nil, fmt.Errorf("the builder at %s cannot be used: %w", address, unfit)
	case ctx.Err() == nil && asked.Err() != nil:
		return nil, fmt.Errorf("no BuildKit answers at %s: no answer within %s", address, limit)
	}
	return nil, fmt.Errorf("no BuildKit answers at %s: %w", address, &dialError{err})
}

// ask fills in what the builder tells of itself.
func (b *Builder) ask(ctx context.Context) error {
	info, err := b.Client.Info(ctx)
	if err := answered(info, err); err != nil {
		return err
	}
	if info != nil {
		b.Version = info.BuildkitVersion.Version
	}
	workers, err := b.Client.ListWorkers(ctx)
	if err != nil {
		return err
	}
	if len(workers) == 0 {
		return &unfitError{"it has no worker"}
	}
	b.Platforms = workers[0].Platforms
	return b.askContainers(ctx)
}

// askContainers runs a build of nothing: only inside of one a builder tells
// whether a client may start containers, and it shows that a session comes
// about, which takes a connection of its own with the Docker engine.
func (b *Builder) askContainers(ctx context.Context) error {
	var missing error
	_, err := b.Client.Build(ctx, client.SolveOpt{Internal: true}, "bulwark", func(_ context.Context, gw gateway.Client) (*gateway.Result, error) {
		caps := gw.BuildOpts().Caps
		missing = caps.Supports(gatewaypb.CapGatewayExec)
		return gateway.NewResult(), nil
	}, nil)
	switch {
	case missing != nil:
		return &unfitError{fmt.Sprintf("its BuildKit %sis too old to run containers for a client", spaced(b.Version))}
	case err != nil && !IsLost(err) && ctx.Err() == nil:
		return &unfitError{"it refuses to build: " + err.Error()}
	}
	return err
}

func spaced(s string) string {
	if s == "" {
		return ""
	}
	return s + " "
}

// unfitError is what keeps a builder that answers from being used.
type unfitError struct{ why string }

func (e *unfitError) Error() string { return e.why }

// noBuilderError says that no builder answered.
type noBuilderError struct{ unreached []error }

func (e *noBuilderError) Error() string {
	var b strings.Builder
	for i, err := range e.unreached {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(err.Error())
	}
	return b.String() + "; " + startHint
}

func (e *noBuilderError) Unwrap() []error { return e.unreached }

// dialError tells why a connection did not come about, without what gRPC and
// Docker's clients put around it.
type dialError struct{ err error }

func (e *dialError) Error() string {
	text := e.err.Error()
	if _, quoted, ok := strings.Cut(text, "connection error: desc = "); ok {
		text = quoted
		if plain, err := strconv.Unquote(quoted); err == nil {
			text = plain
		}
	}
	for _, before := range []string{"Error while dialing: ", "error reading server preface: ", "if the daemon is running: "} {
		if _, after, ok := strings.Cut(text, before); ok {
			text = after
		}
	}
	text = strings.TrimPrefix(text, "failed to call info: ")
	text = strings.TrimPrefix(text, "Unavailable: ")
	// Of a command that dials, its own words; the advice is Docker's, about itself.
	text = strings.Replace(text, ", make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=", ": ", 1)
	if text = oneLine(text); len(text) > maxReason {
		text = strings.ToValidUTF8(text[:maxReason], "") + "…"
	}
	return text
}

func (e *dialError) Unwrap() error { return e.err }
