package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

const (
	ignoreFile = ".dockerignore"
	// A context pays for every pattern at every path; more is an attack.
	maxPatterns = 5000
)

// ignoreRules are the patterns of an ignore file. They are matched as BuildKit
// does: from folder to folder, each with the results of its parent.
type ignoreRules struct {
	file    string
	matcher *patternmatcher.PatternMatcher
	again   []string // fixed beginnings of the ! patterns
	seen    map[string]ignoreMatch
}

type ignoreMatch struct {
	ignored bool
	info    patternmatcher.MatchInfo
}

// IgnoreFile returns the path of the ignore file in use, "" where there is none.
func (c *Context) IgnoreFile() string {
	if c.Empty() || c.ignore == nil {
		return ""
	}
	return c.ignore.file
}

// Ignored reports whether .dockerignore keeps p out of the context. A folder may
// be ignored while something in it is not.
func (c *Context) Ignored(p string) bool {
	p, ok := cleanPath(p)
	if !ok || c.Empty() || c.ignore == nil {
		return false
	}
	return c.ignore.match(p).ignored
}

func readIgnore(c *Context, dockerfile string) (*ignoreRules, error) {
	names := []string{ignoreFile}
	if p, ok := cleanPath(dockerfile); ok && p != "." {
		names = []string{p + ignoreFile, ignoreFile}
	}
	for _, name := range names {
		if !c.Exists(name) {
			continue
		}
		text, ok := c.Read(name)
		if !ok {
			return nil, &Error{Place{File: name}, errors.New("not a file of at most 1 MiB")}
		}
		return newIgnoreRules(name, text)
	}
	return nil, nil
}

func newIgnoreRules(name string, text []byte) (*ignoreRules, error) {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(text))
	if err != nil {
		return nil, &Error{Place{File: name}, err}
	}
	if len(patterns) > maxPatterns {
		return nil, &Error{Place{File: name}, fmt.Errorf("more than %d patterns", maxPatterns)}
	}
	for _, p := range patterns {
		if err := checkPattern(p); err != nil {
			return nil, &Error{Place{name, patternLine(text, p)}, fmt.Errorf("pattern %.100q: %w", p, err)}
		}
	}
	m, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, &Error{Place{File: name}, err}
	}
	return &ignoreRules{name, m, reIncluded(m), map[string]ignoreMatch{}}, nil
}

// checkPattern makes the matcher compile a pattern, which it does at first use,
// when it would be too late to name the line.
func checkPattern(p string) error {
	if len(p) > maxPath {
		return fmt.Errorf("longer than %d bytes", maxPath)
	}
	if _, err := patternmatcher.New([]string{p}); err != nil {
		return err
	}
	m, err := patternmatcher.New([]string{strings.TrimPrefix(p, "!")})
	if err != nil {
		return err
	}
	_, err = m.MatchesOrParentMatches("x")
	return err
}

func patternLine(text []byte, pattern string) int {
	for i, line := range bytes.Split(text, []byte("\n")) {
		got, err := ignorefile.ReadAll(bytes.NewReader(line))
		if err == nil && len(got) == 1 && got[0] == pattern {
			return i + 1
		}
	}
	return 0
}

// reIncluded returns what the ! patterns begin with, up to the first wildcard.
func reIncluded(m *patternmatcher.PatternMatcher) []string {
	var out []string
	for _, p := range m.Patterns() {
		if p.Exclusion() {
			s := p.String()
			if i := strings.IndexAny(s, `*?[\`); i >= 0 {
				s = s[:i]
			}
			out = append(out, s)
		}
	}
	return out
}

func (r *ignoreRules) match(p string) ignoreMatch {
	if p == "." {
		return ignoreMatch{}
	}
	if m, done := r.seen[p]; done {
		return m
	}
	parent := r.match(path.Dir(p))
	ignored, info, err := r.matcher.MatchesUsingParentResults(p, parent.info)
	m := ignoreMatch{ignored && err == nil, info}
	r.seen[p] = m
	return m
}

// mayReInclude reports whether a ! pattern can match something below dir.
func (r *ignoreRules) mayReInclude(dir string) bool {
	for _, begin := range r.again {
		if strings.HasPrefix(begin, dir+"/") || strings.HasPrefix(dir+"/", begin) {
			return true
		}
	}
	return false
}

// visible reports whether the builder sees p, which exists.
func (c *Context) visible(p string) bool {
	if !c.Ignored(p) {
		return true
	}
	at := c.find(p, 0)
	return c.visibleEntry(p, !at.opaque && at.mode.IsDir())
}

// visibleEntry is visible for an entry whose kind is known. An ignored folder is
// there all the same when a ! pattern brings back something below it.
func (c *Context) visibleEntry(p string, dir bool) bool {
	if !c.Ignored(p) {
		return true
	}
	if !dir || !c.ignore.mayReInclude(p) {
		return false
	}
	budget := 2000
	return c.holdsVisible(p, &budget)
}

func (c *Context) holdsVisible(dir string, budget *int) bool {
	for _, e := range c.entries(dir) {
		if *budget--; *budget < 0 {
			return false
		}
		p := path.Join(dir, e.Name())
		if !c.Ignored(p) {
			return true
		}
		if e.IsDir() && c.ignore.mayReInclude(p) && c.holdsVisible(p, budget) {
			return true
		}
	}
	return false
}
