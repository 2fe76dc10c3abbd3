package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
)

// newAccount is what one of the commands that make accounts and groups asks for.
type newAccount struct {
	name     string
	group    bool // of a group alone
	system   bool
	id       string
	into     string // the primary group
	ownGroup bool   // adduser --group: a group of its own name comes with it
	others   []string
	home     string
	noHome   bool
	shell    string
	gecos    string
	joins    string // adduser NAME GROUP: the group that an account is put into
}

// accountFlags are the options with a value, in shadow's and in Debian's way.
var accountFlags = []string{"-g", "--gid", "-u", "--uid", "-G", "--groups", "-d", "--home-dir", "--home", "-s", "--shell", "-c", "--comment", "--gecos", "--ingroup"}

// account puts a command that makes an account or a group into busybox's words.
func (m *alpineMove) account(c *command, r *runEdit) (why string) {
	a, why := readAccount(c)
	if why == "" {
		why = m.judgeAccount(c, &a)
	}
	if why != "" {
		return why
	}
	m.accounts[a.name] = true
	if len(c.assigns) > 0 || len(c.Redirects) > 0 {
		return c.quoted() + " is more than one plain command"
	}
	if !r.put(c.Span, m.accountText(a)) {
		return "a comment stands inside " + c.quoted()
	}
	return ""
}

// readAccount reads the words of useradd, adduser, groupadd and addgroup.
func readAccount(c *command) (a newAccount, why string) {
	a.group = c.name == "groupadd" || c.name == "addgroup"
	debian := c.name == "adduser" || c.name == "addgroup"
	a.noHome = c.name == "useradd"
	values := slices.Clone(accountFlags)
	if a.group {
		values = []string{"-g", "--gid"}
	}
	flags, rest := shell.Getopt(c.words[1:], values...)
	for _, f := range flags {
		v, ok := f.Value.Literal()
		if f.HasValue && !ok {
			return a, c.quoted() + " computes " + f.Name
		}
		if !a.take(f.Name, v, debian) {
			return a, fmt.Sprintf("%s has %s, which is not put into Alpine's words", c.quoted(), f.Name)
		}
	}
	var names []string
	for _, w := range rest {
		v, ok := w.Literal()
		if !ok {
			return a, c.quoted() + " computes a name"
		}
		names = append(names, v)
	}
	switch {
	case len(names) == 1:
		a.name = names[0]
	case len(names) == 2 && debian && !a.group && len(flags) == 0:
		a.name, a.joins = names[0], names[1]
	default:
		return a, c.quoted() + " is not understood"
	}
	return a, ""
}

// take notes one option; false for one that has no counterpart.
func (a *newAccount) take(flag, value string, debian bool) bool {
	switch flag {
	case "-r", "--system":
		a.system = true
	case "-u", "--uid":
		a.id = value
	case "-g", "--gid":
		if a.group {
			a.id = value
		} else {
			a.into = value
		}
	case "--ingroup":
		a.into = value
	case "-G", "--groups":
		a.others = strings.Split(value, ",")
	case "--group":
		a.ownGroup = true
	case "-d", "--home-dir", "--home":
		a.home = value
	case "-m", "--create-home":
		a.noHome = false
	case "-M", "--no-create-home":
		a.noHome = true
	case "-s", "--shell":
		a.shell = value
	case "-c", "--comment", "--gecos":
		a.gecos = value
	case "-l", "--no-log-init", "-U", "--user-group", "--disabled-password", "--disabled-login", "-q", "--quiet":
	case "-f", "--force":
		return a.group && !debian
	default:
		return false
	}
	return true
}

// judgeAccount says why the account cannot be made there, and settles its group and shell.
func (m *alpineMove) judgeAccount(c *command, a *newAccount) (why string) {
	switch {
	case a.joins != "" && (!m.accounts[a.name] || !m.accounts[a.joins]):
		return c.quoted() + " names an account or a group that the Dockerfile does not make"
	case a.joins == "" && takenOnAlpine(a.name):
		return fmt.Sprintf("%s makes %s, which Alpine has already", c.quoted(), a.name)
	case takenID(a.id):
		return fmt.Sprintf("%s asks for the number %s, which Alpine gives to another", c.quoted(), a.id)
	case m.s.product() == "node" && a.id == "1000":
		return c.quoted() + " asks for the number 1000, which node has"
	}
	if a.into != "" && strings.Trim(a.into, "0123456789") == "" {
		name, ok := m.groups[a.into]
		if !ok && a.into != "0" {
			return fmt.Sprintf("%s names the group %s, which the Dockerfile does not make", c.quoted(), a.into)
		}
		a.into = first(name, "root")
	}
	for _, g := range append(slices.Clone(a.others), a.into) {
		if g != "" && !m.accounts[g] && g != "root" && g != "users" {
			return fmt.Sprintf("%s names the group %s, which the Dockerfile does not make", c.quoted(), g)
		}
	}
	if a.group && a.id != "" {
		m.groups[a.id] = a.name
	}
	return m.loginShell(c, a)
}

// loginShell gives the account's shell in Alpine's words.
func (m *alpineMove) loginShell(c *command, a *newAccount) (why string) {
	switch a.shell {
	case "", "/bin/sh", "/bin/false", "/sbin/nologin":
	case "/usr/sbin/nologin":
		a.shell = "/sbin/nologin"
	case "/bin/bash", "/usr/bin/bash":
		if m.needsBash || m.installed["bash"] {
			a.shell = "/bin/bash"
			return ""
		}
		a.shell = "/bin/sh"
		m.assume("nobody logs in as %s, whose shell becomes /bin/sh", a.name)
	default:
		return fmt.Sprintf("%s gives %s the shell %s", c.quoted(), a.name, a.shell)
	}
	return ""
}

// accountText is the command in busybox's words.
func (m *alpineMove) accountText(a newAccount) string {
	switch {
	case a.joins != "":
		return "adduser " + a.name + " " + a.joins
	case a.group:
		return "addgroup" + flagIf(a.system, "-S") + valueIf("-g", a.id) + " " + a.name
	}
	text := ""
	if a.system && a.into == "" && (a.ownGroup || a.noHome) && !m.madeGroup(a.name) {
		text, a.into = "addgroup -S "+a.name+" && ", a.name // useradd and adduser --group make one, adduser -S does not
	}
	text += "adduser -D" + flagIf(a.system, "-S") + flagIf(a.noHome, "-H") + valueIf("-u", a.id) + valueIf("-G", a.into) + valueIf("-h", a.home) + valueIf("-s", a.shell)
	if a.gecos != "" {
		text += " -g " + quoteWord(a.gecos)
	}
	text += " " + a.name
	for _, g := range a.others {
		text += " && addgroup " + a.name + " " + g
	}
	return text
}

func (m *alpineMove) madeGroup(name string) bool {
	for _, g := range m.groups {
		if g == name {
			return true
		}
	}
	return false
}

func flagIf(is bool, flag string) string {
	if is {
		return " " + flag
	}
	return ""
}

func valueIf(flag, value string) string {
	if value == "" {
		return ""
	}
	return " " + flag + " " + value
}

// quoteWord writes a word for the shell, in quotes where it needs them.
func quoteWord(text string) string {
	if strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
