package transform

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
	"github.com/bulwark-cli/bulwark/templates"
)

// walkFiles calls visit for every file below a folder of the context.
func (s *swap) walkFiles(dir string, visit func(p string)) {
	s.p.Build.Walk(dir, func(p string, e fs.DirEntry) {
		if !e.IsDir() {
			visit(p)
		}
	})
}

// trySlimSystem asks for the slim image under a copied binary: only Debian has one.
func (s *swap) trySlimSystem() (*candidate, string) {
	if s.product() != "debian" {
		return nil, s.written() + " has no slim build"
	}
	return s.trySlimDebian()
}

// trySlimDebian asks for Debian's own slim image: the same packages without
// documentation, manual pages and translations.
func (s *swap) trySlimDebian() (*candidate, string) {
	if s.floats() {
		return nil, s.written() + " names no version"
	}
	to := templates.Slim(s.ref)
	if !to.OK {
		return nil, to.Why
	}
	if to.Moves && s.img.Suite != "" {
		return nil, to.Ref.String() + " is not known to stand on the same release"
	}
	for _, in := range s.instrs() {
		if why := s.wantsDocumentation(in.Body.String()); in.Name == "run" && why != "" {
			return nil, why + " (" + line(in) + ")"
		}
	}
	c := &candidate{
		ref:     to.Ref.String(),
		why:     []string{to.Ref.String() + " has the same packages of the same release without documentation, manual pages and translations"},
		assumes: []string{"nothing in the image reads manual pages, files below /usr/share/doc or translated messages"},
	}
	if slices.Contains(words("wheezy jessie stretch buster"), s.img.Suite) {
		if where := s.callsNetTools(); where != "" {
			return nil, where + " calls ping or ip, which the full image of " + s.img.Suite + " has and it lacks"
		}
		c.assumes = append(c.assumes, "nothing in the image calls ping or ip, which the full image of "+s.img.Suite+" has and the slim one lacks")
	}
	return c, ""
}

// callsNetTools names a place that calls what Debian's full images had until buster.
func (s *swap) callsNetTools() (where string) {
	for _, in := range s.runs() {
		list, _ := s.runCommands(in)
		for _, c := range list {
			if slices.Contains(words("ping ping6 ip ss tc bridge"), c.name) {
				return line(in)
			}
		}
	}
	for _, call := range append(s.startCalls(), s.runtimeCalls()...) {
		if slices.Contains(words("ping ping6 ip ss tc bridge"), path.Base(call.argv[0])) {
			return call.where
		}
	}
	return ""
}

// wantsDocumentation names what in a RUN needs the folders that slim images leave
// out: packages whose installation links manual pages, and readers of them.
func (s *swap) wantsDocumentation(text string) (why string) {
	for _, mark := range words("/usr/share/man /usr/share/doc /usr/share/locale /usr/share/info") {
		if strings.Contains(text, mark) && !strings.Contains(text, "rm -rf") {
			return mark + " is used"
		}
	}
	for word := range strings.FieldsSeq(text) {
		switch word = strings.Trim(word, `"'\;&`); {
		case strings.HasPrefix(word, "openjdk-"), strings.HasPrefix(word, "default-j"), strings.HasPrefix(word, "postgresql"):
			return "the package " + word + " links manual pages when it is installed, whose folder it lacks"
		case word == "man", word == "man-db", word == "manpages", word == "info":
			return word + " is used"
		}
	}
	return ""
}

// tryAlpineNginx asks for nginx on Alpine of the same version, where only files
// are put into it.
func (s *swap) tryAlpineNginx() (*candidate, string) {
	to, why := s.alpineOf()
	if why != "" {
		return nil, why
	}
	for _, in := range s.instrs() {
		if in.Name != "user" {
			continue
		}
		if v := in.Args[0].Value; !slices.Contains(words("nginx root 101 nginx:nginx 101:101"), v) {
			return nil, "the account " + v + " (" + line(in) + ") is not known to be there"
		}
	}
	m := &alpineMove{release: s.alpineRelease(), tools: words("nginx nginx-debug envsubst curl"), has: words("tzdata ca-certificates curl"), users: words("nginx")}
	c, why := s.onAlpine(m, to, s.nginxConfiguration)
	if why != "" {
		return nil, why
	}
	c.why = append([]string{"the stage only adds files to nginx, which has the same folders, modules and user on Alpine"}, c.why...)
	c.assumes = append([]string{"nothing else that runs in the container needs bash or glibc"}, c.assumes...)
	return c, ""
}

// tryAlpineHTTPD asks for Apache's httpd on Alpine of the same version.
func (s *swap) tryAlpineHTTPD() (*candidate, string) {
	to, why := s.alpineOf()
	if why != "" {
		return nil, why
	}
	m := &alpineMove{release: s.alpineRelease(), tools: words("httpd apachectl httpd-foreground ab htpasswd"), has: words("ca-certificates"), users: words("www-data daemon")}
	c, why := s.onAlpine(m, to, s.nginxConfiguration)
	if why != "" {
		return nil, why
	}
	c.why = append([]string{"the stage only adds files to httpd, which has the same folders and modules on Alpine"}, c.why...)
	c.assumes = append([]string{"nothing else that runs in the container needs bash, perl or glibc", "no volume holds files of www-data, whose number is 82 there and 33 here"}, c.assumes...)
	return c, ""
}

// scriptOnly wants the start command to be a script of the context for a plain
// shell, and nothing to come along that another interpreter would run.
func (s *swap) scriptOnly() (why string) {
	if !s.starts || s.start.instr == nil {
		return "no CMD or ENTRYPOINT tells what runs in it"
	}
	if !slices.ContainsFunc(s.start.argv, func(w string) bool {
		text := s.startedFile(w)
		return isShellScript(w, text) && text != ""
	}) {
		return "what it starts is no shell script of the build context"
	}
	look := func(p string) {
		if data, ok := s.p.Build.Read(p); why == "" && ok && (slices.Contains(words(".py .rb .pl .js .php .jar .lua"), path.Ext(p)) || strings.HasPrefix(string(data), "#!") && !isShellScript(p, string(data))) {
			why = p + " is for an interpreter that it lacks"
		}
	}
	for _, one := range s.places().placed {
		switch {
		case one.from != "":
			return "COPY of " + line(one.in) + " brings what was built on another system"
		case one.dir:
			s.walkFiles(one.src, look)
		case one.src != "":
			look(one.src)
		}
	}
	return why
}

// tryAlpineScript asks for Alpine under a script: what it calls has to be busybox'
// or installed.
func (s *swap) tryAlpineScript() (*candidate, string) {
	if why := s.scriptOnly(); why != "" {
		return nil, why
	}
	c, why := s.onAlpine(&alpineMove{}, "alpine:"+templates.CurrentAlpine())
	if why != "" {
		return nil, why
	}
	c.why = append([]string{"the stage only runs a shell script that calls nothing but what Alpine has or the Dockerfile installs"}, c.why...)
	c.assumes = append([]string{"the scripts do not depend on options that only GNU's programs have"}, c.assumes...)
	return c, ""
}

// nginxConfiguration looks through the configuration that is copied for what differs on Alpine.
func (s *swap) nginxConfiguration() (why string) {
	for _, in := range s.instrs() {
		if in.Name != "copy" && in.Name != "add" {
			continue
		}
		for _, src := range in.CopySources() {
			p := strings.TrimPrefix(strings.TrimPrefix(src.Arg.Value, "./"), "/")
			if in.FlagNamed("from") != nil || src.Heredoc != nil {
				continue
			}
			if s.p.Build.IsDir(p) {
				s.walkFiles(p, func(f string) { why = first(why, s.differsOnAlpine(f)) })
				continue
			}
			why = first(why, s.differsOnAlpine(p))
		}
	}
	return why
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// differsOnAlpine names a line of a configuration or script that asks for what
// the Debian image has in another place or Alpine has not.
func (s *swap) differsOnAlpine(name string) string {
	isConf, isScript := strings.HasSuffix(name, ".conf") || strings.HasSuffix(name, ".template"), strings.HasSuffix(name, ".sh")
	isCGI := s.product() == "httpd" && slices.Contains(words(".cgi .pl .py"), path.Ext(name))
	if !isConf && !isScript && !isCGI {
		return ""
	}
	data, ok := s.p.Build.Read(name)
	text := string(data)
	switch by := shell.Interpreter(text); {
	case !ok:
		return ""
	case isCGI && by != "" && by != "sh":
		return name + " is for " + by + ", which need not be there"
	case isConf && strings.Contains(text, "www-data") && s.product() == "nginx":
		return name + " names the user www-data, who is not in the image on Alpine"
	case isConf && strings.Contains(text, "load_module"):
		return name + " loads a module of its own"
	case isConf && strings.Contains(text, "/usr/lib/"):
		return name + " names a folder of Debian"
	case isScript && strings.Contains(text, "bash"):
		return name + " is a script for bash"
	case isScript && strings.Contains(text, "apt"):
		return name + " calls apt"
	}
	return ""
}
