package transform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// tryAlpinePHP asks for PHP on Alpine: the extensions that are compiled have to be
// ones whose needs are known, and the sources must not call outside.
func (s *swap) tryAlpinePHP() (*candidate, string) {
	to, why := s.alpineOf()
	if why == "" {
		why = s.phpSources()
	}
	if why != "" {
		return nil, why
	}
	m := &alpineMove{
		release: s.alpineRelease(), compiles: true, users: words("www-data"), has: words("ca-certificates curl openssl tar xz"),
		tools: words("php php-fpm curl composer docker-php-ext-install docker-php-ext-configure docker-php-ext-enable docker-php-source docker-php-entrypoint"),
	}
	c, why := s.onAlpine(m, to, func() string { return s.phpExtensions(m) }, func() string { return s.phpCalls(m) }, s.copiesAreData, s.copiesExtensions)
	if why != "" {
		return nil, why
	}
	c.why = append([]string{"the stage adds files and well-known extensions to PHP, which has the same folders on Alpine"}, c.why...)
	c.assumes = append([]string{
		"the program and its libraries call no other program, and do not depend on glibc's locales, iconv or name resolution",
		"no volume holds files of www-data, whose number is 82 there and 33 here",
	}, c.assumes...)
	return c, ""
}

// phpSources wants the program to be in the build context.
func (s *swap) phpSources() string {
	why := "the sources of the program are not in the build context, so what it calls cannot be told"
	s.eachSource(".php", func(string, string) { why = "" })
	return why
}

// phpExtensions looks at what docker-php-ext-install compiles.
func (s *swap) phpExtensions(m *alpineMove) (why string) {
	for _, in := range s.runs() {
		list, _ := s.runCommands(in)
		for _, c := range list {
			if c.name != "docker-php-ext-install" {
				continue
			}
			for _, name := range texts(c.words[1:]) {
				needs, ok := phpNeeds(name)
				switch {
				case strings.HasPrefix(name, "-"), name != "" && strings.Trim(name, "0123456789") == "", strings.HasPrefix(name, "$(") || strings.HasPrefix(name, "\"$("):
				case !ok:
					return fmt.Sprintf("what the extension %s (%s) needs there is not recorded", name, line(in))
				default:
					m.needs = append(m.needs, needs...)
				}
			}
		}
	}
	return ""
}

// phpNeeds are the packages of Alpine that an extension is compiled with where
// glibc has what it takes; ok is false for one that is not known. Those that a
// package of Debian's is needed for are translated with it.
func phpNeeds(extension string) (packages []string, ok bool) {
	switch extension {
	case "bcmath", "calendar", "ctype", "exif", "pcntl", "mysqli", "pdo", "pdo_mysql", "opcache", "shmop", "sysvmsg", "sysvsem", "sysvshm", "tokenizer", "session", "posix", "fileinfo", "phar",
		"gd", "zip", "intl", "mbstring", "xml", "dom", "simplexml", "xmlreader", "xmlwriter", "soap", "xsl", "pgsql", "pdo_pgsql", "gmp", "bz2", "tidy", "curl":
		return nil, true
	case "sockets":
		return words("linux-headers"), true
	case "gettext":
		return words("gettext-dev"), true
	}
	return nil, false
}

// copiesExtensions names a COPY that brings extensions built on another system.
func (s *swap) copiesExtensions() string {
	for _, in := range s.instrs() {
		if from := in.FlagNamed("from"); from == nil {
			continue
		}
		for _, src := range in.CopySources() {
			if v := src.Arg.Value; strings.HasPrefix(v, "/usr/local/lib") || strings.HasPrefix(v, "/usr/local/etc") || v == "/" || v == "/usr/local" || strings.HasPrefix(v, "/usr/bin/") && path.Base(v) != "composer" {
				return "COPY of " + line(in) + " brings what was built on another system"
			}
		}
	}
	return ""
}

var (
	phpCall = regexp.MustCompile(`\b(?:exec|shell_exec|system|passthru|proc_open|popen)\(\s*["']([^"'\s]+)`)
	phpGlib = regexp.MustCompile(`GLOB_BRACE|//TRANSLIT|\bsetlocale\(\s*LC_\w+\s*,\s*["'][a-z]{2}`)
)

// phpCalls names a place where a source calls a program that is not there, or asks
// of the C library what musl does not do.
func (s *swap) phpCalls(m *alpineMove) (why string) {
	s.eachSource(".php", func(p, text string) {
		if why != "" {
			return
		}
		if at := phpGlib.FindStringIndex(text); at != nil {
			why = fmt.Sprintf("%s:%d has %s, which musl does not do as glibc does", p, lineOf(text, at[0]), text[at[0]:at[1]])
			return
		}
		for _, at := range phpCall.FindAllStringSubmatchIndex(text, -1) {
			name := path.Base(text[at[2]:at[3]])
			if !isBusybox(name) && !m.installs(name) && !slices.Contains(m.tools, name) {
				why = fmt.Sprintf("%s:%d calls %s, which it lacks", p, lineOf(text, at[0]), name)
				return
			}
		}
	})
	return why
}
