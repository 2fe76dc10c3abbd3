package proof

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	image "github.com/moby/docker-image-spec/specs-go/v1"
)

// config compares the image's configuration field by field; USER is compared with
// what runs.
func (c *comparison) config() {
	b, a := &c.before.Config, &c.after.Config
	c.environment()
	c.set("EXPOSE", exposed(b), exposed(a), exposedBy(c.expect.OwnPorts))
	c.set("VOLUME", volumes(b), volumes(a), cleaned(c.expect.OwnVolumes))
	c.labels()
	c.healthcheck()
	c.stopSignal()
	c.start("ENTRYPOINT", b.Entrypoint, a.Entrypoint)
	c.start("CMD", b.Cmd, a.Cmd)
	c.field("WORKDIR", workdir(b), workdir(a))
	c.field("SHELL", words(b.Shell), words(a.Shell))
	c.onBuild(b.OnBuild, a.OnBuild)
}

// set compares values that others rely on one by one. own are the author's.
func (c *comparison) set(aspect string, b, a, own []string) {
	gone, came := exchanged(b, a)
	var inherited []string
	for _, value := range gone {
		if slices.Contains(own, value) {
			c.differs(Breaks, aspect+" "+value, "declared", "lost", "the author declared it")
		} else {
			inherited = append(inherited, value)
		}
	}
	if len(inherited) > 0 {
		c.differs(Neutral, aspect+" of the base image", list(inherited, maxNames), "", "")
	}
	if len(came) > 0 {
		c.differs(Neutral, aspect, "", list(came, maxNames), "it was not declared before")
	}
	if kept := without(b, gone); len(kept) > 0 {
		c.assure(aspect + " " + list(kept, maxNames))
	}
}

func exposed(cfg *image.DockerOCIImageConfig) []string {
	return exposedBy(slices.Collect(maps.Keys(cfg.ExposedPorts)))
}

// exposedBy brings ports into one spelling, "8080/tcp", sorted.
func exposedBy(ports []string) []string {
	var out []string
	for _, p := range ports {
		p = strings.ToLower(p)
		if !strings.Contains(p, "/") {
			p += "/tcp"
		}
		out = append(out, p)
	}
	return sortedOnce(out)
}

func volumes(cfg *image.DockerOCIImageConfig) []string {
	return cleaned(slices.Collect(maps.Keys(cfg.Volumes)))
}

func cleaned(paths []string) []string {
	var out []string
	for _, p := range paths {
		out = append(out, path.Clean(p))
	}
	return sortedOnce(out)
}

func sortedOnce(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

func (c *comparison) labels() {
	b, a := c.before.Config.Labels, c.after.Config.Labels
	var inherited, came, kept []string
	for _, name := range sortedKeys(b) {
		value, has := a[name]
		switch {
		case has && value == b[name]:
			kept = append(kept, name)
		case !slices.Contains(c.expect.OwnLabels, name):
			inherited = append(inherited, name)
		case has:
			c.differs(Breaks, "LABEL "+name, b[name], value, "the author set it")
		default:
			c.differs(Breaks, "LABEL "+name, orNone(b[name]), "lost", "the author set it")
		}
	}
	for _, name := range sortedKeys(a) {
		if _, had := b[name]; !had {
			came = append(came, name)
		}
	}
	if len(inherited) > 0 {
		c.differs(Neutral, "LABEL of the base image", list(inherited, maxNames), "", "lost, or with another value")
	}
	if len(came) > 0 {
		c.differs(Neutral, "LABEL", "", list(came, maxNames), "it was not set before")
	}
	if len(kept) > 0 {
		c.assure("LABEL " + list(kept, maxNames))
	}
}

// relied is the effect of a change of an instruction that has one value: others
// rely on the author's, and the base image's may change with it.
func (c *comparison) relied(instruction string) Effect {
	if slices.Contains(c.expect.Inherited, instruction) {
		return Neutral
	}
	return Breaks
}

func (c *comparison) healthcheck() {
	b, a := health(c.before.Config.Healthcheck), health(c.after.Config.Healthcheck)
	switch {
	case b == a:
		if b != "" {
			c.assure("HEALTHCHECK")
		}
	case b == "":
		c.differs(Neutral, "HEALTHCHECK", none, a, "")
	default:
		c.differs(c.relied("HEALTHCHECK"), "HEALTHCHECK", b, orNone(a), "")
	}
}

// health shows a health check; "" where there is none.
func health(h *image.HealthcheckConfig) string {
	if h == nil || len(h.Test) == 0 || h.Test[0] == "NONE" {
		return ""
	}
	text := words(h.Test)
	for _, part := range []struct {
		name string
		time time.Duration
	}{{"interval", h.Interval}, {"timeout", h.Timeout}, {"start period", h.StartPeriod}, {"start interval", h.StartInterval}} {
		if part.time != 0 {
			text += fmt.Sprintf(", %s %s", part.name, part.time)
		}
	}
	if h.Retries != 0 {
		text += fmt.Sprintf(", retries %d", h.Retries)
	}
	return text
}

func (c *comparison) stopSignal() {
	b, a := signal(c.before.Config.StopSignal), signal(c.after.Config.StopSignal)
	switch {
	case b != a:
		c.differs(c.relied("STOPSIGNAL"), "STOPSIGNAL", b, a, "")
	case c.before.Config.StopSignal != "":
		c.assure("STOPSIGNAL " + b)
	}
}

// signals are the numbers that images are seen to use; the same on all platforms.
var signals = map[string]string{"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "15": "TERM", "28": "WINCH"}

// signal brings a stop signal into one spelling. Without one it is SIGTERM.
func signal(text string) string {
	name := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "SIG")
	if name == "" {
		name = "TERM"
	}
	if known, ok := signals[name]; ok {
		name = known
	}
	return "SIG" + name
}

// start compares what is started. What it does has been seen where it was run.
func (c *comparison) start(aspect string, b, a []string) {
	switch {
	case slices.Equal(b, a):
		if len(b) > 0 {
			c.assure(aspect + " " + words(b))
		}
	case c.ran():
		c.differs(Neutral, aspect, words(b), words(a), "")
	default:
		c.differs(Neutral, aspect, words(b), words(a), "not run: whether it starts the same is not known")
	}
}

func (c *comparison) field(aspect, b, a string) {
	if b != a {
		c.differs(Neutral, aspect, orNone(b), orNone(a), "")
	}
}

func workdir(cfg *image.DockerOCIImageConfig) string { return path.Join("/", cfg.WorkingDir) }

// words shows a command in the form of JSON, as Dockerfiles have it.
func words(list []string) string {
	if len(list) == 0 {
		return none
	}
	var out []string
	for _, w := range list {
		out = append(out, `"`+strings.ReplaceAll(w, `"`, `\"`)+`"`)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// onBuild compares the triggers. An image does not inherit them, so that they are
// the author's, and images built from this one rely on them. Source: the Dockerfile
// reference, ONBUILD.
func (c *comparison) onBuild(b, a []string) {
	switch {
	case slices.Equal(b, a):
		if len(b) > 0 {
			c.assure("ONBUILD " + list(b, maxNames))
		}
	case len(b) == 0:
		c.differs(Neutral, "ONBUILD", none, strings.Join(a, "; "), "")
	default:
		c.differs(Breaks, "ONBUILD", strings.Join(b, "; "), orNone(strings.Join(a, "; ")), "images built from it rely on it")
	}
}
