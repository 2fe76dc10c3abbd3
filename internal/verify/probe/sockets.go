//go:build linux

package main

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// States of sockets in /proc/net, from include/net/tcp_states.h of Linux.
const (
	stateListen = "0A" // TCP
	stateClose  = "07" // UDP without a peer
)

// maxTable bounds what is read of one table of sockets, in bytes: 200,000 sockets.
const maxTable = 32 << 20

// listening reads the sockets that wait for others, sorted by number, TCP first.
func listening() []wire.Port {
	clients := clientPorts()
	var ports []wire.Port
	for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
		udp := strings.HasPrefix(table, "udp")
		for _, p := range parseSockets(readBounded("/proc/net/"+table, maxTable), udp) {
			if !udp || p.Number < clients[0] || p.Number > clients[1] {
				ports = append(ports, p)
			}
		}
	}
	return merge(ports)
}

// merge makes one of the sockets of one port: it is on the loopback interface
// alone if all are.
func merge(ports []wire.Port) []wire.Port {
	order := func(a, b wire.Port) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(kind(a), kind(b)))
	}
	slices.SortStableFunc(ports, order)
	var out []wire.Port
	for _, p := range ports {
		if n := len(out); n > 0 && order(out[n-1], p) == 0 {
			out[n-1].Loopback = out[n-1].Loopback && p.Loopback
			continue
		}
		out = append(out, p)
	}
	return out
}

func kind(p wire.Port) int {
	if p.UDP {
		return 1
	}
	return 0
}

// clientPorts is the range out of which the kernel gives ports to clients.
func clientPorts() [2]int {
	f := strings.Fields(readBounded("/proc/sys/net/ipv4/ip_local_port_range", 64))
	if len(f) != 2 || atoi(f[0]) < 1 || atoi(f[1]) < 1 {
		return [2]int{32768, 60999}
	}
	return [2]int{atoi(f[0]), atoi(f[1])}
}

// parseSockets reads a table of /proc/net: after a heading a socket on each line,
// its fields as proc(5) has them (1 local address, 3 state, 7 uid).
func parseSockets(text string, udp bool) []wire.Port {
	want := stateListen
	if udp {
		want = stateClose
	}
	var ports []wire.Port
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 8 || f[3] != want {
			continue
		}
		address, number, _ := strings.Cut(f[1], ":")
		port, err := strconv.ParseUint(number, 16, 16)
		uid, err2 := strconv.ParseUint(f[7], 10, 32)
		ip, err3 := hex.DecodeString(address)
		if err != nil || err2 != nil || err3 != nil || port == 0 {
			continue
		}
		ports = append(ports, wire.Port{Number: int(port), UDP: udp, Loopback: isLoopback(ip), UID: int(uid)})
	}
	return ports
}

// isLoopback reads an address of 4 or 16 bytes. /proc/net has it as words of four
// bytes in the machine's order, which is little-endian on amd64 and arm64.
func isLoopback(ip []byte) bool {
	switch len(ip) {
	case 4:
		return ip[3] == 127
	case 16:
		switch fmt.Sprintf("%x", ip[:12]) {
		case "000000000000000000000000": // ::1
			return fmt.Sprintf("%x", ip[12:]) == "00000001" || fmt.Sprintf("%x", ip[12:]) == "01000000"
		case "0000000000000000ffff0000": // ::ffff:127.0.0.0/104
			return ip[15] == 127
		}
	}
	return false
}

// openLowPorts lets every user listen below 1024, as Docker does in each
// container, and says whether it is so now. Mostly /proc/sys is read-only here.
func openLowPorts() bool {
	const file = "/proc/sys/net/ipv4/ip_unprivileged_port_start"
	if alone() { // else it may be the machine's own network
		_ = os.WriteFile(file, []byte("0"), 0) // it is read next
	}
	return strings.TrimSpace(readBounded(file, 16)) == "0"
}

// raiseLoopback turns the loopback interface on, where it is not and this is allowed.
func raiseLoopback() {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer func() { _ = syscall.Close(fd) }()
	var req struct { // struct ifreq of netdevice(7)
		name  [16]byte
		flags uint16
		_     [22]byte
	}
	copy(req.name[:], "lo")
	ioctl := func(call uintptr) bool {
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), call, uintptr(unsafe.Pointer(&req)))
		return errno == 0
	}
	if ioctl(syscall.SIOCGIFFLAGS) && req.flags&syscall.IFF_UP == 0 {
		req.flags |= syscall.IFF_UP
		ioctl(syscall.SIOCSIFFLAGS)
	}
}
