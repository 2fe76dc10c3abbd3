package templates

import (
	"strings"
	"testing"
)

// official are the names of all images that Docker's library ever had
// (docker-library/official-images @ 37079fb3, whole history).
//
//nolint:misspell // eclipse-mosquitto is the name of an image
const official = `adminer adoptopenjdk aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux
azul-zulu backdrop bash bonita buildpack-deps busybox caddy cassandra celery centos chronograf cirros clearlinux
clefos clickhouse clojure composer consul convertigo couchbase couchdb crate crux dart debian django docker drupal
eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx erlang espocrm euleros express-gateway fedora
flink fluentd friendica fsharp gazebo gcc geonetwork ghost golang gradle groovy haproxy haskell haxe hello-world
hipache hitch httpd hylang ibm-semeru-runtimes ibmjava influxdb iojs irssi java jenkins jetty jobber joomla jruby
julia kaazing-gateway kapacitor kibana known kong krakend lightstreamer liquibase logstash mageia mariadb matomo maven
mediawiki memcached mongo mongo-express monica mono mysql nats nats-streaming neo4j neurodebian nextcloud nginx nim
node notary nuxeo odoo open-liberty openjdk opensuse oraclelinux orientdb owncloud percona perl photon php
php-zendserver phpmyadmin piwik plone postfixadmin postgres pypy python r-base rabbitmq rails rakudo-star redis
redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa silverpeas sl solr sonarqube spark
spiped storm swarm swift swipl teamspeak telegraf thrift tomcat tomee traefik ubuntu ubuntu-debootstrap ubuntu-upstart
unit varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper`

// Every image of the library is described, or listed with the reason why not,
// and never both.
func TestEveryOfficialImageIsAccountedFor(t *testing.T) {
	described, listed := 0, 0
	for name := range strings.FieldsSeq(official) {
		_, known := Lookup(name)
		why, told := Undescribed(name)
		switch {
		case known && told, !known && !told:
			t.Errorf("%s: described %v, listed %v", name, known, told)
		case known:
			described++
		default:
			listed++
			if strings.HasSuffix(why, ".") || len(why) < 20 {
				t.Errorf("%s: %q is no reason", name, why)
			}
		}
	}
	t.Logf("%d described, %d listed with a reason", described, listed)
}

func TestUndescribed(t *testing.T) {
	for in, want := range map[string]string{
		"diamol/base":              "exercises",
		"bitnami/redis:7.2":        "/opt/bitnami",
		"clickhouse":               "Dockerfile",
		"microsoft/dotnet:2.1-sdk": "froze",
		"mcr.microsoft.com/windows/servercore:ltsc2022": "Windows",
		"python:3.6-windowsservercore":                  "Windows",
		"docker.elastic.co/kibana/kibana:8.1.0":         "not recorded",
		"python:3.12":                                   "",
		"someone/else:1":                                "",
		"oracle/serverjre:8":                            "",
		"$BASE":                                         "",
		"vulhubs/bash":                                  "",
	} {
		why, ok := Undescribed(in)
		if ok != (want != "") || !strings.Contains(why, want) {
			t.Errorf("Undescribed(%s) = %q, %v, want %q", in, why, ok, want)
		}
	}
}

func TestLookupOfMoreImages(t *testing.T) {
	for in, want := range map[string]string{
		"wordpress":                           `debian//glibc apt bash docker-entrypoint.sh apache2-foreground user=""`,
		"wordpress:fpm-alpine":                `alpine//musl apk sh docker-entrypoint.sh php-fpm user=""`,
		"wordpress:cli":                       `alpine//musl apk sh docker-entrypoint.sh wp shell user="www-data"`,
		"nextcloud:fpm":                       `debian//glibc apt bash /entrypoint.sh php-fpm user=""`,
		"drupal:11":                           `debian/trixie/glibc apt bash docker-php-entrypoint apache2-foreground user=""`,
		"adminer:5":                           `alpine//musl apk sh entrypoint.sh docker-php-entrypoint php -S [::]:8080 -t /var/www/html user="adminer"`,
		"caddy:2":                             `alpine//musl apk sh caddy run --config /etc/caddy/Caddyfile --adapter caddyfile user=""`,
		"ghost:6":                             `debian/bookworm/glibc apt bash docker-entrypoint.sh node current/index.js user=""`,
		"ghost:6-alpine":                      `alpine/alpine3.23/musl apk sh docker-entrypoint.sh node current/index.js user=""`,
		"solr:10":                             `ubuntu//glibc apt bash docker-entrypoint.sh solr-foreground user="8983"`,
		"sonarqube:2026.4-developer":          `ubuntu//glibc apt bash /opt/sonarqube/docker/entrypoint.sh user="sonarqube"`,
		"nats:2":                              `scratch//none none none /nats-server --config nats-server.conf user=""`,
		"nats:2-alpine":                       `alpine/alpine3.22/musl apk sh docker-entrypoint.sh nats-server --config /etc/nats/nats-server.conf user=""`,
		"docker:29-cli":                       `alpine/alpine3.24/musl apk sh docker-entrypoint.sh sh user=""`,
		"registry:3":                          `alpine//musl apk sh /entrypoint.sh /etc/distribution/config.yml user=""`,
		"zookeeper:3.9":                       `ubuntu//glibc apt bash /docker-entrypoint.sh zkServer.sh start-foreground user=""`,
		"photon:5.0":                          `photon//glibc tdnf bash /bin/bash user=""`,
		"ros:kinetic-ros-base-jessie":         `debian/jessie/glibc apt bash user=""`,
		"ros:noetic":                          `ubuntu/focal/glibc apt bash user=""`,
		"jenkins/jenkins:lts":                 `debian//glibc apt bash user="jenkins"`,
		"nvidia/cuda:12.2.0-base-ubuntu22.04": `ubuntu/jammy/glibc apt bash user=""`,
		"nvidia/cuda:12.2.0-base-ubi9":        `rhel/ubi9/glibc yum bash user=""`,
		"ubi9/ubi-minimal":                    `rhel/ubi9-minimal/glibc microdnf bash /bin/bash user=""`,
		"quay.io/jupyter/base-notebook":       `ubuntu//glibc apt bash user="1000"`,
		"rocker/r-ubuntu:22.04":               `ubuntu/jammy/glibc apt bash user=""`,
		"cgr.dev/chainguard/node:latest":      `wolfi//glibc none sh user="65532"`,
		"cgr.dev/chainguard/python:latest":    `wolfi//glibc none none user="65532"`,
		"dhi.io/node:24-debian13":             `debian/trixie/glibc none none user="1000"`,
		"oven/bun:1-alpine":                   `alpine//musl apk sh user=""`,
	} {
		i, ok := Lookup(in)
		if got := strings.ReplaceAll(brief(i), "  user", " user"); !ok || got != want {
			t.Errorf("Lookup(%s) = %v %s, want %s", in, ok, got, want)
		}
	}
}

// The days of what people stand on most, of the version and of the release.
func TestEnds(t *testing.T) {
	for _, c := range []struct{ in, version, system string }{
		{"node:18-bullseye", "2025-04-30", "2026-08-31"},
		{"python:3.8-slim-buster", "2024-10-07", "2024-06-30"},
		{"golang:1.22-alpine3.19", "2025-02-11", "2025-11-01"},
		{"php:7.4-apache", "2022-11-28", "2026-08-31"},
		{"ruby:2.7-alpine3.16", "2023-03-31", "2024-05-23"},
		{"openjdk:8-jdk-slim", "2022-08-19", ""},
		{"openjdk:11.0.11-jre", "2022-08-19", ""},
		{"eclipse-temurin:18-jdk", "2022-09-30", ""},
		{"rust:1.70", "2023-07-14", ""},
		{"elixir:1.12", "2024-06-12", ""},
		{"mcr.microsoft.com/dotnet/sdk:6.0", "2024-11-12", "2026-08-31"},
		{"centos:7", "2024-06-30", "2024-06-30"},
		{"fedora:38", "2024-05-21", ""},
		{"ubuntu:20.04", "2025-05-31", "2025-05-31"},
		{"alpine:3.18", "2025-05-09", "2025-05-09"},
		{"debian:stretch-slim", "", "2022-07-01"},
		{"rockylinux:8", "2029-05-31", "2029-05-31"},
		{"amazonlinux:2", "2026-06-30", "2026-06-30"},
		{"drupal:9.5", "2023-11-01", ""},
		{"denoland/deno:1.40", "2024-10-09", ""},
	} {
		i, _ := Lookup(c.in)
		if i.EOL != c.version || c.system != "" && i.SystemEOL != c.system {
			t.Errorf("%s ends on %q, its release on %q, want %q and %q", c.in, i.EOL, i.SystemEOL, c.version, c.system)
		}
	}
}
