package templates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// brief writes the heart of what is known in one line.
func brief(i Image) string {
	shell := "none"
	if i.Bash {
		shell = "bash"
	} else if i.Shell {
		shell = "sh"
	}
	return fmt.Sprintf("%s/%s/%s %s %s %s user=%q", i.Distro, i.Suite, i.Libc, i.PackageManager, shell, strings.Join(append(slices.Clone(i.Entrypoint), i.Cmd...), " "), i.User)
}

func TestLookup(t *testing.T) {
	for in, want := range map[string]string{
		"golang:1.20":        `debian/bookworm/glibc apt bash bash user=""`,
		"golang:1.21-alpine": `alpine/alpine3.20/musl apk sh /bin/sh user=""`,
		"golang:1.20.3":      `debian//glibc apt bash bash user=""`,
		"node:18-slim":       `debian/bookworm/glibc apt bash docker-entrypoint.sh node user=""`,
		"node:10":            `debian/stretch/glibc apt bash docker-entrypoint.sh node user=""`,
		"node:10.16.0":       `debian//glibc apt bash docker-entrypoint.sh node user=""`,
		"node:9":             `debian/jessie/glibc apt bash node user=""`,
		"node:6":             `debian/stretch/glibc apt bash node user=""`,
		"python:3.13":        `debian/trixie/glibc apt bash python3 user=""`,
		"python:2.7-slim":    `debian/buster/glibc apt bash python2 user=""`,
		"debian:12.4":        `debian/bookworm/glibc apt bash bash user=""`,
		"ubuntu:20.04":       `ubuntu/focal/glibc apt bash /bin/bash user=""`,
		"i386/ubuntu:18.04":  `ubuntu/bionic/glibc apt bash /bin/bash user=""`,
		"alpine:3.18.4":      `alpine/alpine3.18/musl apk sh /bin/sh user=""`,
		"centos:7.9.2009":    `rhel/centos7/glibc yum bash /bin/bash user=""`,
		"registry.access.redhat.com/ubi8/ubi-minimal:8.5":    `rhel/ubi8-minimal/glibc microdnf bash /bin/bash user=""`,
		"public.ecr.aws/amazonlinux/amazonlinux:2":           `amazon/al2/glibc yum bash /bin/bash user=""`,
		"nginx:1.25-alpine":                                  `alpine/alpine3.19/musl apk sh /docker-entrypoint.sh nginx -g daemon off; user=""`,
		"nginxinc/nginx-unprivileged:1.25":                   `debian//glibc apt bash /docker-entrypoint.sh nginx -g daemon off; user="101"`,
		"openjdk:17":                                         `rhel/oraclelinux8/glibc microdnf bash jshell user=""`,
		"openjdk:8-jre-alpine":                               `alpine/alpine3.9/musl apk sh /bin/sh user=""`,
		"maven:3.8-openjdk-11":                               `debian//glibc apt bash /usr/local/bin/mvn-entrypoint.sh mvn user=""`,
		"maven:3.9-eclipse-temurin-17":                       `ubuntu/noble/glibc apt bash /usr/local/bin/mvn-entrypoint.sh mvn user=""`,
		"eclipse-temurin:17-jre-jammy":                       `ubuntu/jammy/glibc apt bash /__cacert_entrypoint.sh user=""`,
		"mcr.microsoft.com/dotnet/aspnet:8.0":                `debian/bookworm/glibc apt bash bash user=""`,
		"mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled": `ubuntu/jammy/glibc none none  user="1654"`,
		"gcr.io/distroless/static":                           `distroless/trixie/none none none  user="0"`,
		"gcr.io/distroless/nodejs18-debian11:nonroot":        `distroless/bullseye/glibc none none /nodejs/bin/node user="65532"`,
		"gcr.io/distroless/java17-debian12:debug":            `distroless/bookworm/glibc none sh /usr/bin/java -jar user="0"`,
		"memcached:1.6-alpine":                               `alpine/alpine3.24/musl apk sh docker-entrypoint.sh memcached user="memcache"`,
		"mcr.microsoft.com/dotnet/core/sdk:3.1-alpine":       `alpine/alpine3.16/musl apk sh /bin/sh user=""`,
		"mcr.microsoft.com/dotnet/aspnet:6.0":                `debian/bullseye/glibc apt bash bash user=""`,
		"redhat/ubi9-minimal:latest":                         `rhel/ubi9-minimal/glibc microdnf bash /bin/bash user=""`,
		"node:18@" + digest:                                  `debian/bookworm/glibc apt bash docker-entrypoint.sh node user=""`,
		"scratch":                                            `scratch//none none none  user=""`,
		"docker.io/library/php:7.4-apache":                   `debian/bullseye/glibc apt bash docker-php-entrypoint apache2-foreground user=""`,
		"public.ecr.aws/docker/library/node:18":              `debian/bookworm/glibc apt bash docker-entrypoint.sh node user=""`,
	} {
		i, ok := Lookup(in)
		if got := brief(i); !ok || got != want || !i.ConfigKnown {
			t.Errorf("Lookup(%s) = %v %s, want %s", in, ok, got, want)
		}
	}
}

func TestLookupDoesNotGuess(t *testing.T) {
	for _, in := range []string{"", "$BASE", "bitnami/redis:7", "registry.example/node:18", "localhost:5000/python", "node:", "@debian", "gcr.io/distro/static", "openjdk:8-nanoserver-1809", "python:3.6-windowsservercore"} {
		if i, ok := Lookup(in); ok {
			t.Errorf("Lookup(%q) = %s", in, brief(i))
		}
	}
	if i, ok := Lookup("nginx@" + digest); !ok || i.Distro != "unknown" || i.Libc != "" || i.ConfigKnown || i.Cmd != nil {
		t.Errorf("a digest alone tells %s", brief(i))
	}
	// Not recorded, or from when the entrypoint came in: no telling which the last build of the tag had.
	for _, in := range []string{"oven/bun:1", "node:10.15.3", "node:8.16.0", "nginx:1.18", "eclipse-temurin:17.0.2_8-jre"} {
		if i, ok := Lookup(in); !ok || i.ConfigKnown || i.Entrypoint != nil {
			t.Errorf("the configuration of %s is not known and given as %s", in, brief(i))
		}
	}
}

func TestAccounts(t *testing.T) {
	for in, want := range map[string]string{
		"node:18":              "node 1000 1000",
		"python:3.9":           "",
		"ubuntu:24.04":         "",
		"nginx:alpine":         "nginx 101 101",
		"php:8.2-fpm-alpine":   "",
		"postgres:16":          "postgres 999 999",
		"postgres:16-alpine":   "postgres 70 70",
		"redis:7-alpine":       "redis 999 1000",
		"rabbitmq:3.12-alpine": "rabbitmq 100 101",
		"mcr.microsoft.com/dotnet/runtime:8.0-alpine": "app 1654 1654",
		"mcr.microsoft.com/dotnet/runtime:6.0":        "",
		"gcr.io/distroless/base-debian12":             "nonroot 65532 65532",
		"denoland/deno:1.40":                          "deno 1993 1993",
	} {
		i, _ := Lookup(in)
		got := ""
		if a, ok := i.Own(); ok {
			got = fmt.Sprintf("%s %d %d", a.Name, a.UID, a.GID)
		}
		if got != want {
			t.Errorf("the own account of %s is %q, want %q", in, got, want)
		}
	}
}

func TestWwwDataIsNoUserOfAlpine(t *testing.T) {
	for in, want := range map[string]int{"alpine:3.19": 0, "python:3.9-alpine": 0, "php:8.2-fpm-alpine": 82, "httpd:2.4-alpine": 82, "debian:12": 33, "php:8.2-fpm": 33} {
		i, _ := Lookup(in)
		if a, _ := i.Account("www-data"); a.UID != want {
			t.Errorf("www-data of %s is %d, want %d", in, a.UID, want)
		}
	}
}

func TestTakenIDs(t *testing.T) {
	for _, c := range []struct {
		in    string
		uid   int
		taken bool
	}{
		{"node:18", 1000, true}, {"ubuntu:24.04", 1000, true}, {"ubuntu:22.04", 1000, false}, {"debian:12", 1000, false},
		{"eclipse-temurin:17-jre-noble", 1000, true}, {"eclipse-temurin:17-jre-jammy", 1000, false}, {"debian:12", 33, true},
		{"debian:12", AppID, false}, {"node:18", AppID, false}, {"ubuntu:24.04", AppID, false},
	} {
		i, _ := Lookup(c.in)
		if i.TakenID(c.uid) != c.taken {
			t.Errorf("%d in %s is taken: %v, want %v", c.uid, c.in, !c.taken, c.taken)
		}
	}
}

func TestEnvironment(t *testing.T) {
	for _, c := range []struct {
		in, name, value string
		there, known    bool
	}{
		{"golang:1.20", "GOPATH", "/go", true, true},
		{"golang:1.20", "GOTOOLCHAIN", "local", true, true},
		{"golang:1.19", "GOTOOLCHAIN", "", false, false},
		{"golang:1.20.3", "GOTOOLCHAIN", "", false, false},
		{"golang:1.20", "PATH", "/go/bin:/usr/local/go/bin:" + defaultPath, true, true},
		{"golang:1.20", "GOLANG_VERSION", "", true, false},
		{"python:3.12", "LANG", "C.UTF-8", true, true},
		{"python:3.13", "LANG", "", false, false},
		{"node:18", "YARN_VERSION", "", true, false},
		{"node:26", "YARN_VERSION", "", false, false},
		{"mcr.microsoft.com/dotnet/aspnet:6.0", "ASPNETCORE_URLS", "http://+:80", true, true},
		{"mcr.microsoft.com/dotnet/aspnet:8.0", "ASPNETCORE_HTTP_PORTS", "8080", true, true},
		{"mcr.microsoft.com/dotnet/aspnet:8.0-alpine", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "true", true, true},
		{"mcr.microsoft.com/dotnet/aspnet:8.0", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "", false, false},
	} {
		i, _ := Lookup(c.in)
		kv, there := i.Getenv(c.name)
		if there != c.there || kv.Value != c.value || kv.Known != c.known {
			t.Errorf("%s of %s = %+v, %v", c.name, c.in, kv, there)
		}
	}
}

func TestTools(t *testing.T) {
	for _, c := range []struct {
		in, tool string
		want     bool
	}{
		{"python:3.9", "gcc", true}, {"python:3.9-slim", "gcc", false}, {"python:3.9", "git", true}, {"python:3.9-slim", "curl", false},
		{"golang:1.20", "git", true}, {"golang:1.20-alpine", "git", false}, {"golang:1.20", "convert", false},
		{"golang:1.20-alpine", "gcc", false}, {"rust:1.70-slim", "gcc", true}, {"rust:1.70-slim", "git", false},
		{"node:18", "make", true}, {"node:18-alpine", "wget", true}, {"node:18-slim", "yarn", true}, {"node:26", "yarn", false},
		{"nginx:1.25", "curl", true}, {"openjdk:8-jre", "curl", true}, {"openjdk:8-jre", "git", false}, {"openjdk:8-jre", "javac", false},
		{"openjdk:11", "git", true}, {"openjdk:11-slim", "curl", false},
	} {
		i, _ := Lookup(c.in)
		if i.HasTool(c.tool) != c.want {
			t.Errorf("%s in %s: %v, want %v", c.tool, c.in, !c.want, c.want)
		}
	}
}

func TestPrivilegesAndEnds(t *testing.T) {
	for _, in := range []string{"postgres:16", "mysql:8.4", "redis:7", "mongo:7", "rabbitmq:3", "mariadb:11.4"} {
		if i, _ := Lookup(in); i.Drops == "" {
			t.Errorf("%s drops its privileges itself", in)
		}
	}
	for _, in := range []string{"nginx:1.25", "httpd:2.4", "php:8.2-apache", "wordpress:6", "haproxy:2.2"} {
		if i, _ := Lookup(in); i.NeedsRoot == "" {
			t.Errorf("%s starts as root for a reason", in)
		}
	}
	for in, want := range map[string]string{"node:16": "2023-09-11", "node:16.13.0-alpine": "2023-09-11", "python:3.8-slim": "2024-10-07", "golang:1.20": "2024-02-06", "debian:10": "2024-06-30", "mcr.microsoft.com/dotnet/sdk:6.0": "2024-11-12", "node": ""} {
		if i, _ := Lookup(in); i.EOL != want {
			t.Errorf("%s ended on %q, want %q", in, i.EOL, want)
		}
	}
	if i, _ := Lookup("python:3.9-buster"); i.SystemEOL != "2024-06-30" || i.Listed || i.Last == "" {
		t.Errorf("python:3.9-buster: system ends %q, listed %v, last %q", i.SystemEOL, i.Listed, i.Last)
	}
}

func TestUserToolsOfSmallImages(t *testing.T) {
	for in, want := range map[string]bool{
		"debian:12-slim": true, "alpine:3.19": true, "registry.access.redhat.com/ubi9/ubi": true, "registry.access.redhat.com/ubi9/ubi-minimal": false,
		"amazonlinux:2": false, "oraclelinux:9-slim": false, "oraclelinux:9": true, "almalinux:9-minimal": false,
		"gcr.io/distroless/base": false, "scratch": false, "mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled": false,
	} {
		if i, _ := Lookup(in); i.UserTools != want {
			t.Errorf("user tools in %s: %v, want %v", in, i.UserTools, want)
		}
	}
}
