package verify

import (
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// Options say how to build, how to run and what to look at. Durations and limits
// that are zero are those of the Default constants.
type Options struct {
	Build BuildOptions
	Run   RunOptions
	Scan  *Scanner // nil: vulnerabilities are not looked for

	PerBuilder int // pairs at a time on each builder; 0 is 1
}

// BuildOptions pass through to BuildKit, the same for both builds.
type BuildOptions struct {
	Args         map[string]string // --build-arg
	Target       string            // stage to build; "" the last
	Platform     string            // "linux/arm64"; "" the builder's own
	NoCache      bool
	Session      SessionOptions
	Timeout      time.Duration // of one build
	ContextLimit int64         // bytes of the build context that may be sent
}

// RunOptions say how the images are run and what they are asked.
type RunOptions struct {
	Skip     bool           // build and compare alone
	Requests []wire.Request // none: GET /, and what the image's HEALTHCHECK asks for
	Smoke    []string       // command to run beside the program, as its user; none where empty
	Env      []string       // NAME=value, over the image's own
	Hosts    []Host         // names that are found beside the container's own
	Exit     *int           // the status that the program ends with when all is well
	Grace    time.Duration  // how long a program without ports has to live to count as started
	Start    time.Duration  // how long ports, or the end, are waited for
}

// Host gives a name an address, as a line of /etc/hosts does.
type Host struct {
	Name string
	IP   string // "127.0.0.1"; the programs have no network but their loopback
}

// What holds where the options say nothing.
const (
	DefaultTimeout      = 30 * time.Minute
	DefaultContextLimit = 2 << 30
	DefaultGrace        = 5 * time.Second
	DefaultStart        = 2 * time.Minute
)

func (o Options) withDefaults() Options {
	orDuration(&o.Build.Timeout, DefaultTimeout)
	orDuration(&o.Run.Grace, DefaultGrace)
	orDuration(&o.Run.Start, DefaultStart)
	if o.Build.ContextLimit == 0 {
		o.Build.ContextLimit = DefaultContextLimit
	}
	o.PerBuilder = max(o.PerBuilder, 1)
	return o
}

func orDuration(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}
