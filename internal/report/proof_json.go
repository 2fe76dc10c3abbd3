package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/bulwark-cli/bulwark/internal/proof"
	"github.com/bulwark-cli/bulwark/internal/verify/wire"
)

// proofDocument is what ProofJSON writes. Its fields are a promise, as those of
// document are: names and meanings stay for as long as Version does, new ones may
// come. Sizes are bytes, times are seconds. Lists are never null.
//
//	version   1
//	files     in the order they were worked on
//	  path      as shown to the user
//	  error     line (0: none) and message; nothing was verified. It stands in
//	            place of everything else
//	  builder   what built it
//	  note      what the reader needs to know beside it, "" for nothing
//	  rewrite   the transforms whose changes were made; empty where both files were given
//	  verdict   "better", "same", "broken", "inconclusive"
//	  why       one sentence: what decided
//	  hint      what could be tried where it is inconclusive, "" for nothing
//	  findings  the differences, broken first, then worse, better and differs: aspect,
//	            before, after ("": there was none), delta (after minus before; null
//	            where there is no number), unit ("bytes", "count", "" without a
//	            delta), effect ("broken", "worse", "better", "differs"), why
//	  assured   what was seen to be the same, a sentence each
//	  before    the original, and
//	  after     the rewrite; null where the original does not build: error ("" where it was
//	            built), log (the last lines of a failed build), buildSeconds, user,
//	            size, layers (bytes of those above the base image, each whole), files and packages
//	            (null: not known), shell ("none"; "": not known), run (null:
//	            not run), notRun (why), scan (null: not asked for)
//	    run       error, exit (null: it stayed up), readySeconds, uids, ports (number,
//	              protocol, loopback), stopped (SIGTERM ended it), stderr and stdout
//	              (the last lines)
//	    scan      target, problem (why there are no counts), counts by severity in lower case
//	summary   counts, see ProofSummary
type proofDocument struct {
	Version int          `json:"version"`
	Files   []proofFile  `json:"files"`
	Summary ProofSummary `json:"summary"`
}

type proofFile struct {
	Path string `json:"path"`
	*proofResult
	Error *jsonError `json:"error,omitempty"`
}

type proofResult struct {
	Builder  string         `json:"builder"`
	Note     string         `json:"note"`
	Rewrite  []string       `json:"rewrite"`
	Verdict  string         `json:"verdict"`
	Why      string         `json:"why"`
	Hint     string         `json:"hint"`
	Findings []proofFinding `json:"findings"`
	Assured  []string       `json:"assured"`
	Before   *proofSide     `json:"before"`
	After    *proofSide     `json:"after"`
}

type proofFinding struct {
	Aspect string `json:"aspect"`
	Before string `json:"before"`
	After  string `json:"after"`
	Delta  *int64 `json:"delta"`
	Unit   string `json:"unit"`
	Effect string `json:"effect"`
	Why    string `json:"why"`
}

type proofSide struct {
	Error        string     `json:"error"`
	Log          []string   `json:"log"`
	BuildSeconds float64    `json:"buildSeconds"`
	User         string     `json:"user"`
	Size         *int64     `json:"size"`
	Layers       *int64     `json:"layers"`
	Files        *int       `json:"files"`
	Packages     *int       `json:"packages"`
	Shell        string     `json:"shell"`
	Run          *proofRun  `json:"run"`
	NotRun       string     `json:"notRun"`
	Scan         *proofScan `json:"scan"`
}

type proofRun struct {
	Error        string      `json:"error"`
	Exit         *int        `json:"exit"`
	ReadySeconds float64     `json:"readySeconds"`
	UIDs         []int       `json:"uids"`
	Ports        []proofPort `json:"ports"`
	Stopped      bool        `json:"stopped"`
	Stderr       []string    `json:"stderr"`
	Stdout       []string    `json:"stdout"`
}

type proofPort struct {
	Number   int    `json:"number"`
	Protocol string `json:"protocol"`
	Loopback bool   `json:"loopback"`
}

type proofScan struct {
	Target  string         `json:"target"`
	Problem string         `json:"problem"`
	Counts  map[string]int `json:"counts"`
}

// ProofJSON writes the outcome of all files as one document, whose shape is
// described at proofDocument in this package. The lists of files and packages are
// not in it, but their counts and differences.
func ProofJSON(w io.Writer, vs []Verified) error {
	doc := proofDocument{Version: 1, Files: make([]proofFile, 0, len(vs)), Summary: summarise(vs)}
	for _, v := range vs {
		doc.Files = append(doc.Files, newProofFile(v))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func newProofFile(v Verified) proofFile {
	out := proofFile{Path: v.Path}
	switch {
	case v.Err != nil:
		line, message := place(File{Path: v.Path, Err: v.Err})
		out.Error = &jsonError{line, message}
		return out
	case v.Proof == nil:
		verdict, why := v.outcome()
		out.proofResult = &proofResult{
			Builder: v.Builder, Note: v.Note, Rewrite: v.rewrite(), Verdict: verdict, Why: why,
			Findings: []proofFinding{}, Assured: []string{},
		}
		return out
	}
	p := v.Proof
	out.proofResult = &proofResult{
		Builder: v.Builder, Note: v.Note, Rewrite: v.rewrite(),
		Verdict: string(p.Verdict), Why: p.Why, Hint: p.Hint,
		Findings: make([]proofFinding, 0, len(p.Findings)), Assured: append([]string{}, p.Assured...),
		Before: newProofSide(p.Before), After: newProofSide(p.After),
	}
	for _, f := range p.Findings {
		out.Findings = append(out.Findings, newProofFinding(f))
	}
	return out
}

func newProofFinding(f proof.Finding) proofFinding {
	unit := ""
	if f.Delta != nil {
		unit = "count"
		if f.Bytes {
			unit = "bytes"
		}
	}
	return proofFinding{f.Aspect, f.Before, f.After, f.Delta, unit, string(f.Effect), f.Why}
}

func newProofSide(s *proof.Side) *proofSide {
	if s == nil {
		return nil
	}
	out := &proofSide{
		Error: s.Failed, Log: []string{}, BuildSeconds: seconds(s.Took), NotRun: s.NotRun,
		User: proof.ShownUser(s.Config.User), Shell: proof.Shells(s), Run: newProofRun(s.Seen),
	}
	if s.Failed != "" {
		out.User, out.Log = "", linesOf(s.Log)
		return out
	}
	if s.Inventory != nil {
		files, packages := len(s.Inventory.Files), len(s.Packages)
		out.Size, out.Files, out.Packages = &s.Inventory.Size, &files, &packages
	}
	if s.Layers > 0 {
		out.Layers = &s.Layers
	}
	if s.Scan != nil {
		out.Scan = &proofScan{s.Scan.Target, s.Scan.Problem, map[string]int{}}
		for severity, n := range s.Scan.BySeverity {
			out.Scan.Counts[strings.ToLower(severity)] = n
		}
	}
	return out
}

func newProofRun(s *wire.Seen) *proofRun {
	if s == nil {
		return nil
	}
	out := &proofRun{
		Error: s.Failed, Exit: s.Exit, ReadySeconds: seconds(s.Ready), UIDs: append([]int{}, s.UIDs...),
		Ports: []proofPort{}, Stopped: s.Stopped, Stderr: linesOf(s.Stderr), Stdout: linesOf(s.Stdout),
	}
	if out.Error == "" {
		out.Error = s.Runaway
	}
	for _, p := range s.Ports {
		protocol := "tcp"
		if p.UDP {
			protocol = "udp"
		}
		out.Ports = append(out.Ports, proofPort{p.Number, protocol, p.Loopback})
	}
	return out
}

func linesOf(text string) []string { return append([]string{}, lastLines(text, fullLines)...) }

// seconds has the precision of a millisecond: more would be noise.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }
