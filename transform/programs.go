package transform

// isShellBuiltin reports whether a POSIX shell runs the command itself.
func isShellBuiltin(name string) bool {
	switch name {
	case ".", ":", "[", "alias", "bg", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit", "export", "false", "fg", "getopts", "hash", "jobs", "kill", "local", "printf", "pwd",
		"read", "readonly", "return", "set", "shift", "source", "test", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset", "wait", "[[", "declare", "let", "shopt":
		return true
	}
	return false
}

// isBusybox reports whether Alpine's busybox and Debian's essential packages both have the program.
func isBusybox(name string) bool {
	switch name {
	case "awk", "basename", "cat", "chgrp", "chmod", "chown", "cp", "cut", "date", "dd", "df", "dirname", "du", "env", "expr", "find", "grep", "egrep", "fgrep", "gunzip", "gzip", "head", "hostname", "id",
		"install", "ln", "ls", "md5sum", "mkdir", "mkfifo", "mktemp", "mv", "nice", "nohup", "od", "printenv", "readlink", "realpath", "rm", "rmdir", "sed", "seq", "sh", "sha256sum", "sleep", "sort", "split",
		"stat", "su", "sync", "tail", "tar", "tee", "timeout", "touch", "tr", "tty", "uname", "uniq", "wc", "which", "whoami", "xargs", "yes":
		return true
	}
	return false
}

// isEssential reports whether debian:*-slim has the program without installing anything.
func isEssential(name string) bool { return isBusybox(name) || name == "bash" }

// providerOf is the Debian package that brings a program; known is false where none is recorded.
func providerOf(program string) (debian string, known bool) {
	switch program {
	case "ping":
		return "iputils-ping", true
	case "nc", "netcat":
		return "netcat-openbsd", true
	case "psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_isready":
		return "postgresql-client", true
	case "mysql", "mysqldump", "mysqladmin":
		return "default-mysql-client", true
	case "ps", "pgrep", "pkill", "top":
		return "procps", true
	case "ip", "ss":
		return "iproute2", true
	case "dig", "nslookup", "host":
		return "bind9-dnsutils", true
	case "ssh", "scp":
		return "openssh-client", true
	case "convert", "identify", "mogrify", "montage", "composite":
		return "imagemagick", true
	case "ffprobe", "ffplay":
		return "ffmpeg", true
	case "gs":
		return "ghostscript", true
	case "dot":
		return "graphviz", true
	case "gpg":
		return "gnupg", true
	case "tesseract":
		return "tesseract-ocr", true
	case "pdftotext", "pdftoppm", "pdftocairo", "pdfinfo":
		return "poppler-utils", true
	case "htpasswd", "ab":
		return "apache2-utils", true
	case "killall":
		return "psmisc", true
	case "exiftool":
		return "libimage-exiftool-perl", true
	case "xz", "unxz":
		return "xz-utils", true
	case "cwebp", "dwebp":
		return "webp", true
	case "redis-cli":
		return "redis-tools", true
	case "envsubst":
		return "gettext-base", true
	case "update-ca-certificates":
		return "ca-certificates", true
	case "bash", "sqlite3", "curl", "wget", "git", "ffmpeg", "jq", "unzip", "zip", "rsync", "tini", "dumb-init", "openssl", "graphviz", "pandoc", "gnupg", "nmap", "tesseract-ocr", "ghostscript", "poppler-utils",
		"chromium", "file", "lsof", "mediainfo", "qpdf", "sox", "socat", "pngquant", "jpegoptim", "optipng", "gifsicle", "whois", "traceroute", "tcpdump":
		return program, true
	}
	return "", false
}
