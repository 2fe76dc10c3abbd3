package transform

import (
	"slices"
	"strings"
)

// glibcPackage reports whether a package is about the C library that Alpine does
// not have: its locales, or itself.
func glibcPackage(name string) bool {
	switch name {
	case "locales", "locales-all", "libc6", "libc6-dev", "libc-bin", "libc-dev-bin", "glibc-source", "libnss-mdns", "libnss-ldap", "libnss-ldapd", "libnss-sss", "nscd":
		return true
	}
	return strings.HasPrefix(name, "language-pack-")
}

// keepsElsewhere reports whether a package is a service whose folders, names of
// modules or way to be started differ on Alpine.
func keepsElsewhere(name string) bool {
	switch name {
	case "cron", "anacron", "at", "nginx", "nginx-full", "nginx-light", "nginx-extras", "apache2", "lighttpd", "supervisor", "openssh-server", "rsyslog", "syslog-ng", "logrotate", "postfix", "exim4", "ssmtp", "msmtp",
		"mysql-server", "default-mysql-server", "mariadb-server", "postgresql", "redis-server", "redis", "memcached", "dovecot-core", "samba", "vsftpd", "proftpd", "haproxy", "varnish", "squid", "bind9", "dnsmasq", "fail2ban", "monit", "runit", "sudo",
		"chromium", "chromium-driver", "firefox-esr", "libreoffice", "texlive", "r-base", "xvfb", "x11vnc", "dbus", "dbus-x11", "tor", "privoxy", "docker.io", "libnss-wrapper":
		return true
	}
	return false
}

// runtimes are languages whose programs and packages hang on a minor version, by
// how the names of their packages start.
func runtimes() []string {
	return words("nodejs npm yarn openjdk- default-jre default-jdk ruby php golang rustc cargo mono- erlang elixir ghc r-base python perl lua node- ocaml scala julia dotnet aspnetcore")
}

// wrongRuntime says why a package would bring a language of another version than
// Debian has, or one beside the image's own. node-gyp does with any Python 3.
func (m *alpineMove) wrongRuntime(name string) (why string) {
	if m.s.product() == "node" && slices.Contains(words("python3 python3-minimal"), name) {
		return ""
	}
	for _, r := range runtimes() {
		if name == r || strings.HasPrefix(name, r) && (strings.HasSuffix(r, "-") || strings.ContainsAny(name[len(r):len(r)+1], "0123456789-.")) {
			return name + " is of another version there, or stands beside the image's own"
		}
	}
	return ""
}

// noCounterpart says what a command of Debian's system does, for which Alpine has
// nothing that means the same; "" for any other command.
func noCounterpart(name string) (what string) {
	switch name {
	case "add-apt-repository", "apt-add-repository", "apt-key", "extrepo", "apt-mark", "apt-cache", "apt-config", "apt-file":
		return "is about Debian's package sources"
	case "dpkg", "dpkg-query", "dpkg-divert", "dpkg-statoverride", "gdebi", "alien", "rpm":
		return "is about package files of Debian's"
	case "dpkg-reconfigure", "debconf-set-selections", "update-alternatives", "update-rc.d", "service", "systemctl", "invoke-rc.d", "update-locale", "locale-gen", "localedef", "ldconfig", "a2enmod", "a2ensite", "a2dissite", "a2dismod", "a2enconf", "phpenmod", "phpdismod", "update-ca-trust":
		return "has no counterpart on Alpine"
	case "usermod", "groupmod", "userdel", "groupdel", "deluser", "delgroup", "passwd", "chpasswd", "chsh", "chfn", "visudo", "newusers", "gpasswd":
		return "changes accounts in a way that is not put into Alpine's words"
	case "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman", "apk", "snap", "flatpak":
		return "is of another distribution's package manager"
	case "gem", "bundle", "bundler", "go", "cargo", "npm", "yarn", "pnpm", "npx", "corepack", "pip", "pip3", "pip2", "pipx", "poetry", "pipenv", "uv", "conda", "composer", "pecl", "pear", "cpan", "cpanm", "luarocks", "dotnet", "brew", "nvm", "rustup":
		return "installs by way of a language that the image is not of"
	}
	return ""
}

// sameProgram reports whether a program means the same once their package is installed.
func sameProgram(name string) bool {
	return slices.Contains(words("git curl wget unzip zip jq rsync openssl bzip2 xz gzip dos2unix fc-cache envsubst convert identify ffmpeg psql pg_isready gosu update-ca-certificates htpasswd htdigest ab"), name)
}

// bringerOf is the Debian package of a program that has another name.
func bringerOf(program string) string {
	switch program {
	case "fc-cache", "fc-list":
		return "fontconfig"
	case "dot", "neato":
		return "graphviz"
	case "ffprobe":
		return "ffmpeg"
	case "pdftotext", "pdftoppm", "pdfinfo", "pdftocairo":
		return "poppler-utils"
	case "tesseract":
		return "tesseract-ocr"
	case "gs", "ps2pdf":
		return "ghostscript"
	case "rsvg-convert":
		return "librsvg2-bin"
	case "gpg":
		return "gnupg2"
	case "htpasswd", "htdigest", "ab":
		return "apache2-utils"
	}
	return ""
}

// gnuOnly names an option that busybox does not have or takes for something else.
func gnuOnly(program string, args []string) string {
	if !isBusybox(program) && !slices.Contains(words("wget nc ps ping date hostname"), program) {
		return ""
	}
	for _, a := range args {
		switch {
		case program == "wget" && slices.Contains(words("--quiet --spider --output-document --no-check-certificate --timeout --tries --header --no-verbose"), strings.SplitN(a, "=", 2)[0]):
		case strings.HasPrefix(a, "--") && len(a) > 2, slices.Contains(gnuWords(program), a):
			return a
		case program == "date" && (strings.Contains(a, "%N") || strings.Contains(a, "%-")):
			return a
		case program != "find" && strings.HasPrefix(a, "-") && strings.ContainsAny(a[1:], gnuLetters(program)):
			return a
		}
	}
	return ""
}

// gnuWords are options of one dash and several letters that busybox lacks.
func gnuWords(program string) []string {
	if program == "find" {
		return words("-printf -fprintf -fprint -regextype -daystart -newermt -readable -writable -execdir -ls")
	}
	return nil
}

// gnuLetters are the short options that a program of busybox lacks or reads otherwise.
func gnuLetters(program string) string {
	switch program {
	case "grep", "egrep", "fgrep":
		return "PZ"
	case "sed":
		return "zl"
	case "readlink":
		return "me"
	case "ps":
		return "auxefC"
	case "xargs", "date":
		return "d"
	case "sort":
		return "R"
	case "ln":
		return "r"
	case "tar", "hostname":
		return "I"
	case "nc":
		return "N"
	}
	return ""
}

// companions are packages of Alpine's that hold what Debian brings along with a
// package by itself: a font wherever text is drawn, the data of ICU.
func companions(name string) []string {
	switch {
	case slices.Contains(words("graphviz imagemagick fontconfig librsvg2-bin libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0 libcairo2 ghostscript weasyprint gnuplot inkscape"), name):
		return words("font-dejavu")
	case strings.HasPrefix(name, "libicu"):
		return words("icu-data-full")
	}
	return nil
}

// takenOnAlpine reports whether Alpine has an account or a group of that name.
func takenOnAlpine(name string) bool {
	return slices.Contains(words("wheel floppy cron ftp sshd input netdev kvm www-data ntp abuild utmp ping guest sync shutdown halt operator daemon bin sys adm tty disk lp mem mail news uucp audio cdrom dialout tape video games users nobody nogroup root shadow"), name)
}

// takenID reports whether Alpine gives the number to an account or a group of its own.
func takenID(id string) bool {
	return slices.Contains(words("82 100 300 405 999 65533 65534"), id)
}

// dataFile reports whether what lies behind an address is read and not run.
func dataFile(address string) bool {
	if address == "https://getcomposer.org/installer" {
		return true // a program in PHP
	}
	address, _, _ = strings.Cut(address, "?")
	for _, end := range words(".asc .gpg .key .json .txt .csv .tsv .xml .yml .yaml .toml .conf .ini .pem .crt .cer .html .css .js .md .sql .ttf .otf .woff .woff2 .png .jpg .svg .ico .py .rb .php") {
		if strings.HasSuffix(address, end) {
			return true
		}
	}
	return false
}
