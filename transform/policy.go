package transform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/templates"
)

// PolicyName is the Transform of the Skips that say what in a file is against the policy.
const PolicyName = "policy"

// Policy is what an organisation lays down for its images. nil is none. It is not
// changed by a run and may be shared by many.
type Policy struct {
	Source  string            // where it is laid down, for reports: ".bulwark.yaml"
	Mirrors templates.Mirrors // references that bulwark writes are written there; those to them are read as what they mirror
	// Registries are those that a file may take images from, each with or without
	// the start of a path: "mirror.example", "docker.io/library". None allows all.
	Registries []string
	Overrides  *templates.Overrides // images and packages, before the tables
	// Chainguard is the organisation at cgr.dev whose images have tags of versions;
	// "" for the free ones, which have latest alone.
	Chainguard string
	UIDs       IDRange // of accounts that bulwark makes; the zero value sets no bounds
	Off        []Off   // transforms that are off for this file
	// NoReasons lets an inline ignore hold that gives no reason.
	NoReasons bool
	// Reason has to match the reason of an inline ignore; nil takes any.
	Reason *regexp.Regexp
}

// IDRange is a range of user and group numbers, its ends included.
type IDRange struct{ Min, Max int }

// Off says that a transform is off, and by whose word.
type Off struct{ Transform, Where string }

// String returns "MIN-MAX".
func (r IDRange) String() string { return fmt.Sprintf("%d-%d", r.Min, r.Max) }

// holds reports whether a number lies in the range; without bounds all do.
func (r IDRange) holds(id int) bool { return r == IDRange{} || id >= r.Min && id <= r.Max }

// newID is the number for a new account: want where the range has it, else the first
// of the range that is not taken; want again where all are.
func (o *Policy) newID(want int, taken func(id int) bool) int {
	if o == nil || o.UIDs.holds(want) {
		return want
	}
	for id := o.UIDs.Min; id <= o.UIDs.Max; id++ {
		if !taken(id) {
			return id
		}
	}
	return want
}

// off says by whose word a transform is off; "" where it is not.
func (o *Policy) off(transform string) (where string) {
	if o == nil {
		return ""
	}
	for _, one := range o.Off {
		if one.Transform == transform {
			return one.Where
		}
	}
	return ""
}

// ref reads a reference; one to a mirror as what it mirrors, in the author's spelling.
func (o *Policy) ref(text string) (templates.Ref, error) {
	r, err := templates.ParseRef(text)
	if err != nil {
		return r, err
	}
	return o.mirrored(r), nil
}

// mirrored reads a reference to a mirror as what it mirrors, in its own spelling.
func (o *Policy) mirrored(r templates.Ref) templates.Ref {
	if o == nil {
		return r
	}
	return o.Mirrors.Read(r)
}

// image is what is known of an image by the policy and the catalogue, as templates.Lookup.
func (o *Policy) image(text string) (templates.Image, bool) {
	r, err := o.ref(text)
	if err != nil {
		return templates.Image{}, false
	}
	if r.Scratch() {
		return r.Image()
	}
	if o == nil {
		o = &Policy{}
	}
	img, ok := o.Overrides.Lookup(r.Familiar())
	img.Ref = r
	// The others of cgr.dev may have an entrypoint; the image for static binaries has
	// nothing to start, and the root folder to stand in.
	img.ConfigKnown = img.ConfigKnown || isChainguardStatic(r.Name())
	return img, ok
}

// pkg is what is known of a Debian package by the policy and the tables.
func (o *Policy) pkg(name string) (templates.Pkg, bool) {
	if o == nil {
		return templates.Package(name)
	}
	return o.Overrides.Package(name)
}

// written is a reference as bulwark may write it: at its mirror. why says that its
// registry is none of those allowed.
func (o *Policy) written(text string) (ref, why string) {
	if o == nil {
		return text, ""
	}
	r, err := templates.ParseRef(text)
	if err != nil {
		return text, err.Error()
	}
	r = o.Mirrors.Write(r)
	if !o.allows(r) {
		return r.String(), fmt.Sprintf("%s is in no registry that %s allows", r, o.Source)
	}
	return r.String(), ""
}

// askedAs is the reference under which an image is asked for: at its mirror, which
// may be all that can be reached. The digest is the same in both places.
func (o *Policy) askedAs(ref string) string {
	r, err := templates.ParseRef(ref)
	if o == nil || err != nil {
		return ref
	}
	return o.Mirrors.Write(r).String()
}

// allows reports whether the registry of a reference is one of those allowed.
func (o *Policy) allows(r templates.Ref) bool {
	if o == nil || len(o.Registries) == 0 || r.Scratch() {
		return true
	}
	full := r.Registry + "/" + r.Repository
	return slices.ContainsFunc(o.Registries, func(start string) bool { return strings.HasPrefix(full, start+"/") })
}

// versionless reports whether a reference is to an image that has no tags of
// versions because it holds no program that has one: distroless, whose names carry
// the release, and the static image of cgr.dev.
func (o *Policy) versionless(text string) bool {
	if isDistroless(text) {
		return true
	}
	r, err := o.ref(text)
	if err != nil {
		return false
	}
	name := r.Name()
	return isDistroless(name) || isChainguardStatic(name)
}

// isChainguardStatic reports whether a name is that of cgr.dev's image for static
// binaries, the free one or an organisation's.
func isChainguardStatic(name string) bool {
	return strings.HasPrefix(name, "cgr.dev/") && strings.HasSuffix(name, "/static")
}

// lookup is what is known of the image that a reference names; see Policy.image.
func (p *Pass) lookup(ref string) (templates.Image, bool) { return p.Options.Policy.image(ref) }

// pkg is what is known of a Debian package; see Policy.pkg.
func (p *Pass) pkg(name string) (templates.Pkg, bool) { return p.Options.Policy.pkg(name) }

// findings are what in a file is against the policy. What an inline ignore covers is
// told as ignored and forbids nothing.
func (o *Policy) findings(f *dockerfile.File) []Skip {
	if o == nil {
		return nil
	}
	out := o.foreign(f)
	if id := o.foreignID(f); id != nil {
		out = append(out, *id)
	}
	ignores := ignoresOf(f, o)
	for i, s := range out {
		if ig := ignores.covering(PolicyName, Change{Edits: []edit.Edit{{Span: s.At}}}); ig != nil {
			out[i] = Skip{Ignored, ig.span, s.Why + ": ignored here" + ig.because()}
		}
	}
	return out
}

// foreignID is a number of the shipped stage's user beyond the range; nil for none.
func (o *Policy) foreignID(f *dockerfile.File) *Skip {
	if o.UIDs == (IDRange{}) {
		return nil
	}
	end := f.StateAt(shipped(f), nil, o.baseConfig)
	uid, _, _ := strings.Cut(end.User, ":")
	if !end.UserKnown || !isNumber(uid) || isRoot(uid) || len(uid) > 9 {
		return nil // a name's number is another's to tell, and root is non-root's matter
	}
	id := 0
	_, _ = fmt.Sscan(uid, &id)
	if o.UIDs.holds(id) {
		return nil
	}
	at := shipped(f).From.Span
	if end.UserInstr != nil {
		at = end.UserInstr.Span
	}
	return &Skip{Forbidden, at, fmt.Sprintf("it runs as %d, which is not in the range %s of %s", id, o.UIDs, o.Source)}
}

// Forbidden reports whether something in the file is against the policy.
func (r *Result) Forbidden() bool {
	return slices.ContainsFunc(r.Skipped, func(s Skipped) bool { return s.Kind == Forbidden })
}

// foreign are the images of a file that come from other registries than those allowed.
func (o *Policy) foreign(f *dockerfile.File) []Skip {
	var out []Skip
	look := func(text string, at edit.Span) {
		r, err := templates.ParseRef(text)
		if err == nil && !o.allows(r) {
			out = append(out, Skip{Forbidden, at, fmt.Sprintf("%s is in no registry that %s allows (%s)", r, o.Source, strings.Join(o.Registries, ", "))})
		}
	}
	for _, s := range f.Stages {
		if ref, _, ok := f.ExpandRef(s); ok && s.Parent == nil {
			look(ref, s.From.Span)
		}
		for _, in := range s.Instrs {
			for _, from := range fromNames(in) {
				number := strings.Trim(from, "0123456789") == ""
				if !number && f.StageNamed(from, len(f.Stages)) == nil {
					look(from, in.Span)
				}
			}
		}
	}
	return out
}
