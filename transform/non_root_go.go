package transform

import (
	"fmt"
	"path"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// goSources takes what the Go program that is started writes and asks of the system.
func (u *userPlan) goSources() *Skip {
	mains := u.p.Build.GoMains(".")
	progs := u.goPrograms(mains)
	if len(progs) == 0 {
		u.assume("The program writes to nothing but /tmp" + u.orGranted() + ": its sources are not in the build context.")
		return nil
	}
	var computed []string
	for _, g := range progs {
		for _, use := range g.Users {
			if skip := u.goUser(use); skip != nil {
				return skip
			}
		}
		for _, use := range g.Ports {
			if p := evidence.ListenPort(use.Value); lowNumber(p) {
				u.assume(fmt.Sprintf("Containers run where port %s (%s:%d) is open to every user: Docker since 20.10, Podman and containerd 2 do so; CRI-O (OpenShift) and older Kubernetes nodes do not.", p, use.File, use.Line))
			}
		}
		for _, use := range g.Writes {
			where := use.Where()
			if !fixed(use) {
				computed = append(computed, where)
			}
			if use.Value == "" || !use.Known && !use.Default {
				continue
			}
			u.write(absIn(u.workdir(), use.Value), !strings.Contains(use.Call, "Mkdir"), where)
		}
	}
	for _, g := range progs {
		if !g.Complete {
			u.assume("The program writes to nothing but /tmp" + u.orGranted() + ": " + missingWhy(g) + ".")
		}
	}
	if len(computed) > 0 {
		u.assume("Where the path is computed (" + strings.Join(computed[:min(len(computed), maxComputed)], ", ") + andMore(len(computed)) + "), the program writes to /tmp" + u.orGranted() + ".")
	} else {
		u.why = append(u.why, "its Go sources show"+u.noOther())
	}
	return nil
}

// goPrograms reads the main packages that may be the one that is started: the one of its name, else all.
func (u *userPlan) goPrograms(mains []string) []*evidence.GoProgram {
	const most = 8
	st, _ := startOf(u.state)
	argv := skipInit(st.argv, u.baseEntry())
	var out, named []*evidence.GoProgram
	for _, dir := range mains[:min(len(mains), most)] {
		g, err := u.p.Build.GoProgram(dir)
		if err != nil {
			continue
		}
		out = append(out, g)
		if len(argv) > 0 && (path.Base(dir) == path.Base(argv[0]) || g.Name == path.Base(argv[0])) {
			named = append(named, g)
		}
	}
	if len(named) > 0 {
		return named
	}
	return out
}

// goUser judges a call that has to do with users.
func (u *userPlan) goUser(use evidence.GoUse) *Skip {
	o := spot{u.startSpan(), use.Where()}
	call := use.Call[strings.LastIndexByte(use.Call, '.')+1:]
	switch call {
	case "Current", "Lookup", "LookupId", "LookupGroup", "LookupGroupId":
		if u.dist == "scratch" {
			return o.says(Unsure, "%s looks accounts up, and scratch has none", use.Call)
		}
		return nil
	case "Getuid", "Geteuid", "Prctl":
		u.assume(fmt.Sprintf("%s (%s) does not insist on root.", use.Call, o.where))
		return nil
	}
	return o.says(Unsupported, "%s needs root", use.Call)
}
