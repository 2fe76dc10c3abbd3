package transform

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// pinnable is a place that names an image, all of it and nothing else.
type pinnable struct {
	at  edit.Span // of the reference, quotes left out
	ref string
	arg string // the ARG whose default it is; "" where the instruction itself names it
}

// images are the places of the file that can be pinned, each once, in order. The
// others are declined here. What names a stage, or nothing, is no image.
func (n *pinner) images() []pinnable {
	var out []pinnable
	seen := map[edit.Span]bool{}
	add := func(image pinnable, skip *Skip) {
		switch {
		case skip != nil:
			n.p.skips = append(n.p.skips, *skip)
		case image.ref != "" && !seen[image.at]:
			seen[image.at] = true
			out = append(out, image)
		}
	}
	for _, st := range n.p.File.Stages {
		add(n.base(st))
		for _, in := range st.Instrs {
			if in.OnBuild != nil {
				add(pinnable{}, n.onBuild(in))
				continue
			}
			if f := in.FlagNamed("from"); f != nil && in.Name == "copy" {
				add(n.from(in, f.Value, f.ValueSpan, f.Exact))
			}
			for _, m := range in.Mounts() {
				add(n.mount(in, m))
			}
		}
	}
	return out
}

// base is the image of a FROM.
func (n *pinner) base(st *dockerfile.Stage) (pinnable, *Skip) {
	if st.Parent != nil || st.Scratch() {
		return pinnable{}, nil
	}
	src := n.p.File.Src
	ref, uses, ok := n.p.File.ExpandRef(st)
	written := st.Base.Span.Of(src)
	switch {
	case !st.Base.Exact:
		return pinnable{}, &Skip{Unsupported, st.Base.Span, "the reference is broken over lines"}
	case strings.Contains(written, "$"):
		return n.argument(st, ref, uses, ok)
	}
	return n.literal(st.Base.Span, ref)
}

// literal is a reference that stands in the text as it is, but for quotes.
func (n *pinner) literal(at edit.Span, ref string) (pinnable, *Skip) {
	written := at.Of(n.p.File.Src)
	if len(written) > 1 && (written[0] == '"' || written[0] == '\'') {
		at = edit.Span{Start: at.Start + 1, End: at.End - 1}
	}
	if at.Of(n.p.File.Src) != ref {
		return pinnable{}, &Skip{Unsupported, at, fmt.Sprintf("the reference %s is written in a way that is not edited", written)}
	}
	return pinnable{at: at, ref: ref}, nil
}

// wholeVariable is a word that is one variable and no more.
var wholeVariable = regexp.MustCompile(`^(?:\$\{[A-Za-z_][A-Za-z0-9_]*\}|\$[A-Za-z_][A-Za-z0-9_]*)$`)

// argument is the default of the ARG that a FROM names.
func (n *pinner) argument(st *dockerfile.Stage, ref string, uses []dockerfile.VarUse, known bool) (pinnable, *Skip) {
	src := n.p.File.Src
	at, written := st.Base.Span, st.Base.Span.Of(src)
	if !wholeVariable.MatchString(written) {
		return pinnable{}, &Skip{Unsure, at, fmt.Sprintf("%s is put together of arguments: a digest would hold whatever they say", written)}
	}
	if !known || ref == "" || len(uses) == 0 || uses[0].Pair == nil {
		return pinnable{}, &Skip{Unsure, at, fmt.Sprintf("which image %s is, the build says", written)}
	}
	use := uses[0]
	span, plain := plainValue(src, use.Pair)
	if !plain || span.Of(src) != ref {
		return pinnable{}, &Skip{Unsure, at, fmt.Sprintf("the default of %s is put together of others: a digest would hold whatever they say", use.Name)}
	}
	if line := n.otherUse(use.Name); line > 0 {
		return pinnable{}, &Skip{Unsure, at, fmt.Sprintf("the argument %s is used for something else in line %d", use.Name, line)}
	}
	if n.p.File.StageNamed(ref, st.Index) != nil || ref == "scratch" {
		return pinnable{}, nil
	}
	return pinnable{at: span, ref: ref, arg: use.Name}, nil
}

// otherUse is the first line that uses a global ARG for anything but a whole
// reference; 0 where none does.
func (n *pinner) otherUse(name string) (line int) {
	for _, in := range n.p.File.Instrs {
		if n.usesOtherwise(in, name) {
			return in.Line
		}
	}
	return 0
}

func (n *pinner) usesOtherwise(in *dockerfile.Instr, name string) bool {
	switch in.Name {
	case "arg":
		for i := range in.Pairs {
			if in.Stage != nil && in.Pairs[i].Key == name || usesVar(in.Pairs[i].RawValue(), name) {
				return true
			}
		}
	case "from":
		base := in.Args[0].Raw()
		if usesVar(base, name) && !wholeVariable.MatchString(base) {
			return true
		}
		if f := in.FlagNamed("platform"); f != nil && usesVar(f.Value, name) {
			return true
		}
	}
	for _, from := range fromNames(in) {
		if usesVar(from, name) {
			return true
		}
	}
	return false
}

// onBuild declines what the build of another image will look up.
func (n *pinner) onBuild(in *dockerfile.Instr) *Skip {
	for _, from := range fromNames(in.OnBuild) {
		return &Skip{Unsupported, in.Span, fmt.Sprintf("whether %s is an image, the build that runs this ONBUILD decides", from)}
	}
	return nil
}

// from is the image of a COPY --from.
func (n *pinner) from(in *dockerfile.Instr, ref string, at edit.Span, exact bool) (pinnable, *Skip) {
	switch {
	case n.isStage(in, ref):
		return pinnable{}, nil
	case !exact:
		return pinnable{}, &Skip{Unsupported, at, "the reference is broken over lines"}
	case strings.Contains(ref, "$"):
		return pinnable{}, &Skip{Unsure, at, fmt.Sprintf("%s is put together of arguments: a digest would hold whatever they say", ref)}
	}
	return n.literal(at, ref)
}

// isStage reports whether a --from names a stage, one that comes later included,
// or nothing.
func (n *pinner) isStage(in *dockerfile.Instr, ref string) bool {
	number := strings.Trim(ref, "0123456789") == ""
	return number || ref == "scratch" || n.p.File.StageNamed(ref, in.Stage.Index) != nil ||
		n.p.File.StageNamed(ref, len(n.p.File.Stages)) != nil
}

// mountFrom is the from of a mount.
var mountFrom = regexp.MustCompile(`(?i)(?:^|,)from=([^,"']*)`)

// mount is the image of a RUN --mount.
func (n *pinner) mount(in *dockerfile.Instr, m dockerfile.Mount) (pinnable, *Skip) {
	at := m.Flag.ValueSpan
	if m.From == "" || n.isStage(in, m.From) {
		return pinnable{}, nil
	}
	text := at.Of(n.p.File.Src)
	found := mountFrom.FindAllStringSubmatchIndex(text, -1)
	if !m.Flag.Exact || len(found) != 1 || text[found[0][2]:found[0][3]] != m.From {
		return pinnable{}, &Skip{Unsupported, at, fmt.Sprintf("the mount of %s is written in a way that is not edited", m.From)}
	}
	return n.from(in, m.From, edit.Span{Start: at.Start + found[0][2], End: at.Start + found[0][3]}, true)
}
