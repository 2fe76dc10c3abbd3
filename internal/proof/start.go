package proof

import (
	"fmt"
	"slices"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

const aspectStart = "start"

// inconclusive is why the original is nothing to compare with; "" where it is.
func inconclusive(s *Side, expect Expect) string {
	switch {
	case s == nil:
		return "there is no original"
	case s.Failed != "":
		return "the original does not build: " + buildError(s)
	case s.Seen == nil:
		return "" // not run: the images can still be compared
	case s.Seen.Failed != "":
		return "the original does not start: " + decisive(s.Seen.Failed)
	case s.Seen.Runaway != "":
		return "the original had to be ended: " + decisive(s.Seen.Runaway)
	}
	exit := s.Seen.Exit
	switch {
	case exit == nil && expect.Exit != nil:
		return fmt.Sprintf("the original stays up, where it was to end with %d", *expect.Exit)
	case exit != nil && expect.Exit != nil && *exit != *expect.Exit:
		return because(fmt.Sprintf("the original %s, where %d was expected", ending(s.Seen), *expect.Exit), s.Seen)
	case exit != nil && expect.Exit == nil && *exit != 0:
		return because("the original "+ending(s.Seen), s.Seen)
	}
	return ""
}

// unmatched is why the rewrite cannot be held against a sound original.
func unmatched(before, after *Side) string {
	switch {
	case after == nil:
		return "there is no rewrite to compare with"
	case after.Failed != "" && after.Outside:
		return "the rewrite could not be built: " + buildError(after)
	case after.Failed != "":
		return ""
	case before.Seen != nil && after.Seen == nil:
		return "the rewrite was not run: " + orUnknown(decisive(after.NotRun))
	case before.Seen == nil && after.Seen != nil:
		return "the original was not run: " + orUnknown(decisive(before.NotRun))
	}
	return ""
}

func orUnknown(why string) string {
	if why == "" {
		return "no reason is known"
	}
	return why
}

// started compares how both start and end, and is false where the rewrite fails at
// that: all else that it then does not do is a consequence.
func (c *comparison) started() bool {
	b, a := c.before.Seen, c.after.Seen
	before, after := ending(b), ending(a)
	switch {
	case a.Failed != "":
		c.differs(Breaks, aspectStart, before, after, decisive(a.Failed))
		return false
	case a.Runaway != "":
		c.differs(Breaks, aspectStart, before, after, decisive(a.Runaway))
		return false
	case before != after:
		c.differs(Breaks, aspectStart, before, after, decisive(said(a)))
		return false
	case b.Exit != nil && *b.Exit == 0 && len(c.before.Config.ExposedPorts) > 0:
		c.assure("ends with 0 by itself, though it exposes " + list(sortedKeys(c.before.Config.ExposedPorts), 8) + ": what it serves was not seen")
	default:
		c.assure(before)
	}
	return true
}

// failing compares how two programs fail, the first of which does so for a reason of
// its own, as a service that is not there.
func (c *comparison) failing(b, a *wire.Seen) {
	before, after := failure(b), failure(a)
	switch {
	case sense(before) == sense(after):
		c.assure("fails in the same way: " + after)
	case a.Exit == nil && a.Failed == "" && a.Runaway == "":
		c.differs(Neutral, aspectStart, before, after, "the original does not start here, and the rewrite does")
	default:
		c.differs(Worsens, aspectStart, before, after, "both fail, but not in the same way")
	}
}

// failure is how a run failed, with the words that tell why.
func failure(s *wire.Seen) string {
	if s.Failed != "" {
		return ending(s) + ": " + decisive(s.Failed)
	}
	return because(ending(s), s)
}

// ending is how a run went.
func ending(s *wire.Seen) string {
	switch {
	case s.Failed != "":
		return "does not start"
	case s.Runaway != "":
		return "had to be ended"
	case s.Exit == nil:
		return "stays up"
	case *s.Exit > 128 && *s.Exit <= 128+64:
		return fmt.Sprintf("ends with %d (signal %d)", *s.Exit, *s.Exit-128)
	}
	return fmt.Sprintf("ends with %d", *s.Exit)
}

// said is where a program tells why it ended.
func said(s *wire.Seen) string {
	if decisive(s.Stderr) != "" {
		return s.Stderr
	}
	return s.Stdout
}

func because(text string, s *wire.Seen) string {
	if line := decisive(said(s)); line != "" {
		return text + ": " + line
	}
	return text
}

// stopping compares what SIGTERM does to programs that stay up.
func (c *comparison) stopping() {
	b, a := c.before.Seen, c.after.Seen
	if b.Exit != nil || a.Exit != nil {
		return
	}
	switch {
	case b.Stopped && a.Stopped:
		c.assure("SIGTERM ends it")
	case b.Stopped:
		c.differs(Breaks, aspectStop, "ends it", "is ignored", "an orchestrator would have to kill it")
	case a.Stopped:
		c.differs(Improves, aspectStop, "is ignored", "ends it", "")
	}
}

const aspectStop = "SIGTERM"

// output compares what programs that end have printed.
func (c *comparison) output() {
	b, a := c.before.Seen, c.after.Seen
	switch {
	case b.Exit == nil || a.Exit == nil:
	case b.Stdout == a.Stdout:
		if b.Stdout != "" {
			c.assure("prints the same")
		}
	case slices.Equal(textShape(b.Stdout), textShape(a.Stdout)):
		c.assure("prints the same but for numbers and dates")
	default:
		before, after := firstDifference(b.Stdout, a.Stdout)
		c.differs(Neutral, "output", before, after, "the first line that differs")
	}
}

// smoke compares what the smoke command did beside the program.
func (c *comparison) smoke() {
	b, a := c.before.Seen.Smoke, c.after.Seen.Smoke
	if b == nil || a == nil {
		return
	}
	before, after := smokeEnding(b), smokeEnding(a)
	switch {
	case before == after:
		c.assure("smoke command " + before)
		c.smokeOutput(b, a)
	case b.Failed != "" || b.Exit != 0 && a.Failed == "" && a.Exit == 0:
		c.differs(Neutral, "smoke command", before, after, "it did not pass on the original")
	default:
		why := decisive(a.Failed)
		if why == "" {
			why = decisive(a.Stderr + "\n" + a.Stdout)
		}
		c.differs(Breaks, "smoke command", before, after, why)
	}
}

func smokeEnding(s *wire.Smoke) string {
	if s.Failed != "" {
		return "cannot be started"
	}
	return fmt.Sprintf("ends with %d", s.Exit)
}

func (c *comparison) smokeOutput(b, a *wire.Smoke) {
	before, after := b.Stdout, a.Stdout
	if before == after {
		before, after = b.Stderr, a.Stderr
	}
	if before != after {
		before, after = firstDifference(before, after)
		c.differs(Neutral, "smoke command's output", before, after, "the first line that differs")
	}
}
