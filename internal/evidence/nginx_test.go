package evidence

import (
	"strings"
	"testing"
)

func TestNginx(t *testing.T) {
	c := open(t, `
-- nginx.conf --
user  nginx; # not root
pid /run/nginx.pid;
events { worker_connections 10; }
http {
	include /etc/nginx/mime.types;
	# listen 1;
	log_format main '$remote_addr "listen 2;" }';
	server {
		listen 80 default_server;
		listen
			[::]:443 ssl;
		server_name ${HOST};
		location ~ \.php$ { fastcgi_pass unix:/x; }
	}
	server { listen unix:/run/a.sock; listen "8080"; }
}
-- broken.conf --
server { listen 80;
-- broken2.conf --
} listen 80;
`)
	same(t, "listens", settings(c.NginxListens("nginx.conf")), []string{"nginx.conf:9 80", "nginx.conf:10 [::]:443",
		"nginx.conf:15 unix:/run/a.sock", "nginx.conf:15 8080"})
	list, ok := c.NginxDirectives("/nginx.conf", "user", "pid", "server_name")
	var got []string
	for _, d := range list {
		got = append(got, d.Block+"/"+d.Name+" "+strings.Join(d.Args, ","))
	}
	if !ok {
		t.Error("not read")
	}
	same(t, "directives", got, []string{"/user nginx", "/pid /run/nginx.pid", "server/server_name ${HOST}"})
	for _, p := range []string{"broken.conf", "broken2.conf", "gone.conf"} {
		if _, ok := c.NginxDirectives(p); ok {
			t.Errorf("%s is read", p)
		}
	}
}

func TestListenPort(t *testing.T) {
	for address, want := range map[string]string{":80": "80", "80": "80", "0.0.0.0:8080": "8080", "[::]:443": "443",
		"unix:/run/x.sock": "", "localhost": "", "": "", ":http": "", "10.0.0.1:": ""} {
		if got := ListenPort(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}
