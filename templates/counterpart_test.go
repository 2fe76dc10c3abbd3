package templates

import (
	"strings"
	"testing"
)

func ref(t *testing.T, s string) Ref {
	t.Helper()
	r, err := ParseRef(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// given writes a counterpart as the tables below do.
func given(c Counterpart) string {
	if !c.OK {
		return "-"
	}
	s := c.Ref.String()
	if c.Moves {
		s += " moves"
	}
	return s
}

func TestCounterparts(t *testing.T) {
	for _, c := range []struct{ in, slim, alpine, jre string }{
		{"python:3.9", "python:3.9-slim", "python:3.9-alpine moves", "-"},
		{"python:3.9.7", "python:3.9.7-slim", "python:3.9.7-alpine moves", "-"},
		{"python:3.9-bullseye", "python:3.9-slim-bullseye", "python:3.9-alpine3.22 moves", "-"},
		{"python:3.9.7-bullseye", "python:3.9.7-slim-bullseye", "python:3.9.7-alpine moves", "-"},
		{"library/python:3.9", "library/python:3.9-slim", "library/python:3.9-alpine moves", "-"},
		{"python", "python:slim", "python:alpine moves", "-"},
		{"python:latest", "python:slim", "python:alpine moves", "-"},
		{"python:3.9-slim", "-", "python:3.9-alpine moves", "-"},
		{"python:3.9-alpine", "-", "-", "-"},
		{"python:3.9@" + digest, "-", "-", "-"},
		{"node:18", "node:18-slim", "node:18-alpine moves", "-"},
		{"node:18-bullseye", "node:18-bullseye-slim", "node:18-alpine3.21 moves", "-"},
		{"node:16.13.0", "node:16.13.0-slim", "node:16.13.0-alpine moves", "-"},
		{"node:lts", "node:lts-slim", "node:lts-alpine moves", "-"},
		{"node:24-lts", "-", "-", "-"},
		{"debian:12", "debian:12-slim", "-", "-"},
		{"debian:bookworm", "debian:bookworm-slim", "-", "-"},
		{"debian", "-", "-", "-"},
		{"ubuntu:22.04", "-", "-", "-"},
		{"golang:1.20", "-", "golang:1.20-alpine moves", "-"},
		{"golang:bullseye", "-", "-", "-"}, // frozen at an older version than golang:alpine
		{"php:8.1-apache", "-", "-", "-"},
		{"php:8.1-fpm", "-", "php:8.1-fpm-alpine moves", "-"},
		{"nginx:1.25", "-", "nginx:1.25-alpine moves", "-"},
		{"openjdk:8", "openjdk:8-slim", "-", "openjdk:8-jre"}, // its Alpine build froze in 2019
		{"openjdk:8-jdk", "openjdk:8-jdk-slim", "-", "openjdk:8-jre"},
		{"openjdk:8-jdk-alpine", "-", "-", "openjdk:8-jre-alpine"},
		{"openjdk:11", "openjdk:11-slim", "-", "openjdk:11-jre"},
		{"openjdk:17", "openjdk:17-slim moves", "-", "eclipse-temurin:17-jre moves"},
		{"openjdk:17.0.2", "openjdk:17.0.2-slim moves", "-", "-"},
		{"eclipse-temurin:17", "-", "eclipse-temurin:17-alpine moves", "eclipse-temurin:17-jre"},
		{"eclipse-temurin:17-jdk-jammy", "-", "eclipse-temurin:17-jdk-alpine-3.24 moves", "eclipse-temurin:17-jre-jammy"},
		{"maven:3.8-openjdk-11", "maven:3.8-openjdk-11-slim moves", "-", "openjdk:11-jre moves"},
		{"maven:3.9-eclipse-temurin-17", "-", "maven:3.9-eclipse-temurin-17-alpine moves", "eclipse-temurin:17-jre moves"},
		{"gradle:7.6-jdk17", "-", "gradle:7.6-jdk17-alpine moves", "eclipse-temurin:17-jre moves"},
		{"maven", "-", "-", "-"},
		{"amazoncorretto:17", "-", "amazoncorretto:17-alpine moves", "-"},
		{"perl:5.36", "perl:5.36-slim", "-", "-"},
		{"registry.example:5000/python:3.9", "-", "-", "-"},
		{"arm64v8/python:3.9", "-", "-", "-"},
		{"public.ecr.aws/docker/library/python:3.9", "public.ecr.aws/docker/library/python:3.9-slim", "public.ecr.aws/docker/library/python:3.9-alpine moves", "-"},
	} {
		r := ref(t, c.in)
		for kind, got := range map[string][2]string{"Slim": {given(Slim(r)), c.slim}, "Alpine": {given(Alpine(r)), c.alpine}, "JRE": {given(JRE(r)), c.jre}} {
			if got[0] != got[1] {
				t.Errorf("%s(%s) = %s, want %s", kind, c.in, got[0], got[1])
			}
		}
	}
}

// A full patch version has a build only if its minor version had it from its
// first day to its last.
func TestPatchVersionsNeedTheWholeLife(t *testing.T) {
	for in, want := range map[string]string{
		"python:2.7.9":  "-", // python's slim came in during 2.7
		"python:3.6.1":  "python:3.6.1-slim",
		"node:4.2.1":    "node:4.2.1-slim moves",
		"perl:5.26.1":   "-", // perl's slim came in during 5.26
		"erlang:23.3.1": "erlang:23.3.1-slim moves",
		"node:10.15.3":  "node:10.15.3-slim",
		"ruby:2.1.1":    "-",
	} {
		if got := given(Slim(ref(t, in))); got != want && got != strings.TrimSuffix(want, " moves") {
			t.Errorf("Slim(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestTemurinOnAlpineNotesItsArchitecture(t *testing.T) {
	for in, want := range map[string]int{"eclipse-temurin:17-jdk": 1, "eclipse-temurin:21-jdk": 0, "eclipse-temurin:8": 1} {
		if c := Alpine(ref(t, in)); !c.OK || len(c.Notes) != want {
			t.Errorf("Alpine(%s) = %+v, want %d notes", in, c, want)
		}
	}
}

func TestChiseled(t *testing.T) {
	for in, want := range map[string]string{
		"mcr.microsoft.com/dotnet/aspnet:8.0":           "mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled-extra moves",
		"mcr.microsoft.com/dotnet/runtime:8.0-jammy":    "mcr.microsoft.com/dotnet/runtime:8.0-jammy-chiseled-extra",
		"mcr.microsoft.com/dotnet/aspnet:10.0":          "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra",
		"mcr.microsoft.com/dotnet/aspnet:3.1":           "-",
		"mcr.microsoft.com/dotnet/sdk:8.0":              "-",
		"mcr.microsoft.com/dotnet/aspnet:8.0@" + digest: "-",
		"node:18": "-",
	} {
		if got := given(Chiseled(ref(t, in))); got != want {
			t.Errorf("Chiseled(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestJavaEight(t *testing.T) {
	for in, want := range map[string]string{
		"openjdk:8u242-jdk":             "openjdk:8u242-jre",
		"eclipse-temurin:8u442-b06-jdk": "-", // its JRE came in after the kit
		"openjdk:11.0.11-jdk":           "openjdk:11.0.11-jre",
	} {
		if got := given(JRE(ref(t, in))); got != want {
			t.Errorf("JRE(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestMinimal(t *testing.T) {
	for in, want := range map[string]string{
		"rockylinux:9": "rockylinux:9-minimal", "rockylinux:8.9": "rockylinux:8.9-minimal", "rockylinux:8.5": "",
		"almalinux:9.4": "almalinux:9.4-minimal", "docker.io/library/almalinux:10": "docker.io/library/almalinux:10-minimal",
		"almalinux:9-minimal": "", "oraclelinux:9": "", "python:3.12": "", "quay.io/almalinuxorg/almalinux:9": "",
	} {
		c := Minimal(ref(t, in))
		if c.OK != (want != "") || c.OK && c.Ref.String() != want || !c.OK && c.Why == "" {
			t.Errorf("Minimal(%s) = %+v, want %q", in, c, want)
		}
	}
}
