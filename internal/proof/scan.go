package proof

import (
	"fmt"
	"strings"
)

const aspectVulns = "vulnerabilities"

// severities from the worst down, as Trivy names them.
var severities = []string{"CRITICAL", "HIGH", "MEDIUM", "LOW", "UNKNOWN"}

// scans compares the counts of known vulnerabilities. Counts of different kinds of
// systems say nothing about each other: where a scanner knows no package database,
// it finds nothing, and that is no merit.
func (c *comparison) scans() {
	b, a := c.before.Scan, c.after.Scan
	switch {
	case b == nil && a == nil:
	case b == nil || a == nil:
		c.differs(Neutral, aspectVulns, scanned(b), scanned(a), "not comparable: only one of the two was scanned")
	case b.Problem != "" || a.Problem != "":
		why := b.Problem
		if why == "" {
			why = a.Problem
		}
		c.differs(Neutral, aspectVulns, scanned(b), scanned(a), decisive(why))
	case systemKind(b) != systemKind(a) || systemKind(b) == kindUnknown:
		c.differs(Neutral, aspectVulns, scanned(b), scanned(a), fmt.Sprintf("not comparable: %s and %s are read in different ways", describe(b), describe(a)))
	default:
		c.counts(b, a)
	}
}

// counts tells each severity that differs; fewer of one do not make up for more of
// another, so that each stands for itself.
func (c *comparison) counts(b, a *Scan) {
	why := ""
	if b.Target != a.Target {
		why = describe(b) + " → " + describe(a)
	}
	same := true
	for _, severity := range severities {
		before, after := b.BySeverity[severity], a.BySeverity[severity]
		if before == after {
			continue
		}
		same = false
		c.add(Finding{
			Aspect: strings.ToLower(severity) + " " + aspectVulns, Before: fmt.Sprint(before), After: fmt.Sprint(after),
			Delta: delta(before, after), Effect: fewer(before, after), Why: why,
		})
	}
	if same {
		c.assure(aspectVulns + ": " + scanned(b))
	}
}

// kinds of systems by how a scanner reads them.
const (
	kindPackages = "packages" // an operating system with a package database
	kindNone     = "none"     // no system: languages' packages alone
	kindUnknown  = "unknown"
)

func systemKind(s *Scan) string {
	switch family, _, _ := strings.Cut(strings.ToLower(s.Target), " "); family {
	case "none":
		return kindNone
	case "", "unknown":
		return kindUnknown
	}
	return kindPackages
}

func describe(s *Scan) string {
	switch systemKind(s) {
	case kindNone:
		return "an image without a system"
	case kindUnknown:
		return "an unknown system"
	}
	return s.Target
}

// scanned shows all counts of a scan: "1 critical, 20 high".
func scanned(s *Scan) string {
	switch {
	case s == nil:
		return "not scanned"
	case s.Problem != "":
		return "not counted"
	}
	var parts []string
	for _, severity := range severities {
		if n := s.BySeverity[severity]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(severity)))
		}
	}
	if len(parts) == 0 {
		return "none found"
	}
	return strings.Join(parts, ", ")
}
