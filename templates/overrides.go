package templates

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// ImageOverride is what an organisation says of images in place of the tables,
// or beside them. Like, User and Shell are facts of Runtime where there is one,
// else of the images that match.
type ImageOverride struct {
	// Match is a name in its shortest spelling, with or without a tag; "*" and "?"
	// stand for any characters but "/": "python:3.*", "registry.example/team/*".
	// Without a tag it is for all of them. A missing tag is "latest".
	Match string
	// Runtime is the reference to ship from in their place, "" for none:
	// "registry.example/base/python:{version}". "{version}" is the version that the
	// tag names, "{tag}" the whole tag.
	Runtime string
	// Like is the reference of an image whose facts hold, such as
	// "python:{version}-slim"; "" for none.
	Like string
	// User is the account to run programs as; its name may be "". nil is that of
	// the tables or of Like.
	User *Account
	// Shell says that Runtime has a shell where no Like tells.
	Shell bool
	Where string // where that is said, for reports: ".bulwark.yaml:12"
}

// PackageOverride is what an organisation says of a package.
type PackageOverride struct {
	Debian        string   // its name in Debian or Ubuntu
	AlpineBuild   []string // nil with NoAlpine: nothing does its work
	AlpineRuntime []string
	Kind          Kind
	NoAlpine      bool   // a move to Alpine stops here
	Note          string // why, or what is different; one clause for reports
}

// Overrides are laid over the embedded tables. It does not change once it is
// made; nil is the embedded tables alone.
type Overrides struct {
	images   []imageOverride
	packages map[string]Pkg
}

// imageOverride is a checked one: its patterns taken apart.
type imageOverride struct {
	ImageOverride
	name, tag string // patterns; tag "" is all
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
	i := imageOverride{ImageOverride: say, name: say.Match}
	if at := strings.LastIndexByte(say.Match, ':'); at > strings.LastIndexByte(say.Match, '/') {
		i.name, i.tag = say.Match[:at], say.Match[at+1:]
	}
	for _, pattern := range []string{i.name, i.tag} {
		if _, err := path.Match(pattern, ""); err != nil || i.name == "" {
			return i, fmt.Errorf("not a pattern of images")
		}
	}
	for _, text := range []string{say.Runtime, say.Like} {
		if text == "" {
			continue
		}
		if _, err := ParseRef(fillRef(text, "1", "1")); err != nil {
			return i, err
		}
	}
	if say.User != nil {
		u := *say.User
		if u.Name != "" && !accountName(u.Name) || u.UID < 1 || u.GID < 0 || !homePath(u.Home) {
			return i, fmt.Errorf("%d:%d %q is no account to run programs as", u.UID, u.GID, u.Name)
		}
		i.User = &u
	}
	return i, nil
}

// fillRef puts a version and a tag into the reference that an organisation gives.
func fillRef(text, version, tag string) string {
	return strings.NewReplacer("{version}", version, "{tag}", tag).Replace(text)
}

func (say PackageOverride) checked() (Pkg, error) {
	p := Pkg{Name: say.Debian, Kind: say.Kind, NoAlpine: say.NoAlpine, Note: say.Note, AlpineBuild: slices.Clone(say.AlpineBuild)}
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

// Lookup is Lookup with what the organisation says of the image, or of the
// runtime that it is.
func (o *Overrides) Lookup(ref string) (Image, bool) {
	r, err := ParseRef(ref)
	if err != nil {
		return Image{}, false
	}
	if say, version, ok := o.runtimeOf(r); ok {
		return say.facts(r, version)
	}
	say, ok := o.of(r)
	if !ok || say.Runtime != "" {
		return r.Image()
	}
	if say.Like != "" {
		return say.facts(r, splitTag(r.Tag).version())
	}
	i, known := r.Image()
	return say.withUser(i), known
}

// facts gives what the organisation says of an image that the tables need not know.
func (say imageOverride) facts(r Ref, version string) (Image, bool) {
	i := Image{Family: r.Name(), Version: version, Distro: "unknown", PackageManager: "none", Shell: say.Shell}
	if !say.Shell {
		i.Distro = "distroless" // as far as anything asks: files, and nothing to run them with
	}
	if say.User != nil {
		i.User = fmt.Sprintf("%d:%d", say.User.UID, say.User.GID)
	}
	if say.Like != "" {
		like, err := ParseRef(fillRef(say.Like, version, r.Tag))
		if err != nil {
			return Image{}, false
		}
		var known bool
		if i, known = like.Image(); !known {
			return Image{}, false
		}
	}
	i.Ref = r
	return say.withUser(i), true
}

// withUser puts the organisation's account before all others.
func (say imageOverride) withUser(i Image) Image {
	if say.User == nil {
		return i
	}
	same := func(a Account) bool { return a.Name == say.User.Name }
	i.Accounts = append([]Account{*say.User}, slices.DeleteFunc(slices.Clone(i.Accounts), same)...)
	return i
}

// runtimeOf finds the override whose runtime a reference is, with the version
// that stands in it.
func (o *Overrides) runtimeOf(r Ref) (say imageOverride, version string, ok bool) {
	if o == nil {
		return imageOverride{}, "", false
	}
	for _, i := range o.images {
		if i.Runtime == "" {
			continue
		}
		version = splitTag(r.Tag).version()
		if strings.Contains(i.Runtime, "{tag}") || strings.Contains(i.Runtime, "{version}") && version != "" {
			if at, err := ParseRef(fillRef(i.Runtime, version, r.Tag)); err == nil && at.Familiar() == r.Familiar() {
				return i, version, true
			}
		} else if at, err := ParseRef(i.Runtime); err == nil && at.Familiar() == r.Familiar() {
			return i, version, true
		}
	}
	return imageOverride{}, "", false
}

// RuntimeOverride is what an organisation ships from in the place of an image.
type RuntimeOverride struct {
	Ref   Ref
	Like  Ref // the image whose facts hold for it; the zero value where nothing is said
	Shell bool
	Where string // where that is said
}

// Runtime gives what the organisation puts in the place of an image. ok is false
// where it says nothing of it, or r is such a runtime itself; why is a clause that
// says what r lacks for it.
func (o *Overrides) Runtime(r Ref) (as RuntimeOverride, why string, ok bool) {
	say, found := o.of(r)
	if _, _, is := o.runtimeOf(r); !found || say.Runtime == "" || is {
		return as, "", false
	}
	version := splitTag(r.Tag).version()
	as = RuntimeOverride{Shell: say.Shell, Where: say.Where}
	for _, text := range []string{say.Runtime, say.Like} {
		if strings.Contains(text, "{version}") && version == "" || strings.Contains(text, "{tag}") && r.Tag == "" {
			return as, fmt.Sprintf("%s names no version for %s", r, text), true
		}
	}
	var err error
	if as.Ref, err = ParseRef(fillRef(say.Runtime, version, r.Tag)); err != nil {
		return as, err.Error(), true
	}
	if say.Like != "" {
		if as.Like, err = ParseRef(fillRef(say.Like, version, r.Tag)); err != nil {
			return as, err.Error(), true
		}
	}
	return as, "", true
}

// IsRuntime reports whether a reference is what the organisation ships from.
func (o *Overrides) IsRuntime(r Ref) bool {
	_, _, is := o.runtimeOf(r)
	return is
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
	say.AlpineBuild, say.said = slices.Clone(say.AlpineBuild), true
	return say, true
}
