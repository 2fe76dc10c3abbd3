package evidence

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// packageVersions reads engines, volta and packageManager of a package.json.
func packageVersions(f *versionText) []Version {
	var out []Version
	for _, s := range jsonStrings(f.text) {
		switch strings.Join(s.path, "\x00") {
		case "engines\x00" + f.lang:
			out = append(out, f.versionRange(lineAt(f.text, s.end), s.value))
		case "volta\x00" + f.lang:
			out = append(out, f.version(lineAt(f.text, s.end), s.value))
		case "packageManager":
			if rest, ok := strings.CutPrefix(s.value, f.lang+"@"); ok {
				number, _, _ := strings.Cut(rest, "+")
				out = append(out, f.version(lineAt(f.text, s.end), number))
			}
		}
	}
	return out
}

// composerVersions reads the platform that Composer is to assume, and what the
// project requires.
func composerVersions(f *versionText) []Version {
	var out []Version
	for _, s := range jsonStrings(f.text) {
		switch strings.Join(s.path, "\x00") {
		case "config\x00platform\x00php":
			out = append(out, f.version(lineAt(f.text, s.end), s.value))
		case "require\x00php":
			// Composer's ~8.2 reaches to 9: other than elsewhere, two numbers fix the first alone.
			if strings.HasPrefix(s.value, "~") && strings.Count(s.value, ".") < 2 {
				out = append(out, f.version(lineAt(f.text, s.end), s.value))
				continue
			}
			out = append(out, f.versionRange(lineAt(f.text, s.end), s.value))
		}
	}
	return out
}

// globalVersions reads the SDK of a global.json. A newer patch may be let in by
// rollForward; the number itself always does.
func globalVersions(f *versionText) []Version {
	var out []Version
	for _, s := range jsonStrings(f.text) {
		if slices.Equal(s.path, []string{"sdk", "version"}) {
			out = append(out, f.version(lineAt(f.text, s.end), s.value))
		}
	}
	return out
}

// jsonString is a string of a JSON document that lies in objects alone.
type jsonString struct {
	path  []string
	value string
	end   int // offset
}

// maxJSONDepth is how deep a string may lie to be returned by jsonStrings.
const maxJSONDepth = 4

// jsonStrings reads the strings of a document up to where it stops being JSON.
func jsonStrings(text string) []jsonString {
	var out []jsonString
	r := jsonReader{d: json.NewDecoder(strings.NewReader(text))}
	for {
		t, err := r.d.Token()
		if err != nil {
			return out
		}
		value, isString := t.(string)
		if isString && r.inObject() && !r.open[len(r.open)-1].named {
			r.open[len(r.open)-1].named, r.open[len(r.open)-1].key = true, value
			continue
		}
		if isString && len(r.open) <= maxJSONDepth && r.onlyObjects() {
			out = append(out, jsonString{r.path(), value, int(r.d.InputOffset())})
		}
		r.step(t)
	}
}

// jsonReader keeps what is open around a token.
type jsonReader struct {
	d    *json.Decoder
	open []jsonLevel
}

type jsonLevel struct {
	object, named bool // named: the key was read, its value comes next
	key           string
}

func (r *jsonReader) inObject() bool { return len(r.open) > 0 && r.open[len(r.open)-1].object }

func (r *jsonReader) onlyObjects() bool {
	return len(r.open) > 0 && !slices.ContainsFunc(r.open, func(l jsonLevel) bool { return !l.object })
}

func (r *jsonReader) path() []string {
	var out []string
	for _, l := range r.open {
		out = append(out, l.key)
	}
	return out
}

// step takes a token that is no key.
func (r *jsonReader) step(t json.Token) {
	switch t {
	case json.Delim('{'), json.Delim('['):
		r.open = append(r.open, jsonLevel{object: t == json.Delim('{')})
		return
	case json.Delim('}'), json.Delim(']'):
		r.open = r.open[:len(r.open)-1]
	}
	if r.inObject() {
		r.open[len(r.open)-1].named = false // that was its value
	}
}

// pomVersions reads the release of Java that a Maven project compiles for: its
// properties, and the settings of the compiler's plugin.
func pomVersions(f *versionText) []Version {
	d := xml.NewDecoder(strings.NewReader(f.text))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errors.New("not UTF-8") }
	var out []Version
	var open []string
	plugin := ""
	for {
		t, err := d.Token()
		if err != nil {
			return out
		}
		switch t := t.(type) {
		case xml.StartElement:
			open = append(open, t.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			says := strings.TrimSpace(string(t))
			switch {
			case says == "":
			case endsWith(open, "plugin", "artifactId"):
				plugin = says
			case namesJava(open, plugin):
				line, _ := d.InputPos()
				_, after, _ := strings.Cut(string(t), says)
				out = append(out, f.version(line-strings.Count(after, "\n"), says))
			}
		}
	}
}

// namesJava reports whether an element of a POM, given with those around it and
// the plugin named last, holds a release of Java. Those of profiles hold only
// where the profile is active.
func namesJava(open []string, plugin string) bool {
	if slices.Contains(open, "profile") {
		return false
	}
	for _, of := range []string{"release", "source", "target"} {
		if endsWith(open, "properties", "maven.compiler."+of) ||
			plugin == "maven-compiler-plugin" && endsWith(open, "plugin", "configuration", of) {
			return true
		}
	}
	return endsWith(open, "properties", "java.version")
}

func endsWith(open []string, last ...string) bool {
	return len(open) >= len(last) && slices.Equal(open[len(open)-len(last):], last)
}
