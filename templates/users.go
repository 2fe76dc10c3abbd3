package templates

import (
	"fmt"
	"strings"
)

// AppID is the user and group number for new accounts: above those that
// distributions and images give out, so that it is free everywhere.
const AppID = 10001

// UserCommands gives the shell text of a RUN that makes a group and a user that
// cannot log in, in the words of a distribution ("debian", "alpine", "rhel" ...).
// A home that is not "" is named in the account but not made. ok is false where
// a distribution has no such commands, or name, home or numbers are not fit for
// an account.
func UserCommands(distro, name string, uid, gid int, home string) (run string, ok bool) {
	if !accountName(name) || !homePath(home) || uid < 1 || gid < 1 || uid >= 65534 || gid >= 65534 {
		return "", false
	}
	if home == "" {
		home = "/nonexistent"
	}
	switch distro {
	case "debian", "ubuntu":
		return groupadd(name, uid, gid, home, "/usr/sbin/nologin"), true
	case "rhel", "fedora", "amazon", "azurelinux":
		return groupadd(name, uid, gid, home, "/sbin/nologin"), true
	case "alpine", "busybox", "wolfi":
		return addgroup(name, uid, gid, home), true
	}
	return "", false
}

// groupadd uses the tools of the passwd or shadow-utils package. Debian's own
// adduser is missing from its images since trixie. No --system: the number lies above
// the range that the tools give to system accounts, and they warn of it.
// --no-log-init keeps a high number from making
// /var/log/lastlog a huge sparse file.
func groupadd(name string, uid, gid int, home, shell string) string {
	return fmt.Sprintf("groupadd --gid %d %s && useradd --no-log-init --uid %d --gid %s --no-create-home --home-dir %s --shell %s %s",
		gid, name, uid, name, home, shell, name)
}

// addgroup uses busybox' applets. Without -D adduser would wait for a password.
func addgroup(name string, uid, gid int, home string) string {
	return fmt.Sprintf("addgroup -S -g %d %s && adduser -S -D -H -u %d -G %s -h %s -s /sbin/nologin %s",
		gid, name, uid, name, home, name)
}

// accountName accepts what every distribution's tools accept.
func accountName(name string) bool {
	if name == "" || len(name) > 31 || name[0] < 'a' || name[0] > 'z' {
		return false
	}
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// homePath accepts absolute paths that need no quoting.
func homePath(home string) bool {
	if home == "" {
		return true
	}
	plain := strings.Trim(home, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") == ""
	return plain && home[0] == '/' && !strings.Contains(home, "..")
}
