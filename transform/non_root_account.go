package transform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// runAs is the account that the program is to run as.
type runAs struct {
	name     string // "" for a number without a passwd entry
	uid, gid string // gid "" where the passwd entry alone knows it
	group    string // the name of its group; "" unknown
	home     string // "" for none
	homeMade bool   // the home is there and the account's
	more     bool   // it is in further groups
	create   string // shell text that makes it; "" where it is there
	from     string // how its numbers are known
}

func (a runAs) String() string {
	if a.gid == "" || a.more { // a group would take the further ones away
		return a.uid
	}
	return a.uid + ":" + a.gid
}

func fromImage(acc templates.Account, ref string) runAs {
	says := fmt.Sprintf("%s has the account %s, %d:%d", ref, acc.Name, acc.UID, acc.GID)
	if acc.Name == "" {
		says = fmt.Sprintf("%s is said to run programs as %d:%d", ref, acc.UID, acc.GID)
	}
	return runAs{
		name: acc.Name, group: acc.Name, uid: strconv.Itoa(acc.UID), gid: strconv.Itoa(acc.GID),
		home: acc.Home, homeMade: acc.Home != "/nonexistent", from: says,
	}
}

// namedAccount finds the numbers of an account by its name; why says what hinders.
func (u *userPlan) namedAccount(name string) (acc runAs, why string) {
	if c := u.accountChanged(name); c != "" {
		return acc, "its account is changed by " + c
	}
	for _, w := range slices.Backward(u.walks) {
		for _, a := range slices.Backward(w.accounts) {
			if a.name == name {
				return u.created(a)
			}
		}
	}
	if img, ok := u.img.Account(name); ok && u.known {
		return u.grouped(fromImage(img, u.baseName())), ""
	}
	return acc, "the number of " + name + " is not known"
}

// accountChanged names a command that renumbers, renames or removes an account.
func (u *userPlan) accountChanged(name string) string {
	for _, c := range u.cmds {
		switch c.name {
		case "userdel", "deluser", "groupmod":
		case "usermod":
			if !renumbers(literals(c)) {
				continue
			}
		default:
			continue
		}
		last, _ := c.words[len(c.words)-1].Literal()
		if last == name {
			return c.quoted()
		}
	}
	return ""
}

// renumbers reports whether a usermod changes more than what an account may be used
// for: its further groups, its home, its shell, its comment or its password.
func renumbers(texts []string) bool {
	for i := 1; i < len(texts)-1; i++ {
		switch flag, _, joined := strings.Cut(texts[i], "="); flag {
		case "-aG", "-G", "-Ga", "--groups", "-d", "--home", "-s", "--shell", "-c", "--comment", "-p", "--password", "-e", "--expiredate":
			if !joined {
				i++
			}
		case "-a", "--append", "-L", "--lock", "-U", "--unlock", "-m", "--move-home":
		default:
			return true
		}
	}
	return false
}

// created reads the numbers of an account that a RUN makes.
func (u *userPlan) created(a account) (runAs, string) {
	flags, args := shell.Getopt(a.in.words[1:], "-u", "-g", "-G", "-s", "-d", "-h", "-c", "-k", "-b", "--uid", "--gid", "--ingroup", "--groups", "--home", "--home-dir", "--shell", "--gecos", "--comment")
	acc := runAs{name: a.name, from: fmt.Sprintf("%s makes the account %s", a.in.quoted(), a.name)}
	group, system := "", false
	for _, f := range flags {
		v, _ := a.in.expand(f.Value)
		switch f.Name {
		case "-u", "--uid":
			acc.uid = v
			if arg := argOf(a.in, f.Value); arg != "" {
				return acc, fmt.Sprintf("%s gives it the number of the build argument %s", a.in.quoted(), arg)
			}
		case "-g", "--gid", "--ingroup":
			if f.Name == "-g" && a.in.name == "adduser" && (u.dist == "alpine" || u.dist == "busybox") {
				continue // busybox' comment
			}
			group = v
		case "-G":
			acc.more = a.in.name == "useradd"
			if !acc.more {
				group = v
			}
		case "-d", "--home", "--home-dir", "-h":
			acc.home = v
		case "-m", "--create-home":
			acc.homeMade = true
		case "-S", "-r", "--system":
			system = true
		}
	}
	acc.homeMade = acc.homeMade || a.in.name == "adduser" && !hasFlag(flags, "-H", "--no-create-home")
	if acc.home == "" {
		acc.home = "/home/" + a.name
	}
	acc.more = acc.more || u.joinsGroups(a.name) || a.in.name == "adduser" && len(args) > 1
	if acc.uid == "" && !system {
		acc.uid = u.firstFree(a)
	}
	acc.group, acc.gid = u.groupOf(group)
	if group == "" && ownGroup(a.in.name, flags, system) {
		acc.group = a.name
	}
	switch {
	case acc.uid == "":
		return acc, u.numberIt(a, &acc)
	case !isNumber(acc.uid) || isRoot(acc.uid):
		return acc, fmt.Sprintf("%s gives it the number %q", a.in.quoted(), acc.uid)
	}
	return acc, ""
}

// ownGroup reports whether an account that is told no group gets one of its own name:
// useradd's USERGROUPS_ENAB, adduser's USERGROUPS, and busybox.
func ownGroup(program string, flags []shell.Flag, system bool) bool {
	return program == "useradd" && !hasFlag(flags, "-N", "--no-user-group") || program == "adduser" && (!system || hasFlag(flags, "--group"))
}

// argOf names a build argument that the word is made of; "" for none. What an ARG
// says is another at each build, so its default must not be written down.
func argOf(c *command, word shell.Word) string {
	for _, name := range word.Vars() {
		if slices.ContainsFunc(c.state.Args, func(v dockerfile.Var) bool { return v.Name == name }) {
			return name
		}
	}
	return ""
}

func hasFlag(flags []shell.Flag, names ...string) bool {
	return slices.ContainsFunc(flags, func(f shell.Flag) bool { return slices.Contains(names, f.Name) })
}

// grouped notes the further groups that a RUN puts an account of the base into.
func (u *userPlan) grouped(acc runAs) runAs {
	acc.more = u.joinsGroups(acc.name)
	return acc
}

// joinsGroups reports whether a RUN puts the account into further groups.
func (u *userPlan) joinsGroups(name string) bool {
	return slices.ContainsFunc(u.cmds, func(c *command) bool {
		switch c.name {
		case "usermod", "gpasswd", "addgroup", "adduser":
			texts := literals(c)
			return slices.Contains(texts[1:], name) && (c.name != "adduser" && c.name != "addgroup" || len(operandsOf(texts)) > 1)
		}
		return false
	})
}

func literals(c *command) []string {
	var out []string
	for _, w := range c.words {
		v, ok := c.expand(w)
		if !ok {
			v = w.Text
		}
		out = append(out, v)
	}
	return out
}

func operandsOf(texts []string) []string {
	var out []string
	for i := 1; i < len(texts); i++ {
		switch {
		case takesValue(texts[i]) || texts[i] == "-u" || texts[i] == "--uid":
			i++
		case !strings.HasPrefix(texts[i], "-"):
			out = append(out, texts[i])
		}
	}
	return out
}

// groupOf is the name and number of a group given by either.
func (u *userPlan) groupOf(group string) (name, gid string) {
	if group == "" || isNumber(group) {
		return "", group
	}
	for _, c := range u.cmds {
		if c.name != "groupadd" && c.name != "addgroup" {
			continue
		}
		texts := literals(c)
		if !slices.Contains(texts, group) {
			continue
		}
		for i, t := range texts {
			if v, ok := strings.CutPrefix(t, "--gid="); ok {
				return group, v
			}
			if (t == "-g" || t == "--gid") && i+1 < len(texts) && isNumber(texts[i+1]) {
				return group, texts[i+1]
			}
		}
	}
	for _, a := range u.img.Accounts {
		if a.Name == group {
			return group, strconv.Itoa(a.GID)
		}
	}
	if group == "nogroup" && slices.Contains([]string{"debian", "ubuntu"}, u.dist) {
		return group, "65534" // Debian's base-passwd
	}
	return group, ""
}

// firstFree is the number that useradd and adduser give the first ordinary account: 1000, where the base has none of its own.
func (u *userPlan) firstFree(a account) string {
	if !u.known || u.img.Distro == "rhel" && u.img.Suite == "centos6" {
		return ""
	}
	for _, acc := range u.img.Accounts {
		if acc.UID >= 1000 && acc.UID < 60000 {
			return ""
		}
	}
	for _, w := range u.walks {
		for _, other := range w.accounts {
			if other.in == a.in {
				return "1000"
			}
			n, err := strconv.Atoi(other.uid)
			if err != nil || n >= 1000 {
				return ""
			}
		}
	}
	return ""
}

// chooseAccount takes the base's own account, one that the file makes and never uses, or a new one.
func (u *userPlan) chooseAccount() *Skip {
	if r := u.recipe(); r != nil && r.uid != "" {
		if why := u.accountChanged(r.account); why != "" {
			return &Skip{Unsure, u.stage.From.Span, fmt.Sprintf("the account %s is changed by %s", r.account, why)}
		}
		u.account = runAs{name: r.account, uid: r.uid, gid: r.gid, homeMade: true, from: r.why}
		return nil
	}
	if acc, ok := u.img.Own(); ok && u.known && u.accountChanged(acc.Name) == "" {
		u.account = u.grouped(fromImage(acc, u.baseName()))
		return nil
	}
	if acc, ok, skip := u.unusedAccount(); ok || skip != nil {
		u.account = acc
		return skip
	}
	if acc, ok := u.numericOwner(); ok {
		u.account = acc
		return nil
	}
	return u.newAccount()
}

// numericOwner is a number that the file gives folders to without making an account for it.
func (u *userPlan) numericOwner() (runAs, bool) {
	for _, w := range slices.Backward(u.walks) {
		for _, o := range slices.Backward(w.owners) {
			uid, gid, ok := strings.Cut(o.who, ":")
			if ok && isNumber(uid) && isNumber(gid) && !isRoot(uid) {
				return runAs{uid: uid, gid: gid, from: fmt.Sprintf("the file gives %s to %s", o.path, o.who)}, true
			}
		}
	}
	return runAs{}, false
}

// unusedAccount is an account that the file makes, preferably one that it gives files to.
func (u *userPlan) unusedAccount() (runAs, bool, *Skip) {
	var pick *account
	for _, w := range u.walks {
		for i := range w.accounts {
			if pick == nil || u.owns(w.accounts[i].name) {
				pick = &w.accounts[i]
			}
		}
	}
	if pick == nil {
		return runAs{}, false, nil
	}
	acc, why := u.created(*pick)
	if why != "" {
		return acc, false, &Skip{Unsure, pick.in.at, fmt.Sprintf("the file makes the account %s and never uses it, but a numeric USER cannot name it: %s", pick.name, why)}
	}
	if why := u.accountChanged(pick.name); why != "" {
		return acc, false, &Skip{Unsure, pick.in.at, fmt.Sprintf("the account %s is changed by %s", pick.name, why)}
	}
	return acc, true, nil
}

// owns reports whether files are given to the account.
func (u *userPlan) owns(name string) bool {
	return slices.ContainsFunc(u.walks, func(w *walk) bool {
		return slices.ContainsFunc(w.owners, func(o owner) bool {
			who, _, _ := strings.Cut(o.who, ":")
			return who == name
		})
	})
}

// newAccount makes 10001:10001, or another number where the policy wants it, in the
// way of the distribution. Where there is no shell to do so, distroless' number is
// used, which needs no passwd entry.
func (u *userPlan) newAccount() *Skip {
	if u.known && !u.img.Shell {
		id := strconv.Itoa(u.p.Options.Policy.newID(65532, u.takenID))
		u.account = runAs{uid: id, gid: id, from: "there is no shell to make an account with, and a number needs none"}
		return nil
	}
	home, name := "", u.freeName()
	if u.needHome != "" {
		home = "/home/" + name
	}
	number := u.p.Options.Policy.newID(templates.AppID, u.takenID)
	id := strconv.Itoa(number)
	u.account = runAs{name: name, uid: id, gid: id, home: home, from: u.noAccount()}
	if !u.hasUserTools() {
		u.account.create = passwdLines(name, home, number)
		return nil
	}
	create, ok := templates.UserCommands(u.dist, name, number, number, home)
	if !ok {
		return &Skip{Unsupported, u.stage.From.Span, "bulwark does not know how an account is made on " + u.dist}
	}
	u.account.create = create
	return nil
}

// takenID reports whether the base or the file gives a number to another account.
func (u *userPlan) takenID(id int) bool {
	number := strconv.Itoa(id)
	return u.img.TakenID(id) || slices.ContainsFunc(u.cmds, func(c *command) bool {
		return slices.Contains([]string{"groupadd", "addgroup", "useradd", "adduser"}, c.name) && slices.Contains(literals(c), number)
	})
}

// freeName is a name that neither the base nor the file gives to an account or a group.
func (u *userPlan) freeName() string {
	taken := func(name string) bool {
		return slices.ContainsFunc(u.cmds, func(c *command) bool {
			return slices.Contains([]string{"groupadd", "addgroup", "useradd", "adduser"}, c.name) && slices.Contains(literals(c), name)
		})
	}
	for _, name := range []string{"app", "appuser", "runner"} {
		if _, ok := u.img.Account(name); !ok && !taken(name) {
			return name
		}
	}
	return "bulwark"
}

func (u *userPlan) noAccount() string {
	if u.known {
		return u.baseName() + " brings no account to run programs as"
	}
	return "no account to run programs as is known"
}

// hasUserTools reports whether useradd or adduser are there: in the base, or with the package that the file installs.
func (u *userPlan) hasUserTools() bool {
	if u.known && u.img.UserTools || !u.known && u.dist != "rhel" {
		return true
	}
	return slices.ContainsFunc(u.walks, func(w *walk) bool {
		return slices.ContainsFunc(w.packages, func(p packageInstall) bool { return p.name == "shadow-utils" })
	})
}

// passwdLines makes an account on images without the tools for it, and without a download.
func passwdLines(name, home string, id int) string {
	if home == "" {
		home = "/nonexistent"
	}
	return fmt.Sprintf("echo '%s:x:%d:' >> /etc/group && echo '%s:x:%d:%d::%s:/sbin/nologin' >> /etc/passwd", name, id, name, id, id, home)
}
