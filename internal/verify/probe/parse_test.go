//go:build linux

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

func TestResolveUser(t *testing.T) {
	const passwd = testPasswd + "\n# comment\nbroken:x\nodd:x:abc:-5:::\n99:x:7:8::/h:\n"
	for user, want := range map[string]string{
		"":           "{0 0 [0] /root} <nil>",
		"root":       "{0 0 [0] /root} <nil>",
		"0":          "{0 0 [0] /root} <nil>",
		"app":        "{1000 1001 [1001 2000] /home/app} <nil>",
		"1000":       "{1000 1001 [1001 2000] /home/app} <nil>",
		"app:":       "{1000 1001 [1001 2000] /home/app} <nil>",
		":app":       "{0 1001 [1001] /root} <nil>",
		"app:extra":  "{1000 2000 [2000] /home/app} <nil>",
		"app:7":      "{1000 7 [7] /home/app} <nil>",
		"4000":       "{4000 0 [0] /} <nil>",
		"4000:4001":  "{4000 4001 [4001] /} <nil>",
		"odd":        "{0 0 [0] /} <nil>",
		"99":         "{7 8 [8] /h} <nil>", // the name goes before
		"-1":         "uids and gids must be in range 0-2147483647",
		"2147483648": "uids and gids must be in range 0-2147483647",
		"broken":     "unable to find user broken: no matching entries in passwd file",
		"app:none":   "unable to find group none: no matching entries in group file",
	} {
		a, err := resolveUser(user, passwd, testGroup)
		got := fmt.Sprint(a, " ", err)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", user, got, want)
		}
	}
}

func FuzzResolveUser(f *testing.F) {
	f.Add("app", testPasswd, testGroup)
	f.Add("1000:extra", testPasswd, testGroup)
	f.Add("x", ":::::::\nx:x:99999999999:-1:::", "x:::x")
	f.Fuzz(func(t *testing.T, user, passwd, group string) {
		a, err := resolveUser(user, passwd, group)
		if err == nil && (a.home == "" || !slices.Contains(a.groups, a.gid) || len(a.groups) > maxGroups) {
			t.Errorf("%+v", a)
		}
	})
}

func TestDpkg(t *testing.T) {
	const status = "Package: a\nStatus: install ok installed\nVersion: 1:2-3\nDescription: x\n Package: no\n\n" +
		"Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n\nPackage: bare\nVersion: 2\n\n" +
		"Status: install ok installed\nVersion: 3\n\nPackage: last\nStatus: hold ok installed"
	list := func(bare bool) string { return fmt.Sprint(dpkg(strings.NewReader(status), bare)) }
	if got, want := list(false), "[{dpkg a 1:2-3} {dpkg last }]"; got != want {
		t.Errorf("status: %s, want %s", got, want)
	}
	if got, want := list(true), "[{dpkg a 1:2-3} {dpkg bare 2} {dpkg last }]"; got != want {
		t.Errorf("status.d: %s, want %s", got, want)
	}
}

func TestApk(t *testing.T) {
	got := fmt.Sprint(apk(strings.NewReader("C:Q1x=\nP:musl\nV:1.2.5-r0\nF:lib\n\nP:busybox\nV:1\n" + "D:" + strings.Repeat("x", 10_000) + "\n\nV:2\n")))
	if want := "[{apk musl 1.2.5-r0} {apk busybox 1}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func FuzzPackages(f *testing.F) {
	f.Add("Package: a\nStatus: install ok installed\nVersion: 1\n\nP:b\nV:2\n")
	f.Add("Package:\n\n\n \nP:\nV:")
	f.Fuzz(func(t *testing.T, text string) {
		list := dpkg(strings.NewReader(text), true)
		for _, p := range append(list, apk(strings.NewReader(text))...) {
			if p.Name == "" || strings.ContainsAny(p.Name+p.Version, "\n") || len(p.Name) > 4096 {
				t.Errorf("%+v", p)
			}
		}
	})
}

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 x 100 0 0 10 0
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 x 100 0 0 10 0
   2: 0100007F:0050 0100007F:A000 01 00000000:00000000 00:00000000 00000000     0        0 1 1 x 100 0 0 10 0
`

func TestParseSockets(t *testing.T) {
	got := parseSockets(table, false)
	if want := []wire.Port{{Number: 8080, Loopback: true, UID: 1000}, {Number: 80}}; !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := parseSockets(table, true); got != nil {
		t.Errorf("UDP: %+v", got)
	}
	for address, want := range map[string]bool{
		"0100007F": true, "0200007F": true, "00000000": false, "0100000A": false,
		"00000000000000000000000001000000": true, "00000000000000000000000000000000": false,
		"0000000000000000FFFF00000100007F": true, "0000000000000000FFFF00000100000A": false,
		"000080FE00000000FF565002BD695109": false, "01": false,
	} {
		line := "h\n 0: " + address + ":0001 0:0 0A 0:0 0:0 0 5"
		if got := parseSockets(line, false); len(got) != 1 || got[0].Loopback != want {
			t.Errorf("%s: %+v, want loopback %t", address, got, want)
		}
	}
}

func FuzzParseSockets(f *testing.F) {
	f.Add(table)
	f.Add("0: :0 : 0A 0 0 0 0")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range append(parseSockets(text, false), parseSockets(text, true)...) {
			if p.Number < 1 || p.Number > 65535 || p.UID < 0 {
				t.Errorf("%+v", p)
			}
		}
	})
}

func TestMerge(t *testing.T) {
	got := merge([]wire.Port{
		{Number: 80, Loopback: true}, {Number: 53, UDP: true}, {Number: 53}, {Number: 22, Loopback: true}, {Number: 80}, {Number: 22, Loopback: true},
	})
	want := []wire.Port{{Number: 22, Loopback: true}, {Number: 53}, {Number: 53, UDP: true}, {Number: 80}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestParseStatus(t *testing.T) {
	const status = "Name:\tx\nState:\tZ (zombie)\nPid:\t7\nPPid:\t3\nUid:\t1\t2\t3\t4\nSigCgt:\t0000000000004002\n"
	if got, want := parseStatus(status), (process{zombie: true, parent: 3, uid: 2, handlesEnd: true}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, want := parseStatus("State:\nSigCgt:\tx\nUid:\t5"), (process{parent: -1, uid: -1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestDescendantsAreTheProbesOwn(t *testing.T) {
	if got := descendants([]int{1}); len(got) != 0 {
		t.Errorf("the first process of the machine is one: %v", got)
	}
}

// When a program is up, by what it listened on at each tenth of a second.
func TestWaiting(t *testing.T) {
	at := func(numbers ...int) (ports []wire.Port) {
		for _, n := range numbers {
			ports = append(ports, wire.Port{Number: n})
		}
		return ports
	}
	for name, tc := range map[string]struct {
		awaited     []int
		looks       map[int][]wire.Port // from this tenth on
		ready, over int                 // tenths
	}{
		"all at once":                {[]int{1, 2}, map[int][]wire.Port{3: at(1, 2)}, 3, 3},
		"one after the other":        {[]int{1, 2}, map[int][]wire.Port{3: at(1), 8: at(1, 2)}, 8, 8},
		"the second does not come":   {[]int{1, 2}, map[int][]wire.Port{3: at(1)}, 3, 13},
		"another comes":              {[]int{1}, map[int][]wire.Port{3: at(2)}, 50, 50},
		"none awaited, none comes":   {nil, nil, 10, 10},
		"none awaited, one comes":    {nil, map[int][]wire.Port{3: at(1)}, 3, 8},
		"none awaited, two come":     {nil, map[int][]wire.Port{3: at(1), 7: at(1, 2)}, 7, 12},
		"none awaited, late one":     {nil, map[int][]wire.Port{9: at(1)}, 9, 14},
		"a port goes before it ends": {nil, map[int][]wire.Port{3: at(1), 5: nil}, 10, 10},
	} {
		w := waiting{task: &wire.Run{Ports: tc.awaited, Grace: time.Second, Start: 5 * time.Second}}
		var ports []wire.Port
		for tenth := range 100 {
			if p, ok := tc.looks[tenth]; ok {
				ports = p
			}
			ready, over := w.look(ports, time.Duration(tenth)*100*time.Millisecond)
			if !over {
				continue
			}
			if tenth != tc.over || ready != time.Duration(tc.ready)*100*time.Millisecond {
				t.Errorf("%s: over at %d, ready at %s; want %d, %d", name, tenth, ready, tc.over, tc.ready)
			}
			break
		}
	}
}
