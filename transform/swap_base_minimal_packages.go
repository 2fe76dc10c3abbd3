package transform

import (
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
)

// packages puts a command of dnf or yum into microdnf's words.
func (m *minimalMove) packages(c *command, r *runEdit) (why string) {
	if _, ok := r.link(c); !ok {
		return c.quoted() + notAlone(c)
	}
	if len(c.assigns) > 0 {
		return c.quoted() + " is run with " + c.assigns[0].Name
	}
	_, rest := shell.Getopt(c.words[1:], microValues()...)
	if len(rest) == 0 || !microVerb(rest) {
		return c.quoted() + " has no counterpart in microdnf"
	}
	yes, why := microFlags(c, r)
	if why != "" {
		return why
	}
	names, why := rpmNames(rest[1:], m.major)
	switch verb := rest[0].Text; {
	case why != "":
		return c.quoted() + " " + why
	case !c.words[0].Exact || !r.put(c.words[0].Span, "microdnf"):
		return c.quoted() + " is not understood"
	case !yes && slices.Contains(words("install update upgrade module"), verb):
		return c.quoted() + " asks before it goes on"
	case verb == "update": // the name that microdnf had for it from the first
		r.put(rest[0].Span, "upgrade")
	case verb == "install":
		for _, name := range names {
			m.installed[name] = true
		}
		m.places = append(m.places, &rpmInstall{run: r, at: c.words[len(c.words)-1].Span.End})
	}
	return ""
}

// microVerb reports whether microdnf has the command.
func microVerb(rest []shell.Word) bool {
	second := ""
	if len(rest) > 1 {
		second = rest[1].Text
	}
	switch rest[0].Text {
	case "install":
		return second != ""
	case "update", "upgrade":
		return true
	case "makecache":
		return second == ""
	case "clean":
		return second == "all" && len(rest) == 2
	case "module":
		return len(rest) > 2 && slices.Contains(words("enable disable reset"), second)
	}
	return false
}

// microValues are the options of dnf that a value may follow as a word of its own.
func microValues() []string {
	return words("--enablerepo --disablerepo --setopt --exclude -x --releasever --installroot -c --config")
}

// microFlags wants the options to be ones that microdnf takes; those that only
// make dnf quiet go. yes tells whether its question is answered.
//
// Source: rpm-software-management/microdnf @ 0c194e8, dnf/dnf-main.c.
func microFlags(c *command, r *runEdit) (yes bool, why string) {
	for i, w := range c.words {
		switch text := w.Text; {
		case i == 0 || !strings.HasPrefix(text, "-"):
		case text == "-y" || text == "--assumeyes":
			yes = true
		case text == "-q" || text == "--quiet":
			r.cutWord(c.words, i)
		case text == "-qy" || text == "-yq":
			yes = true
			r.put(w.Span, "-y")
		case text == "--nodocs", strings.HasPrefix(text, "--enablerepo="), strings.HasPrefix(text, "--disablerepo="),
			text == "--setopt=tsflags=nodocs", text == "--setopt=install_weak_deps=0", text == "--setopt=install_weak_deps=1":
		case slices.Contains(words("--setopt=install_weak_deps=false --setopt=install_weak_deps=no"), strings.ToLower(text)):
			r.put(w.Span, "--setopt=install_weak_deps=0")
		default:
			return false, c.quoted() + " has " + text + ", which microdnf is not known to take"
		}
		if !w.Exact {
			return false, w.Text + " is broken over lines"
		}
	}
	return yes, ""
}

// rpmNames are the plain names that a command has behind its verb.
func rpmNames(list []shell.Word, major string) (names []string, why string) {
	for _, w := range list {
		text, ok := w.Literal()
		switch {
		case !ok:
			return nil, "names packages by way of " + w.Text
		case strings.Contains(text, "/") || strings.HasSuffix(text, ".rpm"):
			return nil, "names the file " + text
		case strings.HasPrefix(text, "@"):
			return nil, "names " + text + ", a group of packages"
		case strings.ContainsAny(text, "*?[]<>= "):
			return nil, "names " + text + ", a pattern of names"
		case strings.HasPrefix(text, "dnf") || strings.HasPrefix(text, "yum"):
			return nil, "names " + text + ", which belongs to dnf"
		case text == "coreutils" || text == "curl" && major != "8":
			return nil, "names " + text + ", which takes the place of a smaller package there"
		}
		names = append(names, text)
	}
	return names, ""
}

// inMinimal reports whether the minimal image is sure to have a program: those of
// bash, coreutils, glibc and, in AlmaLinux since 9, curl-minimal.
//
// Source: AlmaLinux/container-images @ e4ca099, Containerfiles/{8,9,10}/Containerfile.minimal;
// rocky-linux/kickstarts, branches r8 @ 0d82d4b, r9 @ 126d743, r10 @ a86fc78, Rocky-*-Container-Minimal.ks.
func inMinimal(program, product, major string) bool {
	return slices.Contains(words(`bash sh microdnf getent ldconfig ldd iconv
		[ b2sum base32 base64 basename cat chcon chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir dircolors dirname du echo env
		expand expr factor false fmt fold groups head hostid id install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup
		nproc numfmt od paste pathchk pr printenv printf ptx pwd readlink realpath rm rmdir runcon seq sha1sum sha224sum sha256sum sha384sum sha512sum
		shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink
		users vdir wc who whoami yes`), program) || program == "curl" && product == "almalinux" && major != "8"
}

// fullRPM is the package of the full image that brings a program which the minimal
// one is not sure to have; "" where none is known to.
//
// Source: as of inMinimal, the default and base images; the packages that dnf
// itself stands on (shadow-utils, gawk, grep, sed, gnupg2, util-linux) from their names.
func fullRPM(program, major string) string {
	switch program {
	case "useradd", "groupadd", "usermod", "groupmod", "userdel", "groupdel", "chpasswd":
		return "shadow-utils"
	case "find", "xargs":
		return "findutils"
	case "gunzip", "zcat":
		return "gzip"
	case "egrep", "fgrep":
		return "grep"
	case "awk":
		return "gawk"
	case "su", "flock", "setpriv":
		return "util-linux"
	case "ping":
		return "iputils"
	case "vi":
		return "vim-minimal"
	case "gpg":
		return "gnupg2"
	case "tar", "gzip", "hostname", "less", "xz", "sed", "grep", "gawk":
		return program
	case "curl":
		if major == "8" {
			return "curl"
		}
		return "curl-minimal"
	case "python3":
		if major != "8" { // EL 8 has but platform-python, outside PATH
			return "python3"
		}
	}
	return ""
}

// bringsRPM reports whether a package brings a program.
func bringsRPM(pkg, program string) bool {
	switch program {
	case pkg:
		return true
	case "python3":
		return slices.Contains(words("python36 python38 python39"), pkg)
	case "python":
		return pkg == "python-unversioned-command"
	case "pip3", "pip":
		return slices.Contains(words("python3-pip python38-pip python39-pip"), pkg)
	case "npm", "npx":
		return pkg == "npm" || pkg == "nodejs"
	case "node":
		return pkg == "nodejs"
	case "java":
		return strings.HasPrefix(pkg, "java-") && strings.Contains(pkg, "-openjdk")
	case "apachectl":
		return pkg == "httpd"
	case "psql", "pg_dump", "pg_isready":
		return pkg == "postgresql"
	case "mysql", "mysqldump":
		return pkg == "mysql" || pkg == "mariadb"
	case "ps", "top", "pgrep", "pkill", "free":
		return pkg == "procps-ng"
	case "nc", "ncat":
		return pkg == "nmap-ncat"
	case "ip", "ss":
		return pkg == "iproute"
	case "ssh", "scp", "sftp":
		return pkg == "openssh-clients"
	case "envsubst":
		return pkg == "gettext"
	case "dig", "nslookup", "host":
		return pkg == "bind-utils"
	}
	version, ok := strings.CutPrefix(program, "pip3.") // pip3.11 is of python3.11-pip
	return ok && pkg == "python3."+version+"-pip" || strings.HasPrefix(program, "python3.") && pkg == strings.ReplaceAll(program, "python3.9", "python39")
}
