package evidence

import (
	"strings"
	"testing"
)

func TestCompose(t *testing.T) {
	c := open(t, `
-- docker-compose.yml --
version: "3"
x-base: &base
  user: "1000"
  environment: [A=1, B]
services:
  web:
    <<: *base
    build:
      context: ./app
      dockerfile: docker/Dockerfile.prod
      target: prod
      args:
        VERSION: 1
    command: npm start
    ports:
      - "80:8080"
      - target: 443
        published: 8443
        protocol: tcp
    volumes:
      - ./data:/data:ro
      - type: bind
        source: ./src
        target: /src
    read_only: true
    cap_add: [NET_ADMIN]
    healthcheck:
      test: ["CMD", "curl", "localhost"]
  db:
    image: postgres:16
    entrypoint: ["/x.sh"]
    environment:
      POSTGRES_PASSWORD: x
-- compose.override.yaml --
services:
  web:
    build: .
    privileged: true
  far:
    build: ../elsewhere
  url:
    build: https://github.com/x/y.git
-- compose.yml --
not: [valid
-- other.yml --
services:
  x:
    image: y
`)
	services := c.Compose()
	var names []string
	for _, s := range services {
		names = append(names, s.File+" "+s.Name)
	}
	same(t, "names", names, []string{"compose.override.yaml web", "compose.override.yaml far", "compose.override.yaml url",
		"docker-compose.yml web", "docker-compose.yml db"})
	over, far, url, web, db := services[0], services[1], services[2], services[3], services[4]
	if over.Build.Context != "." || over.Build.Dockerfile != "Dockerfile" || !over.Privileged {
		t.Errorf("%+v", over.Build)
	}
	if far.Build.Context != "" || far.Build.Dockerfile != "" || url.Build.Context != "" {
		t.Errorf("%+v %+v", far.Build, url.Build)
	}
	b := web.Build
	if b.Context != "app" || b.Dockerfile != "app/docker/Dockerfile.prod" || b.Target != "prod" || web.Line != 6 || web.Exec || !web.ReadOnly {
		t.Errorf("%+v %+v", b, web)
	}
	same(t, "user", settings([]Setting{web.User}), []string{"docker-compose.yml:3 1000"})
	same(t, "env", settings(web.Env), []string{"docker-compose.yml:4 A", "docker-compose.yml:4 B"})
	same(t, "args", settings(b.Args), []string{"docker-compose.yml:13 VERSION"})
	same(t, "command", settings(web.Command), []string{"docker-compose.yml:14 npm start"})
	same(t, "ports", settings(web.Ports), []string{"docker-compose.yml:16 80:8080", "docker-compose.yml:17 8443:443/tcp"})
	same(t, "volumes", settings(web.Volumes), []string{"docker-compose.yml:21 ./data:/data:ro", "docker-compose.yml:22 ./src:/src"})
	same(t, "health", settings(web.Health), []string{"docker-compose.yml:28 CMD", "docker-compose.yml:28 curl", "docker-compose.yml:28 localhost"})
	if db.Build != nil || db.Image.Value != "postgres:16" || !db.Exec || len(db.Env) != 1 || db.Env[0].Value != "POSTGRES_PASSWORD" {
		t.Errorf("%+v", db)
	}
}

func TestComposeVersion1(t *testing.T) {
	s := open(t, "-- docker-compose.yml --\nweb:\n  build: .\n  ports: ['80']\n").Compose()
	if len(s) != 1 || s[0].Name != "web" || s[0].Build == nil {
		t.Errorf("%+v", s)
	}
}

// Aliases nested so that expanding them would take 9^9 nodes.
func TestComposeBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("-- compose.yml --\na0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 10; i++ {
		prev := "*a" + itoa(i-1)
		b.WriteString("a" + itoa(i) + ": &a" + itoa(i) + " [" + strings.Repeat(prev+",", 8) + prev + "]\n")
	}
	b.WriteString("services:\n  web: {command: *a9, ports: *a9, volumes: *a9, build: *a9, <<: *a9}\n")
	s := open(t, b.String()).Compose()
	if len(s) != 1 || len(s[0].Command) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestComposeLoop(t *testing.T) {
	open(t, "-- compose.yml --\nservices:\n  web: &w\n    <<: *w\n    build: *w\n    command: *w\n").Compose()
}
