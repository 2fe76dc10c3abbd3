package dockerfile

import (
	"github.com/bulwark-cli/bulwark/internal/edit"
)

// KV is one variable of a base image.
type KV struct{ Key, Value string }

// BaseImage is what is known of the configuration of a base image.
type BaseImage struct {
	Env             []KV
	Workdir, User   string
	Entrypoint, Cmd []string
	Shell           []string
	Known           bool // false: nothing is known, the other fields say nothing
}

// BaseFunc tells the configuration of the image that ref names.
type BaseFunc func(ref string) BaseImage

// Start is a CMD or ENTRYPOINT as it stands in the image configuration.
type Start struct {
	Instr *Instr    // nil: it comes from the base image
	Shell bool      // shell form: Text is what the shell runs
	Words []Arg     // the exec form's words; for shell form split for show
	Text  edit.View // shell form only
}

// Item is one port, volume or the like with the place that set it.
type Item struct {
	Value string // expanded as far as known
	Known bool
	Instr *Instr
	Arg   Arg
}

// State is the image configuration at some point of a stage.
type State struct {
	// Env is what the image carries: the variables of the base image, of parent stages and of ENV, in
	// the order in which they were first set.
	Env []Var
	// Args is the ARGs in scope, which the image does not carry.
	Args []Var
	// Base is what BaseFunc said of the image at the root of the stage; BaseRef names it, "" where the
	// reference is unknown, "scratch" for none.
	Base    BaseImage
	BaseRef string

	Workdir      string // absolute and clean where WorkdirKnown
	WorkdirKnown bool
	WorkdirInstr *Instr // the last WORKDIR; nil: the base image's

	User      string // "" is root
	UserKnown bool
	UserInstr *Instr // the last USER; nil: the base image's

	Shell      []string // what shell forms are appended to
	ShellInstr *Instr   // the last SHELL; nil: the base image's or the default

	Entrypoint *Start // nil: none, or the base image's unknown one
	Cmd        *Start // nil: none, or the base image's unknown one
	// EntrypointKnown and CmdKnown are false where an unknown base image decides.
	EntrypointKnown, CmdKnown bool

	Exposed, Volumes []Item
	Labels           []Var
	Health           *Instr // the last HEALTHCHECK, also NONE; nil: the base image's
	StopSignal       *Instr // the last STOPSIGNAL; nil: the base image's

	scope  scope // ENV and ARG together, the later over the earlier, as BuildKit expands
	env    vars
	args   vars
	labels vars
	escape byte
}

// StateAt returns the image configuration of st just before the instruction
// before, or at the end of the stage where before is nil. base tells the base
// image; a nil base knows none. ARGs have their defaults, as in a build without
// arguments. Parent stages are followed, their ONBUILD triggers included.
func (f *File) StateAt(st *Stage, before *Instr, base BaseFunc) *State {
	s := &State{escape: f.Escape}
	chain := []*Stage{st}
	for p := st.Parent; p != nil; p = p.Parent {
		chain = append(chain, p)
	}
	globals := f.globals()
	root := chain[len(chain)-1]
	s.start(root, globals, base)
	for n := len(chain) - 1; n >= 0; n-- {
		a := applier{file: f, state: s, globals: globals}
		if n+1 < len(chain) {
			a.triggers(chain[n+1])
		}
		for _, in := range chain[n].Instrs {
			if n == 0 && in == before {
				break
			}
			a.apply(in)
		}
	}
	s.Env, s.Args, s.Labels = s.env.list, s.args.list, s.labels.list
	return s
}

// Expand puts the values of variables into word, which is taken as written,
// quotes and all (Arg.Raw, Pair.RawValue), with BuildKit's own lexer. ok is
// false where the word uses a variable whose value is not known, or where
// BuildKit refuses the word.
func (s *State) Expand(word string) (text string, ok bool) {
	return s.scope.expand(word, s.escape)
}

// start puts in what the base image gives.
func (s *State) start(root *Stage, globals *scope, base BaseFunc) {
	ref, ok := globals.expand(root.Base.raw, s.escape)
	switch {
	case ok && ref == "scratch":
		s.BaseRef, s.Base = ref, BaseImage{Known: true}
	case ok:
		s.BaseRef = ref
		if base != nil {
			s.Base = base(ref)
		}
	}
	b := s.Base
	s.scope.open = !b.Known
	s.Shell = b.Shell
	if len(s.Shell) == 0 {
		s.Shell = []string{"/bin/sh", "-c"}
	}
	s.UserKnown, s.WorkdirKnown, s.EntrypointKnown, s.CmdKnown = b.Known, b.Known, b.Known, b.Known
	if !b.Known {
		return
	}
	s.User, s.Workdir = b.User, cleanDir("/", b.Workdir)
	s.Entrypoint, s.Cmd = inherited(b.Entrypoint), inherited(b.Cmd)
	for _, kv := range b.Env {
		s.setEnv(Var{Name: kv.Key, Value: kv.Value, Known: true})
	}
	if _, ok := s.env.get("PATH"); !ok {
		s.setEnv(Var{Name: "PATH", Value: defaultPath, Known: true})
	}
}

// defaultPath is what BuildKit sets where the base image sets no PATH.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

func (s *State) setEnv(v Var) {
	s.env.set(v)
	s.scope.set(v)
}

// inherited is the command of a base image; nil for none.
func inherited(words []string) *Start {
	if len(words) == 0 {
		return nil
	}
	st := &Start{}
	for _, w := range words {
		st.Words = append(st.Words, Arg{Value: w, raw: w})
	}
	return st
}
