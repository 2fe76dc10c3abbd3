package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// rootHome declines where what the program needs lies in /root, which root alone may enter.
func (u *userPlan) rootHome() *Skip {
	if in := u.state.WorkdirInstr; in != nil && inRootHome(u.workdir()) && !u.leaveRoot() {
		return &Skip{Unsure, in.Span, "the working directory lies in /root, which root alone may enter"}
	}
	for _, v := range u.state.Env {
		if v.Instr == nil || !v.Known || !homeVariable(v.Name, v.Value) {
			continue
		}
		return &Skip{Unsure, v.Instr.Span, v.Name + " leads into /root, which root alone may enter"}
	}
	for _, w := range u.walks {
		for _, one := range w.placed {
			if !one.bound && inRootHome(one.dest) {
				return &Skip{Unsure, one.in.Span, "it puts files into /root, which root alone may enter"}
			}
		}
	}
	for _, c := range u.cmds {
		if why := u.usesRootHome(c); why != "" {
			return &Skip{Unsure, c.at, why}
		}
	}
	return nil
}

func inRootHome(p string) bool {
	_, in := within("/root", p)
	return in
}

// homeVariable reports whether a variable leads the program into /root.
func homeVariable(name, value string) bool {
	if name == "PATH" {
		return slices.ContainsFunc(strings.Split(value, ":"), inRootHome)
	}
	return inRootHome(value) && !slices.Contains([]string{"MAVEN_CONFIG", "PIP_CACHE_DIR", "GOCACHE", "npm_config_cache", "POETRY_CACHE_DIR", "UV_CACHE_DIR"}, name)
}

// usesRootHome says what a RUN leaves in root's home that the program may need.
func (u *userPlan) usesRootHome(c *command) string {
	texts := literals(c)
	name, verb := c.name, firstWord(texts[min(1, len(texts)):])
	env := func(name string) bool { _, ok := c.lookup(name); return ok }
	says := func(what string) string {
		return fmt.Sprintf("%s leaves %s in /root, which root alone may enter", c.quoted(), what)
	}
	switch {
	case strings.HasPrefix(name, "pip") && verb == "install" && slices.Contains(texts, "--user") && !env("PYTHONUSERBASE"):
		return says("what it installs")
	case name == "poetry" && verb == "install" && !u.projectVenv():
		return says("poetry's virtual environment")
	case name == "pipenv" && (verb == "install" || verb == "sync") && !slices.Contains(texts, "--system") && !env("PIPENV_VENV_IN_PROJECT") && !env("WORKON_HOME") && !env("VIRTUAL_ENV"):
		return says("pipenv's virtual environment")
	case name == "playwright" && verb == "install" && !env("PLAYWRIGHT_BROWSERS_PATH"), slices.Contains(texts, "playwright") && slices.Contains(texts, "install") && strings.HasPrefix(name, "n") && !env("PLAYWRIGHT_BROWSERS_PATH"):
		return says("the browsers")
	case name == "dotnet" && verb == "tool" && (slices.Contains(texts, "--global") || slices.Contains(texts, "-g")):
		return says("the tool")
	case name == "composer" && verb == "global" && !env("COMPOSER_HOME"):
		return says("what it installs")
	case strings.HasPrefix(name, "python") && !env("NLTK_DATA") && mentions(texts, "nltk.download", "nltk.downloader") && !mentions(texts, "download_dir", "-d"):
		return says("the data of nltk")
	case strings.HasPrefix(name, "python") && !env("HF_HOME") && !env("TRANSFORMERS_CACHE") && mentions(texts, "from_pretrained", "snapshot_download", "SentenceTransformer(", "hf_hub_download", "load_model("):
		return says("the model")
	case strings.HasPrefix(name, "python") && u.fetchesModel(c, texts):
		return says("the model")
	case u.fetchesBrowser(c, texts):
		return says("puppeteer's browser")
	}
	return u.installerInHome(c, texts)
}

// projectVenv reports whether poetry installs into the system or into the project.
func (u *userPlan) projectVenv() bool {
	for _, v := range u.state.Env {
		if strings.HasPrefix(v.Name, "POETRY_VIRTUALENVS_") || v.Name == "VIRTUAL_ENV" {
			return true
		}
	}
	if _, ok := u.p.Build.Read("poetry.toml"); ok {
		return true
	}
	return slices.ContainsFunc(u.cmds, func(c *command) bool {
		return c.name == "poetry" && mentions(literals(c), "virtualenvs.create", "virtualenvs.in-project", "virtualenvs.path") || c.name == "python" && mentions(literals(c), "venv")
	})
}

// poetrySettings declines where the start goes through poetry, which goes by a
// setting that a RUN has put into root's home: without it poetry makes an empty
// environment and finds no program there.
func (u *userPlan) poetrySettings() *Skip {
	if u.needHome != "poetry" {
		return nil
	}
	for _, c := range u.cmds {
		texts := literals(c)
		if c.name == "poetry" && len(texts) > 1 && texts[1] == "config" && mentions(texts, "virtualenvs.create", "virtualenvs.path") && !slices.Contains(texts, "--local") {
			return &Skip{Unsure, c.at, c.quoted() + " leaves the setting that poetry at the start goes by in /root, which root alone may enter"}
		}
	}
	return nil
}

func mentions(texts []string, parts ...string) bool {
	return slices.ContainsFunc(texts, func(t string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(t, p) })
	})
}

// installerInHome finds files that RUN makes in /root, and PATH entries there that the start may lead through.
func (u *userPlan) installerInHome(c *command, texts []string) string {
	for _, t := range texts {
		for _, tool := range []string{"/.local/bin/", "/.cargo/bin/", "/.nvm/", "/.bun/bin", "/.deno/bin", "/.sdkman/", "/.pyenv/", "/.rbenv/", "/miniconda", "/anaconda"} {
			if (strings.Contains(t, "~"+tool) || strings.Contains(t, "$HOME"+tool) || strings.Contains(t, "/root"+tool)) && !slices.Contains([]string{"mv", "cp", "ln", "rm", "install"}, c.name) {
				return c.quoted() + " uses a tool in /root, which root alone may enter"
			}
		}
	}
	if c.name == "ln" && len(texts) > 2 && slices.ContainsFunc(texts, func(t string) bool { return strings.HasPrefix(t, "/root/") || strings.HasPrefix(t, "~/") }) {
		return c.quoted() + " links into /root, which root alone may enter"
	}
	return ""
}

// underRoot declines a start that names a file in /root.
func (u *userPlan) underRoot(argv []string, o spot) *Skip {
	for _, a := range argv {
		if strings.HasPrefix(a, "/root/") || strings.HasPrefix(a, "~/") {
			return o.says(Unsure, "%s lies in /root, which root alone may enter", a)
		}
	}
	return nil
}

// services takes what compose files say of the image's containers.
func (u *userPlan) services() *Skip {
	from := spot{at: u.stage.From.Span}
	for _, s := range u.p.servicesOf() {
		o := spot{from.at, s.Where()}
		switch {
		case s.Privileged:
			return o.says(Unsupported, "the service %s is privileged", s.Name)
		case len(s.CapAdd) > 0:
			return o.says(Unsupported, "the service %s gets %s, which only root uses by default", s.Name, s.CapAdd[0].Value)
		case s.User.Value != "" && isRoot(s.User.Value):
			return o.says(Unsure, "the service %s states that it runs as root", s.Name)
		}
		for _, v := range s.Volumes {
			if skip := u.volume(v.Value, spot{from.at, v.Where()}); skip != nil {
				return skip
			}
		}
		for _, argv := range s.starts() {
			if skip := u.runs(argv, spot{from.at, s.Where()}, false); skip != nil {
				return skip
			}
		}
	}
	return nil
}

// volume takes one volume of a compose service, "source:target:mode".
func (u *userPlan) volume(text string, o spot) *Skip {
	parts := strings.Split(text, ":")
	target := parts[0]
	if len(parts) > 1 {
		target = parts[1]
	}
	if strings.Contains(text, "docker.sock") {
		return o.says(Unsupported, "the Docker socket is mounted, which belongs to root")
	}
	bind := strings.HasPrefix(parts[0], ".") || strings.HasPrefix(parts[0], "/") || strings.HasPrefix(parts[0], "~") || strings.HasPrefix(parts[0], "$")
	if len(parts) > 2 && strings.Contains(parts[2], "ro") || !path.IsAbs(target) || strings.Contains(target, "$") || inRootHome(target) {
		if inRootHome(target) {
			return o.says(Unsure, "a volume is mounted in /root, which root alone may enter")
		}
		return nil
	}
	target = path.Clean(target)
	same := func(b bindMount) bool { return b.source == parts[0] && b.target == target }
	if bind && len(parts) > 1 && !slices.ContainsFunc(u.binds, same) {
		u.binds = append(u.binds, bindMount{parts[0], target, o.where, len(parts) > 2})
	}
	switch {
	case path.Ext(target) != "" || strings.HasPrefix(target, "/etc/") || strings.HasPrefix(target, "/usr/") && !stateDir(target):
		return nil // a file, or configuration: it is read
	case strings.HasPrefix(target, "/var/lib/postgresql") || strings.HasPrefix(target, "/var/lib/mysql"):
		return nil // a database's own, mounted here by mistake
	case path.Base(target) == "node_modules":
		return nil
	case bind && (u.holdsCode(target) || u.recipe() != nil && u.recipe().workers):
		return nil // the sources, mounted for development
	case bind && !stateDir(target):
		return nil // sources or settings, mounted for development
	}
	u.write(target, false, o.where)
	return nil
}

// bindMount is a file or folder of the host that a compose file mounts.
type bindMount struct {
	source, target string
	where          string
	told           bool // the mount states its mode, which is no read-only one
}

// bindNotes says which files and folders of the host the new user has to be able to
// write to: those that the program writes in, by what was found.
func (u *userPlan) bindNotes() {
	if r := u.recipe(); r != nil && u.img.Family == "php" && len(u.binds) > 0 && !u.shipsSources() {
		b := u.binds[0]
		u.assume(fmt.Sprintf("What is run in the container by hand, such as composer, runs as %s too: %s, which %s mounts at %s, has to be writable for it.", u.account, b.source, b.where, b.target))
		return
	}
	for _, b := range u.binds {
		kind, file := "folder", path.Ext(b.target) != "" && !u.isDir(b.target)
		if file {
			kind = "file"
		}
		written := file && (b.told || namesStateFile("\""+b.target+"\"")) || slices.ContainsFunc(u.writes, func(w written) bool {
			_, below := within(b.target, w.path)
			return below
		})
		if written && !u.workersHold(b.target) {
			u.assume("The " + kind + " " + b.source + " that " + b.where + " mounts at " + b.target + " has to be writable for the new user.")
		}
	}
}

// workersHold reports whether a folder holds the code of a server whose workers are
// the account already: what they could write to they still can.
func (u *userPlan) workersHold(dir string) bool {
	r := u.recipe()
	return r != nil && r.workers && u.holdsCode(dir)
}

// holdsCode reports whether a COPY of the context lies at or in the folder.
func (u *userPlan) holdsCode(dir string) bool {
	if dir == u.workdir() {
		return true
	}
	return slices.ContainsFunc(u.walks, func(w *walk) bool {
		return slices.ContainsFunc(w.placed, func(one placed) bool {
			_, in := within(dir, one.dest)
			return in && (one.dir || one.dest == dir) && !stateDir(dir)
		})
	})
}

// startSpan is the instruction that states the start command, for a report.
func (u *userPlan) startSpan() edit.Span {
	for _, st := range []*dockerfile.Start{u.state.Entrypoint, u.state.Cmd} {
		if st != nil && st.Instr != nil {
			return st.Instr.Span
		}
	}
	return u.stage.From.Span
}
