package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// tag is one recorded tag, split where its version ends.
type tag struct {
	image, version, variant, suite string
	life                           string // "YYMMDD-YYMMDD", the second empty while it is listed
}

// covered are the official images that rules look up, in the order of the output.
//
//nolint:misspell // eclipse-mosquitto is the name of an image
var covered = strings.Fields(`adminer adoptopenjdk almalinux alpine alt amazoncorretto amazonlinux archlinux azul-zulu backdrop bash buildpack-deps
busybox caddy cassandra centos chronograf clojure composer couchbase couchdb crate dart debian docker drupal
eclipse-mosquitto eclipse-temurin elixir emqx erlang espocrm fedora flink fluentd friendica gcc ghost golang gradle
groovy haproxy haskell haxe hello-world httpd hylang ibm-semeru-runtimes ibmjava influxdb iojs irssi java jetty joomla
jruby julia kapacitor kong lightstreamer liquibase mageia mariadb matomo maven mediawiki memcached mongo mongo-express
monica mysql nats neo4j neurodebian nextcloud nginx node odoo open-liberty openjdk opensuse oraclelinux percona perl
photon php phpmyadmin piwik postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis redmine registry
rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa solr sonarqube spark spiped storm swift swipl
telegraf tomcat tomee traefik ubuntu varnish websphere-liberty wordpress yourls znc zookeeper`)

// unlike matches tags of which no rule can make use: builds of snapshots and
// pre-releases, and the dated ones of distributions.
var unlike = regexp.MustCompile(`^[0-9]{8}$|windows|nanoserver|-onbuild|^onbuild|-rc|-ea|-preview|-beta|-nightly|experimental`)

// readTags reads a recording with the given number of columns.
func readTags(path string, columns int, parse func([]string) (tag, bool)) ([]tag, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var tags []tag
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		row := strings.Split(lines.Text(), "\t")
		if n == 1 {
			continue
		}
		if len(row) != columns {
			return nil, fmt.Errorf("line %d: %d columns, want %d", n, len(row), columns)
		}
		if t, ok := parse(row); ok && !unlike.MatchString(row[1]) {
			tags = append(tags, t)
		}
	}
	return tags, lines.Err()
}

func officialTag(row []string) (tag, bool) {
	version, variant, _ := strings.Cut(row[1], "-")
	suite := strings.TrimSuffix(row[5], "?")
	return tag{row[0], version, variant, suite, days(row[2], row[3])}, slices.Contains(covered, row[0])
}

// systems names the releases as the official images' recording does.
var systems = map[string]string{
	"Debian 8": "jessie", "Debian 9": "stretch", "Debian 10": "buster", "Debian 11": "bullseye",
	"Debian 12": "bookworm", "Debian 13": "trixie",
	"Ubuntu 18.04": "bionic", "Ubuntu 19.04": "disco", "Ubuntu 20.04": "focal", "Ubuntu 22.04": "jammy",
	"Ubuntu 24.04": "noble", "Ubuntu 26.04": "resolute",
	"Azure Linux 3.0": "azurelinux3.0", "Azure Linux 4.0": "azurelinux4.0",
	"CBL-Mariner 2.0": "cbl-mariner2.0", "CBL-Mariner 2.0-distroless": "cbl-mariner2.0",
}

// misread are the plain tags whose system the recording has not, because they
// stand for Windows images too: read in the tag lists of dotnet/dotnet-docker at
// c31406fcf0 and of July 2021.
var misread = map[string]string{"2.1": "stretch", "6.0": "bullseye"}

func dotnetTag(row []string) (tag, bool) {
	suite, ok := systems[row[4]]
	if release, alpine := strings.CutPrefix(row[4], "Alpine "); alpine {
		suite, ok = "alpine"+release, true
	}
	if !ok {
		suite, ok = misread[row[1]]
	}
	version, variant, _ := strings.Cut(row[1], "-")
	return tag{"mcr.microsoft.com/dotnet/" + row[0], version, variant, suite, days(row[2], row[3])}, ok
}

// days shortens 2018-04-28 and 2021-05-03 to 180428-210503.
func days(first, last string) string {
	short := func(day string) string {
		if len(day) != len("2006-01-02") {
			return ""
		}
		return strings.ReplaceAll(day[2:], "-", "")
	}
	return short(first) + "-" + short(last)
}
