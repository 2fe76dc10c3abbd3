package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// readable sees to files that root alone may read or run: COPY --chmod, chmod, and
// ADD of a URL, which gives mode 600. A program whose mode lets its owner alone run
// it is opened; what else is closed is declined, for it may be closed on purpose.
func (u *userPlan) readable() *Skip {
	for _, w := range u.walks {
		for _, in := range w.stage.Instrs {
			if skip := u.copiedMode(in); skip != nil {
				return skip
			}
			if skip := u.fetched(w, in); skip != nil {
				return skip
			}
		}
	}
	for _, c := range u.cmds {
		if c.name != "chmod" || len(c.words) < 3 {
			continue
		}
		if skip := u.chmod(c); skip != nil {
			return skip
		}
	}
	return nil
}

// copiedMode is the mode that a COPY gives.
func (u *userPlan) copiedMode(in *dockerfile.Instr) *Skip {
	f := in.FlagNamed("chmod")
	if f == nil {
		return nil
	}
	open, closed := openedMode(f.Value)
	if !closed {
		return nil
	}
	if w := in.FlagNamed("chown"); w != nil && u.isOwn(w.Value) {
		return nil
	}
	script := slices.ContainsFunc(in.CopySources(), func(s dockerfile.CopySource) bool { return isScriptName(s.Arg.Value) })
	if open == "" || !f.Exact || !openMode(f.Value) && !script {
		return &Skip{Unsure, in.Span, "--chmod=" + f.Value + " leaves the files to root"}
	}
	u.open(f.ValueSpan, open, "--chmod="+f.Value)
	return nil
}

// chmod is the mode that a RUN gives.
func (u *userPlan) chmod(c *command) *Skip {
	texts := literals(c)
	mode := firstWord(texts[1:])
	open, closed := openedMode(mode)
	if !closed {
		return nil
	}
	at := slices.Index(texts, mode)
	for _, w := range c.words[1:] {
		p, ok := c.abs(w)
		if !ok || w.Text == mode || u.wasRemoved(p) || inRootHome(p) || strings.HasPrefix(p, "/etc/") || strings.HasPrefix(w.Text, "-") || u.handedOver(p) {
			continue
		}
		if word := c.words[at]; open == "" || !openMode(mode) && !u.runnable(p) || !word.Exact || c.where != "" || c.in.JSON || word.Text != mode {
			return &Skip{Unsure, c.at, fmt.Sprintf("%s leaves %s to its owner, root", c.quoted(), p)}
		}
		u.open(c.words[at].Span, open, c.quoted())
	}
	return nil
}

// open notes the repair of one mode.
func (u *userPlan) open(at edit.Span, mode, was string) {
	if slices.ContainsFunc(u.repairs, func(e edit.Edit) bool { return e.Span == at }) {
		return
	}
	u.repairs = append(u.repairs, edit.Edit{Span: at, New: mode})
	u.why = append(u.why, was+" lets root alone run it: "+mode+" lets the new user")
}

// openedMode says whether a mode keeps others from what the owner may do, and the
// mode that lets them; "" where the mode is no program's.
func openedMode(mode string) (open string, closed bool) {
	switch mode {
	case "u+x", "u+rx":
		return strings.TrimPrefix(mode, "u"), true
	case "u+rwx":
		return "u+rwx,go+rx", true
	}
	if !openMode(mode) && (!isNumber(mode) || len(mode) < 3) {
		return "", true
	}
	if !isNumber(mode) || len(mode) < 3 {
		return "", false
	}
	digits := []byte(mode[len(mode)-3:])
	owner := digits[0] - '0'
	switch {
	case owner&1 == 0:
		return "", !openMode(mode)
	case digits[2]&1 != 0 && digits[2]&4 != 0:
		return "", false
	}
	for i := 1; i < 3; i++ {
		digits[i] |= owner & 5
	}
	return mode[:len(mode)-3] + string(digits), true
}

// isOwn reports whether an owner, "name:group" or numbers, is the account.
func (u *userPlan) isOwn(who string) bool {
	name, _, _ := strings.Cut(who, ":")
	return name == u.account.name && name != "" || name == u.account.uid
}

// handedOver reports whether a path is the account's, by the file or by what is handed over.
func (u *userPlan) handedOver(p string) bool {
	for _, w := range slices.Backward(u.walks) {
		if who := w.ownerOf(p); who != "" {
			return u.isOwn(who)
		}
	}
	return slices.ContainsFunc(u.grants, func(g grant) bool {
		_, in := within(g.path, p)
		return g.path == p || g.deep && in
	})
}

// openMode reports whether a numeric mode lets others read; a symbolic one is taken to.
func openMode(mode string) bool {
	if !isNumber(mode) {
		return !strings.Contains(mode, "o-r") && !strings.Contains(mode, "go-") && !strings.Contains(mode, "o=,") && !strings.HasSuffix(mode, "o=")
	}
	return (mode[len(mode)-1]-'0')&4 != 0
}

// runnable reports whether a path is a program: the start, a script by its name or
// its first line, or a file of a folder for programs.
func (u *userPlan) runnable(p string) bool {
	if u.isStart(p) || isScriptName(p) || slices.Contains([]string{"bin", "sbin"}, path.Base(path.Dir(p))) {
		return true
	}
	ctx, _, ok := u.contextOf(p)
	if !ok {
		return false
	}
	text, ok := u.p.Build.Read(ctx)
	return ok && strings.HasPrefix(string(text), "#!")
}

// isStart reports whether a path is the program that the container starts.
func (u *userPlan) isStart(p string) bool {
	st, ok := startOf(u.state)
	return ok && slices.ContainsFunc(st.argv, func(a string) bool { return absIn(u.workdir(), a) == p })
}

func (u *userPlan) wasRemoved(p string) bool {
	return slices.ContainsFunc(u.walks, func(w *walk) bool { return w.gone(p, -1) })
}

// fetched declines an ADD of a URL whose file stays as it came.
func (u *userPlan) fetched(w *walk, in *dockerfile.Instr) *Skip {
	if in.Name != "add" || in.FlagNamed("chmod") != nil {
		return nil
	}
	for _, src := range in.CopySources() {
		if !strings.Contains(src.Arg.Value, "://") || src.Heredoc != nil {
			continue
		}
		i := slices.IndexFunc(w.placed, func(one placed) bool { return one.in == in })
		if i < 0 || u.wasRemoved(w.placed[i].dest) || u.madeOpen(w.placed[i].dest) {
			continue
		}
		return &Skip{Unsure, in.Span, "ADD gives a file from an address mode 600, so that root alone may read " + w.placed[i].dest}
	}
	return nil
}

// madeOpen reports whether a RUN gives a file another mode or owner, moves or unpacks it.
func (u *userPlan) madeOpen(p string) bool {
	return slices.ContainsFunc(u.cmds, func(c *command) bool {
		switch c.name {
		case "chmod", "chown", "mv", "tar", "unzip", "dpkg", "rpm", "apk", "apt-get", "sh", "bash":
			return slices.ContainsFunc(c.words[1:], func(word shell.Word) bool {
				q, ok := c.abs(word)
				_, in := within(q, p)
				return ok && in || ok && q == path.Clean(p)
			})
		}
		return false
	})
}
