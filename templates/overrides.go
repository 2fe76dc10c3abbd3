package templates

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// ImageOverride is what an organisation says of images in place of the tables,
// or beside them.
type ImageOverride struct {
	// Match is a name in its shortest spelling, with or without a tag; "*" and "?"
	// stand for any characters but "/": "python:3.*", "registry.example/team/*".
	// Without a tag it is for all of them. A missing tag is "latest".
	Match string
	// Like is the reference of an image whose facts hold for this one, such as
	// "python:3.12-slim" for an image built on it; "" for none.
	Like string
	// Runtime gives by family ("distroless", "alpine", "slim", "chainguard", "dhi")
	// the reference to put in its place.
	Runtime map[string]string
	// User is the account to run programs as; nil for that of the tables.
	User *Account
}

// PackageOverride is what an organisation says of a package.
type PackageOverride struct {
	Debian        string   // its name in Debian or Ubuntu
	AlpineBuild   []string // nil with NoAlpine: nothing does its work
	AlpineRuntime []string
	Kind          Kind
	NoAlpine      bool // a move to Alpine stops here
}

// Overrides are laid over the embedded tables. It does not change once it is
// made; nil is the embedded tables alone.
type Overrides struct {
	images   []imageOverride
	packages map[string]Pkg
}

// imageOverride is a checked one: its patterns and references read.
type imageOverride struct {
	name, tag string // patterns; tag "" is all
	like      *Ref
	runtime   map[string]Ref
	user      *Account
}

// NewOverrides checks and copies what an organisation says. Of several images
// that match the first counts. The error names the entry and what is wrong: a
// pattern or a reference that cannot be read, an account without a valid name
// or number, a package said twice or with a name that is none.
func NewOverrides(images []ImageOverride, packages []PackageOverride) (*Overrides, error) {
	o := &Overrides{packages: map[string]Pkg{}}
	for _, say := range images {
		i, err := say.checked()
		if err != nil {
			return nil, fmt.Errorf("image %q: %w", say.Match, err)
		}
		o.images = append(o.images, i)
	}
	for _, say := range packages {
		p, err := say.checked()
		if err != nil {
			return nil, fmt.Errorf("package %q: %w", say.Debian, err)
		}
		if _, twice := o.packages[p.Name]; twice {
			return nil, fmt.Errorf("package %q: said twice", say.Debian)
		}
		o.packages[p.Name] = p
	}
	return o, nil
}

func (say ImageOverride) checked() (imageOverride, error) {
	i := imageOverride{name: say.Match, runtime: map[string]Ref{}}
	if at := strings.LastIndexByte(say.Match, ':'); at > strings.LastIndexByte(say.Match, '/') {
		i.name, i.tag = say.Match[:at], say.Match[at+1:]
	}
	for _, pattern := range []string{i.name, i.tag} {
		if _, err := path.Match(pattern, ""); err != nil || i.name == "" {
			return i, fmt.Errorf("not a pattern of images")
		}
	}
	if say.Like != "" {
		r, err := ParseRef(say.Like)
		if err != nil {
			return i, err
		}
		i.like = &r
	}
	for family, text := range say.Runtime {
		r, err := ParseRef(text)
		if err != nil {
			return i, fmt.Errorf("%s: %w", family, err)
		}
		i.runtime[family] = r
	}
	if say.User != nil {
		u := *say.User
		if !accountName(u.Name) || u.UID < 1 || u.GID < 0 || !homePath(u.Home) {
			return i, fmt.Errorf("%+v is no account to run programs as", u)
		}
		i.user = &u
	}
	return i, nil
}

func (say PackageOverride) checked() (Pkg, error) {
	p := Pkg{Name: say.Debian, Kind: say.Kind, NoAlpine: say.NoAlpine, AlpineBuild: slices.Clone(say.AlpineBuild)}
	for _, name := range append([]string{say.Debian}, append(slices.Clone(say.AlpineBuild), say.AlpineRuntime...)...) {
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789+-._") != "" || name[0] == '-' {
			return p, fmt.Errorf("%q is no name of a package", name)
		}
	}
	if say.NoAlpine && len(say.AlpineBuild)+len(say.AlpineRuntime) > 0 {
		return p, fmt.Errorf("has nothing on Alpine and names packages of it")
	}
	p.alpineRun = "-"
	if len(say.AlpineRuntime) > 0 {
		p.alpineRun = strings.Join(say.AlpineRuntime, " ")
	}
	return p, nil
}

// of gives what the organisation says of an image.
func (o *Overrides) of(r Ref) (imageOverride, bool) {
	if o == nil {
		return imageOverride{}, false
	}
	tag := r.Tag
	if tag == "" {
		tag = "latest"
	}
	for _, i := range o.images {
		name, _ := path.Match(i.name, r.Name())
		tags, _ := path.Match(i.tag, tag)
		if name && (tags || i.tag == "") {
			return i, true
		}
	}
	return imageOverride{}, false
}

// Lookup is Lookup with what the organisation says: of an image that is like
// another one the other's facts, and the account it names before all others.
func (o *Overrides) Lookup(ref string) (Image, bool) {
	r, err := ParseRef(ref)
	if err != nil {
		return Image{}, false
	}
	i, known := r.Image()
	say, ok := o.of(r)
	if !ok {
		return i, known
	}
	if say.like != nil {
		if i, known = say.like.Image(); known {
			i.Ref = r
		}
	}
	if known && say.user != nil {
		same := func(a Account) bool { return a.Name == say.user.Name }
		i.Accounts = append([]Account{*say.user}, slices.DeleteFunc(slices.Clone(i.Accounts), same)...)
	}
	return i, known
}

// Runtime gives the reference that the organisation puts in the place of an
// image in a family. ok is false where it says nothing of it.
func (o *Overrides) Runtime(r Ref, family string) (as Ref, ok bool) {
	say, _ := o.of(r)
	as, ok = say.runtime[family]
	return as, ok
}

// Package is Package with what the organisation says of it in its place: the
// Alpine side and the kind are the organisation's, the Debian side stays that of
// the tables.
func (o *Overrides) Package(name string) (Pkg, bool) {
	p, known := Package(name)
	if o == nil {
		return p, known
	}
	say, ok := o.packages[name]
	if !ok {
		return p, known
	}
	if !known {
		p.bookworm, p.trixie = "?", "?"
	}
	say.bookworm, say.trixie, say.in = p.bookworm, p.trixie, p.in
	say.AlpineBuild = slices.Clone(say.AlpineBuild)
	return say, true
}
