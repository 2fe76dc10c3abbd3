package evidence

import (
	"slices"
	"strings"
)

// maxNginx bounds the directives taken from one file.
const maxNginx = 5000

// NginxDirective is one directive of an nginx configuration, wherever it is nested.
type NginxDirective struct {
	Place
	Name  string
	Args  []string
	Block string // the name of the block around it, "" at the top
}

// NginxDirectives returns the directives of an nginx configuration file that have
// one of the names, all where none is given. Included files are not followed:
// their include directives are among what is returned. ok is false where the
// file is not there or its brackets do not match.
func (c *Context) NginxDirectives(p string, names ...string) (list []NginxDirective, ok bool) {
	text, ok := c.Read(p)
	if !ok {
		return nil, false
	}
	p, _ = cleanPath(p)
	r := nginxReader{text: string(text), file: p, line: 1}
	if !r.read() {
		return nil, false
	}
	if len(names) == 0 {
		return r.out, true
	}
	return slices.DeleteFunc(r.out, func(d NginxDirective) bool { return !slices.Contains(names, d.Name) }), true
}

// NginxListens returns the addresses of the listen directives of a configuration
// file, such as "80", "[::]:443", "unix:/run/x.sock".
func (c *Context) NginxListens(p string) []Setting {
	list, _ := c.NginxDirectives(p, "listen")
	var out []Setting
	for _, d := range list {
		if len(d.Args) > 0 {
			out = append(out, Setting{d.Place, d.Args[0]})
		}
	}
	return out
}

// ListenPort returns the port at the end of an address such as ":80",
// "0.0.0.0:80", "[::]:80" or "80"; "" where there is none.
func ListenPort(address string) string {
	port := address[strings.LastIndexByte(address, ':')+1:]
	if port == "" || strings.Trim(port, "0123456789") != "" {
		return ""
	}
	return port
}

type nginxReader struct {
	text   string
	file   string
	at     int
	line   int
	blocks []string
	out    []NginxDirective
}

func (r *nginxReader) read() bool {
	var words []string
	line := 0
	for len(r.out) < maxNginx {
		word, kind := r.next()
		switch kind {
		case 0:
			return len(r.blocks) == 0
		case 'w':
			if len(words) == 0 {
				line = r.line
			}
			words = append(words, word)
			continue
		case ';', '{':
			r.add(words, line)
		}
		if kind == '{' {
			r.blocks = append(r.blocks, firstOf(words))
		}
		if kind == '}' {
			if len(r.blocks) == 0 {
				return false
			}
			r.blocks = r.blocks[:len(r.blocks)-1]
		}
		words = nil
	}
	return true
}

func firstOf(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

func (r *nginxReader) add(words []string, line int) {
	if len(words) == 0 {
		return
	}
	d := NginxDirective{Place: Place{r.file, line}, Name: words[0], Args: words[1:]}
	if n := len(r.blocks); n > 0 {
		d.Block = r.blocks[n-1]
	}
	r.out = append(r.out, d)
}

// next returns the next word ('w'), ';', '{' or '}', or 0 at the end.
func (r *nginxReader) next() (string, byte) {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; c {
		case '\n':
			r.line++
			r.at++
		case ' ', '\t', '\r':
			r.at++
		case '#':
			for r.at < len(r.text) && r.text[r.at] != '\n' {
				r.at++
			}
		case ';', '{', '}':
			r.at++
			return "", c
		case '"', '\'':
			return r.quoted(c), 'w'
		default:
			return r.word(), 'w'
		}
	}
	return "", 0
}

func (r *nginxReader) quoted(quote byte) string {
	var b strings.Builder
	for r.at++; r.at < len(r.text) && r.text[r.at] != quote; r.at++ {
		if r.text[r.at] == '\\' && r.at+1 < len(r.text) {
			r.at++
		}
		if r.text[r.at] == '\n' {
			r.line++
		}
		b.WriteByte(r.text[r.at])
	}
	r.at++
	return b.String()
}

// word reads up to a space or a bracket; ${name} belongs to the word.
func (r *nginxReader) word() string {
	start := r.at
	for r.at < len(r.text) && !strings.ContainsRune(" \t\r\n;{}", rune(r.text[r.at])) {
		if strings.HasPrefix(r.text[r.at:], "${") {
			if end := strings.IndexByte(r.text[r.at:], '}'); end > 0 {
				r.at += end
			}
		}
		r.at++
	}
	return r.text[start:min(r.at, len(r.text))]
}
