//go:build linux

package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// account is a user as the image's own files have it.
type account struct {
	uid, gid uint32
	groups   []uint32
	home     string
}

// lookup resolves USER the way container engines do: names through the image's
// /etc/passwd and /etc/group, a bare uid without an entry gets group 0.
func lookup(user string) (account, error) {
	name, group, grouped := strings.Cut(user, ":")
	if name == "" {
		name = "0"
	}
	a := account{home: "/"}
	id, err := strconv.ParseUint(name, 10, 32)
	numeric := err == nil
	a.uid = uint32(id)
	found := false
	for _, f := range entries("/etc/passwd", 7) {
		if f[0] == name || numeric && f[2] == name {
			a.uid, a.gid, a.home, name, found = number(f[2]), number(f[3]), f[5], f[0], true
			break
		}
	}
	if !found && !numeric {
		return a, fmt.Errorf("unable to find user %s: no matching entries in passwd file", name)
	}
	if grouped {
		return a, a.setGroup(group)
	}
	for _, f := range entries("/etc/group", 4) {
		if slices.Contains(strings.Split(f[3], ","), name) {
			a.groups = append(a.groups, number(f[2]))
		}
	}
	return a, nil
}

// setGroup takes the group of USER user:group, and with it no others.
func (a *account) setGroup(group string) error {
	for _, f := range entries("/etc/group", 4) {
		if f[0] == group {
			a.gid = number(f[2])
			return nil
		}
	}
	id, err := strconv.ParseUint(group, 10, 32)
	if err != nil {
		return fmt.Errorf("unable to find group %s: no matching entries in group file", group)
	}
	a.gid = uint32(id)
	return nil
}

func number(s string) uint32 {
	id, _ := strconv.ParseUint(s, 10, 32) // a broken entry is root's, as engines have it
	return uint32(id)
}

// entries reads the lines of passwd or group that have all their fields.
func entries(file string, fields int) [][]string {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(line), ":"); len(f) >= fields {
			out = append(out, f)
		}
	}
	return out
}
