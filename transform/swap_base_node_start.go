package transform

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bulwark-cli/bulwark/internal/dockerfile"
	"github.com/bulwark-cli/bulwark/internal/edit"
	"github.com/bulwark-cli/bulwark/internal/shell"
)

// distrolessNode is where distroless has node.
const distrolessNode = "/nodejs/bin/node"

// isNodeProgram reports whether a word calls the node of node's own image.
func isNodeProgram(word string) bool {
	return slices.Contains(words("node nodejs /usr/local/bin/node /usr/local/bin/nodejs"), word)
}

func replaceSpan(at edit.Span, text string) edit.Edit { return edit.Edit{Span: at, New: text} }

func spanOf(text string) edit.Span { return edit.Span{Start: 0, End: len(text)} }

// plainWords are the words of a shell text that is one plain command.
func plainWords(text string) (argv []string, ok bool) {
	var v edit.View
	v.Append(text, spanOf(text))
	argv, ok, _ = shell.Simple(v)
	return argv, ok && len(argv) > 0
}

// start makes the start command one for distroless, whose entrypoint is node: CMD
// loses the word node, an ENTRYPOINT of the stage's own calls it by its path.
func (n *bareNode) start() string {
	st := n.s.state
	switch {
	case st.Entrypoint != nil && st.Entrypoint.Instr != nil && len(st.Entrypoint.Words) > 0:
		if st.Entrypoint.Shell && st.Cmd != nil && st.Cmd.Instr != nil {
			return "CMD (" + line(st.Cmd.Instr) + ") would become arguments of the ENTRYPOINT, whose shell form passes it over"
		}
		return n.command(st.Entrypoint, true)
	case st.Cmd == nil || st.Cmd.Instr == nil:
		return "no CMD or ENTRYPOINT tells what runs in it"
	}
	return n.command(st.Cmd, n.s.clearsEntrypoint())
}

// clearsEntrypoint reports whether `ENTRYPOINT []` takes away what the image starts CMD with.
func (s *swap) clearsEntrypoint() bool {
	stated := slices.ContainsFunc(s.instrs(), func(in *dockerfile.Instr) bool { return in.Name == "entrypoint" })
	return stated && (s.state.Entrypoint == nil || len(s.state.Entrypoint.Words) == 0)
}

// command edits one CMD or ENTRYPOINT; named tells that it has to name the program.
func (n *bareNode) command(of *dockerfile.Start, named bool) string {
	argv := n.s.start.argv[:n.s.start.own]
	if of.Instr != n.s.start.instr || len(argv) == 0 {
		return "the start command cannot be told"
	}
	script := ""
	if !isNodeProgram(argv[0]) {
		var why string
		if argv, script, why = n.resolve(argv); why != "" {
			return why
		}
	}
	n.early = slices.ContainsFunc(argv[1:], func(w string) bool { return loadsEarly.MatchString(w) })
	if len(argv) < 2 && !named {
		return "node is started without a program"
	}
	program := ""
	if named {
		program = distrolessNode
	}
	if script != "" {
		n.viaNpm = true
		n.c.why = append(n.c.why, script)
	}
	e, why := n.s.startEdit(of, argv[1:], program, script == "")
	if why == "" {
		n.c.edits = append(n.c.edits, e)
	}
	return why
}

// loadsEarly is how options of node name what compiles sources while they are loaded.
var loadsEarly = regexp.MustCompile(`\b(?:tsx|ts-node|swc|esbuild|babel|sucrase|jiti)\b`)

// startEdit makes a start one of program, or of the image's own where that is "", with
// arguments. near tells that the first word stands for the program, and the arguments
// are there: then the word alone is edited where that can be.
func (s *swap) startEdit(of *dockerfile.Start, arguments []string, program string, near bool) (e edit.Edit, why string) {
	if near && !of.Shell && of.Words[0].Exact {
		word := of.Words[0].Span
		if program != "" {
			return replaceSpan(word, jsonWord(program)), ""
		}
		next := of.Words[1]
		if between := s.p.File.Src[word.End:next.Span.Start]; next.Exact && strings.Trim(between, " \t,") == "" {
			return replaceSpan(edit.Span{Start: word.Start, End: next.Span.Start}, ""), ""
		}
	}
	span, exact := of.Instr.Body.Source(spanOf(of.Instr.Body.String()))
	if !exact {
		return e, "the start command is broken over lines"
	}
	if program != "" {
		arguments = append([]string{program}, arguments...)
	}
	return replaceSpan(span, jsonWords(arguments)), ""
}

func jsonWord(word string) string { return strings.Trim(jsonWords([]string{word}), "[]") }

// resolve finds what npm, yarn or pnpm starts: a script of package.json that is one
// plain call of node. why says what else it is.
func (n *bareNode) resolve(argv []string) (node []string, script, why string) {
	s := n.s
	name, ok := scriptName(argv)
	plain := []string{argv[0], name}
	if slices.Contains(words("run run-script"), argv[min(1, len(argv)-1)]) {
		plain = []string{argv[0], argv[1], name}
	}
	if !ok || !slices.Equal(argv, plain) {
		return nil, "", argv[0] + " is not in it"
	}
	text, from := s.fileBehind(s.chain, path.Join(s.state.Workdir, "package.json"))
	var m manifest
	if from == "" || json.Unmarshal([]byte(text), &m) != nil {
		return nil, "", "the package.json that tells what `" + strings.Join(argv, " ") + "` runs is not in the build context"
	}
	if m.Scripts["pre"+name] != "" || m.Scripts["post"+name] != "" {
		return nil, "", fmt.Sprintf("the script %q of %s has others around it, and it has no shell", name, from)
	}
	if rc, ok := s.p.Build.Read(path.Join(path.Dir(from), ".npmrc")); ok && (strings.Contains(string(rc), "node-options") || strings.Contains(string(rc), "script-shell")) {
		return nil, "", path.Join(path.Dir(from), ".npmrc") + " sets how scripts are run"
	}
	if rc, ok := s.p.Build.Read(path.Join(path.Dir(from), ".yarnrc.yml")); ok && argv[0] == "yarn" && !strings.Contains(string(rc), "node-modules") {
		return nil, "", path.Join(path.Dir(from), ".yarnrc.yml") + " has yarn tell node where the modules are"
	}
	node, ok = plainWords(m.Scripts[name])
	if !ok || node[0] != "node" || len(node) < 2 {
		return nil, "", fmt.Sprintf("the script %q of %s is not a plain call of node, and it has no shell", name, from)
	}
	if s.mentions(npmSettings) {
		return nil, "", "the sources read what npm sets (npm_package_ and the like)"
	}
	return node, fmt.Sprintf("the script %q of %s is `%s`", name, from, m.Scripts[name]), ""
}

var npmSettings = regexp.MustCompile(`\bnpm_(?:package|config|lifecycle|execpath|node_execpath|command)`)

// fileBehind is the text of a file of a stage, and its name in the build context,
// also where another stage copied it first.
func (s *swap) fileBehind(chain []*dockerfile.Stage, p string) (text, from string) {
	for range maxDepth {
		one, at := lastAt(s.placesOf(chain), p)
		if one == nil {
			return "", ""
		}
		if one.from == "" {
			data, ok := s.p.Build.Read(at)
			if !ok {
				return "", ""
			}
			return string(data), at
		}
		st := s.p.File.StageNamed(one.from, one.in.Stage.Index)
		if st == nil {
			return "", ""
		}
		chain, p = stageChain(st), path.Join("/", at)
	}
	return "", ""
}

// lastAt is the last placement that may have brought the path p, and where it lies in
// its source. A folder of the build context without the file did not.
func lastAt(w *walk, p string) (*placed, string) {
	for i := len(w.placed) - 1; i >= 0; i-- {
		one := &w.placed[i]
		rel, inside := within(one.dest, p)
		if !inside || one.bound || one.src == "" || rel != "" && !one.dir {
			continue
		}
		at := path.Join(one.src, rel)
		if one.from == "" && !w.p.Build.Exists(at) {
			continue
		}
		return one, at
	}
	return nil, ""
}
