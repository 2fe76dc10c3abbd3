package transform

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// dropsPrivileges says that a program is there to change from root to another user.
func dropsPrivileges(argv []string) string {
	switch name := path.Base(argv[0]); name {
	case "gosu", "su-exec", "setpriv", "runuser", "chpst", "s6-setuidgid", "setuidgid":
		return "drops privileges itself, with " + name
	}
	return ""
}

// asksForUser says that a program is told to change its user, which only root can.
func asksForUser(argv []string) string {
	for i, a := range argv {
		flag, value, joined := strings.Cut(a, "=")
		if !joined && i+1 < len(argv) {
			value = argv[i+1]
		}
		if slices.Contains([]string{"--user", "--uid", "--gid", "--setuid"}, flag) && value != "" && !strings.HasPrefix(value, "-") {
			return fmt.Sprintf("%s is told to run as another user itself (%s %s)", path.Base(argv[0]), flag, value)
		}
	}
	return ""
}

// needsRoot says why a program cannot run without root.
func needsRoot(argv []string) string {
	name := path.Base(argv[0])
	switch name {
	case "sudo", "su", "doas":
		return name + " is used at the start"
	case "cron", "crond", "crontab", "anacron":
		return name + " runs as root"
	case "sshd", "ssh-keygen":
		return name + " wants root's host keys"
	case "supervisord", "runsvdir", "s6-svscan", "monit", "circusd":
		return name + " starts and supervises programs as other users"
	case "systemd", "systemctl", "service", "openrc", "rc-service", "initctl", "rc-update", "invoke-rc.d", "upstart":
		return name + " manages services as root"
	case "rsyslogd", "syslogd", "syslog-ng", "klogd", "dbus-daemon", "udevd", "nscd", "avahi-daemon":
		return name + " is a system service that starts as root"
	case "dockerd", "containerd", "docker", "dockerd-entrypoint.sh", "podman", "buildkitd", "kubelet", "k3s":
		return name + " needs root's access to containers"
	case "iptables", "ip6tables", "nft", "ip", "ifconfig", "route", "tc", "ethtool", "sysctl", "mount", "umount", "modprobe", "insmod", "losetup", "setcap", "chroot", "mknod", "openvpn", "wg", "wg-quick", "dnsmasq", "named", "dhcpd", "ntpd", "chronyd", "tcpdump", "keepalived", "pptpd", "xl2tpd", "ipsec", "hostapd":
		return name + " changes the system or the network, which root alone may"
	case "useradd", "adduser", "groupadd", "addgroup", "usermod", "groupmod", "passwd", "chpasswd", "userdel", "deluser", "visudo":
		return name + " changes accounts"
	case "update-ca-certificates", "update-ca-trust", "ldconfig", "locale-gen", "dpkg-reconfigure", "update-alternatives", "a2enmod", "a2ensite", "a2enconf", "docker-php-ext-enable", "phpenmod":
		return name + " changes the system's own files"
	case "nginx", "apache2", "httpd", "apache2ctl", "apachectl", "httpd-foreground", "apache2-foreground", "haproxy", "lighttpd", "squid", "varnishd", "php-fpm":
		return name + " starts as root to open ports, logs and pid files, and drops to its own user"
	case "mysqld", "mysqld_safe", "mysql_install_db", "mariadbd", "postgres", "pg_ctl", "pg_ctlcluster", "mongod", "rabbitmq-server", "slapd", "memcached", "clickhouse-server", "initdb":
		return name + " is a server whose data belongs to an account of its package"
	case "postfix", "dovecot", "exim4", "exim", "sendmail", "vsftpd", "proftpd", "pure-ftpd", "smbd", "nmbd", "xrdp", "xrdp-sesman", "in.tftpd", "rpcbind", "nfsd", "xinetd", "inetd", "shiny-server", "rstudio-server", "rserver", "jupyterhub":
		return name + " is a service that starts as root"
	}
	if argv[0] == "/init" || name == "init" && strings.HasPrefix(argv[0], "/") || name == "my_init" {
		return argv[0] + " is an init system that runs as root"
	}
	if strings.HasPrefix(argv[0], "/etc/init.d/") || strings.HasPrefix(argv[0], "/etc/rc") {
		return argv[0] + " manages a service as root"
	}
	if strings.HasPrefix(name, "php-fpm") && name != "php-fpm" {
		return name + " starts as root to open its log and pid file"
	}
	return ""
}

// installsAtStart says which command installs, builds or downloads at the start.
func installsAtStart(argv []string) string {
	name, verb := path.Base(argv[0]), firstWord(argv[1:])
	words := map[string][]string{
		"apt-get": nil, "apt": nil, "apk": nil, "yum": nil, "dnf": nil, "microdnf": nil, "dpkg": nil, "rpm": nil, "snap": nil,
		"pip": {"install"}, "pip3": {"install"}, "npm": {"install", "i", "ci", "update", "rebuild", "link", "audit"}, "yarn": {"install", "add", "upgrade"},
		"pnpm": {"install", "i", "add"}, "bundle": {"install", "update"}, "composer": {"install", "update", "require", "dump-autoload", "dumpautoload", "create-project"},
		"gem": {"install"}, "poetry": {"install", "update", "add"}, "pipenv": {"install", "sync"}, "uv": {"sync", "add", "pip"}, "conda": {"install", "update", "create"},
		"go": {"get", "install", "build", "mod", "generate"}, "cargo": {"build", "install"}, "mvn": nil, "mvnw": nil, "gradle": nil, "gradlew": nil, "make": nil, "cmake": nil,
		"dotnet": {"restore", "build", "publish", "ef", "tool"}, "bower": nil, "tsc": nil, "webpack": nil, "sbt": nil, "mix": {"deps.get", "compile"}, "bun": {"install", "add"},
		"bunx": nil, "pnpx": nil, "lein": nil,
	}
	verbs, ok := words[name]
	switch {
	case ok && verbs == nil, name == "yarn" && verb == "" && len(argv) == 1, slices.Contains(verbs, verb):
		return strings.TrimSpace(name+" "+verb) + " at the start installs, builds or downloads into folders that are root's"
	case len(argv) > 3 && strings.HasPrefix(name, "python") && argv[1] == "-m" && argv[2] == "pip" && argv[3] == "install":
		return "pip install at the start installs into folders that are root's"
	case slices.ContainsFunc(argv, func(a string) bool { return strings.HasPrefix(a, "assets:precompile") }):
		return "assets:precompile at the start builds into the code tree"
	case slices.Contains(argv, "makemigrations"):
		return "makemigrations at the start writes into the code"
	case name == "prisma" && verb == "generate":
		return "prisma generate at the start writes into node_modules"
	case name == "artisan" || len(argv) > 1 && path.Base(argv[1]) == "artisan":
		if slices.Contains(argv, "key:generate") || slices.Contains(argv, "storage:link") || slices.Contains(argv, "vendor:publish") {
			return "artisan writes into the code at the start"
		}
	}
	return ""
}

// firstWord is the first argument that is no flag.
func firstWord(args []string) string {
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			return a
		}
	}
	return ""
}

// developsAtStart says which development server the start is.
func developsAtStart(argv []string) string {
	name, verb := path.Base(argv[0]), firstWord(argv[1:])
	words := map[string][]string{
		"go": {"run"}, "air": nil, "gin": nil, "fresh": nil, "reflex": nil, "realize": nil, "CompileDaemon": nil, "dlv": nil, "cargo": {"run", "watch"}, "dotnet": {"run", "watch", "test"},
		"react-scripts": {"start"}, "vue-cli-service": {"serve"}, "ng": {"serve"}, "next": {"dev", "build"}, "nuxt": {"dev", "build", ""}, "gatsby": {"develop", "build"}, "webpack-dev-server": nil,
		"webpack-cli": nil, "vite": {"", "dev", "serve", "build"}, "parcel": nil, "nest": {"start", "build"}, "gulp": nil, "grunt": nil, "ember": nil, "expo": nil, "craco": {"start"}, "astro": {"dev"},
		"hugo": nil, "jekyll": nil, "hexo": nil, "tsc-watch": nil, "ts-node-dev": nil, "remix": {"dev"}, "svelte-kit": {"dev"}, "rescript": nil, "karma": nil, "cypress": nil, "jest": nil, "mocha": nil,
		"pytest": nil, "tox": nil, "rspec": nil, "phpunit": nil, "mix": {"phx.server", "run", "test"}, "webpack": nil, "react-app-rewired": {"start"}, "quasar": {"dev"}, "ionic": nil, "umi": {"dev"}, "start-storybook": nil, "storybook": {"dev", "build"}, "build-storybook": nil, "rollup": nil, "esbuild": nil, "turbo": nil, "nx": nil, "lerna": nil, "dumi": nil, "docusaurus": {"start", "build"}, "vuepress": nil, "vitepress": {"dev", "build"}, "styleguidist": nil,
	}
	verbs, ok := words[name]
	if ok && (verbs == nil || slices.Contains(verbs, verb) || strings.Contains(verb, "=") && slices.Contains(verbs, "")) {
		return fmt.Sprintf("%s is a development start or a build, which writes into the code tree", strings.TrimSpace(name+" "+verb))
	}
	if isPackageRunner(name) {
		for _, a := range argv[1:] {
			switch a {
			case "dev", "develop", "start:dev", "start:watch", "dev:start", "dev:server", "watch", "test", "start:debug", "run:dev", "serve:dev", "start-dev", "build":
				return fmt.Sprintf("%s is a development start or a build, which writes into the code tree", strings.Join(argv[:min(3, len(argv))], " "))
			}
		}
	}
	return ""
}

func isPackageRunner(name string) bool {
	return name == "npm" || name == "yarn" || name == "pnpm" || name == "bun"
}

// isRuntime reports whether a program is an interpreter or a server of a language's ecosystem, which runs as any user.
func isRuntime(program string) bool {
	name := path.Base(program)
	switch strings.TrimRight(name, "0123456789.") {
	case "python", "pypy", "node", "nodejs", "java", "ruby", "php", "perl", "Rscript", "R", "julia", "elixir", "erl", "deno", "bun", "dotnet", "lua", "luajit", "mono", "racket", "sbcl", "guile", "groovy", "scala", "dart",
		"gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "flask", "fastapi", "celery", "streamlit", "django-admin", "uwsgi", "chalice", "sanic", "aiohttp", "twistd", "scrapy", "dramatiq", "rq", "huey_consumer", "huey_consumer.py", "mlflow", "bokeh", "panel", "gradio", "dagster", "prefect", "ddtrace-run", "meltano", "litestar", "granian", "functions-framework", "functions_framework", "watchmedo", "chainlit", "rasa", "locust", "mkdocs", "bentoml", "tritonserver", "airflow",
		"rails", "puma", "unicorn", "thin", "rackup", "sidekiq", "bundle", "rake", "falcon", "passenger",
		"npm", "yarn", "pnpm", "pm", "pm2", "pm2-runtime", "pm2-docker", "nodemon", "ts-node", "tsx", "next", "nuxt", "nuxi", "serve", "http-server", "forever", "lite-server", "json-server", "live-server", "nest", "cross-env", "sls", "serverless", "moleculer-runner", "vite", "astro",
		"catalina.sh", "mix", "iex", "swift", "composer", "frankenphp", "apache2-foreground":
		return true
	}
	return false
}

// language is the language of the sources that a program runs; "" for none that is looked at.
func language(name string) string {
	switch strings.TrimRight(name, "0123456789.") {
	case "python", "pypy", "gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve", "flask", "fastapi", "celery", "streamlit", "django-admin", "uwsgi", "sanic", "functions-framework", "rq", "dramatiq", "manage.py", "chainlit":
		return "Python"
	case "node", "nodejs", "npm", "yarn", "pnpm", "pm2-runtime", "pm2", "nodemon", "ts-node", "tsx", "next", "nuxt", "nest", "bun", "deno", "forever":
		return "JavaScript"
	case "java", "catalina.sh":
		return "Java"
	case "dotnet":
		return "C#"
	case "php", "php-fpm", "apache2-foreground", "frankenphp":
		return "PHP"
	case "ruby", "rails", "puma", "unicorn", "thin", "rackup", "sidekiq", "bundle", "rake":
		return "Ruby"
	}
	return ""
}

// speaks notes the language of a program that is started.
func (u *userPlan) speaks(name string, argv []string) {
	lang := language(name)
	if lang == "" {
		for _, a := range argv {
			if ext, ok := strings.CutPrefix(path.Ext(a), "."); ok && lang == "" {
				lang = map[string]string{"py": "Python", "js": "JavaScript", "mjs": "JavaScript", "jar": "Java", "dll": "C#", "php": "PHP", "rb": "Ruby"}[ext]
			}
		}
	}
	if lang != "" && !slices.Contains(u.langs, lang) {
		u.langs = append(u.langs, lang)
	}
}

func (u *userPlan) speaksAny() bool { return len(u.langs) > 0 }

// wantsHome notes programs that keep something in the user's home. Gunicorn has its
// control socket in ~/.gunicorn since version 25, seen with bulwark verify.
func (u *userPlan) wantsHome(argv []string) {
	for _, a := range argv {
		switch name := path.Base(a); name {
		case "npm", "yarn", "pnpm", "pm2", "pm2-runtime", "poetry", "pipenv", "uv", "streamlit", "jupyter", "jupyter-lab", "jupyter-notebook", "gunicorn", "bun", "deno", "airflow", "mlflow", "prefect", "Xvfb", "xvfb-run", "soffice", "mix", "iex":
			if u.needHome == "" {
				u.needHome = name
			}
		}
	}
}
