package transform

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// numberIt writes a number into the command that makes an account and leaves its
// number to the distribution, which gives the next free one: another in the next
// release of the base, or behind another package. why says what hinders.
func (u *userPlan) numberIt(a account, acc *runAs) (why string) {
	option := numberOption(a.in.name, u.dist)
	switch {
	case option == "" || a.in.where != "" || a.in.in.JSON || !a.in.words[0].Exact || a.in.Flow&(shell.Conditional|shell.Loop|shell.Function) != 0:
		return fmt.Sprintf("%s leaves its number to the distribution", a.in.quoted())
	case u.namesNumbers():
		return fmt.Sprintf("%s leaves its number to the distribution, and the file or a compose file names an owner by number", a.in.quoted())
	}
	acc.uid = strconv.Itoa(u.p.Options.Policy.newID(templates.AppID, u.takenID))
	u.repairs = append(u.repairs, insertAt(a.in.words[0].Span.End, " "+option+" "+acc.uid))
	acc.from = fmt.Sprintf("%s leaves the number of %s to the distribution, and is told to take %s", a.in.quoted(), a.name, acc.uid)
	return ""
}

// numberOption is the option that takes the number; "" where the program is not known.
func numberOption(program, dist string) string {
	switch {
	case program == "useradd":
		return "--uid"
	case program != "adduser":
		return ""
	case dist == "debian" || dist == "ubuntu":
		return "--uid"
	case dist == "alpine" || dist == "busybox" || dist == "rhel" || dist == "fedora":
		return "-u"
	}
	return ""
}

// namesNumbers reports whether an owner or a user is given by number, which then may
// be the account's.
func (u *userPlan) namesNumbers() bool {
	if _, ok := u.numericOwner(); ok {
		return true
	}
	return slices.ContainsFunc(u.p.servicesOf(), func(s service) bool { return s.User.Value != "" })
}

// countsOnNumber says what is likely to belong to the number that an account has had
// so far; "" for nothing that is known.
func (u *userPlan) countsOnNumber() string {
	if u.developmentContainer() {
		return "a development container's tools give it another"
	}
	if len(u.state.Volumes) > 0 {
		return "what lies in the volume " + u.state.Volumes[0].Value + " belongs to that"
	}
	name, _, _ := strings.Cut(u.state.User, ":")
	for _, w := range u.walks {
		state := slices.Clone(w.made)
		for _, o := range w.owners {
			state = append(state, made{path: o.path, dir: true})
		}
		for _, m := range state {
			if who, _, _ := strings.Cut(w.ownerOf(m.path), ":"); m.dir && who == name && stateDir(m.path) {
				return "what is mounted at " + m.path + ", which is given to it, may belong to that"
			}
		}
	}
	if w := u.stateWritten(); w != nil {
		return "what the program writes to " + w.path + " (" + w.why + "), where volumes are mounted, may belong to that"
	}
	for _, s := range u.p.servicesOf() {
		for _, v := range s.Volumes {
			if !strings.HasSuffix(v.Value, ":ro") {
				return "what " + v.Where() + " mounts may belong to that"
			}
		}
	}
	return ""
}

// stateWritten is a folder by whose name a program keeps something that the program
// writes to; nil for none that is seen. What hinders in looking is of no account here.
func (u *userPlan) stateWritten() *written {
	look := *u
	look.assumes, look.seen = nil, map[string]bool{}
	_ = look.starts()
	_ = look.declaredPaths()
	_ = look.sources()
	i := slices.IndexFunc(look.writes, func(w written) bool {
		_, temp := within("/tmp", w.path)
		return !temp && (!w.file && stateDir(w.path) || w.file && (stateDir(path.Dir(w.path)) || namesStateFile("\""+w.path+"\"")))
	})
	if i < 0 {
		return nil
	}
	return &look.writes[i]
}
