package transform

import (
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/shell"
)

// script looks at the commands of a shell text that runs at the start.
func (u *userPlan) script(s *shell.Script, dir string, o spot) *Skip {
	return u.scriptIn(s, dir, o, "")
}

// scriptIn is script for a file, whose text tells the lines.
func (u *userPlan) scriptIn(s *shell.Script, dir string, o spot, text string) *Skip {
	if s.Unknown != "" {
		return o.says(Unsure, "the start command cannot be read: %s", s.Unknown)
	}
	vars := shellVars{}
	file := o.where
	at := func(raw *shell.Command) spot {
		if file != "" {
			o.where = file + ":" + itoa(lineOf(text, min(raw.Span.Start, len(text))))
		}
		return o
	}
	for i, raw := range s.Commands { // first: what comes before it, such as chown, is for root to do
		becomes := i == len(s.Commands)-1 || len(raw.Words) > 0 && raw.Words[0].Text == "exec"
		if skip := leavesRoot(raw, at(raw)); skip != nil && becomes {
			return skip
		}
	}
	for i, raw := range s.Commands {
		c := newCommand(raw, nil, u.state, dir)
		c.remember(vars)
		c.vars = vars
		last := i == len(s.Commands)-1 && raw.Flow&(shell.Substitution|shell.Function) == 0
		if skip := u.startCommand(c, at(raw), last); skip != nil {
			return skip
		}
	}
	return nil
}

// leavesRoot says that a command changes to another user itself.
func leavesRoot(raw *shell.Command, o spot) *Skip {
	for _, w := range raw.Words[:min(len(raw.Words), 3)] {
		text, _ := w.Literal()
		if why := dropsPrivileges([]string{text}); why != "" {
			return o.says(NotNeeded, "%s", why)
		}
	}
	return nil
}

// startCommand looks at one command of a shell text that runs at the start.
func (u *userPlan) startCommand(c *command, o spot, last bool) *Skip {
	if skip := leavesRoot(c.Command, o); skip != nil {
		return skip
	}
	if skip := u.fileCommand(c, o); skip != nil {
		return skip
	}
	if len(c.words) == 0 {
		return nil
	}
	argv := literals(c)
	name, known := c.expand(c.words[0])
	switch {
	case strings.Contains(c.words[0].Text, "$@") || strings.Contains(c.words[0].Text, "$*"):
		return nil // the arguments, which the caller follows
	case !known && last && !strings.HasPrefix(c.words[0].Text, "$(") && !strings.HasSuffix(strings.Trim(c.words[0].Text, `"`), "/bin/java"):
		return o.says(Unsure, "the program %s is computed", c.words[0].Text)
	case !known || name == "":
		return nil
	}
	name = path.Base(name)
	if isShellBuiltin(name) || isBusybox(name) && !isShellName(name) && name != "su" {
		return nil
	}
	return u.runs(argv, o, last && !slices.Contains([]string{"exit", "true"}, name))
}

// fileCommand notes what redirections and the usual tools write.
func (u *userPlan) fileCommand(c *command, o spot) *Skip {
	for _, r := range c.Redirects {
		if !strings.Contains(r.Op, ">") || len(r.Target.Text) == 1 || strings.HasPrefix(r.Target.Text, "&") {
			continue
		}
		if skip := u.scriptWrites(c, r.Target, true, o); skip != nil {
			return skip
		}
	}
	switch c.name {
	case "chown", "chgrp":
		return o.says(Unsupported, "%s changes owners, which only root may", c.quoted())
	case "chmod":
		return o.says(Unsupported, "%s changes the mode of files that are root's", c.quoted())
	case "mkdir":
		return u.scriptOperands(c, 0, false, o)
	case "touch", "tee", "rm":
		return u.scriptOperands(c, 0, true, o)
	case "cp", "mv", "ln", "install":
		return u.scriptOperands(c, len(c.words)-1, true, o)
	case "sed":
		if slices.ContainsFunc(c.words, func(w shell.Word) bool { return strings.HasPrefix(w.Text, "-i") }) {
			return u.scriptOperands(c, len(c.words)-1, true, o)
		}
	}
	return nil
}

// scriptOperands notes the operands from word n on as written.
func (u *userPlan) scriptOperands(c *command, n int, file bool, o spot) *Skip {
	for i, w := range c.words {
		if i < 1 || i < n || strings.HasPrefix(w.Text, "-") {
			continue
		}
		inside := strings.HasSuffix(strings.Trim(w.Text, `"'`), "/") // a folder
		if skip := u.scriptWrites(c, w, file && !inside, o); skip != nil {
			return skip
		}
	}
	return nil
}

// scriptWrites notes one word as a path that is written.
func (u *userPlan) scriptWrites(c *command, w shell.Word, file bool, o spot) *Skip {
	if c.madeByMktemp(w) {
		return nil
	}
	p, ok := c.abs(w)
	if ok && !strings.ContainsAny(p, "*?[{") {
		u.write(p, file, u.whyAt(o))
		return nil
	}
	if dir, known := literalDir(c, w); known {
		u.write(dir, false, u.whyAt(o))
		return nil
	}
	if c.name == "rm" {
		return nil // what cannot be removed cannot be told; most often it is not there
	}
	return o.says(Unsure, "%s writes to a place that is computed", c.quoted())
}

// isMktemp reports whether a value is what mktemp prints, where nothing but
// options names its folder: that of TMPDIR, which is /tmp.
func isMktemp(text string) bool {
	text = strings.Trim(text, `"`)
	return (strings.HasPrefix(text, "$(mktemp") || strings.HasPrefix(text, "`mktemp")) &&
		(strings.Trim(text, "`$()mktep -duq") == "" || strings.Contains(text, " /tmp/") || strings.Contains(text, " -t "))
}

// madeByMktemp reports whether a word is a file of mktemp's, or lies in a folder of its.
func (c *command) madeByMktemp(w shell.Word) bool {
	text := strings.TrimLeft(w.Text, `"${`)
	names := w.Vars()
	return len(names) > 0 && strings.HasPrefix(text, names[0]) && c.vars[names[0]].temp && !strings.Contains(text, "..")
}

// literalDir is the folder of a word whose last part alone is computed.
func literalDir(c *command, w shell.Word) (string, bool) {
	text := strings.Trim(w.Text, `"'`)
	at := strings.IndexAny(text, "$*?[`{")
	if at < 0 {
		return "", false
	}
	dir := path.Dir(text[:at] + "x")
	if !path.IsAbs(dir) && (dir == "." || !c.dirOK) {
		return "", false
	}
	return absIn(c.dir, dir), true
}

func (u *userPlan) whyAt(o spot) string {
	if o.where != "" {
		return o.where
	}
	return "the start command"
}
