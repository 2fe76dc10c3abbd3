package shell

import (
	"strings"
	"testing"
)

// flagString prints flags and arguments, values as cut from the source where they are exact.
func flagString(src string, flags []Flag, args []Word) string {
	var out []string
	for _, f := range flags {
		s := f.Name
		if f.HasValue && f.Joined {
			s += "=" + shown(src, f.Value)
		} else if f.HasValue {
			s += " " + shown(src, f.Value)
		}
		out = append(out, s)
	}
	out = append(out, "|")
	for _, a := range args {
		out = append(out, shown(src, a))
	}
	return strings.Join(out, ", ")
}

func TestFlags(t *testing.T) {
	tests := []struct{ src, values, want string }{
		{`go build -ldflags "-X a=b" -o /bin/x ./cmd/x`, "-ldflags -o", `-ldflags "-X a=b", -o /bin/x, |, build, ./cmd/x`},
		{`go build -o=/bin/x --v -ldflags="-s -w" .`, "-o", `-o=/bin/x, --v, -ldflags="-s -w", |, build, .`},
		{`apt-get install -y --no-install-recommends a b=1`, "", `-y, --no-install-recommends, |, install, a, b=1`},
		{`pip install -r f -- -x`, "-r", `-r f, |, install, -x`},
		{`x "--a=b c" --d=$E -`, "", `--a=~b c, --d=$E, |, -`},
		{`x -o$A b`, "-o", `-o$A, |, b`},
		{`x $FLAGS -o`, "-o", `-o, |, $FLAGS`},
		{`x -o -- y`, "-o", `-o --, |, y`},
	}
	for _, test := range tests {
		flags, args := Flags(Parse(whole(test.src), false).Commands[0].Words[1:], strings.Fields(test.values)...)
		if got := flagString(test.src, flags, args); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.src, got, test.want)
		}
	}
}

func TestGetopt(t *testing.T) {
	tests := []struct{ src, values, want string }{
		{`useradd -u 1000 -r app`, "-u", `-u 1000, -r, |, app`},
		{`useradd -ru1000 -g$G app`, "-u -g", `-r, -u=1000, -g=$G, |, app`},
		{`adduser -S -D --uid=5 app`, "--uid", `-S, -D, --uid=5, |, app`},
		{`tar -xzf f -C d`, "-f -C", `-x, -z, -f f, -C d, |, `},
	}
	for _, test := range tests {
		flags, args := Getopt(Parse(whole(test.src), false).Commands[0].Words[1:], strings.Fields(test.values)...)
		if got := flagString(test.src, flags, args); got != strings.TrimSuffix(test.want, ", ") {
			t.Errorf("%s:\n got %s\nwant %s", test.src, got, test.want)
		}
	}
}

func TestUnwrap(t *testing.T) {
	tests := []struct{ src, want string }{
		{`go build`, "go build"},
		{`exec go build`, "go build"},
		{`exec "$@"`, `"$@"`},
		{`exec`, "exec"},
		{`A=1 env -i -u C B=2 go x`, "A=1 B=2 go x"},
		{`env -S "a b"`, `env -S "a b"`},
		{`/usr/bin/env sh -c x`, "sh -c x"},
		{`sudo -E -u app -- A=1 npm ci`, "A=1 npm ci"},
		{`sudo -n -uapp npm ci`, "npm ci"},
		{`sudo $OPTS npm`, "sudo $OPTS npm"},
		{`sudo -l`, "sudo -l"},
		{`time nice -n 10 make`, "make"},
		{`nice -n10 make`, "make"},
		{`command -v go`, "command -v go"},
		{`command go`, "go"},
		{`xargs -0 -I {} rm -f {}`, "rm -f {}"},
		{`xargs -r apt-get purge`, "apt-get purge"},
		{`timeout -k 5 60 make`, "make"},
		{`gosu app "$@"`, `"$@"`},
		{`/sbin/tini -g -- /app x`, "/app x"},
		{`sudo -E bash -c 'x'`, "bash -c 'x'"},
	}
	for _, test := range tests {
		words, assigns := Parse(whole(test.src), false).Commands[0].Unwrap()
		var got []string
		for _, a := range assigns {
			got = append(got, a.Name+"="+shown(test.src, a.Value))
		}
		for _, w := range words {
			got = append(got, shown(test.src, w))
		}
		want := test.want
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %s", test.src, got)
		}
	}
}
