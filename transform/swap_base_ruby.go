package transform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// rubyRungs asks for the slim build where no gem has to be compiled.
func (s *swap) rubyRungs() map[string]tryRung {
	return map[string]tryRung{
		"distroless": func() (*candidate, string) { return nil, "there is none with Ruby" },
		"alpine":     s.tryAlpineRuby,
		"slim": func() (*candidate, string) {
			c, why := s.trySlim(s.compiledGem)
			if why == "" {
				c.why = []string{s.gemsWhy() + ", and no RUN or start calls a program that only the full image has"}
				c.assumes = []string{"the program itself calls no program, and loads no library, that only the full image has (git, curl, ImageMagick and others)"}
			}
			return c, why
		},
	}
}

// gemsWhy says why no gem has to be compiled.
func (s *swap) gemsWhy() string {
	if s.withoutGems() {
		return "the program has no Gemfile, and no RUN installs a gem"
	}
	return "every gem in Gemfile.lock is pure Ruby"
}

// tryAlpineRuby asks for Alpine: every gem must be pure, and locked for it.
func (s *swap) tryAlpineRuby() (*candidate, string) {
	to, why := s.alpineOf()
	if why != "" {
		return nil, why
	}
	m := &alpineMove{release: s.alpineRelease(), tools: append(interpreterTools("ruby"), words("rackup puma unicorn sidekiq rails")...), has: words("ca-certificates")}
	c, why := s.onAlpine(m, to, s.gemPlatform, s.compiledGem, s.rubyZones, s.copiesPackages)
	if why != "" {
		return nil, why
	}
	c.why = append([]string{s.gemsWhy() + ", and RUN, start and health check call nothing that Alpine lacks"}, c.why...)
	c.assumes = append([]string{"the program itself calls no program, and loads no library, that only the full image has (git, curl, ImageMagick and others)", "the program does not depend on glibc's locales or name resolution"}, c.assumes...)
	return c, ""
}

var glibcGem = regexp.MustCompile(`(?m)^ {4}(\S+) \([^)]*-(?:x86_64|aarch64|arm64)-linux(?:-gnu)?\)`)

// gemPlatform names a gem that is locked in its build for glibc, or says that the
// lock file has no platform that Alpine is of.
func (s *swap) gemPlatform() (why string) {
	lock := s.fileAt(absIn(s.state.Workdir, "Gemfile.lock"))
	if m := glibcGem.FindStringSubmatchIndex(lock); m != nil {
		return fmt.Sprintf("the gem %s (Gemfile.lock:%d) is a build for glibc", lock[m[2]:m[3]], lineOf(lock, m[0]))
	}
	_, list, ok := strings.Cut(lock, "\nPLATFORMS\n")
	if !ok {
		return ""
	}
	list, _, _ = strings.Cut(list, "\n\n")
	if platforms := strings.Fields(list); !slices.Contains(platforms, "ruby") && !strings.Contains(list, "musl") {
		return "Gemfile.lock is for " + strings.Join(platforms, " and ") + " alone, which bundler refuses there"
	}
	return ""
}

// rubyZones asks whether tzinfo has to read the system's time zones.
func (s *swap) rubyZones() string {
	lock := s.fileAt(absIn(s.state.Workdir, "Gemfile.lock"))
	if strings.Contains(lock, "\n    tzinfo (") && !strings.Contains(lock, "\n    tzinfo-data (") {
		return "the gem tzinfo reads the time zones of the system, which it may lack"
	}
	return ""
}

// compiledGem names a gem that may have to be compiled, by the lock file.
func (s *swap) compiledGem() (why string) {
	if s.withoutGems() {
		return ""
	}
	lock := s.fileAt(absIn(s.state.Workdir, "Gemfile.lock"))
	if lock == "" {
		return "there is no Gemfile.lock that tells which gems have to be compiled"
	}
	for l := range strings.Lines(lock) {
		if strings.HasPrefix(l, "GIT") {
			return "Gemfile.lock fetches from git, which it lacks"
		}
		name, isGem := strings.CutPrefix(strings.TrimRight(l, "\r\n"), "    ")
		if !isGem || strings.HasPrefix(name, " ") {
			continue
		}
		if name, _, _ = strings.Cut(name, " "); !slices.Contains(pureGems(), name) {
			return "the gem " + name + " is not known to be pure Ruby, and it has no compiler"
		}
	}
	return ""
}

// withoutGems reports whether the program is seen to use Ruby's own library alone:
// the file that is started is in the context, no Gemfile is, and nothing installs gems.
func (s *swap) withoutGems() bool {
	for _, name := range words("Gemfile Gemfile.lock gems.rb gems.locked") {
		if s.fileAt(absIn(s.state.Workdir, name)) != "" {
			return false
		}
	}
	for _, in := range s.instrs() {
		if in.Name == "copy" && in.FlagNamed("from") != nil {
			return false
		}
		if in.Name != "run" {
			continue
		}
		list, unknown := s.runCommands(in)
		if unknown != "" || slices.ContainsFunc(list, func(c *command) bool {
			return slices.Contains(words("gem bundle bundler rake"), c.name) || slices.Contains(texts(c.words), "install")
		}) {
			return false
		}
	}
	argv := s.start.argv
	return len(argv) > 1 && argv[0] == "ruby" && s.fileAt(absIn(s.state.Workdir, argv[1])) != ""
}

func pureGems() []string {
	return words(`sinatra sinatra-contrib rack rack-protection rack-session rack-test rackup mustermann tilt webrick ruby2_keywords base64 logger rake multi_json
		activesupport activemodel concurrent-ruby i18n tzinfo minitest thor builder mime-types mime-types-data addressable public_suffix faraday faraday-net_http net-http
		uri jwt httparty multi_xml slim temple haml erubi dotenv redis redis-client connection_pool sidekiq rest-client http-accept http-cookie domain_name netrc colorize
		kramdown liquid rouge mercenary pathutil safe_yaml terminal-table unicode-display_width forwardable-extended rspec rspec-core rspec-expectations rspec-mocks rspec-support
		diff-lcs aws-sdk-core aws-partitions aws-sigv4 aws-eventstream aws-sdk-s3 aws-sdk-kms jmespath sequel mini_mime mail net-smtp net-imap net-pop net-protocol timeout`)
}
