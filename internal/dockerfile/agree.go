package dockerfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// expected is what BuildKit's node of an instruction has to hold for the spans
// found here to be right.
type expected struct {
	keyword, text string
	flags, words  []string
	trigger       *expected // the instruction inside ONBUILD
}

// agree compares an instruction with BuildKit's node for it.
func agree(f *File, in *Instr, want *expected, node *parser.Node) error {
	var what string
	switch {
	case node.StartLine != in.Line || node.EndLine != in.EndLine:
		what = fmt.Sprintf("lines %d to %d", node.StartLine, node.EndLine)
	case !sameHeredocs(f, in, node):
		what = "other heredocs"
	default:
		what = disagreement(in, want, node)
	}
	if what == "" && in.OnBuild != nil {
		what = disagreement(in.OnBuild, want.trigger, node.Next.Children[0])
	}
	if what != "" {
		return fmt.Errorf("BuildKit reads %s in %s: please report this file", what, strings.ToUpper(in.Name))
	}
	return nil
}

// disagreement names the first thing that differs, "" for none.
func disagreement(in *Instr, want *expected, node *parser.Node) string {
	switch {
	case node.Value != want.keyword:
		return fmt.Sprintf("the keyword %q", node.Value)
	case node.Original != want.text:
		return "another text"
	case !slices.Equal(node.Flags, want.flags):
		return "other flags"
	case node.Attributes["json"] != in.JSON:
		return "another form"
	case in.OnBuild == nil && !slices.Equal(nodeWords(node), want.words):
		return "other words"
	case in.OnBuild != nil && (node.Next == nil || len(node.Next.Children) != 1):
		return "no trigger"
	}
	return ""
}

// nodeWords returns the values that follow a node.
func nodeWords(node *parser.Node) []string {
	var out []string
	for n := node.Next; n != nil; n = n.Next {
		out = append(out, n.Value)
	}
	return out
}

func sameHeredocs(f *File, in *Instr, node *parser.Node) bool {
	if len(node.Heredocs) != len(in.Heredocs) {
		return false
	}
	for i, n := range node.Heredocs {
		h := in.Heredocs[i]
		if n.Name != h.Name || n.Expand != h.Expand || n.Chomp != h.Chomp || n.Content != h.Body.Of(f.Src) {
			return false
		}
	}
	return true
}
