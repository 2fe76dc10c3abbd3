package transform

import (
	"strings"
	"testing"
)

func TestNotPlainName(t *testing.T) {
	for text, part := range map[string]string{
		"curl": "", "g++": "", "libstdc++-12-dev": "", "python3.11": "",
		"curl=7.88.1": "pinned", "git/bookworm-backports": "another release", "libc6:i386": "one architecture",
		"php8.*-cli": "pattern", "exim4-": "away", "./tool.deb": "file", "/tmp/x.deb": "file",
	} {
		if why := notPlainName(text); (why == "") != (part == "") || !strings.Contains(why, part) {
			t.Errorf("%s: %q", text, why)
		}
	}
}

func TestGNUOnly(t *testing.T) {
	for call, option := range map[string]string{
		"grep -q x":                           "",
		"grep -oP x":                          "-oP",
		"sed -i s/a/b/ f":                     "",
		"sed -z s/a/b/ f":                     "-z",
		"find . -name x -delete":              "",
		"find . -printf %p":                   "-printf",
		"date +%s":                            "",
		"date -d yesterday":                   "-d",
		"date +%N":                            "+%N",
		"cp --parents a b":                    "--parents",
		"wget --spider -q http://x":           "",
		"wget --retry-connrefused http":       "--retry-connrefused",
		"python --version":                    "", // no program of busybox'
		"readlink -f x":                       "",
		"xargs -0 rm":                         "",
		"xargs -d , rm":                       "-d",
		"mkdir -p a/b":                        "",
		"hostname -I":                         "-I",
		"tar -xzf x.tgz --strip-components=1": "--strip-components=1",
	} {
		argv := words(call)
		if got := gnuOnly(argv[0], argv[1:]); got != option {
			t.Errorf("%s: %q", call, got)
		}
	}
}

func TestDataFile(t *testing.T) {
	for address, is := range map[string]bool{
		"https://example.com/a.json": true, "https://example.com/a.json?raw=1": true, "https://example.com/key.asc": true,
		"https://example.com/tool": false, "https://example.com/a.tar.gz": false, "https://example.com/install.sh": false,
		"https://getcomposer.org/installer": true,
	} {
		if dataFile(address) != is {
			t.Errorf("%s: %v", address, !is)
		}
	}
}

func TestOfApt(t *testing.T) {
	for p, is := range map[string]bool{
		"/var/lib/apt/lists/*": true, "/var/cache/apt": true, "/var/lib/dpkg/info": true, "/var/cache/debconf/*": true,
		"/tmp/*": false, "/var/cache/apache2": false, "/var/lib/apt-x": false, "/var/log/dpkg.log": true,
	} {
		if ofApt(p) != is {
			t.Errorf("%s: %v", p, !is)
		}
	}
}
