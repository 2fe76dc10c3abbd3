package transform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/evidence"
	"github.com/bulwark-cli/bulwark/templates"
)

// pinVersion is the version that the context states for an image without one.
type pinVersion struct {
	value string
	by    string // ".nvmrc:1 says v20.11.1"
}

// floatingWords begin tags that lead to whatever is newest.
var floatingWords = words("latest current lts stable mainline edge rolling testing unstable devel nightly slim alpine")

// floats reports whether a reference names no version. For what is in the catalogue
// the tag's own grammar decides; of others only the usual words are known, and any
// other tag is the author's way to name one.
func (p *Pass) floats(ref templates.Ref) bool {
	if p.Options.Policy.versionless(ref.String()) {
		return false // its version is in its name
	}
	first, _, _ := strings.Cut(ref.Tag, "-")
	if ref.Tag == "" || slices.Contains(floatingWords, first) {
		return true
	}
	img, ok := p.lookup(ref.String())
	if !ok || img.Version != "" {
		return false
	}
	return !namedRelease(img, first)
}

// namedRelease reports whether a tag's first word stands for a version: the code
// name of a distribution's image, or of a release line of Node.js.
func namedRelease(img templates.Image, word string) bool {
	switch img.Family {
	case "node":
		return slices.Contains(words("argon boron carbon dubnium erbium fermium gallium hydrogen iron jod krypton"), word)
	case "debian", "ubuntu", "buildpack-deps", "centos", "fedora", "amazonlinux", "rockylinux", "almalinux", "oraclelinux", "opensuse/leap":
		return img.Suite != ""
	}
	return false
}

// pinLanguage is the language whose version the tags of an image begin with; "" for others.
func pinLanguage(family string) string {
	switch family {
	case "node", "python", "ruby", "rust", "php", "elixir", "erlang":
		return family
	case "golang":
		return "go"
	case "openjdk", "eclipse-temurin", "amazoncorretto":
		return "java"
	case "mcr.microsoft.com/dotnet/sdk":
		return "dotnet"
	case "oven/bun":
		return "bun"
	case "denoland/deno":
		return "deno"
	}
	return ""
}

// exact gives the reference that the context's evidence makes of one without a
// version, or the reason why it stays.
func (n *pinner) exact(image pinnable, ref templates.Ref) (templates.Ref, pinVersion, *Skip) {
	none := func(why string) (templates.Ref, pinVersion, *Skip) {
		return ref, pinVersion{}, &Skip{Unsure, image.at, fmt.Sprintf("%s names no version, and %s", ref, why)}
	}
	img, _ := n.p.lookup(ref.String())
	lang := pinLanguage(img.Family)
	if lang == "" {
		return none("nothing in a build context says which")
	}
	found, why := n.stated(lang)
	if why != "" {
		return none(why)
	}
	exact := ref.WithTag(exactTag(ref.Tag, found.value))
	if exists, known := templates.TagExists(n.p.Options.Policy.mirrored(exact).Name(), exact.Tag); known && !exists {
		return none(fmt.Sprintf("%s, for which there is no %s", found.by, exact))
	}
	return exact, found, nil
}

// exactTag puts a version in the place of what stands for the newest, and keeps the
// rest: 20.11.1-alpine for lts-alpine.
func exactTag(tag, version string) string {
	first, rest, _ := strings.Cut(tag, "-")
	if first == "" || slices.Contains(words("latest current lts stable"), first) {
		tag = rest
	}
	if tag == "" {
		return version
	}
	return version + "-" + tag
}

// stated is the version of a language that the context states, the most exact of
// those that agree. why says what is missing.
func (n *pinner) stated(lang string) (found pinVersion, why string) {
	var best evidence.Version
	var vague []string
	for _, v := range n.p.Build.Versions(lang, ".", path.Dir(path.Join("/", n.p.Options.Dockerfile))) {
		switch {
		case v.Value == "":
			vague = append(vague, fmt.Sprintf("%s says %s, which %s", v.Where(), v.Says, v.Why))
		case best.Value == "" || finer(best.Value, v.Value):
			best = v
		case !finer(v.Value, best.Value):
			return pinVersion{}, fmt.Sprintf("%s says %s where %s says %s", best.Where(), best.Says, v.Where(), v.Says)
		}
	}
	if best.Value == "" {
		return pinVersion{}, strings.Join(append([]string{"nothing in the build context says which"}, vague...), "; ")
	}
	return pinVersion{value: best.Value, by: fmt.Sprintf("%s says %s", best.Where(), best.Says)}, ""
}

// finer reports whether a version is the same as another or says more of it: 20.11
// and 20.11.1 for 20.
func finer(of, version string) bool {
	return version == of || strings.HasPrefix(version, of+".")
}
