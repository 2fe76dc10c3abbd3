//go:build linux

package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// account is a user as the image's own files have it.
type account struct {
	uid, gid uint32
	groups   []uint32 // all, with gid
	home     string
}

// maxAccounts bounds what is read of passwd and group, in bytes.
const maxAccounts = 4 << 20

// lookup resolves USER through the image's files.
func lookup(user string) (account, error) {
	return resolveUser(user, readBounded("/etc/passwd", maxAccounts), readBounded("/etc/group", maxAccounts))
}

// resolveUser resolves USER the way container engines do: names through the texts
// of passwd and group; a number without an entry gets group 0. A group that USER
// names is the only one.
func resolveUser(user, passwd, group string) (account, error) {
	name, groupName, grouped := strings.Cut(user, ":")
	if name == "" {
		name = "0"
	}
	a := account{home: "/"}
	id, numeric, err := number(name)
	if err != nil {
		return a, err
	}
	a.uid = id
	found := false
	for f := range entries(passwd, 7) {
		if f[0] == name || numeric && f[2] == strconv.FormatUint(uint64(id), 10) {
			a.uid, a.gid, a.home, name, found = field(f[2]), field(f[3]), f[5], f[0], true
			break
		}
	}
	if !found && !numeric {
		return a, fmt.Errorf("unable to find user %s: no matching entries in passwd file", name)
	}
	if a.home == "" {
		a.home = "/"
	}
	if grouped && groupName != "" {
		return a, a.setGroup(groupName, group)
	}
	a.groups = []uint32{a.gid}
	for f := range entries(group, 4) {
		if gid := field(f[2]); found && slices.Contains(strings.Split(f[3], ","), name) && !slices.Contains(a.groups, gid) && len(a.groups) < maxGroups {
			a.groups = append(a.groups, gid)
		}
	}
	return a, nil
}

// maxGroups is what setgroups(2) takes, NGROUPS_MAX.
const maxGroups = 65536

// setGroup takes the group of USER user:group, and with it no others.
func (a *account) setGroup(name, group string) error {
	id, numeric, err := number(name)
	if err != nil {
		return err
	}
	found := false
	for f := range entries(group, 4) {
		if f[0] == name || numeric && field(f[2]) == id {
			id, found = field(f[2]), true
			break
		}
	}
	if !found && !numeric {
		return fmt.Errorf("unable to find group %s: no matching entries in group file", name)
	}
	a.gid, a.groups = id, []uint32{id}
	return nil
}

// number reads a name that is a number.
func number(s string) (id uint32, numeric bool, err error) {
	n, err := strconv.Atoi(s)
	switch {
	case err != nil:
		return 0, false, nil //nolint:nilerr // it is a name
	case n < 0 || n > math.MaxInt32:
		return 0, true, fmt.Errorf("uids and gids must be in range 0-%d", math.MaxInt32)
	}
	return uint32(n), true, nil
}

// field reads an id; a broken one is root's, as engines have it.
func field(s string) uint32 {
	id, _ := strconv.ParseUint(s, 10, 31)
	return uint32(id)
}

// entries are the lines of passwd or group that have all their fields.
func entries(text string, fields int) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(text) {
			if f := strings.Split(strings.TrimSpace(line), ":"); len(f) >= fields && !yield(f) {
				return
			}
		}
	}
}
