package proof

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// ephemeral is the first port that Linux gives to sockets that ask for any
// (net.ipv4.ip_local_port_range); its number is another in every run.
const ephemeral = 32768

// socket names a port that waits for others.
type socket struct {
	number int
	udp    bool
}

func (s socket) String() string {
	if s.udp {
		return fmt.Sprintf("port %d/udp", s.number)
	}
	return fmt.Sprintf("port %d", s.number)
}

// reach is whether others than the container itself get through.
func reach(loopback bool) string {
	if loopback {
		return "listens on loopback only"
	}
	return "listens"
}

// sockets gives for each socket whether it is on loopback only. A port may be bound
// several times, for IPv4 and IPv6; one that others reach is enough.
func sockets(ports []wire.Port) map[socket]bool {
	out := map[socket]bool{}
	for _, p := range ports {
		s := socket{p.Number, p.UDP}
		loopback, known := out[s]
		out[s] = p.Loopback && (loopback || !known)
	}
	return out
}

func sortedSockets(m map[socket]bool) []socket {
	return slices.SortedFunc(maps.Keys(m), func(a, b socket) int {
		if c := cmp.Compare(a.number, b.number); c != 0 || a.udp == b.udp {
			return c
		}
		if b.udp {
			return -1
		}
		return 1
	})
}

// ports compares what listens.
func (c *comparison) ports() {
	before, after := sockets(c.before.Seen.Ports), sockets(c.after.Seen.Ports)
	c.pairEphemeral(before, after)
	for _, s := range sortedSockets(before) {
		loopback, listens := after[s]
		switch {
		case !listens:
			c.lostPort(s, before[s])
		case loopback && !before[s]:
			c.differs(Breaks, s.String(), reach(false), reach(true), "nobody outside the container reaches it")
		case !loopback && before[s]:
			c.differs(Worsens, s.String(), reach(true), reach(false), "it can be reached from outside the container now")
		default:
			c.assure(s.String() + " " + reach(loopback))
		}
	}
	for _, s := range sortedSockets(after) {
		if _, known := before[s]; !known {
			c.differs(Neutral, s.String(), "closed", reach(after[s]), "")
		}
	}
}

func (c *comparison) lostPort(s socket, loopback bool) {
	if s.udp && c.passing(s) {
		c.differs(Neutral, s.String(), reach(loopback), "closed", "a UDP socket of a passing number may belong to a query")
		return
	}
	c.differs(Breaks, s.String(), reach(loopback), "closed", "")
}

// passing is true for a number that a program did not choose.
func (c *comparison) passing(s socket) bool {
	protocol := "tcp"
	if s.udp {
		protocol = "udp"
	}
	_, exposed := c.before.Config.ExposedPorts[fmt.Sprintf("%d/%s", s.number, protocol)]
	return s.number >= ephemeral && !exposed
}

// pairEphemeral takes as many ports of passing numbers out of both sides as have a
// counterpart of the same kind on the other.
func (c *comparison) pairEphemeral(before, after map[socket]bool) {
	for _, b := range sortedSockets(before) {
		if _, same := after[b]; same || !c.passing(b) {
			continue
		}
		for _, a := range sortedSockets(after) {
			if _, known := before[a]; !known && a.udp == b.udp && c.passing(a) && after[a] == before[b] {
				delete(before, b)
				delete(after, a)
				c.assure(fmt.Sprintf("%s and %s: a passing number", b, a))
				break
			}
		}
	}
}

// listens is whether the rewrite still has the TCP port that an answer came from.
func listens(s *wire.Seen, port int) bool {
	return slices.ContainsFunc(s.Ports, func(p wire.Port) bool { return !p.UDP && p.Number == port })
}
