package transform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ports notes a port below 1024, which some runtimes leave to root.
func (u *userPlan) ports() *Skip {
	port, where := u.lowPort()
	if port == "" {
		return nil
	}
	u.assume(fmt.Sprintf("Containers run where port %s (%s) is open to every user: Docker since 20.10, Podman and containerd 2 do so; CRI-O (OpenShift) and older Kubernetes nodes do not.", port, where))
	return nil
}

// lowPort finds a port below 1024 that the program listens on, and where that is said.
func (u *userPlan) lowPort() (port, where string) {
	for _, e := range u.state.Exposed {
		n, _, _ := strings.Cut(e.Value, "/")
		n, _, _ = strings.Cut(n, "-")
		if lowNumber(n) {
			return n, "EXPOSE"
		}
	}
	if st, ok := startOf(u.state); ok {
		if p := portIn(st.argv); p != "" {
			return p, "the start command"
		}
	}
	for _, v := range u.state.Env {
		if v.Instr == nil || !v.Known {
			continue
		}
		name := strings.ToUpper(v.Name)
		if (strings.HasSuffix(name, "PORT") || strings.HasSuffix(name, "_PORTS")) && lowNumber(v.Value) && !strings.Contains(name, "SMTP") && !strings.Contains(name, "MAIL") && !strings.Contains(name, "REMOTE") {
			return v.Value, "ENV " + v.Name
		}
		if strings.HasSuffix(name, "URLS") {
			if p := portIn([]string{v.Value}); p != "" {
				return p, "ENV " + v.Name
			}
		}
	}
	return u.basePort()
}

// basePort is the low port that the base image's server listens on by default.
func (u *userPlan) basePort() (port, where string) {
	for _, p := range u.listens {
		if lowNumber(p) {
			return p, "its configuration"
		}
	}
	if len(u.listens) > 0 {
		return "", ""
	}
	moved := slices.ContainsFunc(u.cmds, func(c *command) bool { return mentions(literals(c), "ports.conf") })
	if r := u.recipe(); r != nil && r.port != "" && !moved {
		return r.port, u.baseName()
	}
	if urls, ok := u.img.Getenv("ASPNETCORE_URLS"); ok && u.known {
		if p := portIn([]string{urls.Value}); p != "" {
			return p, u.baseName()
		}
	}
	return "", ""
}

// portIn finds a low port among arguments: ":80", "--port 80", "-p 80".
func portIn(argv []string) string {
	for i, a := range argv {
		flag, value, joined := strings.Cut(a, "=")
		if !joined && i+1 < len(argv) {
			value = argv[i+1]
		}
		if slices.Contains([]string{"--port", "-p", "-port", "--http-port", "-Dserver.port", "--server.port", "-P"}, flag) && lowNumber(value) {
			return value
		}
		for part := range strings.SplitSeq(a, ";") {
			at := strings.LastIndexByte(part, ':')
			host := part[:max(at, 0)]
			if at >= 0 && lowNumber(strings.TrimRight(part[at+1:], "/")) && (host == "" || strings.HasPrefix(host, "http") || strings.Trim(host, "0123456789.[]:*+") == "" || strings.HasSuffix(host, "0.0.0.0") || strings.HasSuffix(host, "=")) {
				return strings.TrimRight(part[at+1:], "/")
			}
		}
	}
	return ""
}

func lowNumber(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > 0 && n < 1024
}
