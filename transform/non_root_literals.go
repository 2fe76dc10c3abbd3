package transform

import (
	"path"
	"regexp"
	"strings"
)

// callArguments splits the arguments of a call whose opening bracket is behind.
func callArguments(text string) []string {
	const limit = 300
	var args []string
	depth, start, quote := 0, 0, byte(0)
	for i := 0; i < len(text) && i < limit; i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case depth == 0 && (c == ')' || c == ']' || c == '}'):
			return append(args, strings.TrimSpace(text[start:i]))
		case c == ')' || c == ']' || c == '}':
			depth--
		case c == ',' && depth == 0:
			args = append(args, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
	}
	return args
}

var quotedText = regexp.MustCompile("\"([^\"\\n]*)\"|'([^'\\n]*)'|`([^`\\n]*)`")

// setting is what stands before the value that an unset variable of the environment leaves.
var setting = regexp.MustCompile(`\bos\.(?:environ\.get|getenv)\(\s*["']\w+["']\s*,\s*|\benv(?:\.\w+)?\(\s*["']\w+["']\s*,\s*(?:default\s*=\s*)?|\bconfig\(\s*["']\w+["']\s*,\s*default\s*=\s*|\bprocess\.env\.\w+\s*(?:\|\||\?\?)\s*`)

// webRoot and contentRoot are .NET's names for folders of the program's own.
var (
	webRoot     = regexp.MustCompile(`\b\w+(?:\.\w+)?\.WebRootPath\b`)
	contentRoot = regexp.MustCompile(`\b(?:\w+(?:\.\w+)?\.ContentRootPath|AppContext\.BaseDirectory|AppDomain\.CurrentDomain\.BaseDirectory|Environment\.CurrentDirectory)\b`)
)

// sourcePath reads the path out of an argument: a text, or texts joined behind
// the file's own folder. Where the last part is computed, it is the folder before it.
func sourcePath(arg string) (p string, dir, ok bool) {
	arg = setting.ReplaceAllString(arg, "(")
	arg = webRoot.ReplaceAllString(arg, `"wwwroot"`)
	arg = contentRoot.ReplaceAllString(arg, "")
	found := quotedText.FindAllStringSubmatchIndex(arg, 10)
	if len(found) == 0 {
		return "", false, false
	}
	if !knownBefore(arg[:found[0][0]]) {
		return "", false, false
	}
	var parts []string
	for _, m := range found {
		v := ""
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				v = arg[m[i]:m[i+1]]
			}
		}
		if at := strings.IndexAny(v, "{$%"); at >= 0 {
			parts = append(parts, v[:strings.LastIndexByte("/"+v[:at], '/')])
			return joined(parts), true, strings.Trim(joined(parts), "./") != ""
		}
		parts = append(parts, v)
	}
	rest := strings.Trim(arg[found[len(found)-1][1]:], " )")
	p = joined(parts)
	if rest != "" {
		return p, true, p != "" && (strings.HasPrefix(rest, ",") || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, ".join(") || strings.HasPrefix(rest, ".resolve(") || strings.HasSuffix(p, "/"))
	}
	return p, strings.HasSuffix(p, "/"), strings.Trim(p, "./") != "" || p == "."
}

func joined(parts []string) string {
	for i := range parts {
		if i > 0 || strings.HasPrefix(parts[i], "/../") { // behind __DIR__
			parts[i] = strings.TrimLeft(parts[i], "/")
		}
	}
	if len(parts) > 0 && !strings.HasPrefix(parts[0], "./") {
		return path.Join(parts...)
	}
	return strings.TrimPrefix(path.Join(parts...), "/")
}

// knownBefore reports whether all that stands before the first text is the
// file's own folder, the working directory, or a function that joins.
func knownBefore(s string) bool {
	for _, known := range []string{"os.path.join(", "os.path.abspath(", "os.path.dirname(", "path.join(", "path.resolve(", "process.cwd()", "os.getcwd()", "__dirname", "__file__", "__DIR__", "Paths.get(", "Path.of(", "pathlib.Path(", "Path(", "new File(", "BASE_DIR", "basedir", "base_dir", "Path.Combine(", "Directory.GetCurrentDirectory()", "Rails.root.join(", "storage_path(", "path=", "PathBuf::from(", "format!(", "&format!(", "Path::new(", "&", "f", "r", ".", ",", "+", "(", ")", "/", " "} {
		s = strings.ReplaceAll(s, known, "")
	}
	return s == ""
}

func fileRelative(arg string) bool {
	return strings.Contains(arg, "__dirname") || strings.Contains(arg, "__file__") || strings.Contains(arg, "__DIR__")
}
