package config

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bulwark-cli/bulwark/templates"
	"github.com/bulwark-cli/bulwark/transform"
)

// top are the keys of the file. Each is described in schema.
func (d *decoder) top() map[string]taker {
	return map[string]taker{
		"version": d.version, "families": d.familyList, "chainguard": d.chainguard, "mirrors": d.mirrorMap,
		"registries": d.registryList, "images": d.imageList, "packages": d.packageMap, "uid": d.uid,
		"transforms": d.toggles, "ignores": d.ignores,
	}
}

func (d *decoder) version(key, n *yaml.Node) error {
	_, err := d.number(key, n, 1, 1)
	return err
}

func (d *decoder) familyList(key, n *yaml.Node) (err error) {
	d.file.families, err = d.names(key, n, "family", transform.AllFamilies())
	d.set("families", strings.Join(d.file.families, ", "), key)
	return err
}

var organisation = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)

func (d *decoder) chainguard(key, n *yaml.Node) error {
	return d.fields(n, key.Value, map[string]taker{"organization": func(key, n *yaml.Node) error {
		text, err := d.text(key, n)
		if err == nil && !organisation.MatchString(text) {
			err = d.fail(n, "%q is no name of an organisation in a reference", text)
		}
		d.file.chainguard = text
		d.set("chainguard.organization", text, key)
		return err
	}})
}

func (d *decoder) mirrorMap(key, n *yaml.Node) error {
	return d.entries(n, key.Value, func(from, n *yaml.Node) error {
		to, err := d.text(from, n)
		if err != nil {
			return err
		}
		m, err := templates.ParseMirror(from.Value + "=" + to)
		if err != nil {
			return d.fail(n, "%v", err)
		}
		d.file.mirrors = append(d.file.mirrors, m)
		d.set("mirrors."+m.From, m.To, from)
		return nil
	})
}

func (d *decoder) registryList(key, n *yaml.Node) error {
	items, err := d.list(key, n)
	if err != nil {
		return err
	}
	for _, item := range items {
		text, err := d.text(key, item)
		if err != nil {
			return err
		}
		m, err := templates.ParseMirror(text + "=" + text)
		if err != nil {
			return d.fail(item, "%q is not a registry, such as mirror.example or docker.io/library", text)
		}
		d.file.registries = append(d.file.registries, m.From)
	}
	if len(items) == 0 {
		return d.fail(n, "registries is empty: without the key all are allowed")
	}
	d.set("registries", strings.Join(d.file.registries, ", "), key)
	return nil
}

func (d *decoder) imageList(key, n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return d.fail(n, "images is to be a list, not %s", kindOf(n))
	}
	for _, item := range n.Content {
		if err := d.image(item); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) image(n *yaml.Node) error {
	say := templates.ImageOverride{Where: d.at(n)}
	shell := false
	text := func(to *string) taker {
		return func(key, n *yaml.Node) (err error) {
			*to, err = d.text(key, n)
			return err
		}
	}
	err := d.fields(n, "images", map[string]taker{
		"match": text(&say.Match), "runtime": text(&say.Runtime), "like": text(&say.Like),
		"user": func(key, n *yaml.Node) (err error) {
			say.User, err = d.account(key, n)
			return err
		},
		"shell": func(key, n *yaml.Node) (err error) {
			shell = true
			say.Shell, err = d.yes(key, n)
			return err
		},
	})
	switch {
	case err != nil:
		return err
	case say.Match == "":
		return d.fail(n, "an image wants the key match")
	case say.Runtime == "" && say.Like == "" && say.User == nil:
		return d.fail(n, "%s says nothing: it wants runtime, like or user", say.Match)
	case shell && (say.Like != "" || say.Runtime == ""):
		return d.fail(n, "shell is for a runtime that is not said to be like another image")
	}
	if _, err := templates.NewOverrides([]templates.ImageOverride{say}, nil); err != nil {
		return d.fail(n, "%v", err)
	}
	d.file.images = append(d.file.images, say)
	d.set("images."+say.Match, d.imageText(say), n)
	return nil
}

// imageText is an override in one line.
func (d *decoder) imageText(say templates.ImageOverride) string {
	var parts []string
	for _, p := range []struct{ name, value string }{{"runtime", say.Runtime}, {"like", say.Like}} {
		if p.value != "" {
			parts = append(parts, p.name+" "+p.value)
		}
	}
	if say.User != nil {
		parts = append(parts, "user "+strconv.Itoa(say.User.UID)+":"+strconv.Itoa(say.User.GID))
	}
	if say.Shell {
		parts = append(parts, "with a shell")
	}
	return strings.Join(parts, ", ")
}

var userIDs = regexp.MustCompile(`^([1-9][0-9]{0,8}):([0-9]{1,9})$`)

// account reads "UID:GID". YAML takes such a text without quotes for one, or for a
// number to the base of sixty; its text is the same.
func (d *decoder) account(key, n *yaml.Node) (*templates.Account, error) {
	m := userIDs.FindStringSubmatch(n.Value)
	if n.Kind != yaml.ScalarNode || m == nil {
		return nil, d.fail(n, "%s is to be UID:GID in numbers and not root, not %s", key.Value, kindOf(n))
	}
	uid, _ := strconv.Atoi(m[1])
	gid, _ := strconv.Atoi(m[2])
	return &templates.Account{UID: uid, GID: gid, Home: "/nonexistent"}, nil
}

func (d *decoder) packageMap(key, n *yaml.Node) error {
	return d.entries(n, key.Value, func(name, n *yaml.Node) error {
		say := templates.PackageOverride{Debian: name.Value, Kind: defaultKind(name.Value)}
		err := d.fields(n, "packages", map[string]taker{
			"build": func(key, n *yaml.Node) (err error) {
				say.AlpineBuild, err = d.texts(key, n)
				return err
			},
			"runtime": func(key, n *yaml.Node) (err error) {
				say.AlpineRuntime, err = d.texts(key, n)
				return err
			},
			"none": func(key, n *yaml.Node) (err error) {
				say.NoAlpine = true
				say.Note, err = d.text(key, n)
				return err
			},
			"kind": func(key, n *yaml.Node) (err error) {
				say.Kind, err = d.kind(key, n)
				return err
			},
		})
		if err != nil {
			return err
		}
		if !say.NoAlpine && len(say.AlpineBuild)+len(say.AlpineRuntime) == 0 {
			return d.fail(name, "%s says nothing: it wants build and runtime, or none with the reason", name.Value)
		}
		if _, err := templates.NewOverrides(nil, []templates.PackageOverride{say}); err != nil {
			return d.fail(name, "%v", err)
		}
		d.file.packages = append(d.file.packages, say)
		d.set("packages."+name.Value, packageText(say), name)
		return nil
	})
}

// packageText is an override in one line.
func packageText(say templates.PackageOverride) string {
	if say.NoAlpine {
		return "none on Alpine: " + say.Note
	}
	var parts []string
	if len(say.AlpineBuild) > 0 {
		parts = append(parts, "build "+strings.Join(say.AlpineBuild, " "))
	}
	if len(say.AlpineRuntime) > 0 {
		parts = append(parts, "runtime "+strings.Join(say.AlpineRuntime, " "))
	}
	return strings.Join(parts, ", ")
}

// defaultKind is the table's, else what Debian's way of naming tells.
func defaultKind(name string) templates.Kind {
	if pkg, ok := templates.Package(name); ok {
		return pkg.Kind
	}
	if strings.HasSuffix(name, "-dev") {
		return templates.DevLibrary
	}
	return templates.Program
}

func (d *decoder) kind(key, n *yaml.Node) (templates.Kind, error) {
	text, err := d.text(key, n)
	if err != nil {
		return 0, err
	}
	for _, k := range kinds() {
		if k.name == text {
			return k.kind, nil
		}
	}
	return 0, d.fail(n, "no kind is called %q; there are program, tool, dev, library", text)
}

type namedKind struct {
	name string
	kind templates.Kind
}

func kinds() []namedKind {
	return []namedKind{{"program", templates.Program}, {"tool", templates.BuildTool}, {"dev", templates.DevLibrary}, {"library", templates.Library}}
}

// Numbers below are the distribution's, numbers above mean nobody.
const leastID, mostID = 1000, 65533

func (d *decoder) uid(key, n *yaml.Node) error {
	r := &d.file.uids
	err := d.fields(n, key.Value, map[string]taker{
		"min": func(key, n *yaml.Node) (err error) {
			r.Min, err = d.number(key, n, leastID, mostID)
			return err
		},
		"max": func(key, n *yaml.Node) (err error) {
			r.Max, err = d.number(key, n, leastID, mostID)
			return err
		},
	})
	switch {
	case err != nil:
		return err
	case r.Min == 0 || r.Max == 0:
		return d.fail(key, "uid wants both min and max")
	case r.Min > r.Max:
		return d.fail(key, "uid.min is more than uid.max")
	}
	d.set("uid", r.String(), key)
	return nil
}

func (d *decoder) toggles(key, n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return d.fail(n, "transforms is to be a list, not %s", kindOf(n))
	}
	for _, item := range n.Content {
		if err := d.toggle(item); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) toggle(n *yaml.Node) error {
	one := toggle{where: d.at(n)}
	names := func(to *[]string) taker {
		return func(key, n *yaml.Node) (err error) {
			*to, err = d.names(key, n, "transform", transform.Names())
			return err
		}
	}
	err := d.fields(n, "transforms", map[string]taker{
		"path": func(key, n *yaml.Node) (err error) {
			if one.globs, err = d.texts(key, n); err != nil {
				return err
			}
			for _, g := range one.globs {
				if !validGlob(g) {
					return d.fail(n, "%q is no path: it is relative to the file, with / and the wildcards *, ?, [] and **", g)
				}
			}
			return nil
		},
		"on": names(&one.on), "off": names(&one.off),
	})
	switch {
	case err != nil:
		return err
	case len(one.on)+len(one.off) == 0:
		return d.fail(n, "an entry of transforms wants the key off or on")
	}
	d.file.switches = append(d.file.switches, one)
	return nil
}

func (d *decoder) ignores(key, n *yaml.Node) error {
	return d.fields(n, key.Value, map[string]taker{
		"reason": func(key, n *yaml.Node) error {
			text, err := d.text(key, n)
			if err == nil && text != "required" && text != "optional" {
				err = d.fail(n, "ignores.reason is required or optional, not %q", text)
			}
			d.file.noReasons = text == "optional"
			d.set("ignores.reason", text, key)
			return err
		},
		"pattern": func(key, n *yaml.Node) error {
			text, err := d.text(key, n)
			if err != nil {
				return err
			}
			if d.file.reason, err = regexp.Compile(text); err != nil {
				return d.fail(n, "ignores.pattern: %v", err)
			}
			d.set("ignores.pattern", text, key)
			return nil
		},
	})
}
