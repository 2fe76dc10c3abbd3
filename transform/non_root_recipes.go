package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/evidence"
)

// recipe is how an official image that starts as root runs without it.
type recipe struct {
	programs []string // that may be started in spite of what their kind needs elsewhere
	account  string
	uid, gid string // "" where an account is made
	grants   []grant
	own      []string // system folders that the start may write to, once handed over
	exist    []string // folders that the base has
	workers  bool     // what serves requests runs as the account already, so that its writing is looked after
	port     string   // below 1024 that it listens on; "" for none
	why      string
}

// recipe is the one for the base image; nil where there is none.
func (u *userPlan) recipe() *recipe {
	if !u.known {
		return nil
	}
	switch u.img.Family {
	case "nginx":
		return u.nginxRecipe()
	case "php":
		return u.phpRecipe()
	case "tomcat":
		return tomcatRecipe()
	}
	return nil
}

// nginxRecipe hands over what the nginx master writes: its pid file, its caches,
// and conf.d, which the entry point's scripts fill in.
func (u *userPlan) nginxRecipe() *recipe {
	grants := []grant{
		{path: "/run/nginx.pid", file: true, why: "its pid file"},
		{path: "/var/cache/nginx", deep: true, why: "its caches"},
	}
	if u.nginxEntryWrites() {
		grants = append(grants, grant{path: "/etc/nginx/conf.d", deep: true, why: "its entry point writes there"})
	}
	return &recipe{
		programs: []string{"nginx", "nginx-debug"},
		account:  "nginx", uid: "101", gid: "101",
		grants:  grants,
		own:     []string{"/etc/nginx", "/usr/share/nginx/html"},
		exist:   []string{"/etc/nginx", "/etc/nginx/conf.d", "/var/cache/nginx", "/var/log/nginx", "/usr/share/nginx/html"},
		workers: true,
		port:    "80",
		why:     "nginx runs as its own account, 101:101, once its caches and its pid file are handed over",
	}
}

// nginxEntryWrites reports whether the image's own entry point changes the
// configuration: it fills templates in, and lets an untouched default listen on IPv6.
func (u *userPlan) nginxEntryWrites() bool {
	if !u.baseEntry() {
		return false
	}
	for _, w := range u.walks {
		for _, one := range w.placed {
			if _, in := within("/etc/nginx/templates", one.dest); in {
				return true
			}
		}
	}
	return !u.replaced("/etc/nginx/nginx.conf") && !u.replaced("/etc/nginx/conf.d/default.conf")
}

// replaced reports whether the file puts another file in the place of the base's, or removes it.
func (u *userPlan) replaced(p string) bool {
	_, _, ok := u.contextOf(p)
	return ok || u.wasRemoved(p) || u.madeAt(p) != nil || slices.ContainsFunc(u.walks, func(w *walk) bool {
		return slices.ContainsFunc(w.placed, func(one placed) bool { return one.dest == p })
	})
}

// baseName is the base image as a report names it: without its digest.
func (u *userPlan) baseName() string {
	ref := u.img.Ref
	ref.Digest = ""
	return ref.String()
}

// phpRecipe uses www-data: Apache's run, lock and log folders are open to all in
// the official image, and php-fpm leaves the user setting alone where it is not root.
func (u *userPlan) phpRecipe() *recipe {
	id := "33"
	if u.dist == "alpine" {
		id = "82"
	}
	r := &recipe{account: "www-data", uid: id, gid: id, why: fmt.Sprintf("%s has the account www-data, %s:%s", u.baseName(), id, id)}
	switch {
	case slices.Contains(u.img.Cmd, "apache2-foreground"):
		r.programs, r.port, r.workers = []string{"apache2-foreground"}, "80", true
	case slices.Contains(u.img.Cmd, "php-fpm"):
		r.programs, r.workers = []string{"php-fpm"}, true
	}
	return r
}

// tomcatRecipe hands over what Tomcat unpacks and writes; the image has no account, so one is made.
func tomcatRecipe() *recipe {
	r := &recipe{programs: []string{"catalina.sh"}, why: "Tomcat unpacks applications and writes its logs, work and temp folders", own: []string{"/usr/local/tomcat"}}
	for _, dir := range []string{"conf", "logs", "temp", "webapps", "work"} {
		r.grants = append(r.grants, grant{path: path.Join("/usr/local/tomcat", dir), deep: true, why: "Tomcat"})
	}
	return r
}

// recipeSees declines where the recipe's server is configured in a way that wants root.
func (u *userPlan) recipeSees() *Skip {
	switch u.img.Family {
	case "nginx":
		return u.nginxConfigs()
	case "php":
		return u.apacheModules()
	}
	return nil
}

// nginxConfigs looks at the configuration files that are copied in.
func (u *userPlan) nginxConfigs() *Skip {
	for _, w := range u.walks {
		for _, one := range w.placed {
			if _, in := within("/etc/nginx", one.dest); !in || one.bound {
				continue
			}
			if one.from != "" || !one.listed && one.src != "" {
				return &Skip{Unsure, one.in.Span, "nginx's configuration is not in the build context, so what it needs of root cannot be told"}
			}
			for _, file := range u.configFiles(one) {
				if skip := u.nginxConfig(file, spot{at: one.in.Span}); skip != nil {
					return skip
				}
			}
		}
	}
	return nil
}

func (u *userPlan) configFiles(one placed) []string {
	if !one.dir {
		return []string{one.src}
	}
	var out []string
	for _, e := range u.p.Build.List(one.src) {
		if !e.IsDir() {
			out = append(out, path.Join(one.src, e.Name()))
		}
	}
	return out
}

// nginxConfig takes the directives that name files to write or ports to open.
func (u *userPlan) nginxConfig(file string, o spot) *Skip {
	list, ok := u.p.Build.NginxDirectives(file, "pid", "access_log", "error_log", "proxy_cache_path", "fastcgi_cache_path", "client_body_temp_path", "proxy_temp_path", "ssl_certificate_key", "listen")
	if !ok {
		return nil // no configuration: mime types, snippets, templates with variables
	}
	for _, d := range list {
		if len(d.Args) == 0 {
			continue
		}
		where := d.Where()
		arg := d.Args[0]
		switch {
		case d.Name == "ssl_certificate_key":
			return spot{o.at, where}.says(Unsure, "the private key is for root to read")
		case d.Name == "listen":
			u.listens = append(u.listens, evidence.ListenPort(arg))
		case !path.IsAbs(arg) || strings.Contains(arg, "$"):
		case d.Name == "pid" && (arg == "/run/nginx.pid" || arg == "/var/run/nginx.pid"):
		case strings.HasSuffix(d.Name, "_log") && slices.Contains([]string{"/var/log/nginx/access.log", "/var/log/nginx/error.log"}, arg):
		case strings.HasSuffix(d.Name, "_log") || d.Name == "pid":
			u.write(arg, true, where)
		default:
			u.write(arg, false, where)
		}
	}
	return nil
}

// apacheModules declines TLS, whose key is root's.
func (u *userPlan) apacheModules() *Skip {
	for _, c := range u.cmds {
		if c.name == "a2enmod" && slices.Contains(literals(c), "ssl") {
			return &Skip{Unsure, c.at, "Apache reads the TLS key as root"}
		}
	}
	return nil
}
