package transform

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// pathlibCall finds what Python's paths write by themselves: the path stands before the call.
var pathlibCall = regexp.MustCompile(`(\b[A-Za-z_][\w.]*|\([^()\n]{1,200}\)|\bPath\((?:[^()\n]|\([^()\n]*\))*\))\.(write_text|write_bytes|touch|mkdir|open)\(`)

// pathlibWrites notes them in one file; computed are the places with a path that cannot be told.
func (u *userPlan) pathlibWrites(p, text string) (computed []string) {
	if path.Ext(p) != ".py" || !strings.Contains(text, "pathlib") {
		return nil
	}
	for _, m := range pathlibCall.FindAllStringSubmatchIndex(text, 100) {
		receiver, call := text[m[2]:m[3]], text[m[4]:m[5]]
		if inComment(text, m[0]) || call == "open" && !opensForWriting(text[m[1]:]) || receiver == "os" || isModule(receiver) {
			continue
		}
		where := fmt.Sprintf("%s:%d", p, lineOf(text, m[0]))
		abs, dir, ok := u.pathlibPath(p, text, receiver)
		if !ok {
			if !isTemporary(receiver) {
				computed = append(computed, where)
			}
			continue
		}
		u.write(abs, !dir && call != "mkdir", where)
	}
	return computed
}

// isModule reports whether what stands before .open( is a module or a class and no path.
func isModule(receiver string) bool {
	switch receiver {
	case "io", "codecs", "gzip", "bz2", "lzma", "tarfile", "zipfile", "shelve", "dbm", "Image", "webbrowser", "aiofiles", "wave", "fsspec":
		return true
	}
	return false
}

// opensForWriting reads the mode of a path's open, whose arguments follow.
func opensForWriting(text string) bool {
	args := callArguments(text)
	if len(args) == 0 {
		return false
	}
	mode := strings.TrimPrefix(strings.ReplaceAll(args[0], " ", ""), "mode=")
	return len(mode) > 1 && len(mode) < 8 && strings.ContainsAny(mode[:1], "\"'") && strings.ContainsAny(mode, "wax+")
}

// maxNames is how many names a path is followed through.
const maxNames = 4

// pathlibPath tells what an expression of paths, names and texts stands for.
func (u *userPlan) pathlibPath(p, text, expr string) (abs string, dir, ok bool) {
	for range maxNames {
		expr = strings.TrimPrefix(strings.TrimSpace(expr), "(")
		name := leadingName(expr)
		if name == "" || name == "Path" || name == "BASE_DIR" {
			break
		}
		set := assigned(text, name)
		if set == "" {
			return "", false, false
		}
		expr = set + strings.TrimPrefix(expr, name)
	}
	for _, same := range []string{".resolve()", ".absolute()"} {
		expr = strings.ReplaceAll(expr, same, "")
	}
	expr = strings.ReplaceAll(expr, "Path.cwd()", "Path()")
	ups := strings.Count(expr, ".parent")
	target, dir, ok := sourcePath(strings.ReplaceAll(expr, ".parent", ""))
	switch {
	case !ok || strings.Contains(expr, ".parents[") || ups > 0 && !fileRelative(expr):
		return "", false, false
	case fileRelative(expr):
		return absIn(u.placeOf(upwards(path.Dir(p), ups-1)), target), dir, true
	}
	return absIn(u.workdir(), target), dir, true
}

// leadingName is the name that an expression starts with.
func leadingName(expr string) string {
	end := strings.IndexFunc(expr, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		return expr
	}
	return expr[:end]
}

// upwards is the folder n levels above dir, within the build context.
func upwards(dir string, n int) string {
	for ; n > 0; n-- {
		dir = path.Dir(dir)
	}
	return dir
}
