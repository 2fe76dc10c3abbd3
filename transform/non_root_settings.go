package transform

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// settingExprs finds settings of Python that name a folder to write to by an
// expression. Django puts uploads into MEDIA_ROOT, and collectstatic copies into
// STATIC_ROOT (Django's documentation, Settings).
var settingExprs = regexp.MustCompile(`(?m)^[ \t]*(?:\w+\.config\[)?["']?((?:[A-Za-z]\w*_)?(?:STATIC_ROOT|(?i:(?:upload|media|data|log|output|cache|storage|download|export|result|temp|tmp)s?_?(?:dir|folder|path|root|directory))))["']?\]?[ \t]*(?::[ \t]*[\w.]+[ \t]*)?=[ \t]*([^\n#=][^\n#]*)`)

// settingFolders notes the folders that one file of Python's settings names.
func (u *userPlan) settingFolders(p, text string, where func(at int) string) {
	if path.Ext(p) != ".py" {
		return
	}
	for _, m := range settingExprs.FindAllStringSubmatchIndex(text, 50) {
		name, expr := text[m[2]:m[3]], strings.TrimSpace(text[m[4]:m[5]])
		if name == "STATIC_ROOT" && u.collected() {
			continue
		}
		abs, ok := u.settingPath(p, text, expr)
		if !ok || systemPath(abs) && !u.ownCode(abs) || abs == "/" || abs == u.workdir() {
			continue
		}
		if name != "STATIC_ROOT" && name != "MEDIA_ROOT" && !stateDir(abs) {
			continue // words of every kind are called "path"
		}
		u.write(abs, false, where(m[0]))
	}
}

// collected reports whether a RUN collects Django's static files and the start does
// not do so again: then they are root's and nobody writes them.
func (u *userPlan) collected() bool {
	return !u.collects && slices.ContainsFunc(u.cmds, func(c *command) bool { return slices.Contains(literals(c), "collectstatic") })
}

// baseNames are what settings call the folder that all others are relative to.
var baseNames = []string{"BASE_DIR", "basedir", "base_dir", "ROOT_DIR", "PROJECT_ROOT", "PROJECT_DIR", "BASEDIR", "SITE_ROOT"}

// asked is a question to the environment, as an expression begins that goes on with
// what holds where it has no answer.
var asked = regexp.MustCompile(`^(?:os\.environ\.get|os\.getenv|getenv|env(?:\.\w+)?|config|decouple\.config)\(\s*["'][^"'\n]*["']\s*,\s*(?:default\s*=\s*)?`)

// settingPath tells which folder an expression of joined texts names. What it
// joins them to is set in the same file, or is the folder of manage.py.
func (u *userPlan) settingPath(p, text, expr string) (string, bool) {
	expr = asked.ReplaceAllString(expr, "")
	expr = strings.TrimPrefix(strings.TrimPrefix(expr, "str("), "Path(")
	at := u.projectDir(p)
	for range maxNames {
		base := firstName(expr)
		if base == "" {
			break
		}
		set := assigned(text, base)
		switch {
		case set == "" && !slices.Contains(baseNames, base):
			return "", false
		case set == "":
			expr = strings.Replace(expr, base, "BASE_DIR", 1)
			return u.joinedTo(at, expr)
		}
		expr = strings.Replace(expr, base, set, 1)
	}
	if fileRelative(expr) {
		at = u.placeOf(upwards(path.Dir(p), levelsUp(expr)-1))
	} else {
		at = u.workdir()
	}
	return u.joinedTo(at, expr)
}

// joinedTo puts the texts of an expression behind a folder of the image.
func (u *userPlan) joinedTo(at, expr string) (string, bool) {
	if strings.Contains(expr, "os.pardir") || strings.Contains(expr, "{") {
		return "", false
	}
	target, _, ok := sourcePath(levels.ReplaceAllString(expr, ""))
	if !ok || target == "." {
		return "", false
	}
	return absIn(at, target), true
}

// firstName is the name that an expression starts with, or that its first join starts with.
func firstName(expr string) string {
	for _, join := range []string{"os.path.join(", "os.path.abspath(", "str(", "("} {
		expr = strings.TrimSpace(strings.TrimPrefix(expr, join))
	}
	name := leadingName(expr)
	if name == "" || name == "os" || name == "Path" || name == "pathlib" || name == "env" || name == "config" || strings.HasPrefix(name, "__") || strings.HasPrefix(expr[len(name):], "\"") || strings.HasPrefix(expr[len(name):], "'") {
		return ""
	}
	return name
}

// levels are the steps of an expression from a file to the folders above it.
var levels = regexp.MustCompile(`\.parents\[\d\]|\.parent\b|\.resolve\((?:strict=True)?\)|\.absolute\(\)`)

// levelsUp counts how many folders above its file an expression leads, the file's own being the first.
func levelsUp(expr string) int {
	n := strings.Count(expr, "dirname(")
	if !strings.Contains(expr, "__file__") {
		n++ // __dirname and __DIR__ are the folder already
	}
	for _, step := range levels.FindAllString(expr, -1) {
		switch {
		case step == ".parent":
			n++
		case strings.HasPrefix(step, ".parents["):
			n += int(step[len(".parents[")]-'0') + 1
		}
	}
	return max(n, 1)
}

// projectDir is the folder of the image that holds the manage.py above a file of
// the context; the working directory where there is none.
func (u *userPlan) projectDir(p string) string {
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		if u.p.Build.Exists(path.Join(dir, "manage.py")) {
			return u.placeOf(dir)
		}
		if dir == "." {
			return u.workdir()
		}
	}
}
