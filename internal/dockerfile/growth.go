package dockerfile

import (
	"errors"
	"fmt"
	"strings"
)

// Bounds of the texts that variables are put into. A few lines of
// `ENV A=$A$A` are a text of gigabytes, here and inside BuildKit.
const (
	maxValue = 32 << 10 // of one value made of others
	maxGrown = 64 << 20 // of all text together
)

// Bounds of what BuildKit's conversion does in quadratic time or keeps whole.
const (
	maxEnv        = 2000
	maxPortRanges = 100
)

// tooLong reports whether putting values into word could make it far longer
// than a value may be.
func (s *scope) tooLong(word string) bool {
	n := strings.Count(word, "$")
	return n > 0 && n*s.longest+len(word) > maxGrown/16
}

// checkGrowth refuses files that would make BuildKit's conversion run out of
// memory or time.
func (f *File) checkGrowth() error {
	env, ranges := 0, 0
	for _, in := range f.Instrs {
		switch in.Name {
		case "env", "arg":
			env += len(in.Pairs)
		case "expose":
			ranges += strings.Count(in.Body.String(), "-")
		}
	}
	switch {
	case env > maxEnv:
		return fmt.Errorf("more than %d variables", maxEnv)
	case ranges > maxPortRanges:
		return fmt.Errorf("more than %d port ranges", maxPortRanges)
	}
	return f.checkValues()
}

// checkValues refuses files whose variables grow out of bounds. It looks at all
// stages as if each went on from the one before it, keeps the longest value that
// a variable ever had, and gives unknown variables a placeholder: an estimate
// from above, in one pass.
func (f *File) checkValues() error {
	s := &scope{fill: true}
	for _, in := range f.Instrs {
		if in.OnBuild != nil {
			in = in.OnBuild
		}
		if in.Name != "env" && in.Name != "arg" {
			continue
		}
		for n := range in.Pairs {
			p := &in.Pairs[n]
			value := placeholder
			if p.HasValue {
				value, _ = s.expand(p.rawValue, f.Escape)
			}
			if old, ok := s.get(p.Key); !ok || len(value) > len(old.Value) {
				s.set(Var{Name: p.Key, Value: value, Known: true})
			}
		}
	}
	if s.grown || s.longest*strings.Count(f.Src, "$") > maxGrown {
		return errors.New("the values of variables grow too large")
	}
	return nil
}
