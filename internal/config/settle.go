package config

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/templates"
	"github.com/bulwark-cli/bulwark/transform"
)

// Flags are what the command line says of the same things. They go before the file.
type Flags struct {
	Families []string          // --prefer; empty where not given
	Only     []string          // --only: turns on what the file turns off
	Mirrors  templates.Mirrors // --registry-map: asked before those of the file
}

// Apply puts what holds for a Dockerfile into the options of its run. f may be nil:
// there is no file. dockerfile is absolute; "" for standard input, to which the
// globs do not apply.
func (f *File) Apply(o *transform.Options, flags Flags, dockerfile string) {
	if f == nil && len(flags.Mirrors) == 0 {
		return // the flags are in the options already
	}
	policy := &transform.Policy{Source: "--registry-map", Mirrors: flags.Mirrors}
	o.Policy = policy
	if f == nil {
		return
	}
	if len(flags.Families) == 0 {
		o.Prefer = f.families
	}
	*policy = transform.Policy{
		Source: f.Name, Mirrors: f.allMirrors(flags), Registries: f.registries, Overrides: f.overrides,
		Chainguard: f.chainguard, UIDs: f.uids, Off: f.off(flags, dockerfile), NoReasons: f.noReasons, Reason: f.reason,
	}
}

// allMirrors are the flags' and those of the file that speak of other places.
func (f *File) allMirrors(flags Flags) templates.Mirrors {
	out := slices.Clone(flags.Mirrors)
	for _, m := range f.mirrors {
		if !slices.ContainsFunc(flags.Mirrors, func(by templates.Mirror) bool { return by.From == m.From }) {
			out = append(out, m)
		}
	}
	return out
}

// off are the transforms that are off for a Dockerfile: of the entries that speak of
// one, the last counts.
func (f *File) off(flags Flags, dockerfile string) []transform.Off {
	var out []transform.Off
	for _, name := range transform.Names() {
		if on, where := f.toggled(name, dockerfile); where != "" && !on && !slices.Contains(flags.Only, name) {
			out = append(out, transform.Off{Transform: name, Where: where})
		}
	}
	return out
}

// toggled says whether a transform is on for a Dockerfile, and where that is said;
// "" where it is not.
func (f *File) toggled(name, dockerfile string) (on bool, where string) {
	on = true
	for _, s := range f.switches {
		if !s.speaksOf(f.dir, dockerfile) {
			continue
		}
		if slices.Contains(s.on, name) {
			on, where = true, s.where
		}
		if slices.Contains(s.off, name) {
			on, where = false, s.where
		}
	}
	return on, where
}

func (t *toggle) speaksOf(dir, dockerfile string) bool {
	if len(t.globs) == 0 {
		return true
	}
	rel, err := filepath.Rel(dir, dockerfile)
	if err != nil || !filepath.IsLocal(rel) || dockerfile == "" {
		return false
	}
	return slices.ContainsFunc(t.globs, func(g string) bool { return matches(g, filepath.ToSlash(rel)) })
}

// Settings are all values that hold for a Dockerfile, in a fixed order, with where
// each comes from. f may be nil.
func (f *File) Settings(flags Flags, dockerfile string) []Setting {
	out := []Setting{f.one("families", strings.Join(transform.Families(), ", "))}
	if len(flags.Families) > 0 {
		out[0] = Setting{"families", strings.Join(flags.Families, ", "), "--prefer"}
	}
	out = append(out, f.one("chainguard.organization", "none"))
	out = append(out, f.mirrorSettings(flags)...)
	out = append(out, f.one("registries", "all"))
	out = append(out, f.group("images.", "images")...)
	out = append(out, f.group("packages.", "packages")...)
	out = append(out, f.one("uid", "any"))
	for _, name := range transform.Names() {
		out = append(out, f.switchSetting(name, flags, dockerfile))
	}
	return append(out, f.one("ignores.reason", "required"), f.one("ignores.pattern", "any"))
}

// one is the value of a key, or its default.
func (f *File) one(key, otherwise string) Setting {
	if f != nil {
		for _, s := range f.settings {
			if s.Key == key {
				return s
			}
		}
	}
	return Setting{key, otherwise, "default"}
}

// group are the values of the keys that start so, or none.
func (f *File) group(start, key string) []Setting {
	var out []Setting
	if f != nil {
		for _, s := range f.settings {
			if strings.HasPrefix(s.Key, start) {
				out = append(out, s)
			}
		}
	}
	if len(out) == 0 {
		return []Setting{{key, "none", "default"}}
	}
	return out
}

func (f *File) mirrorSettings(flags Flags) []Setting {
	var out []Setting
	for _, m := range flags.Mirrors {
		out = append(out, Setting{"mirrors." + m.From, m.To, "--registry-map"})
	}
	for _, s := range f.group("mirrors.", "mirrors") {
		if !slices.ContainsFunc(out, func(o Setting) bool { return o.Key == s.Key }) && (s.Key != "mirrors" || len(out) == 0) {
			out = append(out, s)
		}
	}
	return out
}

func (f *File) switchSetting(name string, flags Flags, dockerfile string) Setting {
	key := "transforms." + name
	if slices.Contains(flags.Only, name) {
		return Setting{key, "on", "--only"}
	}
	if f != nil {
		if on, where := f.toggled(name, dockerfile); where != "" {
			return Setting{key, map[bool]string{true: "on", false: "off"}[on], where}
		}
	}
	return Setting{key, "on", "default"}
}
