package dockerfile

import (
	"fmt"
	"strings"
	"testing"
)

// nodeImage is a base image for tests; every other reference is unknown.
func nodeImage(ref string) BaseImage {
	if ref != "node:20" {
		return BaseImage{}
	}
	return BaseImage{Known: true, Env: []KV{{"PATH", "/bin"}, {"NODE_VERSION", "20.1"}}, Workdir: "/w",
		User: "node", Entrypoint: []string{"entry.sh"}, Cmd: []string{"node"}}
}

// last returns the state at the end of the last stage of src.
func last(t *testing.T, src string) (*File, *State) {
	t.Helper()
	f := mustParse(t, src)
	return f, f.StateAt(f.Stages[len(f.Stages)-1], nil, nodeImage)
}

func names(list []Var) string {
	var out []string
	for _, v := range list {
		out = append(out, v.String())
	}
	return strings.Join(out, " ")
}

func TestStateEnvAndArgs(t *testing.T) {
	cases := []struct{ name, src, env, args string }{
		{"base", "FROM node:20\n", "PATH=/bin NODE_VERSION=20.1", ""},
		{"unknown base", "FROM x\nENV A=1 B=$A C=$P\n", "A=1 B=? C=?", ""},
		{"scratch", "FROM scratch\nENV A=1\nENV B=$A/$NONE\n", "PATH=" + defaultPath + " A=1 B=1/", ""},
		{"all of one ENV is expanded first", "FROM node:20\nENV A=1\nENV A=2 B=$A\nENV PATH=/x:$PATH\n", "PATH=/x:/bin NODE_VERSION=20.1 A=2 B=1", ""},
		{"quotes and escapes", "FROM node:20\nENV A='$PATH' B=\"$NODE_VERSION\\$\" C=${NODE_VERSION%.*}\n", "PATH=/bin NODE_VERSION=20.1 A=$PATH B=20.1$ C=20", ""},
		{"broken by a continuation", "FROM node:20\nENV A=\"x$NODE_\\\nVERSION\"\n", "PATH=/bin NODE_VERSION=20.1 A=x20.1", ""},
		{"args", "ARG G=1\nARG H\nFROM node:20\nARG G\nARG H\nARG I=$G\nARG TARGETARCH\nENV A=$G B=${H:-x} C=$H D=$TARGETARCH\n",
			"PATH=/bin NODE_VERSION=20.1 A=1 B=x C=? D=?", "G=1 H=? I=1 TARGETARCH=?"},
		{"a global ARG is not in scope by itself", "ARG G=1\nFROM node:20\nENV A=x$G\n", "PATH=/bin NODE_VERSION=20.1 A=x", ""},
		{"parent stage", "FROM node:20 AS a\nARG X=1\nENV A=$X\nFROM a\nENV B=$A$X\n", "PATH=/bin NODE_VERSION=20.1 A=1 B=11", "X=1"},
		{"ONBUILD of the parent stage", "FROM node:20 AS a\nONBUILD ENV A=1\nFROM a\nENV B=$A\n", "PATH=/bin NODE_VERSION=20.1 A=1 B=1", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, s := last(t, c.src)
			if got := names(s.Env); got != c.env {
				t.Errorf("env %q, want %q", got, c.env)
			}
			if got := names(s.Args); got != c.args {
				t.Errorf("args %q, want %q", got, c.args)
			}
		})
	}
}

func TestStateWorkdirAndUser(t *testing.T) {
	cases := []struct{ name, src, workdir, user string }{
		{"base", "FROM node:20\n", "/w", "node"},
		{"unknown base", "FROM x\n", "?", "?"},
		{"relative on an unknown base", "FROM x\nWORKDIR a\n", "a?", "?"},
		{"absolute on an unknown base", "FROM x\nWORKDIR /a/\nWORKDIR b/../c\nUSER 1\n", "/a/c", "1"},
		{"relative", "FROM node:20\nWORKDIR a\nWORKDIR b\nUSER root\nUSER node:$G\n", "/w/a/b", "node:"},
		{"variables", "FROM node:20\nARG D\nENV E=/e\nWORKDIR $E/x\nUSER $D\n", "/e/x", "$D?"},
		{"unknown variable", "FROM node:20\nARG D\nWORKDIR /$D\n", "/$D?", "node"},
		{"Windows", "FROM x\nWORKDIR C:/app\n", "C:/app?", "?"},
		{"scratch", "FROM scratch\n", "/", ""},
		{"parent stage", "FROM node:20 AS a\nWORKDIR /p\nUSER 5\nFROM a\nWORKDIR q\n", "/p/q", "5"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, s := last(t, c.src)
			if got := s.Workdir + unknown(s.WorkdirKnown); got != c.workdir {
				t.Errorf("workdir %q, want %q", got, c.workdir)
			}
			if got := s.User + unknown(s.UserKnown); got != c.user {
				t.Errorf("user %q, want %q", got, c.user)
			}
		})
	}
}

func unknown(known bool) string {
	if known {
		return ""
	}
	return "?"
}

func TestStateStart(t *testing.T) {
	cases := []struct{ name, src, entrypoint, cmd string }{
		{"base", "FROM node:20\n", "base [entry.sh]", "base [node]"},
		{"unknown base", "FROM x\n", "none?", "none?"},
		{"CMD leaves the entrypoint", "FROM node:20\nCMD [\"a\", \"b\"]\n", "base [entry.sh]", "2 exec [a b]"},
		{"ENTRYPOINT takes the inherited CMD away", "FROM node:20\nENTRYPOINT [\"a\"]\n", "2 exec [a]", "none"},
		{"ENTRYPOINT keeps this stage's CMD", "FROM node:20\nCMD a \"b c\"\nENTRYPOINT [\"a\"]\n", "3 exec [a]", "2 shell [a b c]"},
		{"ENTRYPOINT takes the parent stage's CMD away", "FROM node:20 AS a\nCMD a\nFROM a\nENTRYPOINT b\n", "4 shell [b]", "none"},
		{"empty ENTRYPOINT", "FROM x\nENTRYPOINT []\nCMD [\"c\"]\n", "none", "3 exec [c]"},
		{"the last one counts", "FROM x\nCMD a\nCMD b\n", "none?", "3 shell [b]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, s := last(t, c.src)
			if got := show(s.Entrypoint) + unknown(s.EntrypointKnown); got != c.entrypoint {
				t.Errorf("entrypoint %q, want %q", got, c.entrypoint)
			}
			if got := show(s.Cmd) + unknown(s.CmdKnown); got != c.cmd {
				t.Errorf("cmd %q, want %q", got, c.cmd)
			}
		})
	}
}

func show(s *Start) string {
	switch {
	case s == nil:
		return "none"
	case s.Instr == nil:
		return fmt.Sprint("base ", values(s.Words))
	case s.Shell:
		return fmt.Sprint(s.Instr.Line, " shell ", values(s.Words))
	}
	return fmt.Sprint(s.Instr.Line, " exec ", values(s.Words))
}

func TestStateBeforeAndTheRest(t *testing.T) {
	src := "FROM node:20\nEXPOSE 80 $P\nARG P=81\nEXPOSE $P/udp\nVOLUME [\"/a b\"]\nVOLUME /c\nLABEL a=1 a=2\n" +
		"SHELL [\"/bin/bash\", \"-c\"]\nSTOPSIGNAL SIGINT\nHEALTHCHECK NONE\nUSER 1\n"
	f, s := last(t, src)
	var items []string
	for _, it := range append(append([]Item{}, s.Exposed...), s.Volumes...) {
		items = append(items, it.Value+unknown(it.Known))
	}
	if got, want := strings.Join(items, ","), "80,,81/udp,/a b,/c"; got != want {
		t.Errorf("ports and volumes %q, want %q", got, want)
	}
	if got := names(s.Labels); got != "a=2" {
		t.Errorf("labels %q, want a=2", got)
	}
	if got := fmt.Sprint(s.Shell, s.ShellInstr.Line, s.StopSignal.Line, s.Health.Line); got != "[/bin/bash -c] 8 9 10" {
		t.Errorf("shell, stop signal and health check are %q", got)
	}
	before := f.StateAt(f.Stages[0], f.Instrs[7], nodeImage)
	if got := fmt.Sprint(before.Shell, before.StopSignal, before.User, len(before.Labels)); got != "[/bin/sh -c] <nil>node1" {
		t.Errorf("before SHELL the state is %q", got)
	}
}

func TestStateNilBase(t *testing.T) {
	f := mustParse(t, "FROM node:20\n")
	if s := f.StateAt(f.Stages[0], nil, nil); s.UserKnown || s.BaseRef != "node:20" {
		t.Errorf("user known %v, base %q", s.UserKnown, s.BaseRef)
	}
}

func TestExpand(t *testing.T) {
	_, s := last(t, "FROM node:20\nARG A\nARG B=b.c.d\nENV E=\"x y\"\n")
	cases := []struct {
		word, want string
		ok         bool
	}{
		{"plain", "plain", true}, {"'q $B'", "q $B", true}, {"\"$B\"", "b.c.d", true}, {`\$B`, "$B", true},
		{"${B#*.}", "c.d", true}, {"${B%%.*}", "b", true}, {"${B/b/x}", "x.c.d", true}, {"$E", "x y", true},
		{"${A:-z}", "z", true}, {"${A-z}", "z", true}, {"${A:-z}$A", "", false}, {"$A", "", false}, {"${A:+z}", "", false},
		{"$NOTHING", "", true}, {"${NOTHING:-z}", "z", true}, {"$TARGETARCH", "", false},
		{"${", "", false}, {"'", "", false}, {"${B:?x}", "b.c.d", true}, {"\xff", "", false},
		{strings.Repeat("${B:-", 1000), "", false},
	}
	for _, c := range cases {
		got, ok := s.Expand(c.word)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("Expand(%.20q) = %q, %v, want %q, %v", c.word, got, ok, c.want, c.ok)
		}
	}
}

func TestExpandRef(t *testing.T) {
	src := "ARG V=20\nARG IMG=node:$V\nARG NONE\n"
	cases := []struct{ from, ref, uses string }{
		{"node:20", "node:20", ""},
		{"$IMG", "node:20", "IMG@2 V@1<IMG"},
		{"${IMG}-slim", "node:20-slim", "IMG@2 V@1<IMG"},
		{"node:${NONE:-18}", "node:18", "NONE@3"},
		{"node:${OTHER:-18}", "node:18", "OTHER@0"},
		{"node:$NONE", "node:$NONE?", "NONE@3"},
		{"x:$TARGETARCH", "x:$TARGETARCH?", "TARGETARCH@0"},
	}
	for _, c := range cases {
		f := mustParse(t, src+"FROM "+c.from+"\n")
		ref, uses, ok := f.ExpandRef(f.Stages[0])
		var got []string
		for _, u := range uses {
			s := fmt.Sprintf("%s@%d", u.Name, lineOf(u.Instr))
			if u.Via != "" {
				s += "<" + u.Via
			}
			got = append(got, s)
		}
		if ref+unknown(ok) != c.ref || strings.Join(got, " ") != c.uses {
			t.Errorf("FROM %s: %q %v uses %v, want %q %q", c.from, ref, ok, got, c.ref, c.uses)
		}
	}
}

func lineOf(in *Instr) int {
	if in == nil {
		return 0
	}
	return in.Line
}
