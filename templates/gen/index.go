package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
)

// index is what the package indices of one release tell: the fields of
// Debian's Packages files that the tables need.
type index struct {
	suite, letter string
	source        map[string]string   // by name, of the packages there are
	depends       map[string][]string // the first alternative of each dependency
	providers     map[string][]string // by virtual name
}

// letters are the marks of the releases in the tables.
var letters = map[string]string{"bullseye": "l", "bookworm": "b", "trixie": "t", "focal": "f", "jammy": "j", "noble": "n"}

// readIndices reads arguments of the form SUITE=FILE.
func readIndices(args []string) ([]*index, error) {
	var all []*index
	for _, arg := range args {
		suite, path, ok := strings.Cut(arg, "=")
		if !ok || letters[suite] == "" {
			return nil, fmt.Errorf("%s: want SUITE=FILE", arg)
		}
		x, err := readIndex(suite, path)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", path, err)
		}
		all = append(all, x)
	}
	return all, nil
}

func readIndex(suite, path string) (*index, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x := &index{suite: suite, letter: letters[suite], source: map[string]string{}, depends: map[string][]string{}, providers: map[string][]string{}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	name := ""
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ": ")
		switch key {
		case "Package":
			name = value
			x.source[name], x.depends[name] = value, nil
		case "Source":
			x.source[name], _, _ = strings.Cut(value, " ")
		case "Depends":
			x.depends[name] = relations(value)
		case "Provides":
			for _, virtual := range relations(value) {
				if !slices.Contains(x.providers[virtual], name) {
					x.providers[virtual] = append(x.providers[virtual], name)
				}
			}
		}
	}
	return x, lines.Err()
}

// relations gives the names of a list such as "a (>= 1) | b, c:any".
func relations(list string) []string {
	var names []string
	for one := range strings.SplitSeq(list, ",") {
		first, _, _ := strings.Cut(strings.TrimSpace(one), " ")
		first, _, _ = strings.Cut(first, ":")
		names = append(names, first)
	}
	return names
}

// has gives how the release has a package: "l", for one that others provide
// "l:provider,provider", "" where it has not.
func (x *index) has(name string) string {
	if _, ok := x.source[name]; ok {
		return x.letter
	}
	if by := x.providers[name]; len(by) > 0 {
		by = slices.Sorted(slices.Values(by))
		return x.letter + ":" + strings.Join(by[:min(len(by), 3)], ",")
	}
	return ""
}

// installs reports whether apt installs something by that name.
func (x *index) installs(name string) bool {
	_, ok := x.source[name]
	return ok || len(x.providers[name]) == 1
}

// libraries gives the packages of the same source that a -dev package depends
// on and that are no -dev packages: the libraries that programs built with it
// want at run time.
func (x *index) libraries(dev string) []string {
	if by := x.providers[dev]; x.source[dev] == "" && len(by) == 1 {
		dev = by[0]
	}
	var names []string
	seen := map[string]bool{}
	for queue := []string{dev}; len(queue) > 0; queue = queue[1:] {
		for _, name := range x.depends[queue[0]] {
			if seen[name] || x.source[name] != x.source[dev] || x.source[name] == "" {
				continue
			}
			seen[name] = true
			switch {
			case strings.HasSuffix(name, "-dev"):
				queue = append(queue, name)
			case strings.HasPrefix(name, "lib") && !notAtRunTime(name):
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// notAtRunTime tells the packages of a library's source that its users do not
// load: programs, data for building, documentation.
func notAtRunTime(name string) bool {
	for _, end := range []string{"-bin", "-doc", "-utils", "-tools", "-perl", "-headers"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return strings.HasPrefix(name, "gir1.2-")
}
